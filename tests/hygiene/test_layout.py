"""How the code is laid out: one concept a module, telling names, one owner for each stream."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "evcli"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 700  # one concept a module; one that needs more says why here
LONGER: dict[str, str] = {}  # module: reason
EMPTY = {"utils", "util", "helpers", "misc", "common"}
EMPTY |= {"told", "asked", "asking", "making", "wanted"}
# names that more than one module has, and why; a command is named after what it asks, so
# evcli/commands does not count
SAME_MODULE = {
    "files": "any files, fact files",
    "package": "one writes packages, the other reads them",
    "rows": "what rows of other people's tables say, rows of answers",
    "tables": "tables of other people in packs, those of a store",
    "workbook": "one reads those of other people, the other writes answers",
    "records": "what they are, and how their fields are kept in a store or a package",
}
# names that more than one class has, and why
SAME_CLASS: dict[str, str] = {"Table": "one of other people, one of a store"}
STDOUT_OWNER = ("render/__init__.py",)
STDERR_OWNER = ("diagnostics", "__main__")  # the latter flushes it when the process ends
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


def source(module: Path) -> str:
    return module.read_text("utf-8")


def owns(module: Path, owners: tuple[str, ...]) -> bool:
    name = name_of(module)
    return (
        name in owners
        or name.removesuffix(".py") in owners
        or name.startswith(tuple(f"{owner}/" for owner in owners))
    )


def test_long_modules_give_a_reason() -> None:
    lengths = {name_of(module): len(source(module).splitlines()) for module in MODULES}
    assert {name for name, lines in lengths.items() if lines > LONGEST} == set(LONGER)


def test_modules_have_telling_names() -> None:
    parts = {name_of(module): Path(name_of(module)).with_suffix("").parts for module in MODULES}
    empty = {name for name, of in parts.items() if {part.strip("_") for part in of} & EMPTY}
    assert empty == set()


def test_no_two_modules_have_one_name_without_a_reason() -> None:
    stems = Counter(
        module.stem
        for module in MODULES
        if module.stem != "__init__" and module.parent != PACKAGE / "commands"
    )
    assert {stem for stem, times in stems.items() if times > 1} == set(SAME_MODULE)


def test_no_two_classes_have_one_name_without_a_reason() -> None:
    names = Counter(
        node.name
        for module in MODULES
        for node in ast.walk(ast.parse(source(module)))
        if isinstance(node, ast.ClassDef)
    )
    assert {name for name, times in names.items() if times > 1} == set(SAME_CLASS)


def test_private_parts_of_typer_come_through_one_module() -> None:
    files = [*MODULES, *sorted((PACKAGE.parent / "docs").glob("*.py"))]
    importers = {
        file.relative_to(PACKAGE.parent).as_posix()
        for file in files
        for node in ast.walk(ast.parse(source(file)))
        for name in _imported(node)
        if name.partition(".")[0] == "click" or name.startswith("typer._")
    }
    assert importers == {"evcli/commands/factory.py"}


def _imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names, level=0):
            return [module, *(f"{module}.{alias.name}" for alias in names)]
    return []


def test_each_stream_has_one_owner() -> None:
    strangers = [
        f"{name_of(module)}:{node.lineno}: {written}"
        for module in MODULES
        for node in ast.walk(ast.parse(source(module)))
        if isinstance(node, ast.expr)
        for written in [_writes(node, module)]
        if written
    ]
    assert strangers == []


def test_the_api_is_imported_by_nobody_inside() -> None:
    """Only the outermost modules may know the package root: no import cycles."""
    roots = [
        f"{name_of(module)}:{node.lineno}"
        for module in MODULES
        if module.parent != PACKAGE
        for node in ast.walk(ast.parse(source(module)))
        if (isinstance(node, ast.ImportFrom) and node.module == "evcli" and not node.level)
        or (isinstance(node, ast.Import) and any(alias.name == "evcli" for alias in node.names))
    ]
    assert roots == []


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
