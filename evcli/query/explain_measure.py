"""Where a trade measure comes from, as hops of an explanation."""

from __future__ import annotations

from collections.abc import Iterator

from evcli.model.answer import Value
from evcli.model.records import Measure
from evcli.query.hops import Hop, source_hop
from evcli.store.reader import Store


def measure_hops(store: Store, measure: Measure) -> Iterator[Hop]:
    """A trade measure: what it is, its rate, what it stands beside, and all its sources."""
    rate = f"{measure.rate_stated} on top of {measure.on_top_of}".removesuffix(" on top of ")
    dates = [f"from {measure.start}"] if measure.start else []
    dates += [f"until {measure.until}"] if measure.until else []
    told = (measure.instrument, measure.stage, measure.target, measure.subject, rate, *dates)
    fields: dict[str, Value] = {"at": " ".join((measure.source, *measure.at))}
    fields.update(source=measure.source, note=measure.note, period=str(measure.start or ""))
    if measure.rate is not None:
        bounds = measure.rate.bounds
        fields.update(value=measure.rate.value, low=bounds.low, high=bounds.high)
        fields["unit"] = measure.rate.unit
    if measure.place is not None:
        fields.update(file=measure.place.file, line=measure.place.line)
    text = f"{measure.jurisdiction}: {', '.join(filter(None, told))}"
    yield Hop(0, "measure", measure.id, text, fields)
    if measure.reason:
        yield Hop(1, "deprecated", measure.id, measure.reason, {})
    for label, others in (
        ("minimum", (measure.minimum,)),
        ("quota", (measure.quota,)),
        ("suspended", [f"{begin} until {end}" for begin, end in measure.suspended]),
        ("replaces", measure.replaces),
        ("excepted from", measure.excepts),
        ("note", (measure.note,)),
    ):
        for each in filter(None, others):
            yield Hop(1, label, measure.id, each, {})
    for source in store.sources((measure.source, *measure.confirmed_by)):
        yield source_hop(source, 1, "source" if source.id == measure.source else "confirmed by")
