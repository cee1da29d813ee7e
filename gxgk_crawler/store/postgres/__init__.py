"""The server and the connections to it."""
