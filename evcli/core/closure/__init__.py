"""What the facts of a family of series say together: tight bounds, ways there, conflicts.

Facts are linear constraints over unknown true values. :mod:`.system` states them, :mod:`.simplex`
solves them exactly, :mod:`.bounds` derives figures, :mod:`.ways` words the formulas and
:mod:`.conflicts` finds what cannot hold together.
"""
