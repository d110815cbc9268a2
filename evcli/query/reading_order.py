"""The order in which a topic's rows are read, and which of them stand together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evcli.model.figure import Figure
from evcli.model.records import Series, Status
from evcli.model.vocabulary import ABROAD, WORLD, Vocabulary
from evcli.query.selection import BY_DIMENSION, BY_WINDOW, Wanted
from evcli.query.series_figures import SeriesFigures
from evcli.query.topic import Topic


class ReadingOrder:
    """The order of reading: groups that may be compared, in each the chief counter first."""

    def __init__(
        self, topic: Topic, known: Sequence[SeriesFigures], wanted: Wanted, words: Vocabulary
    ) -> None:
        self._topic = topic
        self._by = wanted.by if wanted.by in BY_DIMENSION else ""
        self._words = words
        self._by_window = wanted.by in BY_WINDOW  # series by series, each by calendar
        # whoever counts more often comes first
        self._often: Counter[tuple[str, ...]] = Counter()
        for each in known:
            windows = len(each.observed_periods())
            self._often[_kind_of_count(each.series)] += windows
            self._often[each.series.publisher,] += windows

    def __call__(self, figure: Figure) -> tuple[object, ...]:
        """Where the row of a figure stands."""
        series, topic = figure.series, self._topic
        start = figure.period.sort_key
        newest_first = (start[0], -(start[2].toordinal()), start[1])
        metric = topic.metrics.index(series.metric)
        scope = len(topic.scopes)
        if series.scope in topic.scopes:
            scope = topic.scopes.index(series.scope)
        depth = len(list(self._words.scope_and_wholes(series.scope)))
        often = -self._often[series.publisher,]
        part = series.destination not in (WORLD, ABROAD)
        plan = figure.status == Status.FORECAST
        within = (
            metric,
            series.subject,
            plan,
            part,
            often,
            scope,
            depth,
            series.destination,
            series.id,
        )
        if self._by_window:
            return (*within, start)
        apart: list[object] = [getattr(series, self._by) if self._by else ""]
        if "metric" in topic.apart:
            apart.append(metric)
        if "family" in topic.apart:
            family = topic.metrics.index(_family(series.metric))
            count = _kind_of_count(series)
            apart += [family, metric, -self._often[count], count]
        if "period" in topic.apart:
            return (*apart, newest_first, *within)
        return (*apart, *within, newest_first)

    def group(self, figure: Figure) -> str:
        """What all rows of a group have in common."""
        if self._by:
            return str(getattr(figure.series, self._by))
        values = {"period": str(figure.period), "family": _family(figure.series.metric)}
        return " ".join(
            values.get(name) or str(getattr(figure.series, name)) for name in self._topic.apart
        )


def _family(metric: str) -> str:
    """A share stands with what it is a share of."""
    return metric.removesuffix("-share").removesuffix("-average")


def _kind_of_count(series: Series) -> tuple[str, ...]:
    return (_family(series.metric), series.publisher, series.method, series.unit)
