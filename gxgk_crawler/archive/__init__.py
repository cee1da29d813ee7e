"""The archive: every response byte for byte as WARC/1.1. The only room that opens a WARC file."""
