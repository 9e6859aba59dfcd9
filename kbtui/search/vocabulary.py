"""The words of a segment in the making, each numbered as a character: see `segment_file` on sequences."""

from __future__ import annotations

import re

from kbtui.search.analysis import LONGEST_TERM, WORD, stemmed, written

FIRST_WHOLE = 0x80000
"""Words of sequences are numbered below this, wholes from here on."""
SURROGATES = range(0xD800, 0xE000)
WHOLES = re.compile(f"[{chr(FIRST_WHOLE)}-\U0010ffff]+")
MOST_CACHED = 64
"""Chunks of more bytes are not remembered."""
GAP = "\0"
"""Stands between the fields of a sequence."""
MARK = " \x01 "
"""Stands between texts that are looked at together; `analysis.chunks` keeps it."""
FIELD = "\U0010ffff"
"""Stands between fields that are looked at together: what `FIELD_MARK` becomes."""
FIELD_SIGN = "\x02"
FIELD_MARK = f" {FIELD_SIGN} "


class Characters(dict[bytes, str]):
    """Chunk to the characters of its words: those of the sequence, and those of wholes, which are taken out of it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[bytes, str] = {}
        self.wholes: dict[bytes, str] = {}
        self[MARK.strip().encode()] = GAP
        self[FIELD_SIGN.encode()] = FIELD

    def __missing__(self, chunk: bytes) -> str:
        if chunk.isalpha() and chunk.islower():
            found = self.part(stemmed(chunk.decode()[:LONGEST_TERM]))
        else:
            found = "".join(self.word(match.group()) for match in WORD.finditer(chunk.decode("utf-8", "replace")))
        if len(chunk) <= MOST_CACHED:
            self[chunk] = found
        return found

    def word(self, word: str) -> str:
        """The characters of one written word."""
        terms = written(word)
        return "".join([*map(self.part, terms.parts), *map(self.whole, terms.wholes)])

    def part(self, term: str) -> str:
        """The character of a word of sequences."""
        return self.numbered(self.parts, term.encode(), 1)

    def whole(self, term: str) -> str:
        """The character of a whole."""
        return self.numbered(self.wholes, term.encode(), FIRST_WHOLE)

    @staticmethod
    def numbered(known: dict[bytes, str], term: bytes, first: int) -> str:
        """The character of a term, a new one where it is new."""
        found = known.get(term)
        if found is None:
            number = first + len(known)
            if number >= SURROGATES.start and first < SURROGATES.start:
                number += len(SURROGATES)
            found = known[term] = chr(number)
        return found
