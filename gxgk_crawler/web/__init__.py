"""The reading room 阅览室: pages and data of the archive over HTTP, read-only. `gxgk serve` runs it."""
