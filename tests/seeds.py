"""The five documents alone: what tests ask that know every figure, however much the record grows.

Definitions of the whole record stay beside them, as ``--no-builtin`` has it.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
SEED_PACKS = (ROOT / "seeds", ROOT / "facts" / "seeds")
SEEDS = (
    "--no-builtin",
    "--facts",
    str(SEED_PACKS[0]),
    "--facts",
    str(SEED_PACKS[1]),
)
# examples that take seconds over the whole record; other tests ask it for as much
LONG = (
    "get cn.exports.all.caam --by month",
    "coverage",
    "trend cn.exports.nev.caam --chart exports.svg",
)


def quickly(arguments: list[str]) -> list[str]:
    """An example of the help, asked of the five documents where the record takes long."""
    return [*arguments, *SEEDS] if " ".join(arguments) in LONG else arguments
