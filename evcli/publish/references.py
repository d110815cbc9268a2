r"""The sources that sentences rest on, each with one letter, and citations in every style.

>>> page = Source("a-1", "Page on exports (CAAM), up to 2025-05; title not recorded", "SteelOrbis")
>>> title_of(page), supplied_title(page)
('', 'Page on exports (CAAM), up to 2025-05')
>>> escaped("100% of R&D in {China}_2025 #1, 比亚迪")
'100\\% of R\\&D in \\textbraceleft{}China\\textbraceright{}\\_2025 \\#1, 比亚迪'
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from evcli.grouping import grouped
from evcli.model.answer import letter
from evcli.model.period import SHORT_MONTHS
from evcli.model.records import Fact, Source
from evcli.store.reader import Store
from evcli.text.characters import in_markdown, printable
from evcli.tuples import NamedTuple

RIGHTS = (
    "The licence, CC BY 4.0, covers the selection, structure and notes of the built-in facts; "
    "the words of a source, of which a figure's own are quoted, stay its publisher's."
)
# what stands in the place of a title that the curators did not have
_NO_TITLE = re.compile(r"; title not recorded$| \(no headline in the text\)$")
_NOT_READ = re.compile(r" \((?:[^()]*, )?not read\)$")
_NO_OUTLET = "not named in the text"


Marks = tuple[str, ...]  # footnote letters at one place of a sentence
Sentence = tuple[str | Marks, ...]


def in_order(letters: Iterable[str]) -> Marks:
    """Letters in the order of the list, each once.

    >>> in_order(["aa", "b", "b"])
    ('b', 'aa')
    """
    return tuple(sorted(set(letters), key=lambda name: (len(name), name)))


class Reference(NamedTuple):
    """A source under its letter; ``origins`` are the documents that its figures were taken from."""

    letter: str
    source: Source
    origins: tuple[Source, ...] = ()


class Citation(NamedTuple):
    """Sentences, the sources that their letters stand for, and the record they are from."""

    sentences: tuple[Sentence, ...]
    references: tuple[Reference, ...]
    record: str
    notes: tuple[str, ...] = ()  # of curators on a figure; no part of its sentence


class References:
    """Gives letters to sources in the order in which they are first mentioned."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.letters: dict[str, str] = {}  # by the id of the source
        self._origins: dict[str, dict[str, None]] = {}

    def marks(self, facts: Iterable[Fact]) -> Marks:
        """The letters of the sources of *facts*, each once; where they took them from is kept."""
        found = []
        for fact in facts:
            found.append(self.mark(fact.source))
            if fact.origin != fact.source:
                self._origins[fact.source].setdefault(fact.origin)
        return in_order(found)

    def mark(self, source: str) -> str:
        """The letter of one source."""
        self._origins.setdefault(source, {})
        return self.letters.setdefault(source, letter(len(self.letters)))

    def listed(self) -> tuple[Reference, ...]:
        """Every source mentioned, in the order of the letters."""
        named = {id_ for origins in self._origins.values() for id_ in origins}
        known = {each.id: each for each in self._store.sources([*self.letters, *named])}
        missing = {each.origin for each in known.values() if each.origin} - known.keys()
        known.update((each.id, each) for each in self._store.sources(sorted(missing)))
        entries = []
        for id_, name in self.letters.items():
            origins = dict.fromkeys((*self._origins[id_], known[id_].origin))
            documents = tuple(known[each] for each in origins if each in known)
            entries.append(Reference(name, known[id_], documents))
        return tuple(entries)


def title_of(source: Source) -> str:
    """The title; empty where it is not known."""
    return "" if _NO_TITLE.search(source.title) else printable(_NOT_READ.sub("", source.title))


def supplied_title(source: Source) -> str:
    """What the page is about, where its own title is not known; else empty."""
    return printable(_NO_TITLE.sub("", source.title)) if _NO_TITLE.search(source.title) else ""


def outlet_of(source: Source) -> str:
    """Who printed it; empty where nobody is named."""
    return "" if source.outlet.startswith(_NO_OUTLET) else printable(source.outlet)


def where_of(source: Source) -> str:
    """Outlet and date, as far as they are known."""
    return ", ".join(filter(None, (outlet_of(source), str(source.published or ""))))


def origin_note(reference: Reference) -> str:
    """Where its figures were first stated, and whether anybody read it; empty if neither is known.

    >>> release = Source("r", "CAAM monthly figures for May 2025 (not read)", "CAAM", read=False)
    >>> origin_note(Reference("a", Source("b", "Exports rise", "Paper"), (release,)))
    'First stated in CAAM monthly figures for May 2025 (CAAM).'
    """
    documents = []
    for each in reference.origins:
        title, where = title_of(each) or supplied_title(each), where_of(each)
        documents.append(f"{title} ({where})" if where else title)
    notes = [f"First stated in {'; '.join(documents)}."] if documents else []
    notes += [] if reference.source.read else ["Known through other sources, not read itself."]
    return " ".join(notes)


def text_lines(citation: Citation) -> Iterator[str]:
    """Plain text: letters in square brackets; what several were taken from is said once."""
    for sentence in citation.sentences:
        yield f"{plain_sentence(sentence)}\n"
    if citation.sentences and citation.references:
        yield "\n"
    by_origin = grouped(citation.references, origin_note)
    for each in citation.references:
        alone = len(by_origin[origin_note(each)]) == 1
        yield f"[{each.letter}] {reference_text(each, origin=alone)}\n"
    for note, these in by_origin.items():
        if note and len(these) > 1:
            yield f"[{', '.join(each.letter for each in these)}] {note}\n"
    yield "\n"
    yield f"{citation.record}\n"


def reference_text(reference: Reference, *, origin: bool = True) -> str:
    """The entry of one source in the list, without its letter: title, outlet, date, address and
    *origin*; in square brackets a title that is not its own.
    """
    source, title = reference.source, title_of(reference.source)
    known = filter(None, (title, where_of(source)))
    parts = (
        *(each if each.endswith((".", "!", "?", "。")) else f"{each}." for each in known),
        "" if title else f"[{supplied_title(source)}].",
        "" if source.published else "No date.",
        printable(source.url),
        *terms_of(source),
        origin_note(reference) if origin else "",
    )
    return " ".join(filter(None, parts))


def terms_of(source: Source) -> list[str]:
    """The licence of a source and how its owner wants to be named, where these are known."""
    licence = "" if source.licence == "unknown" else f"Licence: {printable(source.licence)}."
    named = f"Attribution: {printable(source.attribution)}." if source.attribution else ""
    return [each for each in (licence, named) if each]


def letters_in(sentence: Sentence) -> Marks:
    """Every letter in the sentence."""
    return tuple(name for part in sentence if not isinstance(part, str) for name in part)


def plain_sentence(sentence: Sentence) -> str:
    """The sentence with its letters in brackets.

    >>> plain_sentence(("It came to 212,000 vehicles in May 2025", ("a", "b"), "."))
    'It came to 212,000 vehicles in May 2025 [a, b].'
    """
    text = ""
    for part in sentence:
        if isinstance(part, str):
            text += part
        else:
            space = "" if text.endswith((" ", "(")) or not text else " "
            text += f"{space}[{', '.join(part)}]"
    return text


def csl_json_lines(citation: Citation) -> Iterator[str]:
    """A JSON array of items in the order of the letters; what is not known stands under no key."""
    items = []
    for source, kind, note, annote in _entries(citation):
        fields = {
            "id": source.id,
            "type": kind,
            "title": title_of(source),
            "publisher" if kind == "report" else "container-title": outlet_of(source),
            "issued": source.published
            and {"date-parts": [[*map(int, str(source.published).split("-"))]]},
            "URL": printable(source.url),
            "note": note,
            "annote": annote,
        }
        items.append({name: value for name, value in fields.items() if value})
    yield json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _entries(citation: Citation) -> Iterator[tuple[Source, str, str, str]]:
    """Each source, its kind, a note (what it is about where its title is not known, where it has
    its figures from) and an annotation (letter, record, the sentences that rest on it).
    """
    for each in citation.references:
        source, letter, supplied = each.source, each.letter, supplied_title(each.source)
        # a source's card does not say whether a newspaper printed it
        kind = "webpage" if source.url else "report" if source.publisher else "article"
        about = f"No title recorded: {supplied}." if supplied else ""
        note = " ".join(filter(None, (about, origin_note(each), *terms_of(source))))
        resting = [plain_sentence(e) for e in citation.sentences if letter in letters_in(e)]
        yield source, kind, note, " ".join([f"Footnote {letter}; {citation.record}.", *resting])


def markdown_lines(citation: Citation) -> Iterator[str]:
    """Markdown with footnotes; as a list those sources that no sentence mentions, since a footnote
    that nothing points to is not shown.
    """
    mentioned = {letter for sentence in citation.sentences for letter in letters_in(sentence)}
    for sentence in citation.sentences:
        for part in sentence:
            yield in_markdown(part) if isinstance(part, str) else "".join(map("[^{}]".format, part))
        yield "\n\n"
    for each in citation.references:
        label = f"[^{each.letter}]:" if each.letter in mentioned else f"- \\[{each.letter}\\]"
        yield f"{label} {in_markdown(reference_text(each), printable(each.source.url))}\n"
    yield f"\n{in_markdown(citation.record)}\n"


# braces as commands: BibTeX counts a brace even where a backslash stands before it
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20", '"': "%22"})


def bibtex_lines(citation: Citation) -> Iterator[str]:
    """The record as a comment, then an entry for each reference in the order of the letters."""
    yield f"% {citation.record}\n"
    for source, kind, note, annote in _entries(citation):
        report = kind == "report"
        year, month, day = [*str(source.published or "").split("-"), "", ""][:3]
        title = escaped(title_of(source))
        fields = {
            "title": f"{{{title}}}" if title else "",
            "institution" if report else "howpublished": escaped(outlet_of(source)),
            "year": year,
            "month": SHORT_MONTHS[int(month) - 1].lower() if month else "",
            "day": day.lstrip("0"),
            "url": printable(source.url).translate(_IN_ADDRESS),
            "note": escaped(note),
            "annote": escaped(annote),
        }
        yield f"\n@{'techreport' if report else 'misc'}{{{source.id},\n"
        for name, value in fields.items():
            if value:  # a month is a name that BibTeX knows
                yield f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n"
        yield "}\n"


def escaped(text: str) -> str:
    """*text* as TeX prints it; letters of every script stay what they are."""
    return text.translate(_ESCAPES)


# every style: how it is written
STYLES: Mapping[str, Callable[[Citation], Iterator[str]]] = {
    "text": text_lines,
    "markdown": markdown_lines,
    "bibtex": bibtex_lines,
    "csl-json": csl_json_lines,
}


def left_out(citation: Citation, style: str) -> list[str]:
    """Sentences that a style of references alone has no place for, since no source bears them."""
    if style in ("text", "markdown"):
        return []
    return [plain_sentence(each) for each in citation.sentences if not letters_in(each)]
