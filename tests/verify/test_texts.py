"""Where texts are looked for, and what is done about those that will not do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evcli.verify import MOST_BYTES

from .conftest import Bench

NOBODY = "0" * 64


def test_a_changed_text_is_one_finding(bench: Bench) -> None:
    bench.text("60 cars\n", sha256=NOBODY)
    bench.say(exports='{period: 2024, stated: "61", source: paper, at: p1}')
    [row] = bench.rows()
    assert (row["problem"], row["wanted"]) == ("text differs from the card", "paper.txt")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfe cars", "the text is not UTF-8 (byte 1)"),
        (b"cars \x00", "the text holds NUL bytes"),
        (b"7 " * 30_000, "the text holds more than 20,000 numbers"),
        (b" " * (MOST_BYTES + 1), "the text cannot be read: larger than 1,000,000 bytes"),
    ],
    ids=["latin", "nul", "numbers", "huge"],
)
def test_a_text_that_cannot_be_read_is_one_finding(
    content: bytes, problem: str, bench: Bench
) -> None:
    bench.text(content)
    assert [row["problem"] for row in bench.rows()] == [problem]
    assert bench.run().returncode == 1


def test_what_is_no_file_is_not_opened(bench: Bench) -> None:
    bench.card("directory", NOBODY)
    (bench.texts / "directory.txt").mkdir()
    bench.card("pipe", NOBODY)
    os.mkfifo(bench.texts / "pipe.txt")
    assert [row["problem"] for row in bench.rows()] == [
        "the text cannot be read: not a regular file"
    ] * 2


def test_a_link_that_leads_nowhere_is_no_text(bench: Bench) -> None:
    bench.text("", "there")
    bench.card("circle", NOBODY)
    (bench.texts / "circle.txt").symlink_to("circle.txt")
    bench.card("gone", NOBODY)
    (bench.texts / "gone.txt").symlink_to("nowhere")
    [row] = bench.rows()
    assert row["problem"].startswith("the text cannot be read: ")


@pytest.mark.parametrize("name", ["../facts.yaml", "/etc/hostname", "..\\facts.yaml"])
def test_a_card_cannot_lead_out_of_the_directory(name: str, bench: Bench) -> None:
    bench.card("paper", NOBODY, file=name)
    assert [row["problem"] for row in bench.rows()] == [
        "the card's file name leads out of the directory"
    ]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_text_is_one_finding(bench: Bench) -> None:
    bench.text("60 cars\n")
    (bench.texts / "paper.txt").chmod(0)
    assert [row["problem"] for row in bench.rows()] == [
        "the text cannot be read: Permission denied"
    ]


def test_a_source_without_text_is_a_note(bench: Bench) -> None:
    bench.text("No numbers\n")
    bench.card("absent", NOBODY)
    result = bench.run()
    assert result.returncode == 0
    assert b"absent: no text (absent.txt is not in " in result.stdout
    assert b"0 facts of 1 source verified" in result.stdout


def test_no_text_at_all_is_nothing_by_that_name(bench: Bench) -> None:
    bench.card("absent", NOBODY)
    for result in (bench.run(), bench.run("absent"), bench.run(texts=False, EVCLI_TEXTS="")):
        assert (result.returncode, result.stdout) == (3, b"")
        assert b"no text for any source" in result.stderr
        assert b"--texts DIR or EVCLI_TEXTS" in result.stderr
        assert result.stderr.count(b"\n") == 1


def test_no_card_at_all_is_nothing_by_that_name(bench: Bench) -> None:
    result = bench.run()
    assert result.returncode == 3
    assert b"no card names a file" in result.stderr


def test_the_directory_may_stand_in_the_environment(bench: Bench) -> None:
    bench.text("No numbers\n")
    assert bench.run(texts=False, EVCLI_TEXTS=str(bench.texts)).returncode == 0
    # the option comes first
    assert bench.run(EVCLI_TEXTS="/nonexistent").returncode == 0


@pytest.mark.parametrize("variable", [True, False])
def test_a_directory_that_does_not_exist_is_a_usage_error(variable: bool, bench: Bench) -> None:
    bench.text("No numbers\n")
    for wrong in (str(bench.texts / "gone"), str(bench.texts / "paper.txt"), "x" * 5000):
        result = (
            bench.run(texts=False, EVCLI_TEXTS=wrong)
            if variable
            else bench.run("--texts", wrong, texts=False)
        )
        assert result.returncode == 2
        assert (b"EVCLI_TEXTS: " if variable else b"--texts: ") in result.stderr
        assert result.stderr.count(b"\n") == 1


def test_paragraphs_are_lines_that_are_not_blank(bench: Bench) -> None:
    bench.text(b"\xef\xbb\xbfOne\r\n\r\n \t\r\nsold 60 cars\x0b\x0c and more\r\n")
    bench.say(stores='{as_of: 2024, stated: "60", source: paper, at: p2}')
    assert bench.rows() == []


def test_texts_are_not_changed(bench: Bench, tmp_path: Path) -> None:
    bench.text("60 cars\n")
    before = sorted(tmp_path.rglob("*"))
    bench.run()
    assert sorted(tmp_path.rglob("*")) == before
