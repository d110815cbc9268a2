"""Property tests here draw the same examples in every run, and leave no database behind."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("model", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("model")
