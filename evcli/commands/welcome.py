"""What a bare ``evcli`` shows: questions, and the command that answers each."""

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


def welcome() -> None:
    """Print what one can ask."""
    from evcli.render.output import Output

    Output().write([text()])


def text() -> str:
    """The whole page."""
    return _HEAD + "".join(f"{ask}\n  {answer}\n\n" for ask, answer in QUESTIONS) + _TAIL
