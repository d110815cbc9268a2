"""Pictures written to a file: SVG, PNG or HTML, all of one drawing with its fonts embedded.

The middle is drawn by Vega, from a specification for which ``templates.json`` says how pictures
look: bounds are whiskers, derived points hollow, windows that do not follow each other are not
joined, colours are those of Okabe and Ito, which people with any colour vision tell apart. What
stands above and under it is set here, so that the same words are in every format.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from html import escape
from itertools import repeat
from operator import itemgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from evcli.errors import UsageError
from evcli.files import write_whole
from evcli.model.answer import Answer
from evcli.model.period import Period
from evcli.model.picture import ChartSeries, Mark, Picture, Shape, joined
from evcli.text.lists import listed
from evcli.text.numbers import scale_of

Spec = dict[str, Any]
_TEMPLATES = Path(__file__).with_name("templates.json").read_text("utf-8")
COMMON: Spec = json.loads(_TEMPLATES)["common"]
_BAR = 26  # the height of one
_MOST_DATES = 9
_MOST_LABELS = 60  # bars beyond which a picture cannot be read


def spec_of(picture: Picture) -> Spec:
    """The specification of *picture*, without what stands above and under it.

    >>> from evcli.model.quantity import Bounds
    >>> mark = Mark("BYD", Fraction(5), Bounds(Fraction(4), Fraction(6)))
    >>> spec_of(Picture(Shape.BARS, "Makers", "vehicles", (ChartSeries("", (mark,)),)))["height"]
    26
    """
    bars = picture.shape is Shape.BARS
    spec: Spec = COMMON | json.loads(_TEMPLATES)["bars" if bars else "time"]
    extent = picture.extent or (Fraction(0), Fraction(0))
    size, name = scale_of(max(map(abs, extent)))  # what numbers are divided by
    value = spec["layer"][0]["encoding"]["x" if bars else "y"]
    value["title"] = f"{name} {picture.unit}".strip()
    if bars:
        marks = picture.marks[:_MOST_LABELS]
        rows = [{"order": at, **_of(mark, size)} for at, mark in enumerate(marks)]
        for row in rows:  # where only ends are known, as far as it surely goes
            row["length"] = row["low"] if row["value"] is None else row["value"]
        spec["height"] = _BAR * len(marks) or _BAR
        spec["data"] = {"values": rows}
        labels = [mark.label for mark in marks]  # two may be the same
        expression = f"{json.dumps(labels, ensure_ascii=False)}[datum.value]"
        spec["encoding"]["y"]["axis"]["labelExpr"] = expression
    else:
        # the axis starts at zero, but not where all numbers are far from it
        value["scale"]["zero"] = not picture.extent or extent[0] < extent[1] / 2
        _fill_time(spec, picture, size)
    return spec


def _fill_time(spec: Spec, picture: Picture, size: int) -> None:
    spec["data"] = {"values": [row for each in picture.series for row in _points(each, size)]}
    # a label under some of the windows that are drawn, evenly spread
    dated = [(mark.period, mark.label) for mark in picture.marks if mark.period is not None]
    labels = sorted({_middle(period): label for period, label in dated if period.start}.items())
    shown = dict(labels[:: -(-len(labels) // _MOST_DATES) or 1])
    expression = f"{json.dumps(shown)}[datum.value]"
    spec["encoding"]["x"]["axis"] |= {"values": list(shown), "labelExpr": expression}
    names = [each.name for each in picture.series]
    colour = spec["encoding"]["color"]
    points = next(layer["encoding"] for layer in spec["layer"] if "shape" in layer["encoding"])
    for channel in (colour, points["fill"], points["shape"]):
        channel["scale"]["domain"] = names
    if len(names) == 1:
        colour["legend"] = points["shape"]["legend"] = None


def _points(series: ChartSeries, size: int) -> list[Spec]:
    rows: list[Spec] = []
    run = 0
    marks = [mark for mark in series.marks if mark.drawn and mark.period and mark.period.start]
    for mark, follows in zip(marks, [False, *joined(marks)], strict=False):
        assert mark.period is not None
        run += not follows
        place = {"series": series.name, "run": f"{series.id} {run}", "at": _middle(mark.period)}
        rows.append({**place, **_of(mark, size)})
        run += mark.value is None  # a line from bounds without a point would be made up
    return rows


def _of(mark: Mark, size: int) -> Spec:
    numbers = {"value": mark.value, **mark.bounds._asdict()}
    numbers["end"] = next((each for each in numbers.values() if each is not None), None)
    shown = {name: None if each is None else float(each / size) for name, each in numbers.items()}
    return {"label": mark.label, **shown, "hollow": mark.hollow}


def _middle(period: Period) -> int:
    """The middle of a window, in half days: a year stands over its middle, not its first day."""
    start, end = period.start, period.end
    assert start is not None
    assert end is not None
    return start.toordinal() + end.toordinal()


FONTS = Path(__file__).with_name("fonts")
_CONFIG = COMMON["config"]
_FAMILY = ", ".join(f"'{name}'" if " " in name else name for name in _CONFIG["font"].split(", "))
_INK, _FAINT = _CONFIG["axis"]["labelColor"], _CONFIG["axis"]["gridColor"]
_PAPER = COMMON["background"]
_MARGIN, _WIDE = 24, COMMON["width"] + 2 * 24 + 12
_FAINTLY = ' fill-opacity="0.75"'
_SOURCES = 3  # named under a chart; --format json names all
_SIZE = re.compile(r'<svg[^>]*\bwidth="([\d.]+)" height="([\d.]+)"[^>]*>')
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_IDS = re.compile(r'((?:\bid="|url\(#|href="#))([^")]+)')


def drawn(pictures: Sequence[Picture], name: str = "") -> str:
    """One SVG image of *pictures*, one under the other; its ids begin with *name*."""
    parts: list[str] = []
    top = float(_MARGIN)

    def write(text: str, size: int, leading: float, weight: str = "", opacity: str = "") -> None:
        nonlocal top
        for line in _lines(text, size):
            top += size * leading
            parts.append(
                f'<text x="{_MARGIN}" y="{top:g}" font-family="{_FAMILY}" font-size="{size}"'
                f'{weight} fill="{_INK}"{opacity}>{escape(line, quote=False)}</text>'
            )

    for number, picture in enumerate(pictures):
        # the image as a whole has a description, its parts have none
        drawing = drawer().vegalite_to_svg(spec_of(picture), vl_version="5.21")
        drawing = _ROLES.sub("", drawing)
        drawing = _IDS.sub(rf"\g<1>{name}p{number}-\g<2>", drawing)
        size = _SIZE.match(drawing)
        assert size is not None  # Vega writes it
        width, height = float(size[1]), float(size[2])
        write(picture.title, 17, 1.35, weight=' font-weight="600"')
        write(_span(picture), 12, 1.35, opacity=_FAINTLY)
        top += 10
        body = drawing[size.end() : drawing.rindex("</svg>")]
        parts.append(
            f'<svg x="{_MARGIN}" y="{top:g}" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}">{body}</svg>'
        )
        top += height + 6
        for text in (legend(picture), *picture.notes):
            write(text, 12, 1.45)
        write(source_line(picture), 11, 1.45, opacity=_FAINTLY)
        top += _MARGIN
    title = "; ".join(picture.title for picture in pictures)
    about = " ".join(picture.description for picture in pictures)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'role="img" aria-labelledby="{name}chart-title {name}chart-about" '
        f'width="{_WIDE}" height="{top:g}" viewBox="0 0 {_WIDE} {top:g}">'
        f'<title id="{name}chart-title">{escape(title, quote=False)}</title>'
        f'<desc id="{name}chart-about">{escape(about, quote=False)}</desc>'
        f"<style>{faces()}</style>"
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>{"".join(parts)}</svg>\n'
    )


def themed(svg: str) -> str:
    """The image for a page that has colours of its own: ``--ink``, ``--faint`` and ``--paper``.

    >>> themed('<path fill="#1b1f24"/>')
    '<path fill="var(--ink)"/>'
    """
    for colour, name in ((_INK, "ink"), (_FAINT, "faint"), (_PAPER, "paper")):
        svg = svg.replace(f'"{colour}"', f'"var(--{name})"')
    return re.sub(r"<style>.*?</style>", "", svg, count=1, flags=re.DOTALL)


@cache
def faces() -> str:
    """The style rules that embed the fonts, for a page that holds several images."""
    return "".join(
        f"@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/woff2;base64,"
        f"{base64.b64encode((FONTS / name).read_bytes()).decode()}) format('woff2')}}"
        for weight, name in ((400, "inter-regular.woff2"), (600, "inter-semibold.woff2"))
    )


def _span(picture: Picture) -> str:
    """From when to when a picture over time goes."""
    dated = [(mark.period.sort_key, mark.label) for mark in picture.marks if mark.period]
    if picture.shape is not Shape.TIME or len(dated) < 2:
        return ""
    dated.sort(key=itemgetter(0))
    return f"{dated[0][1]} to {dated[-1][1]}"


def source_line(picture: Picture) -> str:
    """Where the figures are from, as far as a line under a chart can say it.

    >>> from evcli.model.picture import ChartSeries
    >>> five = Picture(Shape.BARS, "", "", (), sources=("A (X, 2025)", "B", "C", "D", "E"))
    >>> source_line(five)
    'Sources: A (X, 2025); B; C; and 2 more (evcli sources)'
    """
    shown, rest = picture.sources[:_SOURCES], picture.sources[_SOURCES:]
    if not shown:
        return ""
    if len(rest) == 1:
        shown, rest = picture.sources, ()
    more = [f"and {len(rest)} more (evcli sources)"] if rest else []
    return f"{'Sources' if len(picture.sources) > 1 else 'Source'}: {'; '.join([*shown, *more])}"


def legend(picture: Picture) -> str:
    """What the signs mean that are drawn in *picture*."""
    marks = picture.marks
    derived = any(mark.derived for mark in marks)
    least, most = ("up", "down") if picture.shape is Shape.TIME else ("right", "left")
    plans = "Plans and targets are hollow, too." if derived else "Hollow: a plan or target."
    meanings = {
        "Whiskers: what the wording of the sources allows.": any(m.bounds.width for m in marks),
        f"Arrows: at least ({least}) or at most ({most}) so much.": any(m.is_open for m in marks),
        "Hollow: derived from other figures, stated by no source.": derived,
        plans: any(mark.forecast for mark in marks),
    }
    return " ".join(text for text, drawn in meanings.items() if drawn)


def _lines(text: str, size: int) -> Iterator[str]:
    """*text* in lines that fit, by the usual width of letters: a line too short does no harm."""
    here = ""
    for word in text.split():
        longer = f"{here} {word}".lstrip()
        wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in longer)
        width = size * (0.56 * (len(longer) - wide) + wide)
        if here and width > _WIDE - 2 * _MARGIN:
            yield here
            longer = word
        here = longer
    if here:
        yield here


ENDINGS = (".svg", ".png", ".html")
_NONE = Answer((), [])
_SCALE = 2.0  # PNG for screens of double density
_NO_FONT = "'?' also stands for letters that no installed font has; .svg and .html keep them."


def check_chart(path: Path) -> None:
    """Refuse a file that no picture can be written to, before any work is done.

    Raises UsageError for another ending, a missing folder or a missing extra.
    """
    if path.suffix.lower() not in ENDINGS:
        hint = f"end it in {listed(ENDINGS, 'or')}"
        raise UsageError(f"no picture is written as {path.name!r}", hint)
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r}", "make it, or name another")
    drawer()


def write_chart(
    pictures: Sequence[Picture], path: Path, answer: Answer = _NONE, command: str = ""
) -> None:
    """Draw *pictures* one under the other into the file *path*, whole or not at all.

    A page has the *answer* that they show, too, and the *command* that gives it.
    """
    shown = [picture for picture in pictures if picture.marks]
    if not shown:
        raise UsageError("there is nothing to draw: no figure has a number", "ask for others")
    match path.suffix.lower():
        case ".svg":
            content = drawn(shown).encode()
        case ".png":
            svg = _with_letters_of_fonts(shown, drawn(shown))
            content = drawer().svg_to_png(svg, scale=_SCALE)
        case _:
            from evcli.render.report.pages import chart_page

            content = chart_page(shown, answer, command).encode()
    write_whole(path, content)


def _with_letters_of_fonts(pictures: Sequence[Picture], svg: str) -> str:
    """The drawing for a PNG, whose letters are those of the fonts that are installed here.

    A source whose title has others goes by outlet and year, else by its id; elsewhere a question
    mark stands for each, and a line says so.
    """
    missing = {each for each in set(svg) if not (each.isascii() or _is_drawn(each))}
    if not missing:
        return svg
    shown = []
    for picture in pictures:
        every = zip(picture.sources, picture.other_names or repeat(()), strict=False)
        names = ([name, *others] for name, others in every)
        drawable = tuple(next(filter(missing.isdisjoint, each), each[-1]) for each in names)
        shown.append(picture._replace(sources=drawable))
    if missing.isdisjoint(svg := drawn(shown)):
        return svg
    shown[-1] = shown[-1]._replace(notes=(*shown[-1].notes, _NO_FONT))
    return drawn(shown).translate(dict.fromkeys(map(ord, missing), "?"))


def _is_drawn(letter: str) -> bool:
    """Whether anything is seen of a *letter*; of spaces and marks nothing has to be."""
    if unicodedata.category(letter)[0] in "ZCM":
        return True
    image = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30">'
        f'<text y="20" font-family="{_FAMILY}" font-size="16">{{}}</text></svg>'
    )
    first, none = (drawer().svg_to_png(image.format(each)) for each in (letter, ""))
    return bool(first != none)


def drawer() -> ModuleType:
    """The library that draws; UsageError where the extra is not installed."""
    try:
        import vl_convert
    except ImportError:
        raise UsageError("drawing pictures needs an extra", 'pip install "evcli[charts]"') from None
    vl_convert.register_font_directory(str(FONTS))
    module: ModuleType = vl_convert
    return module
