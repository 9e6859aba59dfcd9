"""Text broken into lines of so many cells. Lines are places in the text: nothing is copied, nothing is lost."""

from __future__ import annotations

import re

from rich.cells import split_graphemes

_NOT_PLAIN = re.compile("[^ -~\xa1-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\n]")

Span = tuple[int, int]
"""Start and end in a text."""


def is_plain(text: str) -> bool:
    """Whether every character takes one cell."""
    return _NOT_PLAIN.search(text) is None


def wrap(text: str, width: int) -> list[Span]:
    """The lines of `text`, at least one, each at most `width` cells: broken at newlines and, where needed, at spaces.

    The spaces at which a line was broken belong to no line; a word that is too long is broken anywhere.
    """
    break_line = _break_plain if is_plain(text) else _break_wide
    lines: list[Span] = []
    start = 0
    while True:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start <= width // 2:  # No character takes more than two cells.
            lines.append((start, end))
        else:
            break_line(text, start, end, width, lines)
        if end == len(text):
            return lines
        start = end + 1


def _break_plain(text: str, start: int, end: int, width: int, lines: list[Span]) -> None:
    while end - start > width:
        cut = text.rfind(" ", start + 1, start + width + 1)
        if cut < 0 or text[start:cut].isspace():
            cut = start + width
        start = _line_to(text, start, cut, end, lines)
    if start < end:
        lines.append((start, end))


def _break_wide(text: str, start: int, end: int, width: int, lines: list[Span]) -> None:
    graphemes = split_graphemes(text[start:end])[0]
    places = [start + begin for begin, _, _ in graphemes]
    first = 0
    while first < len(graphemes):
        after, used = first, 0
        while after < len(graphemes) and (used + graphemes[after][2] <= width or after == first):
            used += graphemes[after][2]
            after += 1
        if after == len(graphemes):
            lines.append((places[first], end))
            return
        cut = after
        # Between the wide letters of East Asia a line may be broken anywhere.
        while cut > first and text[places[cut]] != " " and graphemes[cut][2] < 2:
            cut -= 1
        if cut == first or text[places[first] : places[cut]].isspace():
            cut = after
        start = _line_to(text, places[first], places[cut], end, lines)
        while first < len(graphemes) and places[first] < start:
            first += 1


def _line_to(text: str, start: int, cut: int, end: int, lines: list[Span]) -> int:
    """Add the line up to `cut`, without the spaces there; where the next one begins."""
    stop = cut
    while stop > start and text[stop - 1] == " ":
        stop -= 1
    lines.append((start, stop))
    while cut < end and text[cut] == " ":
        cut += 1
    return cut


def window(text: str, start: int, end: int, shift: int, width: int) -> Span:
    """The piece of a line that is seen in `width` cells when `shift` cells of it are left of them."""
    line = text[start:end]
    if is_plain(line):
        return min(end, start + shift), min(end, start + shift + width)
    first, last, at = end, end, 0
    for begin, _, size in split_graphemes(line)[0]:
        if at >= shift and first == end:
            first = start + begin
        if at + size > shift + width:
            last = start + begin
            break
        at += size
    return min(first, last), last
