"""Reading one segment: its dictionary, its posting lists, its sequences and its columns."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import lt
from typing import Any

from kbtui.search.fields import NUMBERS, TEXT, VALUE
from kbtui.search.postings import (
    Postings,
    SparsePostings,
    has_bits,
    ids_length,
    postings_length,
    to_bits,
    unpack_bits,
    unpack_ids,
    unpack_postings,
)
from kbtui.search.segment_file import SegmentFile

FULL_SEGMENT = 25_000
"""How many documents a bulk build puts into one segment."""
_SAMPLED = 64
_MOST = 2
_SMALL = 30_000
"""Terms of a segment that may be held in memory."""


class SegmentReader:
    """One segment. Terms are bytes; a term's place is its position in the dictionary."""

    def __init__(self, file: SegmentFile) -> None:
        self.file = file
        self.docs: int = file.facts["docs"]
        self.usual_length: float = file.facts["usual_length"]
        self._fields: dict[str, tuple[int, int]] = {name: (a, b) for name, (a, b) in file.facts["fields"].items()}
        self._postings_start = file.start("postings")
        self._sequences_start = file.start("sequences")
        self._ready = False
        self._samples: list[bytes] = []
        self._vocabulary: frozenset[bytes] | None = None
        self._places: array[int] | None = None
        self._by_key: dict[int, int] | None = None

    def _load(self) -> None:
        """Verify and map the dictionary, once it is needed."""
        table = self.file.table
        self._term_at, self._term_docs = table("term_at", "I"), table("term_docs", "H")
        self._term_place, self._term_text = table("term_place", "I"), table("term_text")
        self._ready = True

    # Dictionary

    def field_range(self, field: str) -> tuple[int, int]:
        """The places of a field's terms: first, and behind the last."""
        return self._fields.get(field, (0, 0))

    def term(self, place: int) -> bytes:
        """The term at a place."""
        if not self._ready:
            self._load()
        return bytes(self._term_text[self._term_at[place] : self._term_at[place + 1]])

    def term_docs(self, place: int) -> int:
        """How many documents have the term at a place, deleted ones too."""
        if not self._ready:
            self._load()
        return int(self._term_docs[place])

    def docs_between(self, first: int, end: int) -> Sequence[int]:
        """`term_docs` of several places."""
        if not self._ready:
            self._load()
        return self._term_docs[first:end]

    def seek(self, field: str, term: bytes) -> int:
        """The place of the first term of the field that is not before `term`."""
        if not self._ready:
            self._load()
        low, high = self._near(field, term)
        text, at = self._term_text, self._term_at
        while low < high:
            middle = (low + high) >> 1
            if bytes(text[at[middle] : at[middle + 1]]) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def _near(self, field: str, term: bytes) -> tuple[int, int]:
        """The first place that a term may stand at, and the last."""
        low, high = self.field_range(field)
        if field != TEXT or high - low <= _SAMPLED:
            return low, high
        step = bisect_left(self._samples or self._sample(low, high), term)
        return low + max(0, step - 1) * _SAMPLED, min(high, low + step * _SAMPLED)

    def _sample(self, low: int, high: int) -> list[bytes]:
        """Every so many terms, so that most of a look-up is done by one call."""
        text, at = bytes(self._term_text), self._term_at
        self._samples = [text[at[place] : at[place + 1]] for place in range(low, high, _SAMPLED)]
        return self._samples

    def find(self, field: str, term: bytes) -> int:
        """The place of a term, -1 where the field has none."""
        if not self._ready:
            self._load()
        low, high = self._near(field, term)
        behind = min(high + 1, self.field_range(field)[1])
        # One look at all of their text: most words that are asked for are not there.
        if high - low <= _SAMPLED and term not in bytes(self._term_text[self._term_at[low] : self._term_at[behind]]):
            return -1
        place = self.seek(field, term)
        return place if place < behind and self.term(place) == term else -1

    def small_vocabulary(self) -> frozenset[bytes] | None:
        """All terms of the field `TEXT`, for many look-ups at once; None for a segment that has too many of them."""
        first, end = self.field_range(TEXT)
        if self._vocabulary is None and end - first <= _SMALL:
            self._vocabulary = frozenset(map(self.term, range(first, end)))
        return self._vocabulary

    def prefix_range(self, field: str, prefix: bytes) -> tuple[int, int]:
        """The places of the terms that begin so: first, and behind the last."""
        return self.seek(field, prefix), self.seek(field, prefix + b"\xff\xff\xff\xff")

    # Postings

    def _data(self, place: int, length: int) -> bytes:
        start = self._postings_start + self._term_place[place]
        self.file.need(start, start + length)
        return self.file.map[start : start + length]

    def postings(self, place: int) -> Postings:
        """The documents of a term of the field `TEXT`."""
        docs = self.term_docs(place)
        data = self._data(place, postings_length(docs, self.docs)) if docs > 1 else b""
        return unpack_postings(data, self._term_place[place], docs, self.docs)

    def word(self, term: bytes) -> Postings | None:
        """The documents of a word."""
        place = self.find(TEXT, term)
        return None if place < 0 else self.postings(place)

    def ids(self, place: int) -> Sequence[int]:
        """The documents of a term of another field than `TEXT`."""
        docs = self.term_docs(place)
        data = self._data(place, ids_length(docs, self.docs)) if docs > 1 else b""
        return unpack_ids(data, self._term_place[place], docs, self.docs)

    def bits(self, place: int) -> int:
        """`ids` as a set."""
        docs = self.term_docs(place)
        if has_bits(docs, self.docs):
            return unpack_bits(self._data(place, ids_length(docs, self.docs)), self.docs)
        return to_bits(self.ids(place), self.docs)

    # Sequences

    def character(self, term: bytes) -> str | None:
        """The character of a word of sequences."""
        place = self.find(TEXT, term)
        number = self.file.table("term_number", "I")[place] if place >= 0 else 0
        return chr(number) if number else None

    def sequence_place(self, number: int) -> tuple[int, int]:
        """Where in the file's map a document's sequence lies."""
        at = self.file.table("sequence_at", "I")
        start, end = self._sequences_start + at[number], self._sequences_start + at[number + 1]
        self.file.need(start, end)
        return start, end

    def containing(self, pattern: str, candidates: Sequence[int]) -> set[int]:
        """Those of the documents, in order, whose sequence has the characters of a pattern side by side."""
        data = pattern.encode("utf-16-le", "surrogatepass")
        offsets, base, find = self.file.table("sequence_at", "I"), self._sequences_start, self.file.map.find
        # Where most are looked through, all between them is made sure of at once.
        if len(candidates) * _MOST > self.docs:
            self.file.need(base + offsets[candidates[0]], base + offsets[candidates[-1] + 1])
        else:
            for number in candidates:
                self.file.need(base + offsets[number], base + offsets[number + 1])
        found = set()
        for number in candidates:
            start, end = base + offsets[number], base + offsets[number + 1]
            at = find(data, start, end)
            while at >= 0 and (at - start) & 1:
                at = find(data, at + 1, end)
            if at >= 0:
                found.add(number)
        return found

    def sequence(self, number: int) -> str:
        """A document's words, one character each."""
        start, end = self.sequence_place(number)
        return self.file.map[start:end].decode("utf-16-le", "surrogatepass")

    def word_of(self, character: str) -> bytes | None:
        """The word that a character of a sequence stands for; None for the gap between fields."""
        if self._places is None:
            numbers = self.file.table("term_number", "I")
            places = array("I", bytes(4 * (max(numbers, default=0) + 1)))
            for place, number in enumerate(numbers):
                places[number] = place
            self._places = places
        number = ord(character)
        return self.term(self._places[number]) if 0 < number < len(self._places) else None

    def words_of_sequences(self) -> dict[int, bytes]:
        """Code point to word."""
        numbers = self.file.table("term_number", "I")
        first, end = self.field_range(TEXT)
        return {numbers[place]: self.term(place) for place in range(first, end) if numbers[place]}

    # Columns

    def key(self, number: int) -> int:
        """The key of a document."""
        return int(self.file.table("keys", "q")[number])

    def keys(self) -> Sequence[int]:
        """The keys of all documents."""
        return self.file.table("keys", "q")

    def number_of(self, key: int) -> int:
        """The number of the document with a key, -1 where there is none."""
        keys = self.keys()
        if self._by_key is None:
            ordered = all(map(lt, keys, islice(keys, 1, None)))
            self._by_key = {} if ordered else {key: number for number, key in enumerate(keys)}
        if self._by_key:
            return self._by_key.get(key, -1)
        at = bisect_left(keys, key)
        return at if at < len(keys) and keys[at] == key else -1

    def revision(self, number: int) -> int:
        """The revision of a document."""
        return int(self.file.table("revisions", "I")[number])

    def numbers(self, name: str) -> Sequence[int]:
        """A number of all documents; `schema.NO_NUMBER` where there is none."""
        return self.file.table(f"number_{name}", "i")

    def number_columns(self) -> list[Sequence[int]]:
        """All numbers, in the order of `schema.NUMBERS`."""
        return [self.numbers(name) for name in NUMBERS]

    def values_of(self, number: int) -> Sequence[int]:
        """The values of a document, as places behind the first of the field `VALUE`."""
        at = self.file.table("values_at", "I")
        return self.file.table("values", "I")[at[number] : at[number + 1]]

    def value_places(self, field: str) -> tuple[int, int]:
        """The places of the values of one field, behind the first of the field `VALUE`."""
        start = self.field_range(VALUE)[0]
        first, end = self.prefix_range(VALUE, field.encode() + b"\x1f")
        return first - start, end - start

    # Everything, for merging

    def packed_lists(self, field: str) -> Iterator[tuple[bytes, array[int]]]:
        """Each term of a field with its documents; of `TEXT` with impacts, as document << 8 | impact."""
        get: Callable[[int], Any] = self._packed if field == TEXT else self.ids
        for place in range(*self.field_range(field)):
            yield self.term(place), get(place)

    def _packed(self, place: int) -> array[int]:
        postings = self.postings(place)
        return array(
            "I", [number << 8 | impact for number, impact in zip(postings.ids(), postings.impacts(), strict=True)]
        )

    def close(self) -> None:
        """Let go of the file."""
        if self._ready:
            self._ready = False
            del self._term_at, self._term_docs, self._term_place, self._term_text
        self.file.close()


EMPTY = SparsePostings((), b"", 0)
