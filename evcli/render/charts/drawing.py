"""Pictures written to a file: SVG, PNG or HTML, all of one drawing with its fonts embedded.

Vega draws them from a specification for which ``templates.json`` says how pictures look: lines
labelled at their ends, bounds as whiskers, derived points hollow, windows that do not follow each
other not joined, colours of Okabe and Ito, which people with any colour vision tell layout.apart.
"""

import base64
import json
import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from evcli.errors import UsageError
from evcli.files import write_whole
from evcli.model.answer import Answer
from evcli.model.picture import ChartSeries, Mark, Picture, Shape, joined
from evcli.render import layout
from evcli.render.layout import TOGETHER, end_label, newest, placed
from evcli.terminal import folded, width_of
from evcli.text.lists import listed

Spec = dict[str, Any]
_TEMPLATES = Path(__file__).with_name("templates.json").read_text("utf-8")
COMMON: Spec = json.loads(_TEMPLATES)["common"]
_WIDE, _HIGH, _BAR = 740, 320, 26  # pixels: a picture, a chart over time, one bar
_LETTER, _LINE = 7, 16  # pixels of a label, as a rule
_LEFT = 46  # for the numbers of an axis
_NAME = 24  # letters in a line at the end of a line
_MOST_DATES = 9
_MOST_LABELS = 60  # bars beyond which a picture cannot be read


def spec_of(pictures: Sequence[Picture]) -> Spec:
    """The specification of *pictures*, one under the other."""
    return {**COMMON, "vconcat": [_framed(picture) for picture in pictures]}


def _framed(picture: Picture) -> Spec:
    """One picture between what is said above and below it."""
    frame: Spec = json.loads(_TEMPLATES)["frame"]
    frame["title"]["text"] = [
        line for text in (legend(picture), *picture.notes) for line in folded(text, 118)
    ]
    frame["title"]["subtitle"] = folded(source_line(picture), 126)
    chart = _bars(picture) if picture.shape is Shape.BARS else _over_time(picture)
    title = {"text": folded(picture.title, 80), "subtitle": folded(layout.subtitle(picture), 112)}
    return {**frame, "vconcat": [{**chart, "title": title}]}


def _bars(picture: Picture) -> Spec:
    """A bar for each mark, its name before it and its number behind it."""
    spec: Spec = json.loads(_TEMPLATES)["bars"]
    marks = picture.marks[:_MOST_LABELS]
    low, high = picture.extent or (Fraction(0), Fraction(1))
    low = min(low, Fraction(0))
    rows = []
    for at, mark in enumerate(marks):
        row = {"order": at, **_of(mark, picture), "said": _worded(layout.said(mark, picture.unit))}
        drawn = [each for each in (row["value"], row["low"], row["high"]) if each is not None]
        below = bool(drawn) and max(drawn) <= 0 > min(drawn)
        row["behind"] = min(drawn) if below else max(drawn, default=None)
        row["gap"] = (-1 if below else 1) * (26 if mark.is_open else 6)
        row["length"] = row["value"]
        if mark.value is None and row["low"] is not None:  # as far as it surely goes
            row["length"] = max(row["low"], min(row["high"] or 0, 0))
        rows.append(row)
    labels = [mark.label for mark in marks]  # two may be the same
    left = min(370, max(map(_wide, labels), default=0))
    behind = max((_wide(row["said"]) for row in rows), default=0) + 26  # an arrow
    spec["width"], spec["height"] = _WIDE - left, _BAR * len(marks) or _BAR
    # numbers of bars below zero stand left of them
    before = any(row["gap"] < 0 for row in rows) * behind
    each = float(high - low) / (spec["width"] - behind - before) or 1
    ends = [float(low) - each * before, float(high) + each * behind]
    spec["layer"][0]["encoding"]["x"]["scale"]["domain"] = ends
    spec["data"] = {"values": rows}
    axis = spec["encoding"]["y"]["axis"]
    axis |= {"minExtent": left, "maxExtent": left}
    axis["labelExpr"] = f"{json.dumps(labels, ensure_ascii=False)}[datum.value]"
    return spec


def _over_time(picture: Picture) -> Spec:
    """A line for each series, labelled at its end; a panel for each where they are many."""
    spec: Spec = json.loads(_TEMPLATES)["time"]
    size, _ = layout.scale(picture)
    axis = layout.Axis.over(*(picture.extent or (Fraction(0), Fraction(0))), height=18)
    series = picture.series[: layout.MOST]
    labels = [_worded(end_label(each, picture)) for each in series]
    panels = len(series) > TOGETHER
    ends = [float(axis.low / size), float(axis.high / size)]
    y = spec["layer"][0]["encoding"]["y"]
    y["scale"]["domain"] = ends
    y["axis"]["values"] = [float(tick / size) for tick in axis.ticks][:: 1 + panels]
    shown = layout.dates(picture, _MOST_DATES // (3 if panels else 1))
    expression = f"{json.dumps(shown)}[datum.value]"
    spec["encoding"]["x"]["axis"] |= {"values": list(shown), "labelExpr": expression}
    names = [each.name for each in series]
    points = next(layer["encoding"] for layer in spec["layer"] if "shape" in layer["encoding"])
    for channel in (spec["encoding"]["color"], points["fill"], points["shape"]):
        channel["scale"]["domain"] = names
        if panels:
            channel["scale"]["range"] = channel["scale"]["range"][:1]
    rows = [row for each in series for row in _points(each, picture, size)]
    if panels:
        spec |= {"width": _WIDE // 3 - _LEFT, "height": _HIGH // 3}
        spec["layer"] = [layer for layer in spec["layer"] if "data" not in layer]
        facet: Spec = json.loads(_TEMPLATES)["panels"]
        heads = {each.name: folded(label, 30) for each, label in zip(series, labels, strict=True)}
        expression = f"{json.dumps(heads, ensure_ascii=False)}[datum.value]"
        facet["facet"] |= {"sort": names, "header": {"labelExpr": expression}}
        return {**facet, "data": {"values": rows}, "spec": spec}
    told = [folded(label, _NAME) for label in labels]
    right = max((_wide(line) for lines in told for line in lines), default=0) + 26
    spec |= {"width": _WIDE - _LEFT - right, "height": _HIGH, "data": {"values": rows}}
    drawn = [each for each in zip(series, told, strict=True) if placed(each[0])]
    pixel = (ends[1] - ends[0]) / _HIGH
    heights = [_LINE * len(lines) for _, lines in drawn]
    wanted = [(ends[1] - _end(each, picture, size)) / pixel for each, _ in drawn]
    at = layout.apart(wanted, heights, _HIGH + _LINE)
    values = [
        {"series": each.name, "said": lines, "at": ends[1] - start * pixel}
        for (each, lines), start in zip(drawn, at, strict=True)
    ]
    for layer in spec["layer"]:
        if layer.get("data") == "labels":
            layer["data"] = {"values": values}
    return spec


def _end(series: ChartSeries, picture: Picture, size: int) -> float:
    """Where a line ends, as a number of the axis."""
    row = _of(newest(series)[-1], picture, size)
    middle = None if None in (row["low"], row["high"]) else (row["low"] + row["high"]) / 2
    return float(next(each for each in (row["value"], middle, row["end"]) if each is not None))


def _worded(amount: str) -> str:
    """A number whose sign the fonts do not have."""
    return amount.replace("≥", "at least").replace("≤", "at most")


def _is_wide(mark: Mark, picture: Picture) -> bool:
    """Whether bounds are far enough apart to be seen; those with an open end are."""
    least, greatest = picture.extent or (Fraction(0), Fraction(0))
    if picture.shape is Shape.BARS or 2 * least <= greatest:  # so that the axis begins at zero
        least = min(least, Fraction(0))
    width = mark.bounds.width
    return mark.is_open or (width is not None and width * 40 > greatest - least)


def _wide(text: str) -> int:
    """How wide a label is, in pixels: by the usual width of letters."""
    return _LETTER * width_of(text)


def _points(series: ChartSeries, picture: Picture, size: int) -> list[Spec]:
    rows: list[Spec] = []
    run = 0
    marks = placed(series)
    for mark, follows in zip(marks, [False, *joined(marks)], strict=False):
        run += not follows
        place = {"series": series.name, "run": f"{series.id} {run}"}
        rows.append({**place, "at": layout.middle(mark.period), **_of(mark, picture, size)})
        run += mark.value is None  # a line from bounds without a point would be made up
    return rows


def _of(mark: Mark, picture: Picture, size: int = 1) -> Spec:
    numbers = {"value": mark.value, **mark.bounds._asdict()}
    numbers["end"] = next((each for each in numbers.values() if each is not None), None)
    shown = {name: None if each is None else float(each / size) for name, each in numbers.items()}
    wide = _is_wide(mark, picture)
    return {"label": mark.label, **shown, "hollow": mark.hollow, "wide": wide}


FONTS = Path(__file__).with_name("fonts")
_CONFIG = COMMON["config"]
_FONTS = _CONFIG["font"]
# by name: the colours that a page sets as it likes
_COLOURS = {
    "ink": _CONFIG["axis"]["labelColor"],
    "soft": _CONFIG["title"]["subtitleColor"],
    "faint": _CONFIG["axis"]["gridColor"],
    "paper": COMMON["background"],
}
_SOURCES = 3  # named under a chart; --format json names all
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_IDS = re.compile(r'((?:\bid="|url\(#|href="#))([^")]+)')


def drawn(pictures: Sequence[Picture], name: str = "") -> str:
    """One SVG image of *pictures*, one under the other; its ids begin with *name*."""
    drawing = drawer().vegalite_to_svg(spec_of(pictures), vl_version="5.21")
    # the image as a whole has a description, its parts have none
    drawing = _IDS.sub(rf"\g<1>{name}\g<2>", _ROLES.sub("", drawing))
    start, body = drawing[: (end := drawing.index(">"))], drawing[end + 1 :]
    title = "; ".join(picture.title for picture in pictures)
    about = " ".join(map(layout.described, pictures))
    return (
        f'{start} role="img" aria-labelledby="{name}chart-title {name}chart-about">'
        f'<title id="{name}chart-title">{escape(title, quote=False)}</title>'
        f'<desc id="{name}chart-about">{escape(about, quote=False)}</desc>'
        f"<style>{faces()}</style>{body}\n"
    )


def themed(svg: str) -> str:
    """The image for a page that has colours of its own: ``--ink``, ``--faint`` and so on.

    >>> themed('<path fill="#1b1f24"/>')
    '<path fill="var(--ink)"/>'
    """
    for name, colour in _COLOURS.items():
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


def source_line(picture: Picture) -> str:
    """Where the figures are from, as far as a line under a chart can say it.

    >>> from evcli.model.picture import ChartSeries
    >>> five = Picture(Shape.BARS, "", "", (), sources=("A (X, 2025)", "B", "C", "D", "E"))
    >>> source_line(five)
    'Sources: A (X, 2025); B; C; and 2 more (evcli sources)'
    """
    names = list(picture.sources)
    if len(names) > _SOURCES + 1:
        names[_SOURCES:] = [f"and {len(names) - _SOURCES} more (evcli sources)"]
    return f"Source{'s' * (len(names) > 1)}: {'; '.join(names)}" if names else ""


def legend(picture: Picture) -> str:
    """What the signs mean that are drawn in *picture*."""
    marks = picture.marks
    derived = any(mark.derived for mark in marks)
    least, most = ("up", "down") if picture.shape is Shape.TIME else ("right", "left")
    plans = "Plans and targets are hollow, too." if derived else "Hollow: a plan or target."
    meanings = {
        "Whiskers: what the wording of the sources allows.": any(
            m.bounds.width and _is_wide(m, picture) for m in marks
        ),
        f"Arrows: at least ({least}) or at most ({most}) so much.": any(m.is_open for m in marks),
        "Hollow: derived from other figures, stated by no source.": derived,
        plans: any(mark.forecast for mark in marks),
    }
    return " ".join(text for text, drawn in meanings.items() if drawn)


ENDINGS = (".svg", ".png", ".html")
_NONE = Answer((), [])
_SCALE = 2.0  # PNG for screens of double density
_NO_FONT = "'?' also stands for letters that no installed font has; .svg and .html keep them."


def check_chart(path: Path) -> None:
    """Refuse, with UsageError, a file that no picture can be written to, before work is done."""
    if path.suffix.lower() not in ENDINGS:
        hint = f"end it in {listed(ENDINGS, 'or')}"
        raise UsageError(f"no picture is written as {path.name!r}", hint)
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r}", "make it, or name another")
    drawer()


def write_chart(
    pictures: Sequence[Picture], path: Path, answer: Answer = _NONE, command: str = ""
) -> None:
    """Draw *pictures* into the file *path*; a page has the *answer* and its *command*, too."""
    shown = [picture for picture in pictures if picture.marks]
    if not shown:
        raise UsageError("there is nothing to draw: no figure has a number", "ask for others")
    match path.suffix.lower():
        case ".svg":
            content = drawn(shown).encode()
        case ".png":
            content = drawer().svg_to_png(_with_letters_of_fonts(shown), scale=_SCALE)
        case _:
            from evcli.render.report.pages import chart_page

            content = chart_page(shown, answer, command).encode()
    write_whole(path, content)


def _with_letters_of_fonts(pictures: Sequence[Picture]) -> str:
    """The drawing for a PNG: letters that no font here has are question marks, as a line says."""
    svg = drawn(pictures)
    missing = {each for each in set(svg) if not (each.isascii() or _is_drawn(each))}
    if not missing:
        return svg
    *others, last = pictures
    shown = [*others, last._replace(notes=(*last.notes, _NO_FONT))]
    return drawn(shown).translate(dict.fromkeys(map(ord, missing), "?"))


def _is_drawn(letter: str) -> bool:
    """Whether anything is seen of a *letter*; of spaces and marks nothing has to be."""
    if unicodedata.category(letter)[0] in "ZCM":
        return True
    image = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30">'
        f'<text y="20" font-family="{_FONTS}" font-size="16">{{}}</text></svg>'
    )
    first, none = (drawer().svg_to_png(image.format(each)) for each in (letter, ""))
    return bool(first != none)


def drawer() -> Any:
    """The library that draws; UsageError where the extra is not installed."""
    try:
        import vl_convert
    except ImportError:
        raise UsageError("drawing pictures needs an extra", 'pip install "evcli[charts]"') from None
    vl_convert.register_font_directory(str(FONTS))
    return vl_convert
