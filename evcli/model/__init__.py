"""What a period, quantity, fact, series, source and figure is. Standard library only."""
