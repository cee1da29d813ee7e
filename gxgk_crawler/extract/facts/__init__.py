"""What a page says about its article: title, dates, source, issuer, organ, and whose page it is. Pure."""
