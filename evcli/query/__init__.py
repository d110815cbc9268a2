"""Asks of the store: selection, resolution into figures, computed answers, rows for renderers."""
