"""广东省 Guangdong."""
