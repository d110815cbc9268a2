"""``evcli facts lint``, ``list`` and ``path``: what fact files hold, and where they are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from evcli.commands.factory import command
from evcli.commands.options import ANY_SERIES, Output, Packs, Select, argument, option
from evcli.commands.session import opened, show, wanted
from evcli.diagnostics import ExitCode
from evcli.model import Pack
from evcli.store import PackChoice, pack_choice
from evcli.store.cache import cache_directory, pack_places, ready_store


@command(
    examples=(
        "evcli facts lint",
        "evcli facts lint my-facts",
        "evcli facts lint my-facts --strict",
        "evcli facts lint new.yaml --no-builtin",
    ),
    refuses=("as_of", "include_deprecated"),
)
def lint(
    paths: Annotated[
        list[str] | None,
        argument("[PATH]...", "Packs or single fact files; the built-in pack if none is given."),
    ] = None,
    *,
    strict: Annotated[
        bool, option("--strict", None, "Also report what breaks no rule but looks doubtful.")
    ] = False,
    packs: Packs,
    output: Output,
) -> int:
    """Check fact files.

    Every mistake is reported on stderr as file:line:column, with what would be right (exit 5).
    With --strict, doubtful entries are rows on stdout (exit 1). Otherwise one row per file.
    """
    from evcli.loader.inventory import lint_answer

    named = [Pack(Path(path)) for path in paths or ()]
    answer, doubtful = lint_answer(named, pack_places(_choice(packs)), strict=strict)
    show(answer, output)
    return ExitCode.FOUND_PROBLEMS if doubtful else ExitCode.OK


@command(
    examples=(
        "evcli facts list cn.exports.nev.caam",
        "evcli facts list 'cn.exports.*' --year 2025",
        "evcli facts list --from-source seed-001 --format csv",
        "evcli facts list cn.exports.ev.unnamed --include-deprecated",
    ),
    refuses=("plans", "by", "basis"),
)
def list_(
    series: Annotated[list[str] | None, ANY_SERIES] = None,
    *,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """Facts as written, before anything is resolved or computed.

    Every fact of every source, with its paragraph and its place in the fact files.
    """
    from evcli.loader.inventory import file_names
    from evcli.query.catalogue import facts_answer
    from evcli.query.selection import series_named

    with opened(packs, output) as source:
        question = wanted(source, select)
        store = source.store
        found = series_named(store, series) if series else question.where.series(store)
        answer = facts_answer(source, found, question, file_names(pack_places(_choice(packs))))
    show(answer, output)


@command(
    examples=(
        "evcli facts path",
        "evcli facts path --facts my-facts",
        "evcli facts path --fields path --format csv",
    ),
    refuses=("as_of", "include_deprecated"),
)
def path(*, packs: Packs, output: Output) -> None:
    """Where the packs and the compiled store are.

    EVCLI_FACTS names further packs, EVCLI_CACHE the directory of compiled stores.
    """
    from evcli.loader.inventory import packs_answer

    choice = _choice(packs)
    show(
        packs_answer(pack_places(choice), ready_store(choice), cache_directory(os.environ)), output
    )


def _choice(packs: Packs) -> PackChoice:
    return pack_choice(map(Path, packs.facts), packs.no_builtin, os.environ)
