"""Alarms: when one is raised or cleared, and how it is delivered."""
