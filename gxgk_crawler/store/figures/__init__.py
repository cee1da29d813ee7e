"""Figures in the database: cells of the statutory tables, their checks, indicators, and series of them over the years."""
