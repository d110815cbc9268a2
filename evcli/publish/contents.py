"""What goes into a package: the figures asked for, and all that they rest on.

A package stands alone. Its facts are those of the series and periods asked for and every other
that a figure rests on; with them come their series, their sources, and where these have it from.

The fields of records follow from ``schema/fields.toml``, those of figures from what is printed.

>>> from evcli.model.vocabulary import Method
>>> methods = table_of("methods", [row(Method("by-hand", "Counted by hand"))])
>>> [field.name for field in methods.fields], [[*row.values()] for row in methods.rows]
(['id', 'name', 'definition', 'short'], [['by-hand', 'Counted by hand', '', '']])
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from evcli.grouping import reached
from evcli.model.answer import Answer, Column, Kind, Row
from evcli.model.figure import Figure
from evcli.model.quantity import Quantity
from evcli.model.records import Fact, Plant, Series, Source
from evcli.model.vocabulary import VOCABULARY, Unit, UnitKind, Vocabulary, unit_words
from evcli.query.catalogue import chosen_facts
from evcli.query.figures import Figures
from evcli.query.rows import COMPUTED_COLUMNS, figure_row
from evcli.query.selection import BASES, Query
from evcli.query.windows import selected_figures
from evcli.schema.records import KINDS, Field, columns, inside, numbering, row
from evcli.store.history import record_name
from evcli.store.reader import Store
from evcli.text.stated import StatedError, parse_stated
from evcli.tuples import NamedTuple


class PackageTable(NamedTuple):
    """One table, to be written as CSV and Parquet."""

    name: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()  # the fields that together name a row, none where nothing does
    rows: tuple[Row, ...] = ()


def table_of(name: str, rows: Iterable[Row], *also: Field) -> PackageTable:
    """The table of a kind of records with these rows; *also* are columns before its own."""
    kind = KINDS[name]
    fields = (*also, *columns(kind.record))
    return PackageTable(name, kind.description, fields, kind.key, tuple(rows))


def tables_of(items: Mapping[str, Iterable[Any]]) -> list[PackageTable]:
    """A table for each kind of records, with these as rows."""
    return [
        table_of(name, map(row, found.values() if isinstance(found, Mapping) else found))
        for name, found in items.items()
    ]


def definitions_of(words: Vocabulary) -> dict[str, Answer]:
    """What is counted, which part of it, by whom and how: rows by the name of their table."""
    names = ("metrics", "scopes", "methods", "publishers")
    return {
        table.name: Answer(tuple(Column(each.name, each.type) for each in table.fields), table.rows)
        for table in tables_of({name: getattr(words, name) for name in names})
    }


def source_tables(sources: Sequence[Source]) -> Iterator[PackageTable]:
    """Sources, what is wrong in them, and which of their numbers are no facts."""
    yield from tables_of({"sources": sources})
    for attribute, kind in inside(Source).items():
        pairs = ((source.id, each) for source in sources for each in getattr(source, attribute))
        rows = ({"source": id_, **row(each)} for id_, each in pairs)
        yield table_of(kind.name, rows, _OF_RECORDS["source"])


def fact_table(
    facts: Iterable[Fact], series: Mapping[str, Series], words: Vocabulary
) -> PackageTable:
    """Facts as written, each with the value and bounds that its words mean."""
    known_words = unit_words(words.units.values())
    rows = []
    for fact in facts:
        unit, meant = words.units[series[fact.series].unit], fact.quantity
        precision = precision_of(fact.stated, meant, unit, known_words) if meant else None
        rows.append(row(fact, precision=precision))
    return table_of("facts", rows)


def precision_of(
    stated: str, meant: Quantity, unit: Unit, words: Mapping[str, str]
) -> Fraction | None:
    """How finely *stated* was meant, told from the bounds; None where only one reading exists.

    A fact may take its precision from its own entry, its series or its publisher. Only what it
    came to is known, and that is all that reads the same bounds back anywhere.
    ValueError where no precision gives *meant*, which no loaded fact can bring about.
    """
    signed = (meant.bounds.low or 0) < 0

    def reads(precision: Fraction | None) -> bool:
        try:
            read = parse_stated(stated, unit, precision=precision, words=words, signed=signed)
        except StatedError:
            return False
        return read == meant

    if unit.kind is not UnitKind.COUNT and reads(None):  # of counts the publisher may decide
        return None
    widths = [Fraction(0), Fraction(1), Fraction(10**14)]  # the finest and the coarsest
    if all(map(reads, widths)):
        return None
    if (width := meant.bounds.width) is not None:
        # "about" and its like are meant twice as widely
        widths = [width / 2 if meant.qualifier else width, width, *widths]
    for width in widths:
        if width.denominator == 1 and reads(width):
            return width
    raise ValueError(f"no precision of {stated!r} gives {meant}")


_APART = ("measures", "events", "claims", "acknowledged", "outlets")  # no figure rests on them
_OF_RECORDS = {field.name: field for field in (*columns(Series), *columns(Fact))}


def _fields() -> Iterator[Field]:
    """The columns of the output, the series behind its figure."""
    for column in COMPUTED_COLUMNS:
        if column.kind is Kind.NOTES:
            continue  # note has their texts
        name, description = column.name, column.description
        if column.kind is Kind.LIST:
            description = f"{description.removesuffix('.')}, separated by spaces."
        kind = Kind.NUMBER if column.kind is Kind.CHANGE else column.kind
        yield Field(
            name,
            description,
            type=Kind.DAY if name in ("start", "end") else kind,
            rounding=column.rounding,
            filled=name in ("id", "period"),
            refers_to=_OF_RECORDS[name].refers_to if name in _OF_RECORDS else "",
            choices=(*BASES, "both") if name == "basis" else (),
        )
        if name == "id":
            yield _OF_RECORDS["series"]


def figure_tables(figures: Sequence[Figure], words: Vocabulary) -> Iterator[PackageTable]:
    """Figures, and which sources and facts each rests on."""
    name = numbering()  # for a key names one row
    named = [(name(figure.id), figure) for figure in figures]
    rows = [{**figure_row(each, words), "id": id_, "series": each.series.id} for id_, each in named]
    about = "What is known of each series and period: a value with bounds."
    yield PackageTable("figures", about, tuple(_fields()), ("id",), tuple(rows))
    of_figure = Field("figure", "The figure.", filled=True, refers_to="figures")
    sources = [(id_, other) for id_, each in named for other in each.sources]
    facts = [(id_, fact.id) for id_, each in named for fact in each.facts()]
    for what, links in (("source", sources), ("fact", facts)):
        rests_on = Field(what, f"A {what} it rests on.", filled=True, refers_to=f"{what}s")
        rows = [{"figure": id_, what: other} for id_, other in links]
        about, fields = f"Which {what}s each figure rests on, one a row.", (of_figure, rests_on)
        yield PackageTable(f"figure_{what}s", about, fields, ("figure", what), tuple(rows))


class Contents(NamedTuple):
    """All tables of a package, in an order in which each refers only to itself and earlier ones."""

    tables: tuple[PackageTable, ...]
    sources: tuple[Source, ...]
    figures: tuple[Figure, ...]
    digest: str  # the whole fingerprint of the record
    record: str  # what it is called
    newest: str  # the day of the newest source, empty where none is dated
    selection: str = ""  # what was asked for in words, empty for the whole record
    as_of: str = ""
    added: bool = False  # facts of others are among them, for which the built-in terms do not hold


def contents(
    source: Figures, series: Sequence[Series], wanted: Query, *, selection: str
) -> Contents:
    """Collect what a package holds, plans too; *selection* empty packages the whole record."""
    store = source.store
    wanted = wanted._replace(where=wanted.where._replace(plans=True))
    figures = selected_figures(source, series, wanted)
    facts = _facts(source, series, wanted, figures)
    whole = not selection and source.as_of is None
    known = _series(store, (fact.series for fact in facts), figures, whole=whole)
    sources = store.sources() if whole else _sources(store, facts)
    days = [day for each in sources if each.published and (day := each.published.start)]
    others: dict[str, Iterable[Any]] = {}
    if whole:
        plants = store.every(Plant)
        of_plants = [fact for plant in plants for fact in plant.facts]
        others = {"plants": plants, "plant_facts": of_plants}
        others |= {name: store.every(KINDS[name].record) for name in _APART}
    tables = (
        *tables_of({name: getattr(source.words, name) for name in VOCABULARY}),
        *source_tables(sources),
        *tables_of({"series": known}),
        fact_table(facts, {each.id: each for each in known}, source.words),
        *figure_tables(figures, source.words),
        *tables_of(others),
    )
    return Contents(
        tables,
        tuple(sources),
        tuple(figures),
        store.digest,
        record_name(store),
        max(days).isoformat() if days else "",
        selection,
        source.as_of or "",
        bool(store.choice and store.choice.facts),
    )


def _facts(
    source: Figures, series: Sequence[Series], wanted: Query, figures: Iterable[Figure]
) -> list[Fact]:
    """The facts asked for, deprecated ones too, and those that figures rest on; in file order."""
    asked = chosen_facts(source, series, wanted)
    rested_on = (fact for figure in figures for fact in figure.facts())
    ids = {fact.id for facts in (asked, rested_on) for fact in facts}
    of_series = dict.fromkeys(fact.partition("@")[0] for fact in sorted(ids))
    return [fact for fact in source.facts(list(of_series)) if fact.id in ids]


def _series(
    store: Store, of_facts: Iterable[str], figures: Iterable[Figure], *, whole: bool
) -> list[Series]:
    """The series that are needed, and the part and whole of every share among them."""
    if whole:
        return store.series(store.all_series_ids())

    def related(name: str) -> Iterable[str]:
        [each] = store.series([name])
        return filter(None, (each.part, each.whole))

    needed = (*of_facts, *(figure.series.id for figure in figures))
    return store.series(sorted(reached(needed, related)))


def _sources(store: Store, facts: Iterable[Fact]) -> list[Source]:
    """The sources of *facts* and all that these repeat, in file order."""
    known = {each.id: each for each in store.sources()}
    stated = (name for fact in facts for name in (fact.source, fact.origin) if name)
    wanted = {*reached(stated, lambda name: filter(None, [known[name].origin]))}
    return [each for each in known.values() if each.id in wanted]
