"""The parts that packs are made of: fact files, and mappings with their tables, each read once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from evcli.errors import reason_of
from evcli.loader.entry import Entry
from evcli.loader.files import Report, Seen, display, read, seen, walk
from evcli.loader.yaml_nodes import Mapping, brought_back, parse, put_away
from evcli.model import Pack
from evcli.tuples import NamedTuple

if TYPE_CHECKING:
    from evcli.loader.tables import MappedTable

_MAPPINGS = (".map.yaml", ".map.yml")
Texts = AnyMapping[Path, str]
Files = AnyMapping[tuple[bytes, bytes], Seen]  # by the path of a file and that of its part


class Part(NamedTuple):
    """One fact file, or a mapping with its table; ``says`` is all of it but its facts, as a text.

    ``additions`` are the entries that have facts, each with the id of the series.
    """

    key: tuple[bytes, bool]  # its path, and whether it only defines
    top: Entry
    says: str
    table: MappedTable | None
    additions: list[tuple[str, Entry]]


# of files that hold the same still, by path and whether they only define: digest, what they said
KnownParts = AnyMapping[tuple[bytes, bool], tuple[str, str]]


def parts_of(
    packs: Sequence[Pack],
    report: Report,
    files: dict[tuple[bytes, bytes], Seen],
    written: Texts = MappingProxyType({}),
    known: KnownParts = MappingProxyType({}),
) -> Iterator[Part]:
    """The parts of *packs*, were their files *written* like this; *files* come to be those read.

    What one holds that was read before is left out, unless only its definitions were taken and
    now all of it is wanted. The facts of those *known* are not read again.
    """
    parsed: dict[str, tuple[str, Mapping | None, MappedTable | None]] = {}  # by digest
    taken: dict[str, bool] = {}  # whether only its definitions were
    for pack in packs:
        new = [path for path in written if pack.path in (path, *path.parents)]
        found = {} if pack.path in new else walk(pack.path, report)
        for path in dict.fromkeys([*found, *new]):
            key = os.fsencode(path.absolute())
            before = known.get((key, pack.definitions_only))
            if before is not None:
                digest, says = before
            else:
                held = (
                    (written[path].encode(), written[path]) if path in new else read(path, report)
                )
                if held is None:
                    continue
                data, text = held
                digest = hashlib.sha256(data).hexdigest()
                if path in found:
                    files[key, key] = Seen(*found[path], digest)
            is_mapping = path.name.casefold().endswith(_MAPPINGS)
            if is_mapping:
                digest += str(path)  # which tables it names depends on where it is
            if taken.get(digest) in (False, pack.definitions_only):
                continue
            taken[digest] = pack.definitions_only
            name, root, table = parsed.get(digest, (display(path), None, None))
            if before is not None:
                root = brought_back(says)
            elif digest not in parsed:
                root = parse(text, name, report)
                if root is not None and is_mapping:
                    from evcli.loader.tables import mapped

                    table = mapped(path, root, report)
                    root = table.definitions if table else None
                parsed[digest] = name, root, table
            for file in table.files if table else ():
                if (of_table := os.fsencode(file.absolute())) != key:
                    try:
                        files[of_table, key] = seen(file)
                    except OSError as error:
                        why = f"cannot be read: {reason_of(error)}"
                        report.add(display(file), 0, 0, why, f"{name} names it")
            if root is not None:
                says = put_away(root) if before is None else says
                top = Entry(root, name, report, "fact file", pack.definitions_only)
                yield Part((key, pack.definitions_only), top, says, table, [])
