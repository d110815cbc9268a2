"""Write the golden files anew: ``python tests/golden/write.py`` from the checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.golden.cases import COMMANDS, FOLDER, FORMATS, arguments, golden_file  # noqa: E402


def main() -> None:
    """Run every command in every format and keep what it prints."""
    FOLDER.mkdir(exist_ok=True)
    for name in COMMANDS:
        for format_ in FORMATS:
            command = [sys.executable, "-m", "evcli", *arguments(name, format_)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
            golden_file(name, format_).write_bytes(done.stdout)


if __name__ == "__main__":
    main()
