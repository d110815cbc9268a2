"""What a period, quantity, fact, series, source and figure is. Standard library only."""

# places that are no entries of a vocabulary; here, since the command line reads them at once
WORLD = "world"
ABROAD = "abroad"
