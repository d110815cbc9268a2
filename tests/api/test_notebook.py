"""The cells of docs/notebook.ipynb run one after the other and keep no output."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).parents[2] / "docs" / "notebook.ipynb"
NOTEBOOK: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
CELLS = ["".join(each["source"]) for each in NOTEBOOK["cells"] if each["cell_type"] == "code"]


def shown(cell: str, names: dict[str, Any]) -> Any:
    """Run a cell; what its last line is worth, as a notebook shows it."""
    lines = ast.parse(cell)
    *before, last = lines.body
    if isinstance(last, ast.Expr):
        lines.body = before
        exec(compile(lines, FILE.name, "exec"), names)
        return eval(compile(ast.Expression(last.value), FILE.name, "eval"), names)
    exec(compile(lines, FILE.name, "exec"), names)
    return None


def test_the_cells_run(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("duckdb")
    names: dict[str, Any] = {}
    values = [shown(cell, names) for cell in CELLS]
    tables = [each._repr_html_() for each in values if hasattr(each, "rows")]
    assert len(tables) == 6
    assert all("<tbody><tr>" in each for each in tables[:5])
    # CAAM's 2025: 7.098 million vehicles, 2.615 million of them new-energy (README.md)
    whole = next(each for each in values if isinstance(each, list) and len(each) > 3)
    assert {row[0]: row[1] for row in whole}["nev"] == 2_615_000
    assert whole[0] == ("all", 7_098_000, 7_097_500, 7_098_500)
    assert "publisher" in capsys.readouterr().out


def test_it_is_a_notebook_without_outputs() -> None:
    assert (NOTEBOOK["nbformat"], len({each["id"] for each in NOTEBOOK["cells"]})) == (
        4,
        len(NOTEBOOK["cells"]),
    )
    assert [each for each in NOTEBOOK["cells"] if each.get("outputs")] == []
