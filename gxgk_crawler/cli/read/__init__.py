"""Commands that only read: reports, their versions, figures, citations, changes, and the coverage."""
