"""What the facts of a family of series say together, as linear constraints on true values."""
