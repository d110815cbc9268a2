"""New lines in fact files: at their place, all else untouched, however a file is written."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evcli.loader.files import Report
from evcli.loader.writing import DraftEntry, facts_of, scalar, with_entry, with_fact
from evcli.loader.yaml_nodes import content, parse
from tests.conftest import ROOT

FACT: DraftEntry = {"period": "2025-03", "stated": "over 5", "note": ""}
LINE = '{period: 2025-03, stated: "over 5"}'


def read(text: str) -> Any:
    report = Report()
    root = parse(text, "x.yaml", report)
    assert root is not None
    assert not report.problems, report.problems
    return content(root)


def added(old: str, new: str) -> list[str]:
    """The lines that are new; all old ones are there in their order."""
    lines, rest = [], iter(old.splitlines(keepends=True))
    waiting = next(rest, None)
    for line in new.splitlines(keepends=True):
        if line == waiting or line.rstrip("\r\n") == waiting:
            waiting = next(rest, None)
        else:
            lines.append(line.rstrip("\r\n"))
    assert waiting is None
    return lines


BLOCK = "series:\n  - id: a\n    facts:\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- {period: 2025-02}\n", "- {period: 2025-04}\n"),
        ("- {period: 2025-02}  # a comment\n", "\n      # the next\n      - {period: 2025-04}\n"),
        ("- {period: 2025-03}\n", "- {period: 2025-04}\n"),
        ("- {period: 2025-01/2025-04}\n", "- {period: 2025-04}\n"),
        ("- {period: 2025-02,\n         source: b}\n", "- {period: 2025-Q2}\n"),
        ("- {period: 2025-02}", ""),
        ("- {period: 2025-02}\n", "  - id: b\n    title: B\n"),
        ("- {period: 2025-02}\n", "\n# at the end\nsources: []\n"),
        ("- {period: 2025-02, note: 'a # b: {'}\n", ""),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_fact_stands_behind_the_earlier_ones(before: str, after: str, line_end: str) -> None:
    indent = "      "
    after = f"{indent}{after}" if after.startswith("- ") else after
    old = f"{BLOCK}{indent}{before}{after}".replace("\n", line_end)
    new = with_fact(old, "a", FACT)
    head = f"{BLOCK}{indent}{before}".replace("\n", line_end)
    assert new.startswith(head.rstrip("\r\n") + f"{line_end}{indent}- {LINE}")
    assert added(old, new) == [f"{indent}- {LINE}"]
    assert new.endswith(after.replace("\n", line_end))
    assert ("\r\n" in new) == ("\r\n" in old)
    assert new.count("\n") == new.count(line_end)


def test_before_the_first_it_stands_above_what_is_said_of_that() -> None:
    old = f"{BLOCK}      # the year of the crisis\n      - {{period: 2026}}\n"
    new = with_fact(old, "a", FACT)
    assert (
        new == f"{BLOCK}      - {LINE}\n      # the year of the crisis\n      - {{period: 2026}}\n"
    )


def test_beside_a_fact_with_a_line_a_key_it_has_one_too() -> None:
    note = "        note: |\n          two\n          lines\n"
    old = f"{BLOCK}      - period: 2025-02\n{note}\n  - id: b\n"
    new = with_fact(old, "a", FACT)
    assert added(old, new) == ["      - period: 2025-03", '        stated: "over 5"']
    facts = read(new)["series"][0]["facts"]
    assert facts == [
        {"period": "2025-02", "note": "two\nlines\n"},
        {"period": "2025-03", "stated": "over 5"},
    ]


@pytest.mark.parametrize(
    "old",
    [
        "series: [{id: a, facts: [{period: 2025-02}, {period: 2025-04}]}]\n",
        "series: [{id: a, facts: [{period: 2025-04}]}]\n",
        "series: [{id: a, facts: []}]\n",
        "series: [{id: a, title: A}, {id: b}]\n",
        "series:\n- id: a\n  facts: [{period: 2025-02},  # one\n    {period: 2025-04}\n  ]\n",
        "{series: []}\n",
        "{}\n",
        "{sources: [{id: x}]}\n",
        "series:\n  - {id: b}\n",
        "series:\n  - id: a\n    title: A\n  - id: b\n",
        "series:\n- id: a\n  facts:\n  - {period: 2025-02}\n",
        "series:\n  -\n    id: a\n    facts:\n      -\n        period: 2025-02\n",
        "series:\n  - id: a\n    title: A\n  - id: a\n    facts:\n      - {period: 2025-02}\n",
        'series:\n  - "id": "a"\n    "facts":\n      - {"period": "2025-02"}\n',
        "sources:\n  - {id: x}\n# the end\n",
        "---\nsources: []\n...\n",
        "# 奇瑞 😀\nseries:\n  - id: a\n    facts:\n      - {period: 2025-02, note: 😀}\n",
    ],
)
def test_it_is_there_however_the_file_is_written(old: str) -> None:
    new = with_fact(old, "a", FACT)
    before, after = read(old), read(new)
    told = {"period": "2025-03", "stated": "over 5"}
    entries = [each for each in after["series"] if each["id"] == "a"]
    facts = [fact for each in entries for fact in each.get("facts", ())]
    assert facts.count(told) == 1
    assert [each["period"] for each in facts] == sorted(each["period"] for each in facts)
    # and nothing else is new
    for each in entries:
        if told in each.get("facts", ()):
            each["facts"].remove(told)
    assert without_empty(after) == without_empty(before)


def without_empty(root: Any) -> Any:
    kept = [
        {key: value for key, value in each.items() if value not in ([], ())}
        for each in root.get("series", [])
        if each.keys() != {"id", "facts"} or each["facts"]
    ]
    return {**{key: value for key, value in root.items() if value}, "series": kept}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "sources:\n  - id: p\n    title: A page\n"),
        ("# mine\n", "# mine\nsources:\n  - id: p\n    title: A page\n"),
        (
            "series: []\n",
            "series: []\n\nsources:\n  - id: p\n    title: A page\n",
        ),
        (
            "sources:\n  - {id: o}\n\nseries: []\n",
            'sources:\n  - {id: o}\n  - {id: p, title: "A page"}\n\nseries: []\n',
        ),
        (
            "sources:\n  - id: o\n    title: B\n# end",
            "sources:\n  - id: o\n    title: B\n  - id: p\n    title: A page\n# end",
        ),
    ],
)
def test_a_source_stands_behind_the_others(old: str, new: str) -> None:
    assert with_entry(old, "sources", {"id": "p", "title": "A page", "url": ""}) == new.replace(
        "title: A page", 'title: "A page"'
    )


def test_how_many_facts_a_file_has() -> None:
    text = "series:\n  - {id: a, facts: [{period: 2025}]}\n  - {id: b}\n  - {id: a, facts: [{}]}\n"
    assert [facts_of(text, name) for name in ("a", "b", "c")] == [2, 0, -1]
    assert facts_of("sources: [{id: a}]", "a") == -1


def places() -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / "facts").rglob("*.yaml")):
        for each in read(path.read_text("utf-8")).get("series", ()):
            if each.get("facts"):
                yield path, each["id"]


def test_every_file_of_the_record_takes_a_fact() -> None:
    chosen = random.Random(7).sample([*places()], 60)
    for path, series in chosen:
        old = path.read_text("utf-8")
        new = with_fact(old, series, {"period": "2024-06", "stated": "5"})
        [line] = added(old, new)
        assert line.strip() == '- {period: 2024-06, stated: "5"}'
        before, after = read(old), read(new)
        for one, other in zip(before["series"], after["series"], strict=True):
            facts = [{"period": "2024-06", "stated": "5"}] if one != other else []
            assert sorted(map(str, (*one.get("facts", ()), *facts))) == sorted(
                map(str, other.get("facts", ()))
            )


@pytest.mark.parametrize(
    "text", ["NO", "2025-05", "over 67,000", 'a "b" \\ c', "奇瑞", "a: b", "\t"]
)
def test_a_text_reads_back_as_it_was(text: str) -> None:
    assert read(f"a: {scalar(text)}\n") == {"a": text}
