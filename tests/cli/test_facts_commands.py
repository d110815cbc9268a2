"""``evcli facts lint | list | path`` (``import``: test_import.py, ``add``: test_facts_add.py)."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path

import pytest

from evcli.commands.app import run
from tests.seeds import SEED_PACKS

NEV = "cn.exports.nev.caam"
PAGE = "sources:\n  - {id: page-1, title: A page, outlet: A paper, published: 2015-06}\n"
FACTS = PAGE + (
    "series:\n"
    f"  - id: {NEV}\n"
    "    facts:\n"
    '      - {period: 2015-05, stated: "123,000", yoy: "+3.1%", source: page-1, at: p1}\n'
    '      - {period: 2015-06, stated: "99,000", source: page-1, at: [p1, p2], rank: deprecated,\n'
    "         reason: a misprint}\n"
)


class Told:
    """What one run printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


@pytest.fixture
def evcli(capsys: pytest.CaptureFixture[str]):
    def ask(*arguments: str | Path) -> Told:
        code = run([str(each) for each in arguments])
        captured = capsys.readouterr()
        return Told(code, captured.out, captured.err)

    return ask


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.yaml").write_text(FACTS, "utf-8")
    return Path("mine")


# -- the group


def test_the_group_lists_its_commands(evcli) -> None:
    told = evcli("facts", "--help")
    assert told.out.startswith("Examples:\n  evcli facts lint")
    assert re.findall(r"^  (\w+)  +[A-Z]", told.out, re.M) == [
        "lint",
        "list",
        "add",
        "import",
        "schema",
        "path",
    ]


def test_a_group_needs_a_command(evcli) -> None:
    told = evcli("facts")
    assert (told.code, told.out) == (2, "")
    assert "one of lint, list, add, import, schema, path" in told.err


def test_a_near_miss_is_answered_with_the_name(evcli) -> None:
    told = evcli("facts", "lnt")
    assert (told.code, told.out) == (2, "")
    assert "did you mean 'lint'?" in told.err


# -- lint


def test_the_builtin_facts_are_clean(evcli) -> None:
    told = evcli("facts", "lint", "--format", "csv")
    assert told.code == 0
    assert "facts/vocabulary.yaml" in {row["file"].replace(os.sep, "/")[-21:] for row in told.rows}
    assert re.search(r"\d+ facts in \d+ files: no problems", told.err)


def test_the_builtin_facts_leave_nothing_to_look_at(evcli) -> None:
    assert evcli("facts", "lint", "--strict").code == 0


def test_lint_counts_what_a_file_holds(pack: Path, evcli) -> None:
    told = evcli("facts", "lint", pack, "--format", "json")
    assert told.code == 0
    assert json.loads(told.out) == [
        {
            "file": "mine/a.yaml",
            "facts": 2,
            "events": 0,
            "measures": 0,
            "plants": 0,
        }
    ]
    assert told.err == "evcli: note: 2 facts in 1 file: no problems\n"


def test_lint_takes_a_single_file(pack: Path, evcli) -> None:
    told = evcli("facts", "lint", pack / "a.yaml", "--format", "csv")
    assert [row["facts"] for row in told.rows] == ["2"]


def test_lint_tells_every_mistake_with_its_place(pack: Path, evcli) -> None:
    (pack / "b.yaml").write_text(
        "series:\n"
        "  - id: cn.exports.nev.camm\n"
        "    facts:\n"
        "      - {period: 2015-13, stated: 212,000, source: page-1, at: p1}\n",
        "utf-8",
    )
    told = evcli("facts", "lint", pack)
    assert (told.code, told.out) == (5, "")
    lines = told.err.splitlines()
    assert [line.partition(": ")[0] for line in lines[:-1]] == [
        "mine/b.yaml:2:9",
        "mine/b.yaml:4:18",
        "mine/b.yaml:4:39",
    ]
    assert "did you mean 'cn.exports.nev.caam' or" in told.err
    assert "inside {} a comma starts a new key: quote the text before it" in told.err
    assert lines[-1] == "evcli: error: 3 problems in the fact files"


def test_strict_lint_shows_what_deserves_a_look(pack: Path, evcli) -> None:
    (pack / "a.yaml").write_text(PAGE, "utf-8")
    assert evcli("facts", "lint", pack).code == 0
    told = evcli("facts", "lint", pack, "--strict", "--format", "csv")
    assert told.code == 1
    assert [row["message"] for row in told.rows] == ["nothing rests on the source 'page-1'"]
    assert list(told.rows[0]) == ["level", "file", "line", "column", "message", "hint"]
    assert told.rows[0]["level"] == "warning"


WRONG = """\
series:
  - id: cn.exports.nev.camm
    facts:
      - {period: 2015-13, stated: 212,000, source: page-1, at: p1}
"""


def test_programs_get_mistakes_as_rows(pack: Path, evcli) -> None:
    (pack / "b.yaml").write_text(WRONG, "utf-8")
    told = evcli("facts", "lint", pack, "--format", "json")
    rows = json.loads(told.out)
    assert told.code == 5
    assert [(e["level"], e["file"], e["line"], e["column"]) for e in rows] == [
        ("error", "mine/b.yaml", 2, 9),
        ("error", "mine/b.yaml", 4, 18),
        ("error", "mine/b.yaml", 4, 39),
    ]
    assert rows[2]["hint"].endswith("quote the text before it")
    assert told.err.endswith("evcli: error: 3 problems in the fact files\n")


def test_github_shows_mistakes_and_doubts_at_their_line(pack: Path, evcli) -> None:
    odd = pack / "100%,b.yaml"
    odd.write_text(WRONG, "utf-8")
    told = evcli("facts", "lint", pack, "--format", "github")
    assert told.code == 5
    assert told.out.splitlines()[1] == (
        "::error file=mine/100%25%2Cb.yaml,line=4,col=18::'2015-13': there is no month 13"
    )
    odd.unlink()
    told = evcli("facts", "lint", pack, "--format", "github")
    assert (told.code, told.out) == (0, "")
    (pack / "a.yaml").write_text(PAGE, "utf-8")
    told = evcli("facts", "lint", pack, "--strict", "--format", "github")
    assert told.code == 1
    assert told.out.startswith("::warning ::nothing rests on the source 'page-1' (")
    assert evcli("exports", "--format", "github").code == 2


def test_without_the_builtin_facts_their_definitions_stay(pack: Path, evcli) -> None:
    assert evcli("facts", "lint", pack, "--no-builtin").code == 0
    (pack / "a.yaml").write_text(FACTS.replace("page-1, at: p1}", "seed-001, at: p1}", 1), "utf-8")
    assert evcli("facts", "lint", pack).code == 0
    assert evcli("facts", "lint", pack, "--no-builtin").code == 5


def test_a_part_of_the_builtin_pack_may_be_named(evcli, root: Path) -> None:
    told = evcli("facts", "lint", root / "facts" / "seeds", "--format", "csv")
    assert told.code == 0
    assert len(told.rows) == len(list((root / "facts" / "seeds").glob("*.yaml")))


def test_the_seeds_stand_alone(evcli) -> None:
    told = evcli("facts", "lint", "--no-builtin", *SEED_PACKS)
    assert told.code == 0


def test_a_path_that_does_not_exist_is_a_usage_error(evcli) -> None:
    told = evcli("facts", "lint", "nowhere")
    assert (told.code, told.out) == (2, "")
    assert "nowhere" in told.err


def test_an_unknown_format_is_told_before_anything_is_read(pack: Path, evcli) -> None:
    (pack / "a.yaml").write_text("nonsense: [", "utf-8")
    assert evcli("facts", "lint", pack, "--format", "xls").code == 2


# -- list


def test_facts_are_listed_as_written(pack: Path, evcli) -> None:
    told = evcli("facts", "list", NEV, "--facts", pack, "--source", "page-1", "--format", "json")
    assert json.loads(told.out) == [
        {
            "id": f"{NEV}@2015-05#page-1",
            "series": NEV,
            "period": "2015-05",
            "stated": "123,000",
            "yoy": "+3.1%",
            "mom": "",
            "source": "page-1",
            "at": ["p1"],
            "rank": "normal",
            "reason": "",
            "status": "normal",
            "note": "",
            "notes": [],
            "file": "mine/a.yaml",
            "line": 6,
        }
    ]
    assert told.err == "evcli: note: 1 deprecated fact left out: --include-deprecated\n"


def test_deprecated_facts_are_shown_when_asked_for(pack: Path, evcli) -> None:
    told = evcli(
        "facts",
        "list",
        NEV,
        "--facts",
        pack,
        "--period",
        "2015-06",
        "--include-deprecated",
        "--format",
        "csv",
    )
    row = told.rows[0]
    assert (row["stated"], row["rank"], row["reason"], row["at"]) == (
        "99,000",
        "deprecated",
        "a misprint",
        "p1 p2",
    )
    assert told.err == ""


def test_all_facts_are_listed_oldest_first_series_by_series(evcli) -> None:
    rows = evcli("facts", "list", "--include-deprecated", "--format", "csv").rows
    series = [row["series"] for row in rows]
    assert series == sorted(series)
    assert len({row["id"] for row in rows}) == len(rows)
    assert not {row["file"] for row in rows if not row["file"].startswith("facts/")}
    years = [row["period"][:4] for row in rows if row["series"] == NEV]
    assert years == sorted(years)


def test_a_glob_and_the_filters_narrow_the_list(evcli) -> None:
    told = evcli(
        "facts",
        "list",
        "cn.exports.*",
        "--scope",
        "nev",
        "--year",
        "2025",
        "--publisher",
        "nbs",
        "--format",
        "csv",
    )
    assert {row["series"] for row in told.rows} == {"cn.exports.nev.nbs"}
    assert evcli("facts", "list", "--as-of", "2000", "--format", "json").out == "[]\n"


def test_an_empty_list_says_where_to_look(evcli) -> None:
    told = evcli("facts", "list", NEV, "--year", "1066", "--format", "csv")
    assert (told.code, told.rows) == (0, [])
    assert told.out.startswith("id,series,period,stated,yoy,mom,source,at,rank,reason,status,")
    assert "evcli: hint: no fact matches" in told.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["cn.exports.nev.camm"], 3), (["--by", "month"], 2), (["--basis", "derived"], 2)],
)
def test_what_cannot_be_listed(arguments: list[str], code: int, evcli) -> None:
    told = evcli("facts", "list", *arguments)
    assert (told.code, told.out) == (code, "")


def test_a_file_has_one_name_from_everywhere(
    evcli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    outputs = set()
    for number, place in enumerate((tmp_path, root)):
        monkeypatch.chdir(place)
        monkeypatch.setenv("EVCLI_CACHE", str(tmp_path / f"cache-{number}"))
        outputs.add(evcli("facts", "list", NEV, "--format", "csv").out)
        # and with what was compiled elsewhere
        monkeypatch.chdir(tmp_path / "cache-0")
        outputs.add(evcli("facts", "list", NEV, "--format", "csv").out)
    assert len(outputs) == 1


# -- path


def test_path_shows_where_the_facts_are(pack: Path, evcli, root: Path) -> None:
    rows = evcli("facts", "path", "--facts", pack, "--format", "csv").rows
    assert [row["kind"] for row in rows[:-1]] == ["built-in", "built-in", "added"]
    assert rows[0]["path"] == str(root / "facts")
    assert rows[2] == {"kind": "added", "path": str(pack.absolute()), "files": "1"}
    assert rows[-1]["kind"] in ("cache", "store")


def test_path_works_where_the_facts_do_not(pack: Path, evcli) -> None:
    (pack / "a.yaml").write_text("series: [", "utf-8")
    told = evcli("facts", "path", "--facts", pack, "--no-builtin", "--format", "csv")
    assert told.code == 0
    assert [row["kind"] for row in told.rows[:2]] == ["definitions", "added"]


def test_path_follows_the_environment(
    pack: Path, evcli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EVCLI_FACTS", str(pack))
    monkeypatch.setenv("EVCLI_CACHE", str(tmp_path / "kept"))
    rows = evcli("facts", "path", "--format", "csv").rows
    assert [row["kind"] for row in rows] == ["built-in", "built-in", "added", "cache"]
    assert rows[-1]["path"] == str(tmp_path / "kept")
