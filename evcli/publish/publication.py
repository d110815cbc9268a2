"""A report put together: what its commands answer, and the sources behind it."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from evcli.errors import EvcliError
from evcli.model import picture
from evcli.model.answer import Answer, listed_in
from evcli.model.vocabulary import shown_unit
from evcli.publish.references import RIGHTS, References, letters_in, reference_text
from evcli.publish.sentences import sentences_on
from evcli.query.figures import Figures
from evcli.store.history import record_name
from evcli.text.numbers import between
from evcli.version import __version__

_SET_ASIDE = ("contradiction", "revision")
_FINDINGS = "What does not fit, and what was set aside"
_FINDINGS_TEXT = (
    "Figures that cannot all hold, and figures that their publisher restated. "
    "The tables above show what stands."
)

# what a command line of evcli answers on the same packs: its rows, and what it would draw
Ask = Callable[[Sequence[str]], tuple[Answer, Sequence[picture.Picture]]]


def publication(
    outline: picture.ReportOutline, source: Figures, ask: Ask, options: Sequence[str]
) -> picture.Publication:
    """Everything that *outline* asks for.

    *options* name the packs that *source* was opened with, behind every command on the page.
    Raises what the commands raise, with their place and the heading of the section in front.
    """
    store = source.store
    sections = [_section(each, ask, options) for each in outline.sections]
    references = References(store)
    figures: list[picture.KeyFigure] = []
    for id_, where in outline.figures:
        with _named(where):
            figures += _figures(id_, source, references, options)
    shown = [str(row.get("id") or "") for each in sections for row in each.answer.rows]
    shown += [id_ for id_, _ in outline.figures]
    parts = (each for id_ in shown for each in id_.rpartition(":")[2].split(","))
    names = dict.fromkeys(each.partition("@")[0] for each in parts if "@" in each)
    series = list(dict.fromkeys(each for name in names for each in store.match_series(name)))
    findings = _findings([each.id for each in series], ask, options)
    for section in filter(None, [*sections, findings]):
        for row in section.answer.rows:
            for each in listed_in(row, "sources"):
                references.mark(each)
    definitions: dict[str, str] = {}  # what is counted and how, in the order in which it comes up
    for one in series:
        for word in (source.words.metrics.get(one.metric), source.words.methods.get(one.method)):
            if word is not None and word.definition:
                definitions.setdefault(word.name, word.definition)
    return picture.Publication(
        outline.title,
        outline.lead,
        tuple(figures),
        tuple(sections),
        tuple(definitions.items()),
        findings,
        {each.source.id: (reference_text(each), each.source.url) for each in references.listed()},
        f"Made by evcli {__version__} from {record_name(store)}. {RIGHTS}",
    )


def _section(
    section: picture.RequestedSection, ask: Ask, options: Sequence[str]
) -> picture.ReportSection:
    with _named(f"{section.where}: {section.heading}"):
        answer, pictures = ask(section.arguments)
    shown = tuple(each for each in pictures if each.marks) if section.chart else ()
    command = _command([*section.arguments, *options])
    return picture.ReportSection(section.heading, command, answer, section.text, shown)


@contextmanager
def _named(what: str) -> Iterator[None]:
    """Within it an error says first *what* it is about."""
    try:
        yield
    except EvcliError as error:
        error.args = (f"{what}: {error}", *error.args[1:])
        raise


def _figures(
    id_: str, source: Figures, references: References, options: Sequence[str]
) -> list[picture.KeyFigure]:
    """The sentences on one id, with bounds; their letters go behind them."""
    sentences, figures = sentences_on(source, id_, references)
    bounds = ""  # what the wording of a stated figure allows; the sentence on a derived one has it
    if len(figures) == len(sentences) == 1 and figures[0].basis == "stated":
        low, high = figures[0].bounds
        known = between(low, high)
        bounds = f"Bounds: {known} {shown_unit(figures[0].unit)}." if known else ""
        bounds = "Exactly that many." if known and low == high else bounds
    by_letter = {letter: each for each, letter in references.letters.items()}
    return [
        picture.KeyFigure(
            "".join(part for part in sentence if isinstance(part, str)),
            _command(["cite", id_, *options]),
            tuple(by_letter[letter] for letter in letters_in(sentence)),
            bounds,
        )
        for sentence in sentences
    ]


def _findings(
    series: Sequence[str], ask: Ask, options: Sequence[str]
) -> picture.ReportSection | None:
    """Contradictions and restatements on the series of the report, those acknowledged too."""
    if not series:
        return None
    arguments = ["check", *series, "--acknowledged"]
    answer, _ = ask([*arguments, "-q"])
    rows = [row for row in answer.rows if row.get("verdict") in _SET_ASIDE]
    if not rows:
        return None
    shown = answer._replace(rows=rows, notes=(), title="")
    return picture.ReportSection(_FINDINGS, _command([*arguments, *options]), shown, _FINDINGS_TEXT)


def _command(arguments: Sequence[str]) -> str:
    return f"evcli {shlex.join(arguments)}"
