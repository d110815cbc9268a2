"""Facts against texts."""
