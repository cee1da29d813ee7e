"""The version of the rules of extraction: a report that older rules have read is read again by `gxgk reextract`."""

EXTRACTOR_VERSION = "3"
