"""Text that leaves: Markdown shows it as it is, links lead to pages, messages move no cursor."""

from __future__ import annotations

import html
import io
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from evcli.diagnostics import Diagnostics
from evcli.errors import UsageError
from evcli.text.characters import as_code, in_markdown, odd_sign, printable

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKUP = st.text(alphabet="ab1 \\`*_~[](){}<>!|&#;:/.+-=\"'$é", min_size=1, max_size=30)


@given(MARKUP.map(lambda text: " ".join(text.split())).filter(bool))
@example("<script>alert(1)</script>")
@example("[click](javascript:alert(3))")
@example("&lt; &#60; &#x3c; AT&T")
@example("~~gone~~ __init__ a_b_c *x*")
@example("# a heading")
@example("- a list")
@example("> a quote")
@example("a | b \\| c")
def test_markdown_shows_a_text_as_it_is(text: str) -> None:
    inline = MARKDOWN.renderInline(in_markdown(text))
    assert html.unescape(inline) == text
    assert "<" not in inline
    table = MARKDOWN.render(f"| a |\n| --- |\n| {in_markdown(text)} |\n")
    assert f"<td>{inline.strip()}</td>" in table


@pytest.mark.parametrize("text", ["# a", "> a", "- a", "+ a", "* a", "| a |", "```", "~~~", "<b>"])
def test_a_line_is_a_paragraph(text: str) -> None:
    assert MARKDOWN.render(in_markdown(text)) == f"<p>{html.escape(text)}</p>\n"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/a_b?c=1&d=*", "<https://example.org/a_b?c=1&d=*>"),
        ("HTTP://example.org/a<b> c", "<HTTP://example.org/a%3Cb%3E%20c>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("data:text/html,<b>", r"data:text/html,\<b>"),
        ("//example.org", "//example.org"),
    ],
)
def test_only_pages_are_links(address: str, link: str) -> None:
    assert in_markdown(f"*T*. {address} _N_", address) == rf"\*T\*. {link} \_N\_"


def test_a_command_ends_with_its_own_fence() -> None:
    assert as_code("evcli get a") == "`evcli get a`"
    said = as_code("evcli '``<b>`\n\n<i>'")
    assert MARKDOWN.render(said) == "<p><code>evcli '``&lt;b&gt;`  &lt;i&gt;'</code></p>\n"


def test_what_cannot_be_seen_is_left_out_of_print() -> None:
    assert printable("Elek\xadtro\u200bauto\u202e\ufeff \u2068x\u2069") == "Elektroauto x"
    assert printable("می\u200cخواهم 👩\u200d🔧") == "می\u200cخواهم 👩\u200d🔧"
    assert printable("a\x1b[31m\nb") == "a\ufffd[31m b"


def test_only_odd_signs_are_named() -> None:
    for text in ("12万", "US$1", "€5", "\N{MINUS SIGN}5%", "3 – 12 months", "增长5%", "10³"):
        assert odd_sign(text) == ("", "")


def test_a_message_moves_no_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    told = Diagnostics(no_color=True)
    told.notes(["\x1b[2J\u202eevil\r\x07"])
    told.error(UsageError("no column 'a\u2066b'", "see \x9b1m"))
    assert stderr.getvalue() == (
        "evcli: note: \ufffd[2J\ufffdevil\ufffd\ufffd\n"
        "evcli: error: no column 'a\ufffdb'; see \ufffd1m\n"
    )
