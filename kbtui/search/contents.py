"""What an index consists of, as a search reads it: behind Whoosh's own table of contents, and sealed together with it.

    Whoosh's table     a pickle, which only a writer reads: reading a damaged one could do anything
    our table          JSON: the sequence number that the index holds, and its segments
    trailer            length of our table, digest of everything before

A file that is not whole is not believed, and a search needs neither the pickle nor Whoosh to be imported.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

INDEX_NAME = "MAIN"
"""Whoosh's name for the one index of a folder; its files begin with it."""
SUFFIX = ".toc"
_NAME = re.compile(rf"_{INDEX_NAME}_(\d+)\{SUFFIX}", re.ASCII)
_SALT = b"kbtui table of contents 2"
_DIGEST = 32
_LENGTH = struct.Struct("<I")


class ContentsDamagedError(Exception):
    """A table of contents is not there, or is not what was written."""


class SegmentEntry(NamedTuple):
    """A segment: its name, its documents, and the numbers of those that were deleted."""

    name: str
    docs: int
    deleted: Sequence[int]


class Contents(NamedTuple):
    """What a commit put in force."""

    stamp: int
    """The sequence number of the last change that the index holds."""
    segments: Sequence[SegmentEntry]


EMPTY = Contents(0, ())


def newest(folder: Path) -> int:
    """The generation of the newest table of contents in a folder. Raises `ContentsDamagedError` where there is none."""
    found = [int(match.group(1)) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    if not found:
        raise ContentsDamagedError("there is no table of contents")
    return max(found)


def read_contents(folder: Path, generation: int) -> Contents:
    """What the table of contents of a generation says. Raises `ContentsDamagedError`."""
    data = checked((folder / f"_{INDEX_NAME}_{generation}{SUFFIX}").read_bytes())
    end = len(data) - _LENGTH.size
    (length,) = _LENGTH.unpack(data[end:])
    stamp, segments = json.loads(data[end - length : end])
    return Contents(stamp, [SegmentEntry(*segment) for segment in segments])


def sealed(table: bytes, contents: Contents) -> bytes:
    """Whoosh's table with ours and the trailer behind it."""
    ours = json.dumps(contents, separators=(",", ":")).encode()
    data = table + ours + _LENGTH.pack(len(ours))
    return data + _digest(data)


def checked(data: bytes) -> bytes:
    """A file without its digest. Raises `ContentsDamagedError` where that is another."""
    if len(data) < _DIGEST + _LENGTH.size or _digest(data[:-_DIGEST]) != data[-_DIGEST:]:
        raise ContentsDamagedError("a table of contents is damaged")
    return data[:-_DIGEST]


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST, key=_SALT).digest()
