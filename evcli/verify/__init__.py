"""Facts against the text of their own source, and the text against the facts."""
