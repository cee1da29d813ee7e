"""One module per kind of page: read the address, ask the store, hand a template what it shows."""
