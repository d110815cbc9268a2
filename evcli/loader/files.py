"""The files of packs: which there are, and what text stands in them.

>>> pack_files(Path("no-such-directory"))
Traceback (most recent call last):
evcli.errors.UsageError: no file or directory named 'no-such-directory'
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from evcli.errors import InvalidFacts, UsageError
from evcli.loader.problems import Report

LARGEST = 32 * 1024 * 1024


def pack_files(path: Path) -> list[Path]:
    """The ``*.yaml`` files of a pack, recursively, in an order that is the same everywhere.

    Names that start with a dot are no part of a pack. A path to one file is a pack of that file.
    Raises UsageError where nothing is at *path*, InvalidFacts for directories that cannot be
    listed and for links that lead back into themselves (``load`` reports these with all others).
    """
    report = Report()
    files = walk(path, report)
    if report.problems:
        raise InvalidFacts(report.problems)
    return list(files)


def walk(path: Path, report: Report) -> dict[Path, os.stat_result]:
    """The same, each with size and times; *report* is told what is wrong, nothing is raised for it.

    UsageError where nothing is at *path*.
    """
    try:
        info = path.stat()
    except FileNotFoundError:
        raise UsageError(
            f"no file or directory named {display(path)!r}", "a pack is a directory of *.yaml files"
        ) from None
    except (OSError, ValueError) as error:
        report.add(display(path), 0, 0, _reason(error), "check the path and its permissions")
        return {}
    if not stat.S_ISDIR(info.st_mode):
        return {path: info}
    waiting = [(path, {(info.st_dev, info.st_ino)})]
    found: dict[Path, os.stat_result] = {}
    while waiting:
        directory, parents = waiting.pop()
        try:
            names = sorted(entry.name for entry in directory.iterdir())
        except OSError as error:
            report.blind = True
            report.add(display(directory), 0, 0, _reason(error), "check its permissions")
            continue
        for name in names:
            if name.startswith("."):
                continue
            inside = directory / name
            try:
                info = inside.stat()
            except OSError as error:
                if name.endswith(".yaml") or inside.is_symlink():
                    report.blind = True
                    report.add(display(inside), 0, 0, _reason(error), "remove it or mend the link")
                continue
            if stat.S_ISDIR(info.st_mode):
                identity = (info.st_dev, info.st_ino)
                if identity in parents:
                    message = "the link leads back to a directory above it"
                    report.add(display(inside), 0, 0, message, "remove it")
                else:
                    waiting.append((inside, parents | {identity}))
            elif name.endswith(".yaml"):
                found[inside] = info
    return {file: found[file] for file in sorted(found)}


def read(path: Path, report: Report) -> tuple[bytes, str] | None:
    """The bytes and the text of a file, or None after telling *report* why not."""
    name = display(path)
    data, why, hint = b"", "", ""
    try:
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
            if len(data) > LARGEST:
                why, hint = f"larger than {LARGEST // 1024**2} MiB", "split it"
        else:
            why = "not a regular file"  # a named pipe would wait for ever
    except OSError as error:
        why, hint = _reason(error), "check its permissions"
    if why:
        report.blind = True
        report.add(name, 0, 0, why, hint)
        return None
    try:
        return data, data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the codec counts without a byte order mark
        mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        at = error.start + mark
        begin = data.rfind(b"\n", 0, at) + 1
        text = data.decode("utf-8", "replace")
        report.maybe.update(ids_in(text))
        report.add(
            name,
            data.count(b"\n", 0, at) + 1,
            len(data[max(begin, mark) : at].decode("utf-8", "replace")) + 1,
            f"not UTF-8: byte 0x{data[at]:02x} at offset {at:,}",
            "save the file as UTF-8",
        )
        return None


def ids_in(text: str) -> set[str]:
    """Everything that looks like an id in a text that cannot be read properly."""
    import re  # only files that are broken need it

    return set(re.findall(r"""\bid["']?:\s*["']?([^\s"',{}\[\]]+)""", text))


def display(path: Path) -> str:
    """A path as messages name it: relative to the working directory where it lies below it."""
    text = str(path)
    if ".." not in path.parts:
        with suppress(OSError, ValueError):  # outside it, or the directory is gone
            text = str(path.absolute().relative_to(Path.cwd()))
    clean = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return clean if clean.isprintable() else repr(clean)[1:-1]


def _reason(error: OSError | ValueError) -> str:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"cannot be read: {why[:1].lower()}{why[1:]}"
