"""Rules as data: every rule names its evidence."""
