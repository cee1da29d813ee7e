"""What scripts of a page hold or would open, read without running them. Pure."""
