"""Figures as dataframes, and the formulas on dataframe columns. Imports pandas when asked."""
