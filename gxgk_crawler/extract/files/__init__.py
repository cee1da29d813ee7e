"""Reading office files and PDF. Pure."""
