"""Choosing the passage of a text that best shows why it matched."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbtui.core.searching.results import Snippet, Span
from kbtui.core.text import clean, line_safe

SNIPPET_LENGTH = 160
LONGEST_REST = 40
"""How many characters of a word that the window would cut are added; a longer word is cut."""
MOST_SPANS = 2_000
"""How many of the matches are looked at for the best window."""

_SPACE = re.compile(r"\s+")
_SIGNS = re.compile(r"^[ \t]*(?:```.*|~~~.*|#{1,6}[ \t]+|>[ \t]?)", re.MULTILINE)
"""Signs of Markdown that say nothing on one line: fences, heading and quote marks."""


def best_snippet(text: str, spans: Sequence[Span], length: int = SNIPPET_LENGTH) -> Snippet:
    """The window of `text`, about `length` characters, that holds the most different matched words.

    Not cut inside a word of ordinary length; on one line; safe to show. Without a span it is the beginning of the text.
    """
    spans = spans[:MOST_SPANS]
    text = _SIGNS.sub(lambda match: " " * len(match.group()), text)
    start = _best_start(text, spans, length)
    end = min(len(text), start + length)
    start, end = _to_words(text, start, end)
    shown = [(a - start, b - start) for a, b in spans if a >= start and b <= end]
    return _on_one_line(text[start:end], shown, before=bool(text[:start].strip()), after=end < len(text.rstrip()))


def _best_start(text: str, spans: Sequence[Span], length: int) -> int:
    best, best_value, first = 0, (-1, -1), 0
    if not spans:
        return len(text) - len(text.lstrip())
    for last in range(len(spans)):
        while spans[last][1] - spans[first][0] > length and first < last:
            first += 1
        inside = spans[first : last + 1]
        words = {text[a:b].casefold() for a, b in inside}
        value = (len(words), min(len(inside), 6))
        if value > best_value:
            best_value = value
            slack = length - (spans[last][1] - spans[first][0])
            best = max(0, spans[first][0] - max(0, slack) // 3)
    return best


def _to_words(text: str, start: int, end: int) -> Span:
    limit = max(0, start - LONGEST_REST)
    while start > limit and not text[start - 1].isspace() and not text[start].isspace():
        start -= 1
    limit = min(len(text), end + LONGEST_REST)
    while end < limit and not text[end].isspace():
        end += 1
    return start, end


def _on_one_line(passage: str, spans: Sequence[Span], *, before: bool, after: bool) -> Snippet:
    """Collapse white space and clean piece by piece, so that the marks still lie on their words."""
    out = "… " if before else ""
    marks: list[Span] = []
    position = 0
    for start, end in [*spans, (len(passage), len(passage))]:
        if start < position:
            continue
        gap = _SPACE.sub(" ", clean(passage[position:start]))
        out += gap.lstrip() if out == "" or out.endswith(" ") else gap
        word = _SPACE.sub(" ", clean(passage[start:end]))
        if word.strip():
            marks.append((len(out), len(out) + len(word)))
        out += word
        position = end
    # Pieces that are safe alone may not be so side by side, where a joiner meets a letter.
    return Snippet(line_safe(out.rstrip() + (" …" if after else "")), tuple(marks))
