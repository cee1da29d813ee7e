"""Families: how a CMS product lists, pages and links. The only room with crawl logic."""
