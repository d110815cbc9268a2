"""The hooks that other repositories take from here run as they are written."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from evcli.commands.app import run

ROOT = Path(__file__).parents[2]
HOOKS: dict[str, dict[str, Any]] = {
    each["id"]: each
    for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
}
PACK = """\
sources: [{id: page, title: A page, outlet: A paper, published: 2031-06}]
series:
  - id: cn.exports.nev.caam
    facts: [{period: 2031-05, stated: "%s", source: page, at: p1}]
"""


def test_every_hook_has_what_pre_commit_needs() -> None:
    assert set(HOOKS) == {"evcli-lint", "evcli-check"}
    for hook in HOOKS.values():
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)


@pytest.mark.parametrize(("stated", "code"), [("212,000", 0), ("212.000.0", 5)])
@pytest.mark.parametrize("id", HOOKS)
def test_the_entry_answers_with_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, id: str, stated: str, code: int
) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "a.yaml").write_text(PACK % stated, "utf-8")
    monkeypatch.chdir(tmp_path)
    program, *typed = shlex.split(HOOKS[id]["entry"])
    # the whole record is another test's: here it is the pack that is looked at
    alone = ["--no-builtin"] if id == "evcli-check" else []
    assert program == "evcli"
    assert run([*typed, *HOOKS[id]["args"], *alone]) == code
