"""A page that may still be growing: its pieces, its text, and where its headings, code blocks and links are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

from kbtui.tui.document.finding import Haystack
from kbtui.tui.document.pieces import CodeBlock, OutlineEntry, Part, Piece


class Document:
    """All parts of a page that have arrived. Numbers of pieces count from its beginning."""

    def __init__(self, lines: int = 0) -> None:
        self.pieces: list[Piece] = []
        self.haystack = Haystack()
        self.outline: list[OutlineEntry] = []
        self.codes: list[CodeBlock] = []
        self.links: list[int] = []
        """The pieces with links in them."""
        self.footnotes: dict[str, int] = {}
        self._lines = lines
        self._arrived = 0
        self._at: list[float] = []
        self._headings: list[int] = []

    def add(self, part: Part) -> None:
        """The next part of the page."""
        first = len(self.pieces)
        self.pieces += part.pieces
        if first and part.pieces:
            self.pieces[first] = replace(part.pieces[0], gap=0)
        self.haystack.add(part)
        self.outline += [replace(entry, piece=first + entry.piece) for entry in part.outline]
        self.codes += [replace(code, first=first + code.first, end=first + code.end) for code in part.codes]
        self.links += [first + number for number in part.links]
        self.footnotes |= {label: first + number for label, number in part.footnotes if label not in self.footnotes}
        self._at += [piece.line for piece in part.pieces]
        self._headings = [entry.piece for entry in self.outline]
        self._arrived = max(self._arrived, part.lines)

    @property
    def lines(self) -> float:
        """Lines of the source of the whole page."""
        return max(1, self._lines, self._arrived)

    def has_arrived(self, position: float) -> bool:
        """Whether the piece at this position, 0.0 to 1.0, is there."""
        return bool(self.pieces) and (self._arrived >= self._lines or position * self.lines < self._arrived)

    def position_of(self, piece: int, part: float) -> float:
        """How far a place lies in the page, 0.0 to 1.0: `part` of a piece, 0.0 its beginning."""
        begin, end = self._reach(piece)
        return min(1.0, (begin + (end - begin) * part) / self.lines)

    def place_of(self, position: float) -> tuple[int, float]:
        """The piece at a position, and how much of it is before that."""
        line = position * self.lines
        piece = min(max(0, bisect_right(self._at, line + 1e-6) - 1), len(self.pieces) - 1)
        begin, end = self._reach(piece)
        return piece, min(1.0, max(0.0, (line - begin) / (end - begin))) if end > begin else 0.0

    def _reach(self, piece: int) -> tuple[float, float]:
        following = self._at[piece + 1] if piece + 1 < len(self._at) else max(self._arrived, self._at[piece] + 1)
        return self._at[piece], following

    def section_at(self, piece: int) -> int:
        """The number of the last heading at or before a piece; -1 before the first."""
        return bisect_right(self._headings, piece) - 1

    def code_at(self, piece: int) -> int | None:
        """The number of the code block that a piece belongs to."""
        number = self.code_after(piece) - 1
        return number if number >= 0 and piece < self.codes[number].end else None

    def code_after(self, piece: int) -> int:
        """The number of the first code block that begins behind a piece."""
        return bisect_right(self.codes, piece, key=lambda code: code.first)

    def links_from(self, piece: int, direction: int) -> list[int]:
        """The pieces with links, from this one on, in reading order or against it."""
        if direction > 0:
            return self.links[bisect_left(self.links, piece) :]
        return self.links[: bisect_right(self.links, piece)][::-1]
