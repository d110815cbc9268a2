"""Vocabulary: what lies in what, and which parts may be added up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.vocabulary import (
    Destination,
    Partition,
    Publisher,
    Scope,
    Subject,
    SubjectKind,
    Vocabulary,
)


def scopes(**wholes: tuple[str, ...]) -> dict[str, Scope]:
    return {name: Scope(name, name, part_of) for name, part_of in wholes.items()}


def subjects(**groups: tuple[str, ...]) -> dict[str, Subject]:
    return {
        name: Subject(name, name, SubjectKind.MAKER, part_of=part_of)
        for name, part_of in groups.items()
    }


def places(**members: tuple[str, ...]) -> dict[str, Destination]:
    return {name: Destination(name, name, inside) for name, inside in members.items()}


CARS = Vocabulary(
    scopes=scopes(
        all=(),
        nev=("all",),
        ice=("all",),
        passenger=("all",),
        bev=("nev",),
        phev=("nev",),
        nev_passenger=("nev", "passenger"),
        bev_passenger=("bev", "nev_passenger"),
    ),
    partitions=(
        Partition("all", ("nev", "ice")),
        Partition("all", ("passenger", "commercial")),
        Partition("nev", ("bev", "phev", "fcev")),
    ),
)
CIRCLE = Vocabulary(
    scopes=scopes(a=("b",), b=("c",), c=("a",), me=("me",)),
    subjects=subjects(x=("y",), y=("x",), me=("me",)),
    destinations=places(p=("q",), q=("p",), me=("me",), r=("q", "DE")),
)


# -- scopes and subjects ------------------------------------------------------------------------


def test_a_scope_lies_in_itself_and_in_all_it_is_part_of() -> None:
    assert CARS.lies_in("bev_passenger", "bev_passenger")
    for whole in ("bev", "nev_passenger", "nev", "passenger", "all"):
        assert CARS.lies_in("bev_passenger", whole)
    assert not CARS.lies_in("all", "nev")
    assert not CARS.lies_in("ice", "nev")
    assert not CARS.lies_in("nev", "passenger")


def test_wholes_come_nearest_first_and_each_once() -> None:
    assert list(CARS.scope_and_wholes("bev_passenger")) == [
        "bev_passenger",
        "bev",
        "nev_passenger",
        "nev",
        "passenger",
        "all",
    ]


def test_an_unknown_word_lies_in_nothing_but_itself() -> None:
    assert list(CARS.scope_and_wholes("hydrogen")) == ["hydrogen"]
    assert CARS.lies_in("hydrogen", "hydrogen")
    assert not CARS.lies_in("hydrogen", "all")
    assert list(CARS.subject_and_groups("nobody")) == ["nobody"]
    # a pack may name a whole that nobody defined
    dangling = Vocabulary(scopes=scopes(nev=("vehicles",)))
    assert dangling.lies_in("nev", "vehicles")


def test_a_brand_belongs_to_its_group_and_that_to_its_own() -> None:
    words = Vocabulary(subjects=subjects(mg=("saic",), saic=("cn_makers",), cn_makers=()))
    assert list(words.subject_and_groups("mg")) == ["mg", "saic", "cn_makers"]
    assert words.belongs_to("mg", "cn_makers")
    assert words.belongs_to("mg", "mg")
    assert not words.belongs_to("saic", "mg")


def test_circular_words_end() -> None:
    assert list(CIRCLE.scope_and_wholes("a")) == ["a", "b", "c"]
    assert list(CIRCLE.scope_and_wholes("me")) == ["me"]
    assert CIRCLE.lies_in("a", "c")
    assert not CIRCLE.lies_in("a", "d")
    assert list(CIRCLE.subject_and_groups("x")) == ["x", "y"]
    assert not CIRCLE.belongs_to("x", "z")


names = st.sampled_from("abcdef")
graphs = st.dictionaries(names, st.lists(names, max_size=4).map(tuple))


@given(graphs, names, names, names)
def test_lying_in_is_transitive_whatever_the_data(
    graph: dict[str, tuple[str, ...]], a: str, b: str, c: str
) -> None:
    words = Vocabulary(scopes=scopes(**graph), subjects=subjects(**graph))
    assert words.lies_in(a, a)
    if words.lies_in(a, b) and words.lies_in(b, c):
        assert words.lies_in(a, c)
    wholes = list(words.scope_and_wholes(a))
    assert len(wholes) == len(set(wholes))
    assert words.belongs_to(a, b) == words.lies_in(a, b)


# -- destinations -------------------------------------------------------------------------------

MAP = Vocabulary(
    destinations=places(
        world=(),
        benelux=("BE", "NL", "LU"),
        EU=("BE", "NL", "LU", "DE"),
        europe=("EU", "NO", "GB"),
        latin_america=(),
        BE=(),
        dach=("DE", "AT"),
    )
)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        ("BE", "BE", True),
        ("BE", "world", True),
        ("EU", "world", True),
        ("nowhere", "world", True),
        ("BE", "EU", True),
        ("NL", "benelux", True),  # a member without an entry of its own
        ("AT", "EU", False),
        ("benelux", "EU", True),  # all its members are
        ("EU", "benelux", False),
        ("dach", "EU", False),  # one member is not
        ("EU", "europe", True),
        ("BE", "europe", True),  # through the EU
        ("benelux", "europe", True),
        ("europe", "EU", False),
        ("world", "europe", False),
        ("BE", "latin_america", False),  # a region without members holds nothing known
        ("latin_america", "EU", False),  # and lies in nothing known
        ("latin_america", "world", True),
        ("EU", "BE", False),
        ("BE", "atlantis", False),
    ],
)
def test_destinations_reach(part: str, whole: str, expected: bool) -> None:
    assert MAP.reaches(part, whole) is expected


def test_circular_regions_end() -> None:
    assert CIRCLE.reaches("p", "q")
    assert CIRCLE.reaches("q", "p")
    assert CIRCLE.reaches("me", "me")
    assert CIRCLE.reaches("DE", "r")
    assert not CIRCLE.reaches("r", "p")
    assert not CIRCLE.reaches("DE", "p")
    assert not CIRCLE.reaches("p", "me")


@given(graphs, names, names)
def test_reaching_ends_whatever_the_data(
    graph: dict[str, tuple[str, ...]], part: str, whole: str
) -> None:
    words = Vocabulary(destinations=places(**graph))
    assert words.reaches(part, part)
    if part in graph.get(whole, ()):
        assert words.reaches(part, whole)


# -- partitions and publishers ------------------------------------------------------------------


def test_parts_of_one_partition_do_not_overlap() -> None:
    assert CARS.within_one_partition(frozenset({"bev", "phev"}))
    assert CARS.within_one_partition(frozenset({"bev", "phev", "fcev"}))
    assert CARS.within_one_partition(frozenset({"nev"}))
    assert not CARS.within_one_partition(frozenset({"nev", "bev"}))
    assert not CARS.within_one_partition(frozenset({"nev", "passenger"}))
    assert not CARS.within_one_partition(frozenset({"ice", "hydrogen"}))


def test_makers_counts_are_own_counts() -> None:
    words = Vocabulary(
        subjects={
            "byd": Subject("byd", "BYD", SubjectKind.MAKER),
            "mg": Subject("mg", "MG", SubjectKind.BRAND),
            "huawei": Subject("huawei", "Huawei", SubjectKind.GROUP),
            "CN": Subject("CN", "China", SubjectKind.COUNTRY),
            "saic": Subject("saic", "SAIC", SubjectKind.MAKER),
        },
        publishers={
            "byd": Publisher("byd", "BYD"),
            "caam": Publisher("caam", "CAAM"),
            "xpeng-ir": Publisher("xpeng-ir", "XPeng investor relations", kind="maker"),
            "saic": Publisher("saic", "SAIC tracker", kind="tracker"),
        },
    )
    assert words.is_own_count("byd")
    assert words.is_own_count("mg")
    assert words.is_own_count("huawei")
    assert words.is_own_count("xpeng-ir")
    assert not words.is_own_count("caam")
    assert not words.is_own_count("CN")
    assert not words.is_own_count("saic")  # what is said of the publisher itself comes first
    assert not words.is_own_count("nobody")


def test_an_empty_vocabulary_knows_nothing() -> None:
    empty = Vocabulary()
    assert not empty.lies_in("nev", "all")
    assert empty.reaches("BE", "world")
