"""Build hook: puts the built-in pack and its compiled store into the wheel.

Not for editable installs: they read ``facts/`` and ``seeds/`` from the checkout and compile
into the user's cache like any other pack.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKS = ("facts", "seeds")
SHIPPED = (".yaml", ".csv")  # fact files, and the history of the record


class BuiltinStore(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles the store in a process of its own, so that the build backend stays as it was."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the fact files as they are, and the store made from them."""
        self.scratch: Path | None = None
        if version == "editable":
            return
        root = Path(self.root)
        included = build_data["force_include"]
        for pack in PACKS:
            for file in sorted(p for p in (root / pack).rglob("*.*") if p.suffix in SHIPPED):
                included[str(file)] = f"evcli/_builtin/{file.relative_to(root).as_posix()}"
        self.scratch = Path(tempfile.mkdtemp(prefix="evcli-build-"))
        store = self.scratch / "store.sqlite"
        self.compile(root, store)
        included[str(store)] = "evcli/_builtin/store.sqlite"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made on the way."""
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def compile(self, root: Path, store: Path) -> None:
        """Write *store*; the same fact files give the same bytes."""
        if (root / "evcli" / "_builtin").exists():
            raise SystemExit("evcli: remove evcli/_builtin, which only an installed evcli has")
        # no byte code beside the sources, no order that changes from run to run
        fixed = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
        command = [sys.executable, str(root / "hatch_store.py"), str(store)]
        done = subprocess.run(command, env=os.environ | fixed, cwd=store.parent, check=False)
        if done.returncode == 0 and store.is_file():
            store.chmod(0o644)  # a wheel keeps the mode
            return
        shutil.rmtree(store.parent, ignore_errors=True)
        raise SystemExit("evcli: the built-in store could not be compiled (see the lines above)")
