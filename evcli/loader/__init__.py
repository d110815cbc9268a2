"""Reads packs of fact files strictly: everything in them is right, or every mistake is named.

Importing this package costs nothing that a look-up does not need: :mod:`.packs` imports YAML.
"""
