"""Completion as the shells ask for it: through environment variables, and from a real bash."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Process

Evcli = Callable[..., Process]
Complete = Callable[..., list[str]]


@pytest.fixture(autouse=True, scope="module")
def _compiled(evcli_run: Evcli) -> None:
    """Tab compiles nothing: some command was run before."""
    assert evcli_run("get", "cn.exports.nev.caam").returncode == 0


@pytest.fixture
def complete(evcli_run: Evcli) -> Complete:
    """What bash is offered for the last word of a line."""

    def ask(line: str, **variables: str) -> list[str]:
        words = shlex.split(line) + ([""] if line.endswith(" ") else [])
        done = evcli_run(
            _EVCLI_COMPLETE="complete_bash",
            COMP_WORDS=line,
            COMP_CWORD=str(len(words) - 1),
            **variables,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout.decode().splitlines() if done.stdout.strip() else []

    return ask


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("evcli ", {"exports", "get", "compare", "facts", "help"}),
        ("evcli ex", {"exports", "explain"}),
        ("evcli facts ", {"lint", "list", "add", "import", "path"}),
        ("evcli help ", {"formats", "bounds"}),
        ("evcli get cn.exports.nev", {"cn.exports.nev.caam", "cn.exports.nev.nbs"}),
        ("evcli growth cn.investment", {"cn.investment.ev-chain.to-cn.rhodium"}),
        ("evcli sales che", {"chery"}),
        ("evcli compare sa", {"saic", "saic.overseas-sales.nev.saic"}),
        ("evcli exports --subject by", {"byd"}),
        ("evcli top --metric ", {"exports", "overseas-sales"}),
        ("evcli exports --scope n", {"nev"}),
        ("evcli exports --destination B", {"BR", "Brazil", "Belgium"}),
        ("evcli exports --destination Bra", {"Brazil"}),
        ("evcli exports --destination sou", {"south-korea"}),
        ("evcli exports mex", {"mexico"}),
        ("evcli exports 墨", {"墨西哥"}),
        ("evcli trend nev ex", {"exports"}),
        ("evcli exports --year 20", {"2024", "2025"}),
        ("evcli policy --jurisdiction ", {"European-Union", "Mexico"}),
        ("evcli exports --scope = ne", {"nev"}),  # as bash takes --scope=ne apart
        ("evcli explain share : cn.exports.nev.c", {"cn.exports.nev.caam"}),
        ("evcli exports --publisher ca", {"caam"}),
        ("evcli exports --source seed-00", {f"seed-00{number}" for number in range(5)}),
        ("evcli exports --period 2025-0", {"2025-05", "2025-01/2025-05"}),
        ("evcli sources ", {"seed-000"}),
        ("evcli exports --format ", {"table", "csv", "tsv", "json", "jsonl", "markdown"}),
        ("evcli exports --format js", {"json", "jsonl"}),
        ("evcli exports --by h", {"half"}),
        ("evcli top --by ", {"subject", "destination"}),
        ("evcli exports --basis ", {"stated", "derived"}),
        ("evcli exports --ye", {"--year"}),
    ],
)
def test_bash_is_offered(complete: Complete, line: str, some: set[str]) -> None:
    start = line.rpartition(" ")[2]
    offered = complete(line)
    assert some <= set(offered)
    assert all(word.casefold().startswith(start.casefold()) for word in offered)


def test_periods_are_offered_behind_a_series(complete: Complete) -> None:
    """Bash takes SERIES@2025-0 for three words, and replaces the sign and what is behind it."""
    offered = complete("evcli explain cn.exports.nev.caam @ 2025-0")
    assert {"@2025-05", "@2025-01/2025-05"} <= set(offered)
    assert all(word.startswith("@2025-0") for word in offered)
    assert "@2025" in complete("evcli explain cn.exports.nev.caam @")


def test_zsh_is_offered_the_whole_word(evcli_run: Evcli) -> None:
    line = "evcli explain cn.exports.nev.caam@2025-05"
    done = evcli_run(_EVCLI_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=line)
    assert b"cn.exports.nev.caam@2025-05" in done.stdout


def test_what_a_command_refuses_is_not_offered(complete: Complete) -> None:
    offered = complete("evcli plants --")
    assert "--destination" in offered
    assert not {"--scope", "--metric", "--publisher", "--basis"} & set(offered)
    assert complete("evcli top --by m") == []


@pytest.mark.parametrize(
    ("shell", "variables"),
    [
        ("zsh", {"_TYPER_COMPLETE_ARGS": "evcli get cn.exports.nev"}),
        (
            "fish",
            {
                "_TYPER_COMPLETE_ARGS": "evcli get cn.exports.nev",
                "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            },
        ),
    ],
)
def test_zsh_and_fish_are_offered_the_same_with_titles(
    shell: str, variables: dict[str, str], evcli_run: Evcli
) -> None:
    done = evcli_run(_EVCLI_COMPLETE=f"complete_{shell}", **variables)
    assert (done.returncode, done.stderr) == (0, b"")
    told = done.stdout.decode()
    assert "cn.exports.nev.caam" in told
    assert "New-energy vehicles exported from China, counted by CAAM" in told


def test_a_broken_pack_is_met_with_silence(
    tmp_path: Path, complete: Complete, evcli_run: Evcli
) -> None:
    (tmp_path / "a.yaml").write_text("series: [{id: X", "utf-8")
    before = time.monotonic()
    assert complete("evcli get cn.", EVCLI_FACTS=str(tmp_path)) == []
    assert complete("evcli get cn.", EVCLI_FACTS="/no/such/pack") == []
    assert "exports" in complete("evcli exp", EVCLI_FACTS=str(tmp_path))
    assert time.monotonic() - before < 10
    assert evcli_run("get", "x", EVCLI_FACTS=str(tmp_path)).returncode == 5


def test_packs_are_offered_as_they_were_last_compiled(
    tmp_path: Path, complete: Complete, evcli_run: Evcli
) -> None:
    file = tmp_path / "a.yaml"
    zebra = (
        "vocabulary: {subjects: [{id: zebra, name: Zebra Cars, kind: maker}]}\n"
        "sources: [{id: zebra-page, title: T, outlet: O}]\n"
    )
    file.write_text(zebra, "utf-8")
    packs = {"EVCLI_FACTS": str(tmp_path)}
    typed = f"evcli sources --facts {tmp_path} zeb"
    assert complete("evcli sources zeb", **packs) == complete(typed) == []  # Tab compiles nothing
    assert evcli_run("sources", "zebra-page", **packs).returncode == 0
    file.write_text(zebra.replace("zebra-page", "other-page"), "utf-8")
    assert complete("evcli sales zeb", **packs) == ["zebra", "zebra-cars"]
    assert complete("evcli sources zeb", **packs) == complete(typed) == ["zebra-page"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(shell: str, evcli_run: Evcli) -> None:
    done = evcli_run(_EVCLI_COMPLETE=f"source_{shell}")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"_EVCLI_COMPLETE" in done.stdout
    assert f"complete_{shell}".encode() in done.stdout
    told = evcli_run("--help").stdout
    assert b"--install-completion" in told
    assert b"--show-completion" in told


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_script_of_the_shell_one_is_in(environment: dict[str, str]) -> None:
    asked = f"{sys.executable} -m evcli --show-completion; exit $?"
    done = subprocess.run(
        ["bash", "-c", asked], env=environment, capture_output=True, check=False, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"complete_bash" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_in_a_real_bash(tmp_path: Path, evcli_run: Evcli, environment: dict[str, str]) -> None:
    script = evcli_run(_EVCLI_COMPLETE="source_bash").stdout.decode()
    command = tmp_path / "evcli"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m evcli "$@"\n', "utf-8")
    command.chmod(0o755)
    asked = f"""
        {script}
        COMP_WORDS=(evcli get cn.exports.nev.) COMP_CWORD=2
        function_of=$(complete -p evcli | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        "$function_of" evcli
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", asked],
        env=environment | {"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert done.stderr == b""
    offered = done.stdout.decode().split()
    assert {"cn.exports.nev.caam", "cn.exports.nev.nbs"} <= set(offered)
    assert [each for each in offered if not each.startswith("cn.exports.nev.")] == []
