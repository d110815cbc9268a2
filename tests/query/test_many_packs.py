"""Several packs at once: they add up, and what they may not do is said of all of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from evcli.commands.app import run
from tests.conftest import Process
from tests.query.conftest import Ask

NEV = "cn.exports.nev.caam"


def page(source: str, period: str, stated: str, *, title: str = "A page") -> str:
    return (
        f"sources: [{{id: {source}, title: {title}, outlet: O, published: 2016}}]\n"
        f"series: [{{id: {NEV}, facts: [{{period: {period}, "
        f'stated: "{stated}", source: {source}, at: p1}}]}}]\n'
    )


@pytest.fixture
def two(make_pack) -> tuple[Path, Path]:
    return (
        make_pack(page("one", "2015", "12,000"), "one"),
        make_pack(page("two", "2014", "10,000"), "two"),
    )


def test_two_packs_add_facts_to_one_builtin_series(two: tuple[Path, Path], ask_pack: Ask) -> None:
    one, other = two
    told = ask_pack(one, "get", NEV, "--facts", str(other))
    assert told.of("period", "value", "sources") == [
        ("2014", 10_000, ["two"]),
        ("2015", 12_000, ["one"]),
    ]
    # 12 on 10; the order in which the packs are named makes no difference
    assert told.rows[1]["yoy"] == 20
    assert ask_pack(other, "get", NEV, "--facts", str(one)).rows == told.rows
    assert ask_pack(one, "get", NEV, "--facts", str(one)).of("period") == ["2015"]


def test_the_builtin_facts_stay_beside_them(
    two: tuple[Path, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ["get", NEV, "--format", "csv", "--fields", "period", "--by", "year"]
    assert run([*arguments, "--basis", "stated", "--facts", str(two[0]), "--until", "2016"]) == 0
    assert capfd.readouterr().out == "period\n2015\n"
    assert (
        run(
            [
                "get",
                NEV,
                "--period",
                "2025-05",
                "--format",
                "csv",
                "--fields",
                "value",
                "--facts",
                str(two[0]),
            ]
        )
        == 0
    )
    assert capfd.readouterr().out == "value\n212000\n"


def test_packs_of_the_environment(
    two: tuple[Path, Path], evcli_run: Callable[..., Process]
) -> None:
    both = os.pathsep.join(map(str, two))
    arguments = ("get", NEV, "--no-builtin", "--format", "csv", "--fields", "period,value")
    done = evcli_run(*arguments, EVCLI_FACTS=both)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"period,value\n2014,10000\n2015,12000\n"
    beside = evcli_run(*arguments, "--facts", str(two[1]), EVCLI_FACTS=str(two[0]))
    assert beside.stdout == done.stdout
    missing = evcli_run(*arguments, EVCLI_FACTS=both + os.pathsep + "/nowhere")
    assert (missing.returncode, missing.stdout) == (2, b"")
    assert b"/nowhere" in missing.stderr


def test_agreeing_packs_make_one_figure(make_pack, ask_pack: Ask) -> None:
    one = make_pack(page("one", "2015", "12,000"), "one")
    two = make_pack(page("two", "2015", "12,300"), "two")
    (row,) = ask_pack(one, "get", NEV, "--facts", str(two)).rows
    # CAAM counts in thousands, but 12,300 is told to the hundred: that is 12,250 to 12,350, inside
    # the 11,500 to 12,500 of the other
    assert (row["value"], row["low"], row["high"]) == (12_300, 12_250, 12_350)
    assert row["sources"] == ["two", "one"]


def test_packs_that_contradict_each_other_are_both_shown(make_pack, ask_pack: Ask) -> None:
    one = make_pack(page("one", "2015", "12,000"), "one")
    two = make_pack(page("two", "2015", "15,000"), "two")
    told = ask_pack(one, "get", NEV, "--facts", str(two))
    assert sorted(told.of("id", "value", "note")) == [
        (f"{NEV}@2015#one", 12_000, "disputed by two"),
        (f"{NEV}@2015#two", 15_000, "disputed by one"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (page("seed-001", "2015", "12,000"), "the source id 'seed-001' is used twice"),
        ("vocabulary: {subjects: [{id: byd, name: Beyond, kind: maker}]}\n", "byd"),
        (
            f"series: [{{id: {NEV}, title: Mine, subject: CN, metric: exports, scope: all,\n"
            "  unit: vehicles, publisher: caam}]\n",
            NEV,
        ),
    ],
)
def test_a_pack_cannot_shadow_what_is_builtin(
    make_pack, text: str, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    pack = make_pack(text)
    assert run(["get", NEV, "--facts", str(pack)]) == 5
    told = capfd.readouterr()
    assert told.out == ""
    assert f"{pack}/facts.yaml:" in told.err
    assert reason in told.err


def test_the_mistakes_of_all_packs_come_at_once(
    make_pack, capfd: pytest.CaptureFixture[str]
) -> None:
    one = make_pack(page("one", "2015-13", "12,000"), "one")
    two = make_pack(page("two", "2015", "150.000"), "two")
    assert run(["get", NEV, "--facts", str(one), "--facts", str(two)]) == 5
    told = capfd.readouterr()
    assert told.out == ""
    assert "there is no month 13" in told.err
    assert "a count has no decimals" in told.err
    assert told.err.endswith("evcli: error: 2 problems in the fact files\n")


def test_the_same_words_may_be_said_twice(make_pack, ask_pack: Ask) -> None:
    word = "vocabulary: {subjects: [{id: alfa, name: Alfa, kind: maker}]}\n"
    one = make_pack(word + page("one", "2015", "12,000"), "one")
    two = make_pack(word + page("two", "2014", "10,000"), "two")
    assert len(ask_pack(one, "get", NEV, "--facts", str(two)).rows) == 2
