"""山西省 Shanxi."""
