"""Inputs made of good ones by edits, so that most come far before they fail."""

from __future__ import annotations

from hypothesis import strategies as st

# what has broken readers before: signs, numbers, dates and structures at their limits
TOKENS = [
    *("", " ", "\n", "\t", "\r", "\0", "\x1b[2J", "\a", "\u202e", "\u200b", "\ufeff", "\u2028"),
    *('"', "'", ",", ";", "|", ":", "#", "-", "&a", "*a", "!!python", "? ", "<<: ", "%", "{", "}"),
    *("[" * 300, "]" * 300, "{" * 300, "- " * 200, "<script>", "](javascript:x)", "=1+1", "@x"),
    *("0", "-1", "1e3", "1e999999999", "1/0", "9" * 40, "9" * 5000, "0.1", ".5", "1.234", "1,5"),
    *("1 234 567", "１２", "万", "亿", "5m", "5 mil", "$5bn", "-5%", "+120%", "x2.7", "over ", "~"),
    *("0001", "9999", "2024-13", "2024-02-30", "2024-W05", "undated", "latest", "P9999Y", "P3M"),
    *("yes", "null", "forecast", "deprecated", "normal", "vehicles", "percent", "USD", "CN", "EU"),
    *("http://[", "https://example.org/a", "file:///etc/passwd", "../../x", "/dev/zero", "~root"),
    *("Löwe", "Lo\u0308we", "İ", "\U0001f697", "新能源", "a" * 3000),
]


@st.composite
def edited(draw: st.DrawFn, base: str) -> str:
    """*base* after one to four edits: a piece taken out, said twice, moved, or put in."""
    text = base
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        piece = draw(
            st.sampled_from(TOKENS)
            | st.just(text[start:end] * 2)
            | st.just(text[end : end + 30])
            | st.text(max_size=4)
        )
        text = text[:start] + piece + text[end:]
    return text
