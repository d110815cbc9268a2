"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from evcli.model.errors import OutputError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that whoever looks finds the old one or the new one, never a half.

    Raises OutputError where it cannot be written; then nothing is left behind.
    """
    begun: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        begun = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        begun.chmod(0o666 & ~_umask())
        begun.replace(path)
    except BaseException as error:
        if begun is not None:
            with suppress(OSError):
                begun.unlink()
        if isinstance(error, OSError):
            raise OutputError(f"cannot write {path}: {error.strerror or error}") from None
        raise


def _umask() -> int:
    """What a new file is not allowed to be; it can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
