"""A page laid out for one width: which line of which piece stands where, drawn only where it is in sight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

from kbtui.tui.document.canvas import PROSE_WIDTH, Pen
from kbtui.tui.document.document import Document
from kbtui.tui.document.drawing import Drawn, Line, draw, height
from kbtui.tui.document.heights import Heights

BELOW_END = 1
"""Empty lines below the end of the page."""
KEPT_LINES = 2_000
"""Lines that stay drawn; when there are more, those out of sight are dropped."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a piece."""

    piece: int = 0
    line: int = 0


class Layout:
    """The lines of a document for one pen. Heights of pieces that were not yet looked at are guesses."""

    def __init__(self, document: Document, pen: Pen) -> None:
        self._document = document
        self._pen = pen
        self._heights = Heights()
        self._measured = bytearray()
        self._next = 0
        self._drawn: dict[int, Drawn] = {}
        self._kept = 0
        self._last: tuple[int, Place] | None = None
        self.grow()

    @property
    def pen(self) -> Pen:
        """What all is drawn with."""
        return self._pen

    def grow(self) -> None:
        """Take in what has been added to the document."""
        new = self._document.pieces[len(self._heights) :]
        width = min(self._pen.width, PROSE_WIDTH)
        haystack, first = self._document.haystack, len(self._heights)
        self._heights.extend(
            piece.gap_lines + (piece.lines or 1 + length // width)
            for piece, length in zip(new, haystack.lengths(first), strict=True)
        )
        self._measured.extend(bytes(len(new)))
        self._last = None

    @property
    def kept_lines(self) -> int:
        """Lines that are drawn now, in sight or not."""
        return self._kept

    def redraw(self, pen: Pen) -> None:
        """Draw anew, with a pen of the same width that breaks lines as this one does."""
        self._pen = pen
        self._drawn.clear()
        self._kept = 0

    # Heights

    @property
    def total(self) -> int:
        """Lines of the whole page, as far as is known."""
        return self._heights.total + BELOW_END

    def height(self, piece: int) -> int:
        """Lines of a piece, measured if need be."""
        if not self._measured[piece]:
            self._set_height(piece, height(self._document.pieces[piece], self._pen))
        return self._heights[piece]

    def _set_height(self, piece: int, lines: int) -> None:
        self._measured[piece] = 1
        self._heights[piece] = lines

    def measure(self, seconds: float) -> bool:
        """Measure pieces for some time; whether any was left to measure."""
        end = perf_counter() + seconds
        first = self._next
        while self._next < len(self._measured) and perf_counter() < end:
            self.height(self._next)
            self._next += 1
        return self._next > first

    # Places

    def top(self, place: Place) -> int:
        """The line of the page that a place is at."""
        return self._heights.top(place.piece) + place.line if len(self._heights) else 0

    def place_at(self, line: int) -> Place:
        """The place at a line of the page."""
        return Place(*self._heights.find(line)) if len(self._heights) else Place()

    def moved(self, place: Place, by: int) -> Place:
        """The place so many lines below, or above where `by` is negative; within the page."""
        piece, line = place.piece, place.line + by
        while line < 0 and piece > 0:
            piece -= 1
            line += self.height(piece)
        while piece < len(self._heights) - 1 and line >= self.height(piece):
            line -= self.height(piece)
            piece += 1
        return Place(piece, max(0, min(line, self.height(piece) - 1))) if len(self._heights) else Place()

    def last(self, lines: int) -> Place:
        """The place at the top when the end of the page is at the bottom of so many lines, `BELOW_END` among them."""
        if self._last is None or self._last[0] != lines:
            end = Place(max(0, len(self._heights) - 1))
            if len(self._heights):
                end = Place(end.piece, self.height(end.piece) - 1)
            self._last = lines, self.moved(end, BELOW_END + 1 - lines if lines > BELOW_END else 0)
        return self._last[1]

    def between(self, start: Place, end: Place) -> int:
        """Lines from a place to a later one."""
        return sum(self.height(piece) for piece in range(start.piece, end.piece)) + end.line - start.line

    # Lines

    def drawn(self, piece: int) -> Drawn:
        """A piece as it is seen."""
        found = self._drawn.get(piece)
        if found is None:
            found = self._drawn[piece] = draw(self._document.pieces[piece], self._pen)
            self._set_height(piece, len(found.lines))
            self._kept += len(found.lines)
        return found

    def lines(self, place: Place, lines: int) -> list[tuple[int, Line]]:
        """The lines of the screen from a place on: (piece, line)."""
        seen = [(piece, line) for piece, drawn in self._from(place, lines) for line in drawn.lines]
        if self._kept > KEPT_LINES + lines:
            self._drop_all_but(place.piece, seen[-1][0] if seen else place.piece)
        return seen[place.line : place.line + lines]

    def _from(self, place: Place, lines: int) -> Iterator[tuple[int, Drawn]]:
        missing = place.line + lines
        for piece in range(place.piece, len(self._heights)):
            if missing <= 0:
                return
            drawn = self.drawn(piece)
            missing -= len(drawn.lines)
            yield piece, drawn

    def _drop_all_but(self, first: int, last: int) -> None:
        self._drawn = {piece: drawn for piece, drawn in self._drawn.items() if first <= piece <= last}
        self._kept = sum(len(drawn.lines) for drawn in self._drawn.values())

    def line_of(self, piece: int, offset: int) -> int:
        """The line of a piece that shows a place of its text, or the last one before it."""
        found = self._document.pieces[piece].gap_lines
        for number, line in enumerate(self.drawn(piece).lines):
            for _, start, end in line.spans:
                if start <= offset < end:
                    return number
                found = number if start <= offset else found
        return found

    def offset_of(self, place: Place) -> int:
        """The place in its piece's text that a line begins with; -1 for the empty line above."""
        if not len(self._heights) or place.line < self._document.pieces[place.piece].gap_lines:
            return -1
        lines = self.drawn(place.piece).lines[place.line : place.line + 1]
        return min((start for line in lines for _, start, _ in line.spans), default=0)
