"""YAML is read strictly: every mistake has its line, its column and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from evcli.errors import InvalidFacts
from evcli.loader import files
from evcli.loader import yaml_nodes as nodes
from evcli.loader.files import Report
from evcli.loader.packs import load
from evcli.loader.yaml_nodes import Mapping, Scalar, Sequence, content, parse
from evcli.model import Pack

from .packs import BASE, Problems, Write, facts


def read(text: str) -> Mapping:
    report = Report()
    root = parse(text, "x.yaml", report)
    assert root is not None
    assert not report.problems
    return root


def test_scalars_stay_what_was_written() -> None:
    text = "{a: NO, b: 1.20, c: 0o17, d: 1e3, e: 2025-01-01, f: ~, g: yes, h: 1_000, i: 'it''s'}"
    assert content(read(text)) == {
        "a": "NO",
        "b": "1.20",
        "c": "0o17",
        "d": "1e3",
        "e": "2025-01-01",
        "f": "~",
        "g": "yes",
        "h": "1_000",
        "i": "it's",
    }


def test_every_node_knows_its_place_in_characters() -> None:
    root = read("\ufeff中国: 比亚迪\nb: [x, {c: 奇瑞, d: 1}]\n")
    first = root.entries["中国"]
    items = root.entries["b"]
    assert isinstance(first, Scalar)
    assert (first.line, first.column) == (1, 5)
    assert isinstance(items, Sequence)
    assert (items.line, items.column) == (2, 4)
    inner = items.items[1]
    assert isinstance(inner, Mapping)
    assert (inner.line, inner.column) == (2, 8)
    assert inner.keys == {"c": (2, 9), "d": (2, 16)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "x.yaml:1:1: the file is empty (write sources:, series: or vocabulary:)"),
        ("# nothing\n", "x.yaml:1:1: the file is empty (write sources:, series: or vocabulary:)"),
        ("---\n", "x.yaml:1:1: the file is empty (write sources:, series: or vocabulary:)"),
        (
            "- a\n",
            "x.yaml:1:1: a fact file is a mapping, not a list "
            "(write sources:, series: or vocabulary:)",
        ),
        (
            "hello\n",
            "x.yaml:1:1: a fact file is a mapping, not a bare text "
            "(write sources:, series: or vocabulary:)",
        ),
        (
            "sources: []\nsources: []\n",
            "x.yaml:2:1: the key 'sources' is repeated (it stands in line 1 already)",
        ),
        (
            "sources: []\n---\nseries: []\n",
            "x.yaml:2:1: a second document in one file (put it into a file of its own)",
        ),
        (
            "sources: &all []\n",
            "x.yaml:1:10: anchors are not allowed: &all (remove it)",
        ),
        ("sources: *all\n", "x.yaml:1:10: aliases are not allowed: *all (write it out)"),
        (
            "sources: !!python/object/apply:os.system []\n",
            "x.yaml:1:10: tags are not allowed: '!!python/object/apply:os.system' "
            "(every value is read as it is written)",
        ),
        (
            "sources: !own []\n",
            "x.yaml:1:10: tags are not allowed: '!own' (every value is read as it is written)",
        ),
        ("%TAG ! tag:x,1:\n---\nsources: []\n", "x.yaml:1:1: %TAG is not allowed (remove it)"),
        (
            "? [a]\n: b\n",
            "x.yaml:1:3: a key is text, not a list or mapping "
            "(quote a text that starts with { or [)",
        ),
        (
            "? {a: b}\n: {c: [d]}\nsources: []\n",
            "x.yaml:1:3: a key is text, not a list or mapping "
            "(quote a text that starts with { or [)",
        ),
        ("sources: []\n\tseries: []\n", "x.yaml:2:1: not YAML: "),
        ("sources: [\n", "x.yaml:2:1: not YAML: "),
        (
            'sources: "abc\n',
            "x.yaml:2:1: not YAML: found unexpected end of stream "
            "(the quote in line 1 is never closed)",
        ),
        (
            "events: a: b\n",
            "x.yaml:1:10: not YAML: mapping values are not allowed in this context "
            "(quote a text that contains a colon)",
        ),
        ("a\0b", "x.yaml:1:2: the file contains a NUL byte (remove it)"),
        ("b: 中\x07", "x.yaml:1:5: the file contains the control character U+0007 (remove it)"),
        (
            'sources: [{title: "a\\e[31m", id: t, outlet: O}]\n',
            "x.yaml:1:19: the text contains the control character U+001B (remove it)",
        ),
    ],
)
def test_a_file_that_is_not_plain_yaml(problems: Problems, text: str, expected: str) -> None:
    found = problems(text)
    assert found[0].startswith(expected)
    assert len(found) == 1


def test_a_number_cut_by_its_comma(problems: Problems) -> None:
    found = problems(facts("{period: 2025-05, stated: 212,000, source: caam-2025-06}"))
    assert found == [
        "x.yaml:4:39: unknown key '000' in a fact "
        "(inside {} a comma starts a new key: quote the text before it)"
    ]


def test_a_comma_in_unquoted_words(problems: Problems) -> None:
    line = '{period: 2025-05, stated: "1,000", note: red, green, source: caam-2025-06}'
    assert problems(facts(line)) == [
        "x.yaml:4:55: unknown key 'green' in a fact "
        "(inside {} a comma starts a new key: quote the text before it)"
    ]


def test_an_alias_bomb_costs_nothing(problems: Problems) -> None:
    lines = ["a: &a [x, x]"]
    lines += [f"{b}: &{b} [*{a}, *{a}, *{a}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)]
    assert problems("\n".join(lines)) == ["x.yaml:1:4: anchors are not allowed: &a (remove it)"]


def indented(opening: str, levels: int, step: int) -> str:
    return "".join(" " * step * level + opening + "\n" for level in range(levels))


@pytest.fixture(params=[name for name in ("CBaseLoader", "BaseLoader") if hasattr(yaml, name)])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers of PyYAML, libyaml's and the one in Python."""
    monkeypatch.setattr(nodes, "_LOADER", getattr(yaml, request.param))


# the mapping of the file is the first level
@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 63 + "]" * 63,
        "a: " + "{a: " * 63 + "}" * 63,
        "a: " + "[{a: " * 31 + "[" + "]" + "}]" * 31,
        "a:\n  " + "- " * 63 + "a",
        indented("a:", 64, 1),
        indented("- a:", 32, 2).replace("- a", "  a", 1),
        "a:\n  " + "- " * 32 + "[" * 31 + "]" * 31,
        "a: [" + "[], " * 5000 + "]",  # wide, not deep
    ],
)
def test_64_levels_are_read(text: str) -> None:
    read(text)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("levels", [65, 66, 200, 999])
@pytest.mark.parametrize(
    ("before", "opening", "each", "place"),
    [
        # "a: " and 63 brackets come before the one that opens level 65
        ("a: ", "[", 1, "1:67"),
        ("a:\n  ", "[\n  ", 1, "65:3"),
        ("中: ", "{a: ", 1, "1:256"),  # 3 + 63 * 4 + 1
        ("\ufeffa: x\r\nb: ", "[", 1, "2:67"),
        ("a: ", "[{a: ", 2, "1:160"),  # 3 + 31 * 5 + 2: the mapping of the 32nd pair
        ("a:\n- ", "- ", 1, "2:127"),  # 63 of two characters each
        ("a:\n- - - - - - - - - - ", "{a: ", 1, "2:233"),  # 10 and 53: 20 + 53 * 4 + 1
    ],
)
def test_65_levels_are_too_deep(
    before: str, opening: str, each: int, place: str, levels: int
) -> None:
    report = Report()
    above = 1 + 10 * before.endswith("- - ")
    text = before + opening * -(-(levels - above) // each)
    assert parse(text, "x.yaml", report) is None
    assert list(map(str, report.problems)) == [f"x.yaml:{place}: nested deeper than 64 levels"]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("lines", [65, 200, 1500])
@pytest.mark.parametrize(
    ("opening", "step", "place"),
    [("a:", 1, "65:65"), ("-", 1, "65:65"), ("- a:", 2, "33:65")],
)
def test_too_deep_by_indentation(opening: str, step: int, place: str, lines: int) -> None:
    report = Report()
    assert parse(indented(opening, lines, step), "x.yaml", report) is None
    assert list(map(str, report.problems)) == [f"x.yaml:{place}: nested deeper than 64 levels"]


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("text", ["a: " + "[" * 5000, "a: " + "[" * 1010 + "@", "- " * 5000])
def test_a_bottomless_file_is_one_problem(text: str) -> None:
    """Libyaml has a limit of its own, and reads ahead."""
    report = Report()
    assert parse(text, "x.yaml", report) is None
    assert [each.line for each in report.problems] == [1]


@pytest.mark.usefixtures("parser")
def test_a_syntax_error_before_the_depth_is_what_is_wrong() -> None:
    report = Report()
    parse("a: ]\nb: " + "[" * 5000, "x.yaml", report)
    assert [(each.line, each.column) for each in report.problems] == [(1, 4)]
    assert report.problems[0].message.startswith("not YAML: ")


def test_bytes_that_are_not_utf8(write: Write) -> None:
    directory = write(x=b"sources: []\n# \xe4\xb8\xad \xff\n")
    with pytest.raises(InvalidFacts) as caught:
        load([Pack(directory)])
    assert [str(each) for each in caught.value.problems] == [
        "x.yaml:2:5: not UTF-8: byte 0xff at offset 18 (save the file as UTF-8)"
    ]


def test_utf16_and_a_late_error_after_a_byte_order_mark(write: Write) -> None:
    directory = write(x="sources: []".encode("utf-16"), y=b"\xef\xbb\xbfa: \xe9\n")
    with pytest.raises(InvalidFacts) as caught:
        load([Pack(directory)])
    assert [str(each) for each in caught.value.problems] == [
        "x.yaml:1:1: not UTF-8: byte 0xff at offset 0 (save the file as UTF-8)",
        "y.yaml:1:4: not UTF-8: byte 0xe9 at offset 6 (save the file as UTF-8)",
    ]


def test_a_file_that_is_no_yaml_is_not_read_and_all_others_are(write: Write) -> None:
    directory = write(
        base=BASE,
        x=facts(
            "{period: 2025-13, stated: '1', source: caam-2025-06}",
            "{period: 2025-05, stated: '2', source: caam-2025-06",
        )
        + "sources: []\n",
        y=facts("{period: 2025-14, stated: '1', source: caam-2025-06}"),
    )
    with pytest.raises(InvalidFacts) as caught:
        load([Pack(directory)])
    first, second = map(str, caught.value.problems)
    assert first.startswith("x.yaml:6:8: not YAML: ")
    assert second == "y.yaml:4:18: '2025-14': there is no month 14"


def test_a_broken_file_does_not_make_references_to_it_wrong(write: Write) -> None:
    directory = write(
        base=BASE,
        x=facts("{period: 2025, stated: '1', source: hidden}"),
        y='sources:\n  - {id: hidden, title: "T, outlet: O}\n',
    )
    with pytest.raises(InvalidFacts) as caught:
        load([Pack(directory)])
    assert [(each.file, each.line) for each in caught.value.problems] == [("y.yaml", 3)]


def test_a_file_above_the_limit(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(InvalidFacts, match="1 problem in the fact files") as caught:
        load([Pack(write(x="sources: []"))])
    assert str(caught.value.problems[0]).startswith("x.yaml: cannot be read: larger than ")


def test_the_limit_is_32_mib(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    with large.open("wb") as stream:
        stream.truncate(32 * 1024 * 1024 + 1)
    with pytest.raises(InvalidFacts) as caught:
        load([Pack(tmp_path)])
    assert "larger than 33,554,432 bytes (check its permissions, or split it)" in str(
        caught.value.problems[0]
    )


def test_the_parser_in_pure_python_gives_the_same(
    problems: Problems, monkeypatch: pytest.MonkeyPatch
) -> None:
    import yaml

    monkeypatch.setattr("evcli.loader.yaml_nodes._LOADER", yaml.BaseLoader)
    line = '{period: 2025-13, stated: "1", note: "\\ud800", source: caam-2025-06}'
    assert problems(facts(line)) == [
        "x.yaml:4:18: '2025-13': there is no month 13",
        "x.yaml:4:46: the text contains the control character U+D800 (remove it)",
    ]
