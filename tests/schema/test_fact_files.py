"""The JSON Schema of fact files: an editor that uses it says yes to every file that holds up.

Files are read as YAML 1.2 has it (``no`` is a text, a date too), which is how editors read them.
"""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from evcli.commands.app import run
from evcli.model.period import PERIOD_PATTERN, PeriodError, parse_period
from evcli.schema.records import PATTERNS

from ..docs_scripts import script

fact_schema = script("fact_schema")
ROOT = Path(__file__).parents[2]
KEPT = fact_schema.PAGE
FILES = sorted([*(ROOT / "facts").rglob("*.yaml"), *(ROOT / "seeds").rglob("*.yaml")])
VALIDATOR = Draft7Validator(fact_schema.fact_file_schema())


class CoreLoader(yaml.SafeLoader):
    """The core schema of YAML 1.2."""


CoreLoader.yaml_implicit_resolvers = {}

for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), first
    )


def problems(text: str) -> list[str]:
    """What an editor would underline."""
    read = yaml.load(text, CoreLoader)
    return [error.message for error in VALIDATOR.iter_errors(read)]


def test_it_is_a_schema_and_the_kept_file_is_this_one() -> None:
    schema = fact_schema.fact_file_schema()
    Draft7Validator.check_schema(schema)
    assert json.loads(KEPT.read_text("utf-8")) == schema
    assert KEPT.read_text("utf-8") == fact_schema.fact_file_schema_text(), (
        "python docs/fact_schema.py"
    )


def test_the_command_prints_it(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["facts", "schema"]) == 0
    assert capfd.readouterr() == (KEPT.read_text("utf-8"), "")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_built_in_file_is_valid(file: Path) -> None:
    assert problems(file.read_text("utf-8")) == []


def test_the_examples_of_the_guide_are_valid() -> None:
    guide = (ROOT / "facts" / "README.md").read_text("utf-8")
    examples = re.findall(r"^ *```yaml\n(.*?)^ *```", guide, re.DOTALL | re.MULTILINE)
    assert len(examples) == 3
    for example in examples:
        assert problems(textwrap.dedent(example)) == []


FACT = "series: [{id: a.b, facts: [{%s}]}]"
WHOLE = "title: T, subject: CN, metric: exports, unit: vehicles, publisher: caam"
PLANT = "plants: [{id: p, facts: [{%s, source: s}]}]"


@pytest.mark.parametrize(
    "text",
    [
        FACT % 'period: 2025, stated: "212,000", source: s',
        FACT % "as_of: 2025-06-01, stated: 60, source: s, at: [p1, p2], precision: 1000",
        FACT
        % 'period: undated, change: {stated: doubled, over: P3Y}, source: s, precision: "1,000"',
        FACT % "period: 2024/2025, yoy: x2, source: s, rank: deprecated, reason: Wrong",
        f"series: [{{id: a.b, {WHOLE}}}]",
        "sources: [{id: s, title: T, outlet: O, read: no, published: 2025-02, problems: []}]",
        "sources: [{id: s, title: T, outlet: O, left_out: [{at: [p1, p2], text: 7, reason: R}]}]",
        PLANT % "status: operating",
        PLANT % "capacity: 200000, unit: vehicles/year, precision: 10000, planned: yes",
        "measures: [{id: m, jurisdiction: NO, instrument: i, stage: draft, target: t, source: s,"
        " suspended: 2024-10-30/2025-03-01, excepts: [a, b]}]",
    ],
)
def test_what_the_loader_takes_is_valid(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fact: []", "'fact' was unexpected"),
        ("sources:", "None is not of type 'array'"),
        ("sources: [{id: a b, title: T, outlet: O}]", "'a b' does not match"),
        ("sources: [{id: s, outlet: O}]", "'title' is a required property"),
        ("sources: [{id: s, title: T, outlet: O, published: 11 June}]", "'11 June' does not match"),
        ("sources: [{id: s, title: T, outlet: O, published: 2025-Q1}]", "'2025-Q1' does not match"),
        ("sources: [{id: s, title: T, outlet: O, read: perhaps}]", "'perhaps' is not one of"),
        ("sources: [{id: s, title: T, outlet: O, sha256: abc}]", "'abc' does not match"),
        ("series: [{id: a.b}]", "'facts' is a required property"),
        (f"series: [{{id: a.b, {WHOLE.replace(', unit: vehicles', '')}}}]", "'unit' is a required"),
        (f"series: [{{id: A.B, {WHOLE}}}]", "'A.B' does not match"),
        (f"series: [{{id: a.b, {WHOLE}, colour: red}}]", "'colour' was unexpected"),
        (FACT % "period: 2025-13, stated: 1, source: s", "'2025-13' does not match"),
        (FACT % "period: 2025-Q5, stated: 1, source: s", "'2025-Q5' does not match"),
        (FACT % "period: 2025, stated: 1", "'source' is a required property"),
        (FACT % "stated: 1, source: s", "is not valid under any of the given schemas"),
        (FACT % "period: 2025, as_of: 2025, stated: 1, source: s", "is valid under each of"),
        (FACT % "period: 2025, source: s", "is not valid under any of the given schemas"),
        (FACT % "period: 2025, stated: 212,000, source: s", "0 was unexpected"),
        (FACT % "period: 2025, stated: 1, source: s, rank: best", "'best' is not one of"),
        (FACT % "period: 2025, stated: 1, source: s, rank: deprecated", "'reason' is a required"),
        (FACT % "period: 2025, stated: 1, source: s, status: guess", "'guess' is not one of"),
        (FACT % "period: 2025, stated: 1, source: s, precision: fine", "'fine' does not match"),
        (FACT % "period: 2025, change: {stated: x2, over: 3 years}, source: s", "does not match"),
        (FACT % "period: 2025, change: {over: P3Y}, source: s", "'stated' is a required"),
        (PLANT % "status: shut", "'shut' is not one of"),
        (PLANT % "status: operating, start: 2025", "is valid under each of"),
        (PLANT % "phase: II", "is not valid under any of the given schemas"),
        ("events: [{id: e, date: 2025, kind: party, subject: CN, title: T, source: s}]", "'party'"),
        (
            "events: [{id: e, date: 2025, kind: policy, subject: CN, title: T, source: s,"
            " rank: preferred}]",
            "'preferred' is not one of",
        ),
        ("claims: [{id: c, says: It is}]", "'source' is a required property"),
        ("acknowledged: [{facts: [], verdict: revision, reason: R}]", "[] should be non-empty"),
        ("acknowledged: [{facts: [a], verdict: error, reason: R}]", "'error' is not one of"),
        ("vocabulary: {units: [{id: u}]}", "'kind' is a required property"),
        ("vocabulary: {words: []}", "'words' was unexpected"),
    ],
)
def test_what_is_wrong_is_seen(text: str, told: str) -> None:
    found = problems(text)
    assert len(found) == 1, found
    assert told in found[0]


@given(
    st.one_of(
        st.from_regex(rf"\A(?:{PERIOD_PATTERN})\Z"),
        st.from_regex(r"\A[0-9]{4}(-[HQ0-9][0-9]?(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2}){0,2})?\Z"),
    )
)
def test_no_period_that_the_loader_reads_is_underlined(text: str) -> None:
    """The other way round, a calendar is more than a pattern: 2025-02-30 is left to the loader."""
    try:
        parse_period(text)
    except PeriodError:
        return
    assert re.fullmatch(PERIOD_PATTERN, text)
    if "/" not in text and text[4:5] != "-":
        assert text == "undated" or re.fullmatch(PATTERNS["date"], text)
