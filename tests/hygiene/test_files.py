"""What the repository's files look like: LF, UTF-8, nothing of where they were made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BINARY = {".sqlite", ".png", ".gz", ".whl", ".otf", ".woff2"}
# fixtures that are wrong on purpose
ODD = ("tests/loader/", "tests/golden/", "__snapshots__/")
# put together here, so that this file does not hold them
FOREIGN = [
    r"/" + r"work/",
    r"/" + r"root/",
    r"/" + r"tmp/v\b",
    r"(?i)\bhelper" + r" session",
    r"(?i)\bwork" + r"place\b",
    r"(?i)\bissues" + r" (show|resolve|file)\b",
    r"\bshared/" + r"(design|peers|research|hooks)",
    r"\bpeers" + r"\.md\b",
]
TEXTS = r"\.\./" + r"shared/seeds"
WORDS = re.compile(r"[^\W_]+")
RUN = 12  # this many words in a row are somebody's sentence


def tracked() -> list[Path]:
    """Files that are, or would be, in the repository."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [file for file in files if file.is_file() and file.suffix not in BINARY]


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_lines_end_with_lf() -> None:
    files = [file for file in tracked() if not any(odd in name_of(file) for odd in ODD)]
    assert [name_of(file) for file in files if b"\r" in file.read_bytes()] == []


def test_files_are_utf8_and_end_with_a_newline() -> None:
    wrong = []
    for file in tracked():
        if any(odd in name_of(file) for odd in ODD):
            continue
        content = file.read_bytes()
        content.decode("utf-8")
        if content.startswith(b"\xef\xbb\xbf") or (content and not content.endswith(b"\n")):
            wrong.append(name_of(file))
    assert wrong == []


@pytest.mark.parametrize("foreign", FOREIGN)
def test_no_file_names_where_it_was_made(foreign: str) -> None:
    pattern = re.compile(foreign)
    found = [
        f"{name_of(file)}:{number}"
        for file in tracked()
        for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_only_ci_knows_where_the_texts_may_be() -> None:
    pattern = re.compile(TEXTS)
    found = [
        name_of(file) for file in tracked() if pattern.search(file.read_text("utf-8", "replace"))
    ]
    assert set(found) <= {".ci/run"}


def test_no_sentence_of_a_source_is_in_the_project() -> None:
    texts = os.environ.get("EVCLI_TEXTS")
    if not texts:
        pytest.skip("EVCLI_TEXTS does not say where the sources' texts are")
    bodies = [_without_title(text.read_text("utf-8")) for text in Path(texts).glob("*.txt")]
    theirs = {run for body in bodies for run in _runs(body)}
    assert theirs, f"no texts in {texts}"
    copied = {
        name_of(file): " ".join(run)
        for file in tracked()
        for run in _runs(file.read_text("utf-8", "replace"))
        if run in theirs
    }
    assert copied == {}


def _without_title(text: str) -> str:
    """A source is cited by its title, so that may stand here."""
    title, _, body = text.lstrip().partition("\n")
    return body.replace(title.strip(), "")


def _runs(text: str) -> set[tuple[str, ...]]:
    words = WORDS.findall(re.sub(r"https?://\S+", "", text.casefold()))
    return set(zip(*(words[start:] for start in range(RUN)), strict=False))
