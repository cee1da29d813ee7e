"""Masking what leads to a private person. Pure."""
