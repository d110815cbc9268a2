"""The errors under the address that they had; :mod:`evcli.errors` has them."""

from evcli.errors import EvcliError, InvalidFacts, UnknownName, UsageError

__all__ = ["EvcliError", "InvalidFacts", "UnknownName", "UsageError"]
