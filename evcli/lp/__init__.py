"""Exact linear programming over fractions. Knows rows and unknowns, no facts."""
