"""What the golden files are made of: every command once, over the seeds alone."""

from __future__ import annotations

from pathlib import Path

from tests.seeds import SEEDS

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "markdown")
COMMANDS = {
    "exports": ("exports", "--year", "2025"),
    "exports-deprecated": ("exports", "--year", "2025", "--include-deprecated"),
    "exports-nothing": ("exports", "--year", "1066"),
    "sales": ("sales", "--year", "2025"),
    "investment": ("investment", "--year", "2024"),
    "network": ("network",),
    "plants": ("plants",),
    "plants-facts": ("plants", "byd", "--by", "fact"),
    "policy": ("policy", "--include-deprecated"),
    "policy-events": ("policy", "--events", "--year", "2025"),
    "get": ("get", "cn.exports.*.caam"),
    "get-fields": ("get", "cn.exports.*", "--year", "2025", "--fields", "period,low,high,sources"),
    # definitions of the whole record stay beside the seeds: words that few of them have
    "find": ("find", "统计局"),
    "find-place": ("find", "Szeged"),
    "growth": ("growth", "cn.investment.ev-chain.to-cn.rhodium", "--period", "2024"),
    "growth-base": (
        "growth",
        "cn.investment.ev-chain.to-cn.rhodium",
        "--period",
        "2024",
        "--base",
        "2022",
    ),
    "share": ("share", "cn.exports.nev.caam", "cn.exports.all.caam"),
    "total": (
        "total",
        "cn.investment.ev-chain.to-abroad.rhodium@2024",
        "cn.investment.ev-chain.to-cn.rhodium@2024",
    ),
    "top": ("top", "--metric", "overseas-sales", "--year", "2025"),
    "compare-makers": (
        "compare",
        "byd",
        "saic",
        "chery",
        "xpeng",
        "leapmotor",
        "--metric",
        "overseas-sales",
        "--year",
        "2025",
    ),
    "compare-investment": (
        "compare",
        "cn.investment.ev-chain.to-abroad.rhodium",
        "cn.investment.ev-chain.to-cn.rhodium",
        "--period",
        "2024",
    ),
    "explain": (
        "explain",
        "share:cn.exports.nev.caam@2025-05,cn.exports.all.caam@2025-05",
    ),
    "sources": ("sources",),
    "sources-problems": ("sources", "seed-000", "--problems"),
    "facts-list": ("facts", "list", "cn.exports.*.caam"),
}
ENDINGS = {"table": "txt", "markdown": "md"}
FOLDER = Path(__file__).parent / "output"


def arguments(name: str, format_: str) -> list[str]:
    """The command line of one golden file."""
    return [*COMMANDS[name], *SEEDS, "--format", format_, "-q"]


def golden_file(name: str, format_: str) -> Path:
    """Where its output stands."""
    return FOLDER / f"{name}.{ENDINGS.get(format_, format_)}"
