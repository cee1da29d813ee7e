"""From the archive to the database again: after a crash, after a loss, with better rules."""
