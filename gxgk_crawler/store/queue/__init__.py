"""The queue of jobs, on Procrastinate."""
