"""What drawing needs to know, and the rows that it gives."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from kbtui.markdown.tree import Code, Inline, Link
from kbtui.tui.document.looks import Palette

PROSE_WIDTH = 100
"""Cells of the longest line of running text: longer ones are hard to follow."""


@dataclass(frozen=True, slots=True)
class Pen:
    """All that the look of a piece depends on, but the piece."""

    width: int
    """Cells of a line, without the margins."""
    palette: Palette
    shift: int = 0
    """Cells that wide code and wide tables are moved to the left."""
    is_wrapped: bool = False
    """Whether long lines of code go on in the next row, instead of out of sight."""
    chosen: Code | None = None
    is_dead: Callable[[Link], bool] = lambda _: False
    is_destructive: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class Row:
    """One line, while it is drawn."""

    segments: list[Segment]
    spans: tuple[tuple[int, int, int], ...] = ()
    """Which text stands where in it: (first cell, start, end), counted in the text of the piece."""

    @property
    def width(self) -> int:
        """Cells that it takes."""
        return sum(cell_len(segment.text) for segment in self.segments)

    def filled(self, room: int, style: Style) -> Row:
        """The row with spaces behind it up to `room` cells."""
        missing = room - self.width
        return self if missing <= 0 else Row([*self.segments, Segment(" " * missing, style)], self.spans)

    def behind(self, before: list[Segment], cells: int) -> Row:
        """The row behind segments that take so many cells."""
        return Row([*before, *self.segments], tuple((x + cells, start, end) for x, start, end in self.spans))


class Ink:
    """The text of runs in their looks."""

    def __init__(self, runs: Inline, look: str, pen: Pen) -> None:
        """`look` is that of what the runs stand in."""
        self._runs, self._look, self._pen = runs, look, pen
        self._starts = list(accumulate((len(run.text) for run in runs[:-1]), initial=0))

    def segments(self, start: int, end: int) -> Iterator[Segment]:
        """The text from `start` to before `end`."""
        palette = self._pen.palette
        for number in range(bisect_right(self._starts, start) - 1, len(self._runs)):
            run, at = self._runs[number], self._starts[number]
            if at >= end:
                return
            text = run.text[max(0, start - at) : end - at]
            if text:
                over = "" if run.link is None else "link-dead" if self._pen.is_dead(run.link) else "link"
                yield Segment(text, palette.joined(self._look, run.mark, over))
