"""What makes a report one report: its key, its former URLs, and the rows that are the same."""
