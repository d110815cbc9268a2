"""Tables with words of their own: what they are called, balances, and many rows at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from evcli.model.quantity import Bounds
from evcli.query.ranking import _places

Ask = Callable[..., Any]

HEAD = """\
vocabulary:
  publishers: [{id: own, name: Office, precision: 1}]
  subjects: [{id: x1, name: Xland, kind: country}, {id: x2, name: Yland, kind: country}]
  metrics:
    - {id: gdp, name: GDP, kind: flow}
    - {id: trade, name: Trade balance, kind: balance}
    - {id: jobless, name: Unemployment, kind: rate}
sources: [{id: s, title: T, outlet: O, published: 2025}]
series:
"""


def series(subject: str, metric: str, unit: str, *facts: str) -> str:
    told = ", ".join(f"{{{each}, source: s}}" for each in facts)
    return (
        f"  - {{id: {subject}.{metric}, title: T, subject: {subject}, metric: {metric},\n"
        f"     scope: all, unit: {unit}, publisher: own, method: not-stated, facts: [{told}]}}\n"
    )


@pytest.fixture
def ask(tmp_path: Path, evcli_run: Any) -> Ask:
    def asked(text: str, *words: str, code: int = 0) -> Any:
        (tmp_path / "p.yaml").write_text(HEAD + text, "utf-8")
        done = evcli_run(*words, "--facts", str(tmp_path), "--no-builtin")
        assert done.returncode == code, done.stderr
        return (done.stdout + done.stderr).decode()

    return asked


GDP = series("x1", "gdp", "USD", 'period: 2023, stated: "USD 12.4 billion"',
             'period: 2024, stated: "USD 12.9 billion"')  # fmt: skip


def test_a_metric_of_ones_own_gives_titles_and_rows_their_name(ask: Ask) -> None:
    for words in (["growth", "x1.gdp"], ["compare", "x1.gdp"], ["top", "--metric", "gdp"]):
        told = ask(GDP, *words)
        assert "GDP" in told
        assert "vehicles" not in told.casefold()
    (row,) = json.loads(ask(GDP, "growth", "x1.gdp", "--period", "2024", "--format", "json", "-q"))
    assert row["label"].startswith("Xland, GDP")


TRADE = series("x1", "trade", "USD", 'period: 2023, stated: "USD -3 million", precision: exact',
               'period: 2024, stated: "USD 2 million"')  # fmt: skip
TRADE += series("x2", "trade", "USD", 'period: 2024, stated: "USD -5 million"')


def test_balances_add_up_and_have_no_shares_and_no_growth_from_below_zero(ask: Ask) -> None:
    (total,) = json.loads(
        ask(TRADE, "total", "x1.trade@2024", "x2.trade@2024", "--format", "json", "-q")
    )
    # 1.5 to 2.5 million and -5.5 to -4.5 million
    ends = [total[each] for each in ("value", "low", "high")]
    assert ends == [-3_000_000, -4_000_000, -2_000_000]
    told = ask(TRADE, "share", "x1.trade@2024", "x2.trade@2024", code=4)
    assert "Trade balance is a balance, which has no parts" in told
    rows = json.loads(ask(TRADE, "top", "--metric", "trade", "--format", "json", "-q"))
    assert [(row["subject"], row["share"]) for row in rows] == [("x1", None), ("x2", None)]
    assert rows[0]["yoy"] is None
    assert ask(TRADE, "check").count("0 facts") == 0


def test_a_flow_is_not_below_zero(ask: Ask) -> None:
    text = series("x1", "gdp", "USD", 'period: 2024, stated: "USD -5 million"')
    assert "levels have no sign, but for metrics of kind: balance" in ask(text, "series", code=5)


def test_rates_do_not_add_up(ask: Ask) -> None:
    rates = [series(x, "jobless", "percent", 'period: 2024, stated: "5%"') for x in ("x1", "x2")]
    told = ask("".join(rates), "total", "x1.jobless@2024", "x2.jobless@2024", code=4)
    assert "Unemployment is a rate: it does not add up" in told


def test_places_are_those_that_comparing_each_with_each_gives() -> None:
    chance = Random(7)
    ends = [sorted(map(Fraction, chance.choices(range(30), k=2))) for _ in range(60)]
    bounds = [Bounds(chance.choice((a, a, None)), chance.choice((b, b, None))) for a, b in ends]
    for place, (_, best, worst) in enumerate(_places(bounds)):
        own, rest = bounds[place], [*bounds[:place], *bounds[place + 1 :]]
        assert best == 1 + sum(each.exceeds(own) for each in rest)
        assert worst == 1 + sum(
            each.high is None or own.low is None or each.high > own.low for each in rest
        )


def test_a_thousand_rows_are_ranked_at_once(ask: Ask, tmp_path: Path) -> None:
    """Quadratic, as it was, this took half a minute."""
    names = [f"m{at:04}" for at in range(1_000)]
    makers = "".join(f"    - {{id: {each}, name: {each}, kind: maker}}\n" for each in names)
    text = "vocabulary:\n  subjects:\n" + makers + "series:\n"
    for at, each in enumerate(names):
        facts = [f'period: {year}, stated: "{1_001 + at}"' for year in (2023, 2024)]
        text += series(each, "overseas-sales", "vehicles", *facts)
    (tmp_path / "more.yaml").write_text(text, "utf-8")
    told = ask(GDP, "top", "overseas-sales", "2024")
    assert "14 of 1,000 rows: --all" in told
    rows = json.loads(ask(GDP, "top", "overseas-sales", "2024", "--format", "json", "-q"))
    assert [row["value"] for row in rows] == [*range(2_000, 1_000, -1)]
    # every digit counts: 2,000 of 1,001 + ... + 2,000 = 1,500,500
    assert rows[0]["share"] == pytest.approx(2_000 / 1_500_500 * 100)
    assert {row["position_best"] - row["position_worst"] for row in rows} == {0}
