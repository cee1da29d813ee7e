"""The bytes on the wire: Scrapy's HTTP handler with an archive behind it, TLS of old and new servers, chunked bodies."""
