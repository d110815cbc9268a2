"""Pictures as files: SVG, PNG and HTML of one and the same drawing.

Nothing here is imported before a picture is asked for; what draws is an optional extra.
"""
