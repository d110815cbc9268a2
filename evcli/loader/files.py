"""The files of packs, what text stands in them, and all that is wrong with it, told in one run.

>>> pack_files(Path("no-such-directory"))
Traceback (most recent call last):
evcli.errors.UsageError: no file or directory named 'no-such-directory'
>>> report = Report()
>>> report.add("a.yaml", 3, 7, "no source named 'x'", "did you mean 'y'?")
>>> [str(problem) for problem in report.problems]
["a.yaml:3:7: no source named 'x' (did you mean 'y'?)"]
"""

import os
import stat
import time
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from evcli.errors import InvalidFacts, Problem, UsageError, nearest, reason_of
from evcli.files import contents
from evcli.tuples import NamedTuple

LARGEST = 32 * 1024 * 1024
UNSETTLED = -1  # in place of a time
_COARSEST_NS = 2_000_000_000  # the coarsest file time in use (FAT) is two seconds
_NAMES = (".yaml", ".yml")
_MOST_ENTRIES = 100_000  # files of any kind and folders that are looked at
_MOST_PER_FILE = 10_000
_MOST_HINTS = 500  # looking for near names is slow, and nobody reads a thousand of them
_LONGEST = 200  # what is longer is near nothing


class Seen(NamedTuple):
    """A file as it was at one time: size, time in nanoseconds, and a digest of its bytes."""

    size: int
    mtime_ns: int
    digest: str


def times_of(info: os.stat_result) -> tuple[int, int]:
    """Size and time of a file; no time that a second edit just now might bear, too."""
    is_settled = info.st_mtime_ns < time.time_ns() - _COARSEST_NS
    return info.st_size, info.st_mtime_ns if is_settled else UNSETTLED


def seen(path: Path) -> Seen:
    """A file as it is now; OSError where it cannot be read."""
    from hashlib import file_digest  # a fresh store never gets here, and it costs 3 ms

    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise OSError("not a regular file")  # a named pipe would wait for ever
    with path.open("rb") as stream:
        return Seen(*times_of(info), file_digest(stream, "sha256").hexdigest())


class Report:
    """Every problem found so far.

    ``maybe`` holds ids that stand in parts of files which could not be read: a reference to one
    of them is not reported, because its definition may only be hidden by another mistake.
    ``blind`` says that a whole file could not be read, so that no missing name is certain.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.maybe: set[str] = set()
        self.blind = False
        self._per_file: Counter[str] = Counter()
        self._hints: dict[tuple[str, int], str] = {}

    def add(self, file: str, line: int, column: int, message: str, hint: str = "") -> None:
        """Note a problem; after 10,000 in one file only the first that is too many is kept."""
        if self.is_full(file):
            return
        self._per_file[file] += 1
        if self.is_full(file):
            message, hint = f"more than {_MOST_PER_FILE:,} problems: giving up", ""
        self.problems.append(Problem(file, line, column, message, hint))

    def is_full(self, file: str) -> bool:
        """Whether nothing more is kept about *file*."""
        return self._per_file[file] > _MOST_PER_FILE

    def may_exist(self, name: str) -> bool:
        """Whether a name that is not known may stand in something unreadable."""
        return self.blind or name in self.maybe

    def near(self, given: str, known: Collection[str]) -> str:
        """``did you mean 'x'?`` for the nearest known names, else nothing."""
        key = (given, len(known))
        if key not in self._hints:
            if len(self._hints) >= _MOST_HINTS or len(given) > _LONGEST:
                return ""
            # what difflib finds near is often only a short name inside a long one
            far = max(2, len(given) // 3)
            close = [name for name in nearest(given, known) if abs(len(name) - len(given)) <= far]
            self._hints[key] = f"did you mean {' or '.join(map(repr, close))}?" if close else ""
        return self._hints[key]


def pack_files(path: Path) -> list[Path]:
    """The ``*.yaml`` and ``*.yml`` files of a pack, recursively, in the same order everywhere.

    Names that start with a dot are no part of a pack. A path to one file is a pack of that file.
    UsageError where nothing is at *path*.
    """
    return list(walk(path, Report()))


def stat_of(pack: Path) -> os.stat_result:
    """Size and times of what is at the path of a pack; UsageError where nothing can be read."""
    try:
        return pack.absolute().stat()  # the working directory may be gone
    except FileNotFoundError:
        why = f"no file or directory named {display(pack)!r}"
    except (OSError, ValueError) as error:
        why = f"{display(pack)!r} {_reason(error)}"
    raise UsageError(why, "a pack is a directory of *.yaml files")


def walk(path: Path, report: Report) -> dict[Path, tuple[int, int]]:
    """The same, each with size and time; *report* is told of directories that cannot be listed
    and of links that lead back into themselves. InvalidFacts where it is no pack, but half a disk.
    """
    info = stat_of(path)
    if not stat.S_ISDIR(info.st_mode):
        return {path: times_of(info)}
    waiting = [(path, {(info.st_dev, info.st_ino)})]
    found: dict[Path, tuple[int, int]] = {}
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
                found[inside] = times_of(info)
    return {file: found[file] for file in sorted(found)}


def read(path: Path, report: Report) -> tuple[bytes, str] | None:
    """The bytes and the text of a file, or None after telling *report* why not."""
    name = display(path)
    try:
        data = contents(path, LARGEST)
        return data, data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the codec counts without a byte order mark
        mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        at = error.start + mark
        before = data[mark:at].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"not UTF-8: byte 0x{data[at]:02x} at offset {at:,}"
        report.maybe.update(ids_in(data.decode("utf-8", "replace")))
        report.add(name, line, column, message, "save the file as UTF-8")
    except OSError as error:
        report.blind = True
        report.add(name, 0, 0, _reason(error), "check its permissions, or split it")
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
