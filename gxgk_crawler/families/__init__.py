"""Families: how a CMS product lists, pages and links."""
