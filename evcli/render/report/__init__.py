"""Reports as pages: one HTML file that needs nothing else, or Markdown."""
