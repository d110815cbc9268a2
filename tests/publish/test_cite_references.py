"""Reference lists, those in BibTeX read back by bibtexparser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware

from evcli.commands.session import open_packs
from evcli.diagnostics import Diagnostics
from evcli.model.records import Source
from evcli.publish import references as styles
from evcli.publish.references import References
from evcli.publish.sentences import Citation as Cited
from tests.publish.conftest import Cite

STYLES = ("text", "bibtex")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NO_TITLE = ("; title not recorded", "(no headline in the text)")


@pytest.fixture(scope="module")
def record() -> Iterator[list[Source]]:
    """Every source of the built-in record."""
    with open_packs((), False, Diagnostics(quiet=True)) as store:
        yield store.sources()


@pytest.fixture(scope="module")
def whole() -> Iterator[Callable[[str], str]]:
    """The list of every source of the built-in record in a style."""
    with open_packs((), False, Diagnostics(quiet=True)) as store:
        references = References(store)
        for each in store.sources():
            references.mark(each.id)
        citation = Cited((), references.listed(), "record")
        yield lambda style: "".join(styles.STYLES[style](citation))


def title_of(source: Source) -> str:
    """The title as it is expected, worked out here anew."""
    if source.title.endswith(NO_TITLE):
        return ""
    return re.sub(r" \([^()]*not read\)$", "", source.title)


def outlet_of(source: Source) -> str:
    return "" if source.outlet.startswith("not named in the text") else source.outlet


def entries(text: str) -> dict[str, dict[str, str]]:
    """What bibtexparser understands of a BibTeX file, by key; addresses are verbatim in TeX."""
    library = parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    verbatim = parse_string(text).entries_dict
    assert library.failed_blocks == []
    found = {}
    for entry in library.entries:
        found[entry.key] = {field.key: str(field.value) for field in entry.fields}
        if "url" in found[entry.key]:
            found[entry.key]["url"] = str(verbatim[entry.key]["url"])
    return found


def test_bibtexparser_reads_every_source_back(
    whole: Callable[[str], str], record: list[Source]
) -> None:
    found = entries(whole("bibtex"))
    assert list(found) == [source.id for source in record]
    for source in record:
        entry = found[source.id]
        date = str(source.published or "").split("-")
        told = [entry.get("year", ""), entry.get("month", ""), entry.get("day", "")]
        month = MONTHS[int(date[1]) - 1] if len(date) > 1 else ""
        day = str(int(date[2])) if len(date) > 2 else ""
        assert told == [date[0], month, day]
        assert entry.get("title", "") == title_of(source)
        assert entry.get("howpublished", entry.get("institution", "")) == outlet_of(source)
        assert entry.get("url", "") == source.url


def odd(tell: Cite, odd_pack: Path, style: str, *ids: str) -> str:
    told = tell("cite", *ids, "--style", style, "--no-builtin", "--facts", str(odd_pack))
    assert told.code == 0
    return told.out


def test_signs_that_tex_would_read_are_escaped(tell: Cite, odd_pack: Path) -> None:
    text = odd(tell, odd_pack, "bibtex", "first", "second", "third", "bare", "release")
    assert (
        r"title = {{50\% of R\&D\_costs in \textbraceleft{}Hefei\textbraceright{} \#1 "
        r"\textasciitilde{} \$2\textasciicircum{}3}}," in text
    )
    assert "url = {https://example.org/a_b?c=1&d=%20e#f}," in text, "addresses are verbatim"
    found = entries(text)
    # the decoder takes its own braces for a group and writes another circumflex
    assert found["first"]["title"] == "50% of R&D_costs in Hefei #1 ~ $2ˆ3"
    assert found["first"]["howpublished"] == "A & B"
    assert found["second"] == {
        "title": "奇瑞汽车出口",
        "howpublished": "新华社",
        "year": "2025",
        "month": "feb",
        "url": "https://example.org/奇瑞",
        "annote": found["second"]["annote"],
    }
    assert set(found["bare"]) == {"title", "annote"}, "nothing is made up"
    assert set(found["third"]) == {"howpublished", "year", "note", "annote"}
    assert found["third"]["note"] == "No title recorded: Page on exports, up to 2024."
    assert "@techreport{release," in text
    assert all(key.isascii() for key in found)


def test_the_list_says_where_a_figure_comes_from(tell: Cite, odd_pack: Path) -> None:
    told = odd(tell, odd_pack, "text", "a.exports@2024", "third", "bare", "second").splitlines()
    assert told[2:6] == [
        "[a] 50% of R&D_costs in {Hefei} #1 ~ $2^3. A & B, 2025-02-03. "
        "https://example.org/a_b?c=1&d=%20e#f First stated in Bureau figures for 2024 "
        "(Bureau, 2025-01-09).",
        "[b] Third Paper, 2025. [Page on exports, up to 2024].",
        "[c] A leaflet. No date.",
        "[d] 奇瑞汽车出口. 新华社, 2025-02. https://example.org/奇瑞",
    ]
    assert re.fullmatch(r"evcli record [0-9a-f]{12}, newest source 2025-02-03", told[-1])


def letters(style: str, text: str) -> dict[str, str]:
    """Letter by what tells the source: its title, else its outlet."""
    if style == "text":
        found = re.findall(r"^\[([a-z]+)\] (.+?)(?:, \d{4}.*)?\. ", text, re.MULTILINE)
        return dict(found)
    told = {}
    for item in entries(text).values():
        outlet = item.get("howpublished")
        match = re.match(r"Footnote ([a-z]+);", item["annote"])
        assert match is not None
        told[match[1]] = item.get("title") or outlet or ""
    return told


def test_a_letter_is_the_same_source_in_every_style(tell: Cite) -> None:
    ids = (
        "cn.exports.nev.caam@2025-05",
        "cn.exports.all.caam@2025-03",
        "share:cn.exports.nev.caam@2025-05,cn.exports.all.caam@2025-05",
    )
    told = {style: letters(style, tell("cite", *ids, "--style", style).out) for style in STYLES}
    assert len(told["text"]) > 3
    assert all(each == told["text"] for each in told.values())


def test_a_sentence_stands_with_the_sources_it_rests_on(tell: Cite) -> None:
    told = tell("cite", "cn.exports.nev.caam@2025-05", "seed-003", "--style", "bibtex").out
    *resting, other = entries(told).items()
    assert all("came to 212,000 vehicles in May 2025" in item["annote"] for _, item in resting)
    assert other[0] == "seed-003"
    assert "came to" not in other[1]["annote"]


def test_letters_follow_the_order_of_mention(tell: Cite, odd_pack: Path) -> None:
    """Over figures of every kind, as a reader meets them: a, b, c ..."""
    ids = ("a.exports@2021", "a.exports@2030", "a.exports@2019", "a.exports@2024", "a.stores")
    told = odd(tell, odd_pack, "text", *ids)
    sentences, _, _ = told.partition("\n\n")
    met = dict.fromkeys(re.findall(r"[a-z]+", " ".join(re.findall(r"\[[a-z, ]+\]", sentences))))
    assert list(met) == sorted(met)
    assert list(met) == re.findall(r"^\[([a-z]+)\]", told, re.MULTILINE)


SOFT = """\
sources:
  - {id: soft, title: "Elek\\xADtro\\u200Bauto <b> *x* &lt;", outlet: "Zei\\xADtung\\u202E",
     published: 2031-02, url: "javascript:alert(4)"}
series:
  - id: cn.exports.all.caam
    facts:
      - {period: 2031, stated: "212,000", source: soft}
"""


@pytest.mark.parametrize("style", STYLES)
def test_references_have_no_sign_that_cannot_be_seen(
    style: str, tell: Cite, tmp_path: Path
) -> None:
    (tmp_path / "p.yaml").write_text(SOFT, "utf-8")
    for asked in (["cite", "soft"], ["cite", "cn.exports.all.caam@2031"]):
        told = tell(*asked, "--style", style, "--facts", str(tmp_path), "--no-builtin").out
        assert "Elektroauto" in told
        assert "Zeitung" in told
        assert not set(told) & set("\ufffd\xad\u200b\u202e")
