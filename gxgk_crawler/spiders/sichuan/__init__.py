"""四川省 Sichuan."""
