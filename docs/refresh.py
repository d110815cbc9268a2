"""Runs every example of the documentation again: ``python docs/refresh.py``.

An example is a line ``$ evcli ...`` in a block marked ``console``; what follows it, up to the next
``$`` or the end of the block, is what evcli prints in a terminal of 80 columns. A block in which
something else is run is left alone. The tests fail where a page does not say what comes out.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", "docs/*.md", "facts/README.md")
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TERMINAL = {"COLUMNS": "80", "TERM": "dumb", "LANG": "C.UTF-8"}
_TERMINAL |= {"SOURCE_DATE_EPOCH": "1777593600"}  # what is printed has ages as of 1 May 2026


class _Terminal(io.TextIOWrapper):
    """Standard output and error on one screen."""

    def isatty(self) -> bool:
        """It says that a person is looking."""
        return True


def pages() -> list[Path]:
    """The files that hold examples."""
    return sorted(path for pattern in PAGES for path in ROOT.glob(pattern))


def refreshed(text: str) -> str:
    """*text* with every example answered as evcli answers it now."""
    return _BLOCK.sub(lambda match: f"```console\n{_answered(match[1])}```", text)


def commands(text: str) -> Iterator[str]:
    """Every command line of the examples in *text*."""
    for match in _BLOCK.finditer(text):
        for line in _joined(match[1]).splitlines():
            if line.startswith("$ "):
                yield line.removeprefix("$ ")


def _answered(block: str) -> str:
    asked = [line.removeprefix("$ ") for line in _lines_asked(block)]
    if not all(_joined(line).startswith("evcli") for line in asked):
        return block
    parts = []
    for line in asked:
        answer = screen(shlex.split(_joined(line))[1:])
        parts.append(f"$ {line}\n{answer}")
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _lines_asked(block: str) -> list[str]:
    """The commands of a block, with the lines that a backslash continues."""
    return re.findall(r"^\$ (?:.*\\\n)*.*", block, re.MULTILINE)


def _joined(text: str) -> str:
    return re.sub(r"\\\n\s*", "", text)


def screen(arguments: Sequence[str], **terminal: str) -> str:
    """What a terminal shows after ``evcli ARGUMENTS``: the answer and what is said about it.

    *terminal* are variables of the environment that make it another one: ``COLUMNS="100"``.
    """
    from evcli.commands.app import run

    shown = _Terminal(io.BytesIO(), encoding="utf-8", newline="\n", write_through=True)
    with (
        mock.patch.dict(os.environ, {**_environment(), **terminal}, clear=True),
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(shown),
        contextlib.redirect_stderr(shown),
    ):
        run(arguments)
    return _left_standing(shown.buffer.getvalue().decode())  # type: ignore[attr-defined]


def _left_standing(text: str) -> str:
    r"""*text* without what was written over, as a terminal shows it.

    >>> _left_standing("one\n\r 50 % of 8\r100 % of 8\r          \rtwo")
    'one\ntwo'
    """
    return re.sub(r"^.*\r", "", text, flags=re.MULTILINE)


def _environment() -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVCLI_")}
    # names of fact files depend on where the store was compiled, so it is compiled here
    return kept | _TERMINAL | {"EVCLI_CACHE": str(_cache())}


def _cache() -> Path:
    global _made
    if _made is None:
        _made = tempfile.TemporaryDirectory(prefix="evcli-docs-")
    return Path(_made.name)


_made: tempfile.TemporaryDirectory[str] | None = None


def main() -> int:
    """Rewrite every page whose examples have changed; the names of those on stdout."""
    sys.path.insert(0, str(ROOT))
    for page in pages():
        old = page.read_text("utf-8")
        new = refreshed(old)
        if new != old:
            page.write_text(new, "utf-8", newline="\n")
            sys.stdout.write(f"{page.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
