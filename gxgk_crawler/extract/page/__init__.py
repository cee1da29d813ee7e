"""Reading one HTML page. Pure."""
