"""docs/record.md: every id on it is in the record, and the figure beside it is what the id says."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from evcli.errors import EvcliError
from evcli.model.quantity import Quantity
from evcli.model.records import Fact, Measure, PlantFact, Record
from evcli.model.vocabulary import Unit, UnitKind
from evcli.text.stated import parse_change, parse_stated

from ..docs_scripts import script
from .conftest import ROOT

PAGE = (ROOT / "docs" / "record.md").read_text("utf-8")
IDS = re.compile(r"`([^`\s]+@[^`\s]+)`")
NUMBER = re.compile(
    r"(?:(?:over|nearly|about|at least) )?(?:EUR |[+-]|\$)?\d[\d,.]*\d*(?: million| billion| %)?"
)
NO_UNIT = Unit("number", "number", UnitKind.INDEX)
Told = Fact | Measure | PlantFact


@pytest.fixture(scope="module")
def told(record: Record) -> Mapping[str, list[Told]]:
    """By id: a fact under its own and under that of its figure, a measure, a plant fact."""
    found: dict[str, list[Told]] = defaultdict(list)
    for fact in record.facts:
        found[fact.id].append(fact)
        if fact.rank != "deprecated":
            found[f"{fact.series}@{fact.period}"].append(fact)
    for measure in record.measures:
        found[measure.id].append(measure)
    for plant in record.plants:
        for each in plant.facts:
            found[each.id].append(each)
    return found


def prose() -> str:
    """The page without its code, tables and headings, each paragraph on one line."""
    kept = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    lines = [line for line in kept.splitlines() if not line.startswith(("|", "#", "<!--"))]
    return re.sub(r"(?<=\S)\n +|(?<=\S)\n(?=[^\n-])", " ", "\n".join(lines))


def tables() -> Iterator[list[list[str]]]:
    """Every table: its rows, the header first, each a list of cells."""
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        lines = [line.strip("|").split("|") for line in table.splitlines()]
        rows = [[cell.strip() for cell in line] for line in lines]
        yield [rows[0], *rows[2:]]


def beside() -> list[tuple[str, str]]:
    """The figures of all tables: what the page writes, and the id that it belongs to."""
    pairs = []
    for head, *rows in tables():
        series = [re.search(r"`([^`]+)`", cell) for cell in head]
        for row in rows:
            if head[-1] == "id":
                pairs.append((row[-2], row[-1].strip("`")))
            elif any(series):
                what = re.search(r"`([^`]+)`", row[0])
                rest = f".{what[1]}" if what else f"@{row[0]}"
                pairs += [
                    (cell, column[1] + rest)
                    for cell, column in zip(row, series, strict=True)
                    if cell and column
                ]
    return pairs


def amounts(text: str) -> Iterator[Quantity]:
    """Every way to read *text* as an amount or a change."""
    plain = re.sub(r"EUR |\$", "", text.replace(" %", "%"))
    for read in (
        lambda: parse_change(plain),
        lambda: parse_stated(plain, Unit("percent", "percent", UnitKind.PERCENT, ("%",))),
        lambda: parse_stated(plain, Unit("vehicles", "vehicles", UnitKind.COUNT)),
        lambda: parse_stated(plain, NO_UNIT),
    ):
        try:
            yield read()
        except (EvcliError, ValueError):
            continue


def says(each: Told, text: str) -> bool:
    """Whether *text* may be what the source tells."""
    if isinstance(each, Fact):
        growth = [each.yoy, each.mom]
        mine = growth if text.startswith(("+", "-")) else [each.quantity]
    else:
        mine = [each.rate if isinstance(each, Measure) else each.quantity]
    return any(
        quantity is not None and quantity.bounds.intersect(amount.bounds) is not None
        for quantity in mine
        for amount in amounts(text)
    )


def test_the_tables_are_found() -> None:
    # the years, 3 + 2 + 4 + 4 + 3; one year; makers; shares; money; the duties, four by four;
    # November 2025
    assert len(beside()) == 16 + 9 + 20 + 15 + 12 + 16 + 11


@pytest.mark.parametrize(("text", "name"), beside())
def test_a_figure_in_a_table_is_what_the_record_says(
    text: str, name: str, told: Mapping[str, list[Told]]
) -> None:
    assert name in told
    assert any(says(each, text) for each in told[name])


def test_a_wrong_figure_would_be_found(told: Mapping[str, list[Told]]) -> None:
    year = told["cn.exports.all.caam@2025"]
    assert any(says(each, "7.098 million") for each in year)
    assert not any(says(each, "6.998 million") for each in year)
    assert not any(says(each, "+31.1 %") for each in year)


@pytest.mark.parametrize("name", sorted(set(IDS.findall(PAGE))))
def test_an_id_on_the_page_is_in_the_record(name: str, told: Mapping[str, list[Told]]) -> None:
    if f"`{name}`, derived" in PAGE:
        return
    assert name in told
    if "#" not in name:
        assert {each.rank for each in told[name] if isinstance(each, Fact)} != {"deprecated"}


def clauses() -> list[tuple[str, str]]:
    """The ids in the text, each with the words before it since the id before or the paragraph."""
    found = []
    for paragraph in prose().split("\n"):
        end = 0
        for match in IDS.finditer(paragraph):
            found.append((paragraph[end : match.start()], match[1]))
            end = match.end()
    return found


@pytest.mark.parametrize(("before", "name"), [each for each in clauses() if "#" not in each[1]])
def test_a_figure_in_the_text_is_what_the_record_says(
    before: str, name: str, told: Mapping[str, list[Told]]
) -> None:
    numbers = NUMBER.findall(before)
    if name not in told:
        assert f"`{name}`, derived" in PAGE
        return
    assert any(says(each, number) for each in told[name] for number in numbers), numbers


def test_words_in_the_page_are_words_of_the_record(record: Record) -> None:
    series = set(record.series) | {each.id for each in record.measures}
    named = {
        name
        for name in re.findall(r"`([a-z0-9.-]+)`", prose())
        if "." in name and not name.startswith("evcli")
    }
    assert named - series == set()


@pytest.mark.parametrize(
    "line",
    [
        line
        for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
        for line in re.sub(r"\\\n\s*", "", block).splitlines()
        if line.startswith("evcli ")
    ],
)
def test_the_commands_run(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    from evcli.commands.app import run

    assert run(shlex.split(line)[1:]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 1


def test_the_counts_are_those_of_the_map(record: Record) -> None:
    renewed = script("record_counts").renewed(PAGE, record)
    assert renewed == PAGE, "run python docs/record_counts.py"


def test_the_contents_lead_to_the_headings() -> None:
    headings = {
        re.sub(r"[^\w -]", "", title.casefold()).replace(" ", "-")
        for title in re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) == headings


def test_the_help_in_the_terminal_says_the_same(told: Mapping[str, list[Told]]) -> None:
    topic = (ROOT / "evcli" / "commands" / "help_texts" / "definitions.txt").read_text("utf-8")
    counted = re.findall(r"^  (\w+) .* (all|passenger) +(\S+ million)$", topic, re.MULTILINE)
    assert [publisher for publisher, _, _ in counted] == ["caam", "cpca", "gacc"]
    for publisher, scope, text in counted:
        assert any(says(each, text) for each in told[f"cn.exports.{scope}.{publisher}@2025"])
    named = set(re.findall(r"\b(?:caam|cpca|gacc|nev|bev|phev|electrified|chery-brand)\b", topic))
    assert [word for word in sorted(named) if word not in PAGE] == []
