"""Removing what a site adds around a text, and foreign advertising inside it. Pure."""
