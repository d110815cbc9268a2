"""Fuzzers: nothing that is typed or lies in a file ends in a bug, and what is taken in is right.

They run a few examples each among the tests. ``python -m tests.fuzz loader --seconds 600`` goes on
for as long as one likes; what it finds goes into ``corpus/NAME/``, which every run begins with.
"""
