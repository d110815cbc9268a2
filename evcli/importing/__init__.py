"""Tables and packages become fact files: which columns mean what, and what was not understood."""
