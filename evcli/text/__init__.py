"""Numbers, periods and names in words: reading them and writing them."""
