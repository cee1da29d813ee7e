"""What workers do, and when."""
