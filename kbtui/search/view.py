"""A segment as a search sees it: its live documents, and what was unpacked of it already."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import compress
from typing import Any, TypeVar

from kbtui.search.fields import VALUE
from kbtui.search.postings import PlanePostings, Postings, SparsePostings, bits_plane, plane_bits, to_bits
from kbtui.search.segment import EMPTY, SegmentReader

Kept = TypeVar("Kept")
_MOST_KEPT = 400
_PLANE_PAYS = 24
"""A plane is made for a lookup of at least one document in so many."""


class SegmentView:
    """One segment without what was deleted of it. What is kept is forgotten when more is deleted."""

    def __init__(self, reader: SegmentReader) -> None:
        self.reader = reader
        self.docs = reader.docs
        self.everything = (1 << reader.docs) - 1
        self.live = self.everything
        self.deleted: set[int] = set()
        self.has_deletions = False
        self._kept: dict[Hashable, Any] = {}

    def set_deleted(self, deleted: set[int]) -> None:
        """Put the present deletions in force."""
        if deleted != self.deleted:
            self._kept.clear()
        self.deleted = deleted
        self.has_deletions = bool(deleted)
        self.live = self.everything & ~to_bits(deleted, self.docs) if deleted else self.everything

    def keep(self, name: Hashable, make: Callable[[], Kept]) -> Kept:
        """What `make` gave the first time; the oldest things are forgotten."""
        found = self._kept.get(name)
        if found is None:
            found = self._kept[name] = make()
            if len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return found

    def word(self, term: bytes) -> Postings:
        """The documents of a word."""
        return self.keep(("word", term), lambda: self._living(self.reader.word(term) or EMPTY))

    def _living(self, postings: Postings) -> Postings:
        if not self.has_deletions or not postings.docs:
            return postings
        if isinstance(postings, PlanePostings):
            return self.living_plane(bytearray(postings.plane()))
        ids, deleted = postings.ids(), self.deleted
        flags = bytes(number not in deleted for number in ids)
        return SparsePostings(list(compress(ids, flags)), bytes(compress(postings.impacts(), flags)), self.docs)

    def living_plane(self, plane: bytearray) -> PlanePostings:
        """A plane, without the deleted documents from now on, as postings."""
        for number in self.deleted:
            plane[number] = 0
        return PlanePostings(plane)

    def character(self, term: bytes) -> str:
        """The character of a word in sequences, "" where it is in none."""
        return self.keep(("character", term), lambda: self.reader.character(term) or "")

    def value_bits(self, place: int) -> int:
        """The documents that have the value at a place of the dictionary."""
        return self.keep(("value", place), lambda: self.reader.bits(place))

    def term_bits(self, field: str, term: bytes) -> int:
        """The documents that have a term of a field other than the text."""
        place = self.reader.find(field, term)
        return self.value_bits(place) if place >= 0 else 0

    def value_place(self, order: int) -> int:
        """The place in the dictionary of the value with this order among the values."""
        return self.reader.field_range(VALUE)[0] + order

    def values(self, field: str) -> list[str]:
        """All values of a field."""

        def listed() -> list[str]:
            first, end = self.reader.value_places(field)
            return [value_text(self.reader.term(self.value_place(order))) for order in range(first, end)]

        return self.keep(("values", field), listed)

    def plane(self, name: Hashable, postings: Postings) -> bytes | bytearray:
        """The postings as a plane."""
        if isinstance(postings, PlanePostings):
            return postings.plane()
        return self.keep(("plane", name), postings.plane)

    def bits(self, name: Hashable, postings: Postings) -> int:
        """The postings as a set."""
        if isinstance(postings, PlanePostings):
            return self.keep(("bits", name), lambda: plane_bits(postings.plane()))
        return self.keep(("bits", name), lambda: to_bits(postings.ids(), self.docs))

    def bits_plane(self, name: Hashable, bits: int) -> bytes:
        """A set as a plane."""
        return self.keep(("flags", name, bits), lambda: bits_plane(bits, self.docs))

    def impacts_of(self, name: Hashable, postings: Postings, ids: Any) -> bytes:
        """An impact for each of `ids`, 0 where the postings do not have it."""
        if not isinstance(postings, PlanePostings) and postings.docs * _PLANE_PAYS < self.docs:
            found = self.keep(("dict", name), lambda: dict(zip(postings.ids(), postings.impacts(), strict=True)))
            get = found.get
            return bytes([get(number, 0) for number in ids])
        return bytes(map(self.plane(name, postings).__getitem__, ids))


def value_text(term: bytes) -> str:
    """The value in a term of the field `VALUE`."""
    return term.decode("utf-8", "replace").partition("\x1f")[2]
