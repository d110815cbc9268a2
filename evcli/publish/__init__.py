"""Answers and the record as others take them over: sentences with references, packages."""
