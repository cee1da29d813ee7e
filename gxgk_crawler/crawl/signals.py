"""Signals of the archive, for Scrapy's signal manager."""

# Sent with `capture` (items.Capture) for every archived record, robots.txt, redirects, errors and truncated responses included:
# after the record is durable and before the spider gets the response. Receivers may be coroutines; they are awaited.
captured = object()

# Sent with `sealed` (archive.manifest.SealedFile) for every file after it has its final name and its line in the manifest.
sealed = object()
