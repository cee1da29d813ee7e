"""How lists go on: explicit links, scripts, counts, answers of APIs. Pure."""
