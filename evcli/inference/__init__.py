"""Inference: what the facts of a family of series say together as one system of constraints.

Facts are linear constraints on unknown true values. :mod:`.constraints` turns facts into
constraints and sorts them into families (:mod:`.family`), :mod:`.system` makes rows over unknowns
of these, which :mod:`evcli.lp` solves exactly. :mod:`.bounds` infers figures, :mod:`.derivations`
finds the formulas that people can follow, :mod:`.vintages` decides between releases, and
:mod:`.conflicts` finds what cannot hold together.

A figure is *derived* by a formula from figures, and *inferred* by the system as a whole.
"""
