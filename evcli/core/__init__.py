"""Formulas, what may be compared, resolution of facts into figures. Knows only the model."""
