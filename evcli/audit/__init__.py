"""The closure audit: what cannot hold together, what was restated, what is not proved."""
