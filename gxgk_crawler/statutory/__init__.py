"""The statute: divisions 行政区划 and what the law prescribes. Pure functions of a Document."""
