"""Pictures as files: SVG, PNG and HTML of one drawing. What draws is an optional extra."""
