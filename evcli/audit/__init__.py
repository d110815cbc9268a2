"""The closure audit: what cannot hold together, what was restated, what is not proved.

Knows the facts of the packs as records and lists; where they come from is the command's business.
"""
