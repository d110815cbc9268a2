"""The algebra of units is a commutative group, and its names can be read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.unit import Dimension, Unit, UnitKind

ONE = Dimension()
bases = st.sampled_from(["vehicles", "year", "USD", "GWh", "pph", "swap-stations", "x2"])
dimensions = st.builds(Dimension.of, st.lists(st.tuples(bases, st.integers(-3, 3)), max_size=4))


def d(text: str) -> Dimension:
    return Dimension.parse(text)


def test_by_hand() -> None:
    assert str(d("vehicles") / d("year")) == "vehicles/year"
    assert str(d("vehicles/year") * d("year")) == "vehicles"
    assert str(d("vehicles") / d("vehicles")) == "1"
    assert str(ONE / d("year")) == "1/year"
    assert str(d("USD") / d("vehicles") / d("year")) == "USD/vehicles/year"
    assert str(d("USD") * d("GWh")) == "GWh*USD"
    assert str(d("year") * d("year")) == "year*year"
    assert d("USD/vehicles") * d("vehicles/year") == d("USD/year")
    assert d("USD") != d("EUR")


def test_powers_are_sorted_collected_and_never_zero() -> None:
    assert d("b/a").powers == (("a", -1), ("b", 1))
    assert d("a/b/b").powers == (("a", 1), ("b", -2))
    assert Dimension.of([("a", 1), ("b", 2), ("a", -1)]).powers == (("b", 2),)
    assert d("USD/year/vehicles") == d("USD/vehicles/year")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "/",
        "vehicles/",
        "/year",
        "vehicles//year",
        "2vehicles",
        "vehicles year",
        "1/1",
        "vehicles/1",
        "vehicles*",
        "*year",
        "vehicles * year",
        "1*year",
        "vehicles/year*day",
        "辆",
        "vehicles\n",
        "%",
    ],
)
def test_what_is_no_unit(text: str) -> None:
    with pytest.raises(ValueError, match="is no unit: write it as in vehicles/year"):
        Dimension.parse(text)


@given(dimensions)
def test_every_unit_is_read_back_from_its_name(x: Dimension) -> None:
    assert Dimension.parse(str(x)) == x


@given(dimensions, dimensions, dimensions)
def test_group_laws(x: Dimension, y: Dimension, z: Dimension) -> None:
    assert (x * y) * z == x * (y * z)
    assert x * y == y * x
    assert x * ONE == ONE * x == x
    assert x * x.inverse() == x / x == ONE
    assert x.inverse().inverse() == x
    assert (x * y).inverse() == x.inverse() * y.inverse()
    assert x / y == x * y.inverse() == (y / x).inverse()
    assert x / y * y == x


@given(
    st.lists(st.tuples(bases, st.integers(-3, 3)), max_size=6).flatmap(
        lambda powers: st.tuples(st.just(powers), st.permutations(powers))
    )
)
def test_the_order_of_factors_means_nothing(
    orders: tuple[list[tuple[str, int]], list[tuple[str, int]]],
) -> None:
    assert Dimension.of(orders[0]) == Dimension.of(orders[1])
    assert hash(Dimension.of(orders[0])) == hash(Dimension.of(orders[1]))


def test_a_unit_of_the_vocabulary_has_a_dimension() -> None:
    rate = Unit("vehicles/year", "vehicles a year", UnitKind.RATE)
    assert Dimension.parse(rate.id) == d("vehicles") / d("year")
