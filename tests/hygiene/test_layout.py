"""How the code is laid out: short modules with telling names, one owner for each stream."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "evcli"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 400
EMPTY_NAMES = {"utils", "util", "helpers", "misc", "common"}
STDOUT_OWNER = "render/output.py"
STDERR_OWNER = "diagnostics"
STREAMS = {
    "stdout": STDOUT_OWNER,
    "__stdout__": STDOUT_OWNER,
    "stderr": STDERR_OWNER,
    "__stderr__": STDERR_OWNER,
}
# calls that write to a stream by themselves; the second names the module they belong to
WRITERS = {("print", ""), ("echo", "typer"), ("secho", "typer"), ("echo", "click")}
WRITERS |= {("secho", "click"), ("print", "rich"), ("input", "")}


def name_of(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


def owns(module: Path, owner: str) -> bool:
    name = name_of(module)
    return name == owner or name.removesuffix(".py") == owner or name.startswith(f"{owner}/")


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_is_short(module: Path) -> None:
    lines = len(module.read_text("utf-8").splitlines())
    assert lines <= LONGEST, f"{lines} lines: split it by noun"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_has_a_telling_name(module: Path) -> None:
    assert not {part.strip("_") for part in Path(name_of(module)).with_suffix("").parts} & (
        EMPTY_NAMES
    )


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_each_stream_has_one_owner(module: Path) -> None:
    tree = ast.parse(module.read_text("utf-8"))
    strangers = [
        f"{name_of(module)}:{node.lineno}: {written}"
        for node in ast.walk(tree)
        if isinstance(node, ast.expr)
        for written in [_writes(node, module)]
        if written
    ]
    assert strangers == []


def _writes(node: ast.expr, module: Path) -> str:
    """The stream or writing function that *node* uses and *module* does not own."""
    match node:
        case ast.Attribute(value=ast.Name(id="sys"), attr=stream) if stream in STREAMS:
            return "" if owns(module, STREAMS[stream]) else f"sys.{stream}"
        case ast.Call(func=ast.Name(id=name)) if (name, "") in WRITERS:
            return f"{name}()"
        case ast.Call(func=ast.Attribute(value=ast.Name(id=base), attr=name)) if (
            name,
            base,
        ) in WRITERS:
            return f"{base}.{name}()"
    return ""


def test_commands_are_one_file_each() -> None:
    nested = [name_of(module) for module in MODULES if name_of(module).count("/") > 2]
    assert nested == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_nothing_is_imported_from_the_package_root(module: Path) -> None:
    """Only the outermost modules may know the public API: no import cycles."""
    if module.parent == PACKAGE:
        pytest.skip("the root itself")
    tree = ast.parse(module.read_text("utf-8"))
    roots = [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and node.module == "evcli" and not node.level)
        or (isinstance(node, ast.Import) and any(alias.name == "evcli" for alias in node.names))
    ]
    assert roots == []
