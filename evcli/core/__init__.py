"""Formulas, windows, facets, resolution of rival facts, lineage. Knows only the model."""
