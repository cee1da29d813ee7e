"""What the pages and lists of the reading room ask: each answer is bounded, whatever the archive holds."""
