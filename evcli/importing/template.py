"""The fact file that ``evcli facts new`` offers for filling in: ``fact_file.txt``, filled in."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from string import Template

from evcli.importing.drafts import SERIES_ID, one_line, scalar
from evcli.model.records import Series
from evcli.model.vocabulary import VOCABULARY, UnitKind, Vocabulary

_EXAMPLES = {UnitKind.MONEY: "$16 billion", UnitKind.PERCENT: "28.2%", UnitKind.INDEX: "153"}
_AS_OF = "      - as_of: <2025-05>         # the date of the count: a day, month or year"
_PERIOD = "      - period: <2025-05>        # or 2025, 2025-H1, 2025-Q3, 2025-01/2025-05"
_OR_AS_OF = "        # as_of: <2025-05>       # instead of period, for a stock"
_COLUMN = 31  # where comments begin


def template(
    name: str,
    source: str,
    words: Vocabulary,
    series: Series | None = None,
    *,
    source_known: bool = False,
) -> str:
    """YAML for the strict loader, once every ``<placeholder>`` is replaced.

    *name* is the id of a *series*, which is given where it is known, or the title of a new one;
    *source* may be empty.
    """
    metric = words.metrics.get(series.metric) if series else None
    unit = words.units.get(series.unit) if series else None
    facts_for = name
    if series:
        facts_for = f"{series.id}: {series.title}" + (f" ({unit.name})" if unit else "")
    is_id = SERIES_ID.fullmatch(name) is not None
    cited = scalar(source) if source else "<source-id>"
    example = _EXAMPLES.get(unit.kind, "212,000") if unit else "212,000"
    when = _PERIOD if metric else f"{_PERIOD}\n{_OR_AS_OF}"
    text = Path(__file__).with_name("fact_file.txt").read_text("utf-8")
    head, sources, definition, facts = text.split("\n\n")
    parts = [head, *([] if source_known else [sources]), definition]
    if series:
        parts[-1] = "series:\n  - id: $series"
    return Template("\n\n".join(parts) + f"\n{facts}").substitute(
        {section: _choices(section, getattr(words, section)) for section in VOCABULARY},
        facts_for=_comment(f"Facts for {facts_for}"),
        source=cited,
        series=series.id if series else name if is_id else "<subject.metric.scope.publisher>",
        title='"<what is counted, and by whom>"' if is_id else scalar(name),
        when=_AS_OF if series and words.is_stock(series.metric) else when,
        stated=f'        stated: "<{example}>"'.ljust(_COLUMN),
        cited=f"        source: {cited}".ljust(_COLUMN),
    )


def _choices(section: str, known: object) -> str:
    """The words of a section that a new series may use, as a comment before its key."""
    if not known or not isinstance(known, Mapping):
        return ""
    return _comment(f"{section.removesuffix('s')}: {', '.join(known)}", "    ") + "\n"


def _comment(text: str, indent: str = "") -> str:
    return textwrap.fill(
        " ".join(one_line(text).split()),
        78,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}#   ",
        break_on_hyphens=False,
        break_long_words=False,
    )
