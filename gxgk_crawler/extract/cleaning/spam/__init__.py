"""Finding foreign advertising in a text. Pure."""
