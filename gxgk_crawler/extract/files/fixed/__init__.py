"""Pages of fixed layout (PDF, OFD): from characters and ruling lines at their places to text and tables. Pure."""
