"""Answers and the record in the forms in which others take them over.

Sentences to quote and reference lists; data packages, databases and exchange formats.
"""
