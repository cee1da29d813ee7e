"""Taking it away: the archive as tables and lines that other programs read. No SQL, no WARC: rows come in, files go out."""
