"""Numbers to the geometry of a chart; pure. A template draws it as SVG, so that every word in it is escaped as any other."""
