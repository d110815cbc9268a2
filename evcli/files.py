"""Files and folders that are there whole or not at all."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from evcli.errors import OutputError, UsageError, reason_of


def contents(path: Path, most: int) -> bytes:
    """The bytes of a file. OSError where it is larger than *most*, or no regular file."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("not a regular file")  # a named pipe would wait for ever
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise OSError(f"larger than {most:,} bytes")
    return data


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that whoever looks finds the old one or the new one, never a half. A link
    stays and the file that it names is written; a device or a pipe is written to as it is.
    OutputError where it cannot be written; then nothing is left behind.
    """
    with _writing(path):
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            with whole_file(path) as beside:
                beside.write_bytes(content)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file beside *path* to write to, which takes its name when all is well, and its place;
    OutputError where it cannot be written, or *path* is a folder or device.
    """
    with _writing(path):
        if path.exists() and not path.is_file():
            raise OSError("not a regular file")
        target, beside = _places(path)
        try:
            beside.touch()  # or nobody begins the work
            yield beside
            if target.exists():
                shutil.copymode(target, beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


def write_together(contents: Mapping[Path, tuple[bytes, bytes]]) -> None:
    """Write files, each from what it was (nothing: it is new) to what it is to be; all or none.
    Two runs wait for each other. UsageError where a file is no longer what it was.
    """
    done: list[Path] = []
    with ExitStack() as stack:
        with suppress(ImportError):  # Windows has no such locks
            from fcntl import LOCK_EX, flock

            for folder in sorted({path.parent for path in contents}):
                handle = os.open(folder, os.O_RDONLY)
                stack.callback(os.close, handle)
                flock(handle, LOCK_EX)
        for path, (old, _) in contents.items():
            if old != (path.read_bytes() if path.exists() else b""):
                raise UsageError(f"{str(path)!r} has just been changed", "run it again")
        try:
            for path, (_, new) in contents.items():
                write_whole(path, new)
                done.append(path)
        except BaseException:  # Ctrl-C, too
            for path in done:
                write_whole(path, old) if (old := contents[path][0]) else path.unlink()
            raise


def write_new(path: Path, text: str) -> None:
    """Create *path* with *text* and the folders on the way; UsageError where something is there."""
    with _writing(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            what = f"{str(path.parent)!r} is not a folder"
            raise UsageError(what, "name another place") from None
    if path.exists() or path.is_symlink():
        raise UsageError(f"{str(path)!r} exists", "choose another name, or remove it")
    write_whole(path, text.encode())


def check_free(folder: Path) -> None:
    """UsageError where something is at *folder*, unless it is a folder without anything in it."""
    with _writing(folder), suppress(FileNotFoundError):
        try:
            taken = any(folder.iterdir())
        except NotADirectoryError:
            raise UsageError(f"{str(folder)!r} is not a folder", "name another place") from None
        if taken:
            how = "name a new folder, or empty that one"
            raise UsageError(f"{str(folder)!r} is not empty", how)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder beside *folder* to write into, which takes its name when all is well. Whatever goes
    wrong, a full disk or Ctrl-C, nothing is left of it. OutputError where it cannot be written.
    """
    check_free(folder)
    with _writing(folder):
        target, beside = _places(folder)
        missing = [each for each in target.parents if not each.exists()]
        try:
            beside.mkdir(parents=True)
            yield beside
            if sys.platform == "win32":  # where no folder takes the place of another
                with suppress(FileNotFoundError):
                    target.rmdir()
            beside.replace(target)  # an empty folder gives way, a full one never does
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            for parent in missing:
                with suppress(OSError):
                    parent.rmdir()
            raise


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {str(path)!r}: {reason_of(error)}") from error


def _places(path: Path) -> tuple[Path, Path]:
    """The place of what is to be written, and that beside it of what is not whole yet."""
    target = Path(os.path.realpath(path))  # "." has no name to stand beside
    return target, target.with_name(f".{target.name}.{os.getpid()}.tmp")
