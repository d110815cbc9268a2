"""What the facts of a family of series say together, as linear constraints on true values.

A figure is *derived* by a formula from figures, and *inferred* by the system as a whole.
"""
