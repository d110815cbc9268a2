"""Whatever bytes a pack holds, loading it either works or names the problems: never a traceback."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from evcli.errors import InvalidFacts
from evcli.loader.packs import load
from evcli.model import Pack

from .packs import BASE, facts

FULL = BASE + facts(
    "{period: 2025-05, stated: '212,000', yoy: '+120%', source: paper, at: [p1, p2]}",
    "{period: 2024, change: {stated: nearly doubled, over: P3Y}, source: blog, rank: normal}",
).replace("series:\n", "events: []\nclaims: []\n#", 1)
PIECES = (
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    ",",
    "- ",
    "&a ",
    "*a",
    "!!x ",
    "? ",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "\n",
    "\t",
    "'",
    '"',
    "#",
    "%",
    "@",
    "<<",
    "id",
    "facts:",
    "period: ",
    "2025-13",
    "x0",
    "9" * 300,
    "中",
    "\0",
    "\x85",
    "\u2028",
    "\ufeff",
    "\x1b",
    "{}",
    "[]",
    "~",
    "",
)


def check(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "x.yaml").write_bytes(data)
        try:
            load([Pack(Path(directory))])
        except InvalidFacts as error:
            assert error.problems  # noqa: PT017
            for problem in error.problems:
                text = str(problem)
                assert text.encode("utf-8").decode().isprintable() or problem.line
                assert "\n" not in text


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    check(data)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_yaml(pieces: list[str]) -> None:
    check("".join(pieces).encode())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(FULL)), st.integers(0, 12), st.sampled_from(PIECES)),
        min_size=1,
        max_size=4,
    )
)
def test_any_change_to_a_valid_pack(edits: list[tuple[int, int, str]]) -> None:
    text = FULL
    for at, length, piece in edits:
        text = text[:at] + piece + text[at + length :]
    check(text.encode())
