"""A document in which text is found: matches and the words of a search are marked, and brought into sight."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from textual.message import Message

from kbtui.tui.document.finding import Match, Needle, word_pattern
from kbtui.tui.document.layout import Place
from kbtui.tui.document.painting import Paint
from kbtui.tui.document.pieces import CodeLines, Part
from kbtui.tui.document.scrolling import DocumentScroller


class DocumentFinder(DocumentScroller):
    """What `DocumentView` has for finding."""

    @dataclass
    class Found(Message, namespace="document_view"):
        """What `find` and `next_match` came to: which match is the current one, from 1, and how many there are."""

        current: int
        total: int

    def __init__(self, *, id: str | None = None) -> None:  # Textual's own name for it
        super().__init__(id=id)
        self._needle: Needle | None = None
        self._current: Match | None = None
        self._origin: Place | None = None
        """Where the page stood when the finding began."""
        self._words: re.Pattern[str] | None = None
        self._sought: tuple[Sequence[str], int, Place] | None = None
        """The words whose best place is at the top, how many stand there, and the top."""

    def show(self, part: Part, position: float = 0.0, lines: int = 0) -> None:
        self._needle = self._current = self._origin = self._words = self._sought = None
        super().show(part, position, lines)

    def extend(self, part: Part) -> None:
        first = len(self._document.pieces)
        super().extend(part)
        if self._needle is not None:
            self._seek_on()
        elif self._sought is not None and self._sought[2] == self._place:
            self._go_to_better(*self._sought[:2], first)

    def find(self, text: str) -> int:
        """Mark all matches of a text and go to the first from here on; how many there are.

        Capitals count only where the text has one. Without a text, or without a match, the page goes back to where it
        stood when the finding began.
        """
        if self._origin is None:
            self._origin = self._place
        self._needle = Needle(text.replace("\n", " ")) if text else None
        self._current = None
        total = self._seek_on()
        if self._current is None:
            self._go(self._origin)
        return total

    def next_match(self, direction: int = 1) -> None:
        """Go to the next match, or to the one before; behind the last comes the first."""
        if self._needle is None or self._current is None:
            return
        haystack, needle, at = self._document.haystack, self._needle, self._current
        if direction > 0:
            found = haystack.after(needle, at.piece, at.end) or haystack.after(needle, 0, 0)
        else:
            last = len(self._document.pieces) - 1
            found = haystack.before(needle, at.piece, at.start) or haystack.before(
                needle, last, len(haystack.text(last))
            )
        self._go_to_match(found)
        self._tell_found()

    def clear_find(self, *, restore: bool = True) -> None:
        """No longer mark what was found; back to where the finding began, unless the reader is to stay here."""
        origin, self._origin = self._origin, None
        self._needle = self._current = None
        self._repaint()
        if restore and origin is not None:
            self._go(origin)

    def _seek_on(self) -> int:
        """Go to the first match, if none is the current one; how many there are."""
        needle, origin = self._needle, self._origin or self._place
        if needle is not None and self._current is None:
            haystack = self._document.haystack
            offset = max(0, self._layout.offset_of(origin))
            self._go_to_match(haystack.after(needle, origin.piece, offset) or haystack.after(needle, 0, 0))
        self._repaint()
        return self._tell_found()

    def _go_to_match(self, match: Match | None) -> None:
        if match is not None:
            self._current = match
            self._reveal(match.piece, match.start)

    def _tell_found(self) -> int:
        haystack, needle = self._document.haystack, self._needle
        total = haystack.count(needle) if needle is not None else 0
        current = haystack.rank(needle, self._current) if needle is not None and self._current is not None else 0
        self.post_message(self.Found(current, total))
        return total

    def mark(self, words: Sequence[str]) -> None:
        """Mark these words, wherever they stand as whole words; capitals do not count."""
        self._words = word_pattern(words)
        self._repaint()

    def go_to_best(self, words: Sequence[str]) -> bool:
        """Go to the block with the most different words of these; whether there is any of them.

        When more of the page arrives, a better one is gone to, unless the reader has moved.
        """
        self._sought = None
        return self._go_to_better(words, 0, 0)

    def _go_to_better(self, words: Sequence[str], score: int, first: int) -> bool:
        found, match = self._document.haystack.best(words, first)
        if match is not None and found > score:
            self._bring(match.piece, match.start)
            score = found
        self._sought = words, score, self._place
        return match is not None

    def _reveal(self, piece: int, offset: int) -> None:
        """Bring a place of the text into sight, sideways too."""
        self._bring(piece, offset)
        if self._layout.drawn(piece).hidden and not self._shows(piece, offset):
            for shift in self._shifts(piece, offset):
                self._redraw(replace(self._pen, shift=shift))
                if self._shows(piece, offset):
                    break
        self._repaint()

    def _shifts(self, piece: int, offset: int) -> Iterator[int]:
        """Shifts at which a place may be seen."""
        drawn, leaf = self._layout.drawn(piece), self._document.pieces[piece].leaf
        if isinstance(leaf, CodeLines):
            yield max(0, offset - drawn.text.rfind("\n", 0, offset) - self._pen.width // 2)
        else:
            yield from range(0, drawn.hidden + self._pen.width // 2, max(1, self._pen.width // 2))

    def _shows(self, piece: int, offset: int) -> bool:
        lines = self._layout.drawn(piece).lines
        return any(start <= offset < end for line in lines for _, start, end in line.spans)

    def _paint(self, piece: int) -> list[Paint]:
        palette, haystack, paint = self._pen.palette, self._document.haystack, super()._paint(piece)
        if self._words is not None:
            paint += [(*found.span(), palette["word"]) for found in self._words.finditer(haystack.folded(piece))]
        if self._needle is not None:
            for start, end in haystack.within(self._needle, piece):
                look = "match-current" if Match(piece, start, end) == self._current else "match"
                paint.append((start, end, palette[look]))
        return paint
