"""Answers in the forms in which others take them over: sentences and reference lists."""
