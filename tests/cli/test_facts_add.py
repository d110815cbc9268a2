"""``evcli facts add``: one figure more, at its place, or nothing at all."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evcli.errors import OutputError, UsageError
from evcli.files import write_together
from tests.conftest import Process

NEV = "cn.exports.nev.caam"
PAGE = "https://example.org/a"
KEPT = (
    "# mine\n"
    "sources:\n"
    f"  - {{id: page-1, title: A page, outlet: Paper, published: 2031-06-11, url: {PAGE}}}\n"
    "\n"
    "series:\n"
    f"  - id: {NEV}\n"
    "    facts:\n"
    "      # read twice\n"
    '      - {period: 2031-05, stated: "123,000", source: page-1, at: p1}  # as printed\n'
    '      - {period: 2031-07, stated: "99,000", source: page-1}\n'
)
Add = Callable[..., Process]


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = Path("mine")
    folder.mkdir()
    (folder / "a.yaml").write_text(KEPT, "utf-8")
    return folder


@pytest.fixture
def add(evcli_run: Callable[..., Process]) -> Add:
    """``evcli facts add`` to the pack in ``mine``, without the built-in figures: it is quicker."""

    def run(*words: str, code: int = 0, **variables: str) -> Process:
        done = evcli_run("facts", "add", *words, "--facts", "mine", "--no-builtin", **variables)
        assert done.returncode == code, done.stderr.decode()
        return done

    return run


def told(done: Process) -> str:
    return done.stderr.decode()


# -- what is written


def test_a_line_and_nothing_else(pack: Path, add: Add) -> None:
    done = add("caam", "nev", "exports", "jun", "2031", "over 140,000", PAGE, "--at", "p1,p2")
    line = '      - {period: 2031-06, stated: "over 140,000", source: page-1, at: [p1, p2]}\n'
    head, tail = KEPT[: KEPT.index("      - {period: 2031-07")], KEPT[KEPT.index("      - {per") :]
    assert (pack / "a.yaml").read_text("utf-8") == head + line + tail.partition("\n")[2]
    assert f"+{line}" in done.stdout.decode()
    assert "wrote mine/a.yaml" in told(done)
    assert "June 2031: was nothing, is over 140,000 vehicles" in told(done)
    assert "finds nothing about it" in told(done)
    assert [each.name for each in pack.iterdir()] == ["a.yaml"]


def test_options_say_the_same_as_words(pack: Path, add: Add) -> None:
    words = ("--series", "caam nev exports", "--period", "2031-06", "--stated", "140,000")
    more = ("--yoy", "+64.6%", "--mom", "up 14%", "--note", "Two: a, b", "--status", "provisional")
    add(*words, "--source", "page-1", *more)
    assert (
        '{period: 2031-06, stated: "140,000", yoy: "+64.6%", mom: "up 14%", source: page-1, '
        'status: provisional, note: "Two: a, b"}'
    ) in (pack / "a.yaml").read_text("utf-8")


def test_a_dry_run_shows_it_and_writes_nothing(pack: Path, add: Add) -> None:
    shown = add(NEV, "2031-06", "140,000", PAGE, "--dry-run")
    assert (pack / "a.yaml").read_text("utf-8") == KEPT
    assert "would write mine/a.yaml" in told(shown)
    assert add(NEV, "2031-06", "140,000", PAGE).stdout == shown.stdout


def test_the_first_figure_of_a_pack_begins_a_file(pack: Path, add: Add) -> None:
    (pack / "a.yaml").unlink()
    add(NEV, "2031-06", "140,000", PAGE)
    assert (pack / "facts.yaml").read_text("utf-8") == (
        "# yaml-language-server: $schema=facts.schema.json\n"
        "sources:\n"
        "  - id: example-org\n"
        '    title: "Page of example.org; title not recorded"\n'
        "    outlet: example.org\n"
        f'    url: "{PAGE}"\n'
        "\n"
        "series:\n"
        f"  - id: {NEV}\n"
        "    facts:\n"
        '      - {period: 2031-06, stated: "140,000", source: example-org}\n'
    )


def test_a_pack_of_several_files(pack: Path, add: Add) -> None:
    sources, _, facts = KEPT.partition("\nseries")
    (pack / "a.yaml").write_text(f"series{facts}", "utf-8")
    (pack / "pages.yaml").write_text(sources, "utf-8")
    other = "series:\n  - id: byd.overseas-sales.all.byd\n    facts:\n      - {period: 2031, "
    (pack / "byd.yaml").write_text(f'{other}stated: "5", source: page-1}}\n', "utf-8")
    add(NEV, "2031-06", "140,000", "https://example.org/b", "--published", "jul 2031", "--own")
    assert (pack / "pages.yaml").read_text("utf-8") == sources + (
        '  - {id: example-org-2031-07, title: "Page of example.org; title not recorded", outlet: '
        'example.org, published: 2031-07, url: "https://example.org/b", publisher: caam}\n'
    )
    assert "source: example-org-2031-07" in (pack / "a.yaml").read_text("utf-8")
    # a series that no file has goes to those like it
    add("byd.overseas-sales.nev-passenger.byd", "2031-06", "140,000", PAGE)
    assert "byd.overseas-sales.nev-passenger.byd" in (pack / "byd.yaml").read_text("utf-8")


@pytest.mark.parametrize("address", [PAGE, "http://www.example.org/a/", f"{PAGE}#part"])
def test_a_page_that_is_recorded_is_used_again(pack: Path, add: Add, address: str) -> None:
    add(NEV, "2031-06", "140,000", address)
    assert (pack / "a.yaml").read_text("utf-8").count("source: page-1") == 3


def test_windows_lines_and_a_byte_order_mark_stay(pack: Path, add: Add) -> None:
    old = b"\xef\xbb\xbf" + KEPT.replace("\n", "\r\n").encode()
    (pack / "a.yaml").write_bytes(old)
    add(NEV, "2031-06", "140,000", PAGE)
    new = (pack / "a.yaml").read_bytes()
    line = b'      - {period: 2031-06, stated: "140,000", source: page-1}\r\n'
    assert new.replace(line, b"") == old


def test_a_stock_is_as_of_a_time(pack: Path, add: Add) -> None:
    add("nio.swap-stations.all.to-europe.nio", "2031-06", "60", PAGE)
    assert '{as_of: 2031-06, stated: "60"' in (pack / "a.yaml").read_text("utf-8")


def test_the_mode_of_a_file_stays(pack: Path, add: Add) -> None:
    (pack / "a.yaml").chmod(0o640)
    add(NEV, "2031-06", "140,000", PAGE)
    assert (pack / "a.yaml").stat().st_mode & 0o777 == 0o640


def test_growth_alone(pack: Path, add: Add) -> None:
    done = add("caam nev exports", "2031-06", PAGE, "--yoy", "more than doubled")
    assert '{period: 2031-06, yoy: "more than doubled", source: page-1}' in done.stdout.decode()
    assert "more than doubled from the year before" in told(done)


def test_what_contradicts_is_written_and_told(pack: Path, add: Add) -> None:
    (pack / "a.yaml").write_text(KEPT.replace("- {period: 2031-07", "- {period: 2031-H1"), "utf-8")
    done = add(NEV, "2031-06", "140,000", PAGE, code=1)
    assert "warning: contradiction: " in told(done)
    assert "2031-06" in (pack / "a.yaml").read_text("utf-8")


# -- what is not


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["nev exports", "2031-06", "140,000", PAGE], 2, "several series fit: cn.exports.nev."),
        (["caam nve exports", "2031-06", "140,000", PAGE], 3, "did you mean"),
        ([NEV, "140,000", PAGE], 2, "which period?"),
        ([NEV, "2031-06", PAGE], 2, "which figure, as printed?"),
        ([NEV, "2031-06", "140,000"], 2, "which source?"),
        ([], 2, "which series?"),
        ([NEV, "2031-05", "2031-06", "140,000", PAGE], 2, "a figure is of one period"),
        ([NEV, "since", "2031-05", "140,000", PAGE], 2, "a figure is of one period"),
        ([NEV, "2031-06", "over", "140,000", PAGE], 2, "the page says: 'over 140,000'"),
        ([NEV, "2031-06", "1.4", "million", PAGE], 2, "the page says: '1.4 million'"),
        ([NEV, "2031-06", "140,000", "page-1"], 2, "ids go behind --source"),
        ([NEV, "2031-06", "as many as", "140,000", PAGE], 2, "quote all that the page says"),
        ([NEV, "2031-06", "well over 140,000", PAGE], 2, "'well over 140,000'"),
        ([NEV, "2031-06", "140.000", PAGE], 2, "a count has no decimals; write 140,000"),
        ([NEV, "2031-06", "140,000 bananas", PAGE], 2, "'bananas' is not a known unit"),
        ([NEV, "2031-06", "5m", PAGE], 2, "'m' is ambiguous; write thousand, million"),
        ([NEV, "2031-06", "$5 million", PAGE], 2, "is in USD, but the series counts vehicles"),
        ([NEV, "2031-06", PAGE, "--yoy", "64.6%"], 2, "'64.6%' has no direction"),
        ([NEV, "2031-06", "140,000", PAGE, "--status", "sure"], 2, "unknown status 'sure'"),
        ([NEV, "2031-06", "140,000", PAGE, "--origin", "page-2"], 2, "did you mean 'page-1'?"),
        ([NEV, "2031-06", "140,000", "--source", "page-2"], 3, "did you mean 'page-1'?"),
        ([NEV, "2031-06", "140,000", PAGE, "https://example.org/b"], 2, "has one source"),
        ([NEV, "2031-06", "140,000", PAGE, "--title", "B"], 2, "page-1 is recorded already"),
        ([NEV, "2031-06", "140,000", "https:///x"], 2, "names no source"),
        ([NEV, "2031-05", "123,000", PAGE], 2, "page-1 has 2031-05 already, in mine/a.yaml:9"),
        ([NEV, "may 2031", "124,000", PAGE], 2, "mend that line, or deprecate it"),
        ([NEV, "2032-05", "123,000", PAGE], 2, "the source is of 2031-06-11, before 2032-05 began"),
    ],
    ids=lambda each: " ".join(each)[:60] if isinstance(each, list) else "",
)
def test_what_is_wrong_is_one_line_and_changes_nothing(
    words: list[str], code: int, message: str, pack: Path, add: Add
) -> None:
    done = add(*words, code=code)
    assert message in told(done)
    assert told(done).count("\n") == 1
    assert (done.stdout, (pack / "a.yaml").read_text("utf-8")) == (b"", KEPT)


def test_a_pack_that_is_wrong_is_told_first(pack: Path, add: Add) -> None:
    (pack / "a.yaml").write_text(KEPT.replace("123,000", "123.000"), "utf-8")
    assert "mine/a.yaml:9:35" in told(add(NEV, "2031-06", "140,000", PAGE, code=5))


def test_an_installation_is_never_written_to(
    evcli_run: Callable[..., Process], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_builtin").mkdir()
    monkeypatch.setattr("evcli.importing.adding.PACKAGE", tmp_path)
    for more in ([], ["--no-builtin"]):
        done = evcli_run("facts", "add", NEV, "2031-06", "140,000", PAGE, *more)
        assert done.returncode == 2
        assert "never written to; name a folder for figures of your own: --facts DIR" in told(done)


def test_without_a_pack_of_its_own_a_checkout_is_written_to(
    evcli_run: Callable[..., Process], root: Path
) -> None:
    done = evcli_run("facts", "add", NEV, "2031-06", "140,000", PAGE, "--dry-run")
    assert done.returncode == 0, told(done)
    shown = done.stdout.decode()
    assert "+++ facts/national/caam-exports-nev.yaml\n" in shown.replace(f"{root}/", "")
    assert "+++ facts/sources/" in shown.replace(f"{root}/", "")


def test_a_folder_that_cannot_be_written(
    pack: Path, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:  # whoever runs the tests may be allowed everything
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    done = add(NEV, "2031-06", "140,000", PAGE, code=6)
    assert "cannot write 'mine/a.yaml': permission denied" in told(done)
    assert (pack / "a.yaml").read_text("utf-8") == KEPT


# -- all files or none


def test_what_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    first.write_bytes(b"old")
    second.write_bytes(b"other")
    with pytest.raises(UsageError, match="has just been changed"):
        write_together({first: (b"old", b"new"), second: (b"old", b"new")})
    with pytest.raises(UsageError, match="has just been changed"):
        write_together({tmp_path / "3": (b"old", b"new")})
    assert first.read_bytes() == b"old"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, PermissionError(13, "no")])
def test_all_files_are_written_or_none(
    failure: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, last = (tmp_path / name for name in ("old", "new", "last"))
    old.write_bytes(b"old")
    replace = Path.replace

    def fails_in_the_end(path: Path, target: Path) -> Path:
        if target.name == "last":
            raise failure
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fails_in_the_end)
    with pytest.raises((KeyboardInterrupt, OutputError)):
        write_together({old: (b"old", b"1"), new: (b"", b"2"), last: (b"", b"3")})
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"old": b"old"}


def test_two_at_once_lose_no_line(pack: Path, environment: dict[str, str]) -> None:
    fixed = ["--facts", "mine", "--no-builtin"]
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "evcli", "facts", "add", NEV, month, "140,000", PAGE, *fixed],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for month in ("2031-03", "2031-04", "2031-06")
    ]
    codes = [run.wait(120) for run in runs]
    errors = [run.communicate()[1] for run in runs]
    assert 0 in codes, errors
    failed = [error for error, code in zip(errors, codes, strict=True) if code]
    assert [each for each in failed if b"has just been changed; run it again" not in each] == []
    text = (pack / "a.yaml").read_text("utf-8")
    assert text.count('"140,000"') == codes.count(0)


# -- on a terminal


def typed(environment: dict[str, str], words: list[str], answers: list[bytes]) -> tuple[int, str]:
    """The exit code of ``facts add`` on a terminal, and all that it showed."""
    pty = pytest.importorskip("pty")
    outer, inner = pty.openpty()
    command = [sys.executable, "-m", "evcli", "facts", "add", *words, "--facts", "mine"]
    run = subprocess.Popen(
        [*command, "--no-builtin"], env=environment, stdin=inner, stdout=inner, stderr=inner
    )
    os.close(inner)
    shown, waiting, until = b"", [*answers], time.monotonic() + 120
    with contextlib.suppress(OSError):  # at the end of a terminal
        while time.monotonic() < until:
            if select.select([outer], [], [], 0.2)[0]:
                shown += os.read(outer, 4096)
            if waiting and shown.rstrip(b" ").endswith(b"?"):
                answer = waiting.pop(0)
                shown += b" "
                run.send_signal(signal.SIGINT) if answer == b"^C" else os.write(outer, answer)
                time.sleep(0.3)
    os.close(outer)
    return run.wait(120), shown.decode()


def test_what_is_missing_is_asked_for(pack: Path, environment: dict[str, str]) -> None:
    answers = [b"caam nev exports\n", b"jun 2031\n", b"over 140,000\n", b"https://example.org/b\n"]
    code, shown = typed(environment, [], [*answers, b"Exports rise\n", b"\n", b"2031-07-10\n"])
    assert code == 0, shown
    asked = ("which series?", "which period?", "which figure, as printed?", "which source?")
    assert all(each in shown for each in (*asked, "its title, if it has one?"))
    text = (pack / "a.yaml").read_text("utf-8")
    assert '{period: 2031-06, stated: "over 140,000", source: example-org-2031-07-10}' in text
    assert 'title: "Exports rise", outlet: example.org, published: 2031-07-10' in text


@pytest.mark.parametrize(("answers", "code"), [([b"^C"], 130), ([b"\x04"], 130)])
def test_who_leaves_leaves_all_as_it_was(
    answers: list[bytes], code: int, pack: Path, environment: dict[str, str]
) -> None:
    assert typed(environment, [NEV, "2031-06", PAGE], answers)[0] == code
    assert (pack / "a.yaml").read_text("utf-8") == KEPT
    assert [each.name for each in pack.iterdir()] == ["a.yaml"]
