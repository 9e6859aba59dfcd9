"""Finding text in a page of any length, drawn or not.

Matches are counted and stepped through in the joined text of the pieces, and listed for one piece only: no letter is so
frequent that finding it takes long.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kbtui.tui.document.pieces import Part, fold

MOST_PLACES = 200
"""How many places of one word are looked at when the best block is sought."""


@dataclass(frozen=True, slots=True)
class Needle:
    """What is sought. Capitals count only where it has one."""

    text: str

    @property
    def is_exact(self) -> bool:
        """Whether capitals count."""
        return self.text != fold(self.text)


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """A place in a piece's text."""

    piece: int
    start: int
    end: int


class Haystack:
    """The text of a page, part by part."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._firsts: list[int] = []
        self._pieces = 0

    def add(self, part: Part) -> None:
        """The text of more pieces."""
        self._parts.append(part)
        self._firsts.append(self._pieces)
        self._pieces += len(part.pieces)

    def text(self, piece: int) -> str:
        """The text of one piece."""
        part, number = self._locate(piece)
        return part.text[part.starts[number] : _end(part, number)]

    def folded(self, piece: int) -> str:
        """The text of one piece in small letters."""
        part, number = self._locate(piece)
        return part.folded[part.starts[number] : _end(part, number)]

    def lengths(self, first: int) -> Iterator[int]:
        """The lengths of the texts of all pieces from `first` on, which must be the first of its part."""
        for part, begin in zip(self._parts, self._firsts, strict=True):
            if begin >= first:
                yield from (end - start - 1 for start, end in pairwise((*part.starts, len(part.text))))

    def count(self, needle: Needle) -> int:
        """How many matches there are."""
        return sum(_text(part, needle).count(needle.text) for part in self._parts)

    def rank(self, needle: Needle, match: Match) -> int:
        """Which match this is, from 1."""
        index = bisect_right(self._firsts, match.piece) - 1
        before = sum(_text(part, needle).count(needle.text) for part in self._parts[:index])
        part, number = self._locate(match.piece)
        end = part.starts[number] + match.end
        return before + _text(part, needle).count(needle.text, 0, end)

    def within(self, needle: Needle, piece: int) -> list[tuple[int, int]]:
        """All matches in a piece: (start, end)."""
        part, number = self._locate(piece)
        text, start, end = _text(part, needle), part.starts[number], _end(part, number)
        found, at = [], text.find(needle.text, start, end)
        while at >= 0:
            found.append((at - start, at - start + len(needle.text)))
            at = text.find(needle.text, at + len(needle.text), end)
        return found

    def after(self, needle: Needle, piece: int, offset: int) -> Match | None:
        """The first match that begins at or behind a place."""
        for start, end in self.within(needle, piece) if self._pieces else ():
            if start >= offset:
                return Match(piece, start, end)
        for index in range(bisect_right(self._firsts, piece) - 1, len(self._parts)):
            part, first = self._parts[index], self._firsts[index]
            number = piece - first + 1
            begin = part.starts[number] if 0 <= number < len(part.starts) else 0 if number < 0 else len(part.text)
            at = _text(part, needle).find(needle.text, begin)
            if at >= 0:
                return self._match(index, at, needle)
        return None

    def before(self, needle: Needle, piece: int, offset: int) -> Match | None:
        """The last match that begins before a place."""
        for start, end in reversed(self.within(needle, piece)) if self._pieces else ():
            if start < offset:
                return Match(piece, start, end)
        for index in range(bisect_right(self._firsts, piece) - 1, -1, -1):
            part, number = self._parts[index], piece - self._firsts[index]
            end = part.starts[number] if number < len(part.starts) else len(part.text)
            at = _text(part, needle).rfind(needle.text, 0, end)
            if at >= 0:
                found = self._match(index, at, needle)
                # Of matches that overlap, the search from behind finds another than all others do.
                return Match(found.piece, *self.within(needle, found.piece)[-1])
        return None

    def best(self, words: Sequence[str], first: int = 0) -> tuple[int, Match | None]:
        """The place with the most different words: how many, and the first of them in the best piece of its block.

        Pieces before `first` are not looked at.
        """
        best: tuple[int, Match | None] = (0, None)
        for index, part in enumerate(self._parts):
            if self._firsts[index] >= first:
                score, match = _best_in(part, words)
                if match is not None and score > best[0]:
                    best = score, Match(self._firsts[index] + match.piece, match.start, match.end)
        return best

    def _locate(self, piece: int) -> tuple[Part, int]:
        index = bisect_right(self._firsts, piece) - 1
        return self._parts[index], piece - self._firsts[index]

    def _match(self, index: int, at: int, needle: Needle) -> Match:
        part = self._parts[index]
        number = bisect_right(part.starts, at) - 1
        start = at - part.starts[number]
        return Match(self._firsts[index] + number, start, start + len(needle.text))


def word_pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Finds these words, whole, in folded text; None for no words."""
    wanted = sorted({fold(word) for word in words if word.strip()}, key=len, reverse=True)
    whole = (
        ("(?<!\\w)" if _joins("a", word[0]) else "") + re.escape(word) + ("(?!\\w)" if _joins(word[-1], "a") else "")
        for word in wanted
    )
    return re.compile("|".join(whole)) if wanted else None


def _text(part: Part, needle: Needle) -> str:
    return part.text if needle.is_exact else part.folded


def _end(part: Part, number: int) -> int:
    return (part.starts[number + 1] if number + 1 < len(part.starts) else len(part.text)) - 1


def _best_in(part: Part, words: Sequence[str]) -> tuple[int, Match | None]:
    in_block: dict[int, set[str]] = defaultdict(set)
    in_piece: dict[tuple[int, int], dict[str, Match]] = defaultdict(dict)
    for word in {fold(word) for word in words if word.strip()}:
        for at in _places(part.folded, word):
            piece = bisect_right(part.starts, at) - 1
            block = bisect_right(part.blocks, piece)
            start = at - part.starts[piece]
            in_block[block].add(word)
            in_piece[block, piece].setdefault(word, Match(piece, start, start + len(word)))
    if not in_block:
        return 0, None
    block = min(in_block, key=lambda number: (-len(in_block[number]), number))
    _, piece = min((place for place in in_piece if place[0] == block), key=lambda place: (-len(in_piece[place]), place))
    return len(in_block[block]), min(in_piece[block, piece].values())


def _places(text: str, word: str) -> Iterator[int]:
    """Where a whole word stands, of the first `MOST_PLACES` where its letters do."""
    at = -1
    for _ in range(MOST_PLACES):
        at = text.find(word, at + 1)
        if at < 0:
            return
        end = at + len(word)
        if not _joins(text[at - 1 : at], word[0]) and not _joins(word[-1], text[end : end + 1]):
            yield at


def _joins(left: str, right: str) -> bool:
    """Whether two characters are parts of one word; not where one is missing."""
    return all(side.isalnum() or side == "_" for side in (left, right))
