"""Write the golden files anew: ``python tests/golden/write.py [NAME]...`` from the checkout."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from evcli.render import FORMATS  # noqa: E402
from tests.golden.cases import (  # noqa: E402  (the checkout is put on the path above)
    COMMANDS,
    FOLDER,
    TRANSCRIPT_FOLDER,
    TRANSCRIPTS,
    arguments,
    golden_file,
    transcript_file,
)
from tests.golden.run import ask, transcript  # noqa: E402


def main(names: list[str]) -> None:
    """Keep what the commands and transcripts of these *names* print; all if there are none."""
    os.chdir(ROOT)
    for folder in (FOLDER, TRANSCRIPT_FOLDER):
        folder.mkdir(exist_ok=True)
    for name in COMMANDS:
        for format_ in FORMATS if name in names or not names else ():
            golden_file(name, format_).write_bytes(ask(arguments(name, format_)).out)
    for name, lines in TRANSCRIPTS.items():
        if name in names or not names:
            transcript_file(name).write_text(transcript(lines), "utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
