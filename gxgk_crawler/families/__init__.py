"""Families: how a CMS product names, lists and pages; pure functions of a page."""
