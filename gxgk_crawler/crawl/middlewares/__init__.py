"""Downloader middlewares and resolvers of a crawl."""
