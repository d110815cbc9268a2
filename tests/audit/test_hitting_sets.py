"""Hitting sets, against trying every set."""

from __future__ import annotations

import itertools
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from evcli.audit.contradictions import lightest_hitting

_SETS = st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1, max_size=4), max_size=6)


@given(_SETS, st.lists(st.integers(1, 3), min_size=6, max_size=6))
def test_hitting_sets_by_trying_all(sets, weighing):
    weights = dict(zip("abcdef", map(Fraction, weighing), strict=True))
    every = [
        frozenset(each)
        for size in range(7)
        for each in itertools.combinations("abcdef", size)
        if all(set(each) & one for one in sets)
    ]
    least = min(sum(weights[each] for each in one) for one in every)
    lightest = lightest_hitting(sets, weights, most=500)
    assert set(lightest) == {one for one in every if sum(weights[each] for each in one) == least}
