"""云南省 Yunnan."""
