"""The version of evcli, where packaging and the compiled store both read it."""

__version__ = "0.1.0"
