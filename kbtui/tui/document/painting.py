"""Lines made into what the screen gets: matches and selections painted over them, the places of their text told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from kbtui.tui.document.drawing import Line
from kbtui.tui.document.wrapping import window

Paint = tuple[int, int, Style]
"""A piece of the text, start and end, and the style over its own."""


def painted(line: Line, text: str, paint: Sequence[Paint]) -> Strip:
    """The line with styles over pieces of its text."""
    strip = line.strip
    cells: dict[int, Style] = {}
    for x, start, end in line.spans:
        for first, last, style in paint:
            if first < end and last > start:
                left = x + cell_len(text[start : max(start, first)])
                right = left + cell_len(text[max(start, first) : min(end, last)])
                cells.update((cell, cells.get(cell, Style.null()) + style) for cell in range(max(0, left), right))
    if not cells:
        return strip
    width = strip.cell_length
    parts, at = [], 0
    for over, run in groupby(cells.get(cell) for cell in range(width)):
        end = at + len(list(run))
        part = strip.crop(at, end)
        parts.append(part if over is None else Strip(Segment.apply_style(part, post_style=over)))
        at = end
    return Strip.join(parts)


def places(line: Line, piece: int) -> Strip:
    """The line letter by letter, each with its place as Textual's selection reads it: (place in the text, piece).

    What is no text, such as a margin, has the place of the text before it; at the left, that of the line's beginning.
    """
    spans = {x: (start, end) for x, start, end in line.spans}
    place = end = line.spans[0][1] if line.spans else 0
    segments: list[Segment] = []
    x = 0
    for segment in line.strip:
        for character in segment.text:
            if x in spans:
                place, end = spans.pop(x)
            segments.append(Segment(character, Style.from_meta({"offset": (place, piece)})))
            place += place < end
            x += cell_len(character)
    segments.append(Segment("", Style.from_meta({"offset": (place, piece)})))
    return Strip(segments)


def place_at(line: Line, text: str, cell: int) -> int | None:
    """The place in the text of what is seen at a cell of the line; None beside the text."""
    for x, start, end in line.spans:
        at, _ = window(text, start, end, max(0, cell - x), 1)
        if x <= cell and at < end:
            return at
    return None
