"""Signals of the archive, for Scrapy's signal manager."""

# Sent with `capture` (items.Capture) after the record is durable and before the response reaches the spider: for every
# record, robots.txt, redirects, errors and truncated responses included. Receivers may be coroutines and are awaited.
captured = object()

# Sent with `sealed` (archive.manifest.SealedFile) for every file that got its final name and its line in the manifest.
sealed = object()
