"""Which documents have a term: how a posting list is packed, and how it is read.

Documents of a segment are numbered from 0; there are at most `MOST_DOCUMENTS`, so that a number is two bytes. A list of
a word also has each document's impact (`impact`). By the number of documents, `docs`, a list is one of

    one document    nothing in the postings: document << 8 | impact stands in place of the offset
    some            docs numbers of two bytes, ascending, then docs impacts
    more than 1/3   an impact for every document of the segment, 0 where the word is not: a plane

and without impacts (names, titles, values)

    one document    the number in place of the offset
    some            docs numbers of two bytes
    more than 1/16  a bit for every document, the first document's the highest of the first byte
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Protocol

MOST_DOCUMENTS = 32_768
_PLANE_SHARE = 3
_BITS_SHARE = 16
_FLAGS = bytes([0x30, *([0x31] * 255)])
_UNFLAGS = bytes(1 if code == 0x31 else 0 for code in range(256))


class Postings(Protocol):
    """The documents that have something, with what it is worth in each."""

    docs: int
    """How many."""

    def ids(self) -> Sequence[int]:
        """Their numbers, ascending."""
        ...

    def impacts(self) -> bytes:
        """An impact for each of `ids`."""
        ...

    def plane(self) -> bytes | bytearray:
        """An impact for every document of the segment, 0 where there is none."""
        ...


class SparsePostings:
    """Numbers and impacts side by side."""

    __slots__ = ("_ids", "_impacts", "_segment_docs", "docs")

    def __init__(self, ids: Sequence[int], impacts: bytes, segment_docs: int) -> None:
        self.docs = len(ids)
        self._ids, self._impacts, self._segment_docs = ids, impacts, segment_docs

    def ids(self) -> Sequence[int]:
        return self._ids

    def impacts(self) -> bytes:
        return self._impacts

    def plane(self) -> bytearray:
        plane = bytearray(self._segment_docs)
        for number, impact in zip(self._ids, self._impacts, strict=True):
            plane[number] = impact
        return plane


class PlanePostings:
    """A plane of impacts."""

    __slots__ = ("_plane", "docs")

    def __init__(self, plane: bytes | bytearray, docs: int = -1) -> None:
        self.docs = docs if docs >= 0 else len(plane) - plane.count(0)
        self._plane = plane

    def ids(self) -> list[int]:
        return list(compress(range(len(self._plane)), self._plane))

    def impacts(self) -> bytes:
        return bytes(self._plane.replace(b"\0", b""))

    def plane(self) -> bytes | bytearray:
        return self._plane


# Writing


def pack_postings(packed: array[int], segment_docs: int) -> tuple[int, bytes]:
    """(offset-or-posting, bytes) of a list of document << 8 | impact; the first is 0 where there are bytes."""
    docs = len(packed)
    if docs == 1:
        return packed[0], b""
    if docs * _PLANE_SHARE > segment_docs:
        plane = bytearray(segment_docs)
        for posting in packed:
            plane[posting >> 8] = posting & 0xFF
        return 0, bytes(plane)
    if sys.byteorder == "big":
        packed = packed[:]
        packed.byteswap()
    data = packed.tobytes()
    ids = bytearray(2 * docs)
    ids[0::2], ids[1::2] = data[1::4], data[2::4]
    return 0, bytes(ids) + data[0::4]


def pack_ids(ids: Sequence[int], segment_docs: int) -> tuple[int, bytes]:
    """(offset-or-number, bytes) of a list without impacts."""
    if len(ids) == 1:
        return ids[0], b""
    if len(ids) * _BITS_SHARE > segment_docs:
        size = (segment_docs + 7) // 8
        return 0, (to_bits(ids, segment_docs) << (size * 8 - segment_docs)).to_bytes(size, "big")
    packed = array("H", ids)
    if sys.byteorder == "big":
        packed.byteswap()
    return 0, packed.tobytes()


# Reading: where a list ends follows from how many documents it has.


def postings_length(docs: int, segment_docs: int) -> int:
    """How many bytes a list of a word takes."""
    if docs <= 1:
        return 0
    return segment_docs if docs * _PLANE_SHARE > segment_docs else 3 * docs


def ids_length(docs: int, segment_docs: int) -> int:
    """How many bytes a list without impacts takes."""
    if docs <= 1:
        return 0
    return (segment_docs + 7) // 8 if docs * _BITS_SHARE > segment_docs else 2 * docs


def unpack_postings(data: bytes, place: int, docs: int, segment_docs: int) -> Postings:
    """The list that `pack_postings` wrote."""
    if docs == 1:
        return SparsePostings((place >> 8,), bytes((place & 0xFF,)), segment_docs)
    if docs * _PLANE_SHARE > segment_docs:
        return PlanePostings(data, docs)
    return SparsePostings(_unpack_numbers(data[: 2 * docs]), data[2 * docs :], segment_docs)


def unpack_ids(data: bytes, place: int, docs: int, segment_docs: int) -> Sequence[int]:
    """The list that `pack_ids` wrote."""
    if docs == 1:
        return (place,)
    if docs * _BITS_SHARE > segment_docs:
        return from_bits(unpack_bits(data, segment_docs), segment_docs)
    return _unpack_numbers(data)


def unpack_bits(data: bytes, segment_docs: int) -> int:
    """The bit set that `pack_ids` wrote for more than a sixteenth of the documents."""
    return int.from_bytes(data, "big") >> (len(data) * 8 - segment_docs)


def has_bits(docs: int, segment_docs: int) -> bool:
    """Whether a list without impacts is kept as bits."""
    return docs > 1 and docs * _BITS_SHARE > segment_docs


def _unpack_numbers(data: bytes) -> array[int]:
    numbers = array("H")
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


# Sets of documents are integers of one bit for each document, the first document's the highest: intersection, union and
# difference are single operations of the interpreter, and counting one call.


def to_bits(ids: Iterable[int], segment_docs: int) -> int:
    """The set of these documents."""
    flags = bytearray(b"0") * segment_docs
    for number in ids:
        flags[number] = 0x31
    return int(flags, 2) if segment_docs else 0


def plane_bits(plane: bytes | bytearray) -> int:
    """The set of the documents that are not 0 in a plane."""
    return int(plane.translate(_FLAGS), 2) if plane else 0


def bits_plane(bits: int, segment_docs: int) -> bytes:
    """A plane of 1 for each document of a set."""
    return format(bits, f"0{segment_docs}b").encode().translate(_UNFLAGS) if segment_docs else b""


def from_bits(bits: int, segment_docs: int) -> list[int]:
    """The documents of a set, ascending."""
    count = bits.bit_count()
    if count * 64 < segment_docs:
        found = []
        while bits:
            highest = bits.bit_length() - 1
            found.append(segment_docs - 1 - highest)
            bits ^= 1 << highest
        return found
    return list(compress(range(segment_docs), bits_plane(bits, segment_docs)))
