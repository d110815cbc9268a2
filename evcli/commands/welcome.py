"""What evcli says of itself: questions and the command that answers each, and its version.

``--version`` is answered before anything of Typer is imported.
"""

from __future__ import annotations

QUESTIONS: tuple[tuple[str, str], ...] = (
    ("How many vehicles did China export in 2025, and who counted?", "evcli exports --year 2025"),
    (
        "Exactly what is known of new-energy exports in May 2025?",
        "evcli get cn.exports.nev.caam --period 2025-05",
    ),
    (
        "What share of all exports was that?",
        "evcli share cn.exports.nev.caam cn.exports.all.caam --period 2025-05",
    ),
    (
        "Did investment abroad overtake investment at home?",
        "evcli compare cn.investment.ev-chain.to-abroad.rhodium"
        " cn.investment.ev-chain.to-cn.rhodium --period 2024",
    ),
    (
        "Which maker sold most overseas, as far as the figures tell?",
        "evcli top --metric overseas-sales --year 2025",
    ),
    ("What did Chery sell overseas?", "evcli sales 奇瑞"),
    ("Which plants abroad does BYD have?", "evcli plants byd"),
    ("Where does this number come from?", "evcli explain cn.exports.nev.caam@2025-05"),
    ("Which documents are behind all this, and what is wrong in them?", "evcli sources"),
    ("Where is there anything about Brazil?", "evcli find Brazil"),
)

_HEAD = "evcli: figures on China's vehicle exports, each with its source and its bounds.\n\n"
_TAIL = """\
evcli COMMAND --help   every option, examples first
evcli --help           all commands
evcli help bounds      what a number allows; also formats, periods, provenance
--format csv           the same answer for a program: also tsv, json, jsonl, markdown
"""


def welcome_text() -> str:
    """What a bare ``evcli`` shows."""
    return _HEAD + "".join(f"{ask}\n  {answer}\n\n" for ask, answer in QUESTIONS) + _TAIL


def version_text() -> str:
    """The version, and a line on the record, so that a quotation can name both.

    The line is left out where the packs cannot be read: other commands say why.
    """
    import os

    from evcli.errors import EvcliError
    from evcli.store import open_store, pack_choice
    from evcli.version import __version__

    lines = [f"evcli {__version__}"]
    try:
        with open_store(pack_choice((), False, os.environ), environ=os.environ) as store:
            newest = f", newest source {store.newest_source}" if store.newest_source else ""
            lines.append(f"record {store.digest[:12]}{newest}")
    except EvcliError:
        pass
    return "".join(f"{line}\n" for line in lines)
