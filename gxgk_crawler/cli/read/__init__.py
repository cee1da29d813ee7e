"""Commands that only read: the figures of reports, their series and their checks."""
