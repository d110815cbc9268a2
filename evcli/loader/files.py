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

from evcli.errors import InvalidFacts, Problem, UsageError, reason_of
from evcli.loader.problems import Report

LARGEST = 32 * 1024 * 1024
_NAMES = (".yaml", ".yml")
_MOST_ENTRIES = 100_000  # files of any kind and folders that are looked at


def pack_files(path: Path) -> list[Path]:
    """The ``*.yaml`` and ``*.yml`` files of a pack, recursively, in an order that is the same
    everywhere.

    Names that start with a dot are no part of a pack. A path to one file is a pack of that file.
    UsageError where nothing is at *path*.
    """
    return list(walk(path, Report()))


def walk(path: Path, report: Report) -> dict[Path, os.stat_result]:
    """The same, each with size and times; *report* is told of directories that cannot be listed
    and of links that lead back into themselves. InvalidFacts where it is no pack, but half a disk.
    """
    try:
        info = path.absolute().stat()  # the working directory may be gone
    except FileNotFoundError:
        message = f"no file or directory named {display(path)!r}"
        raise UsageError(message, "a pack is a directory of *.yaml files") from None
    except (OSError, ValueError) as error:
        report.add(display(path), 0, 0, _reason(error), "check the path and its permissions")
        return {}
    if not stat.S_ISDIR(info.st_mode):
        return {path: info}
    waiting = [(path, {(info.st_dev, info.st_ino)})]
    found: dict[Path, os.stat_result] = {}
    count = 0
    while waiting:
        directory, parents = waiting.pop()
        try:
            names = [each.name for each in directory.iterdir() if not each.name.startswith(".")]
        except OSError as error:
            report.blind = True
            report.add(display(directory), 0, 0, _reason(error), "check its permissions")
            continue
        count += len(names)
        if count > _MOST_ENTRIES:
            message = f"more than {_MOST_ENTRIES:,} files and folders to look at"
            hint = "name a folder that holds the facts alone"
            raise InvalidFacts([Problem(display(path), 0, 0, message, hint)])
        for name in sorted(names):
            inside = directory / name
            try:
                info = inside.stat()
            except OSError as error:
                if name.casefold().endswith(_NAMES) or inside.is_symlink():
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
            elif name.casefold().endswith(_NAMES):
                found[inside] = info
    return {file: found[file] for file in sorted(found)}


def read(path: Path, report: Report) -> tuple[bytes, str] | None:
    """The bytes and the text of a file, or None after telling *report* why not."""
    name = display(path)
    why, hint = "", ""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            why = "not a regular file"  # a named pipe would wait for ever
        else:
            with path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
            if len(data) <= LARGEST:
                return data, data.decode("utf-8-sig")
            why, hint = f"larger than {LARGEST // 1024**2} MiB", "split it"
    except OSError as error:
        why, hint = _reason(error), "check its permissions"
    except UnicodeDecodeError as error:
        # the codec counts without a byte order mark
        mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        at = error.start + mark
        line = data.count(b"\n", 0, at) + 1
        begin = max(data.rfind(b"\n", 0, at) + 1, mark)
        column = len(data[begin:at].decode("utf-8", "replace")) + 1
        message = f"not UTF-8: byte 0x{data[at]:02x} at offset {at:,}"
        report.maybe.update(ids_in(data.decode("utf-8", "replace")))
        report.add(name, line, column, message, "save the file as UTF-8")
        return None
    report.blind = True
    report.add(name, 0, 0, why, hint)
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
    return f"cannot be read: {reason_of(error)}"
