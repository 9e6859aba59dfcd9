"""The file of one segment: what lies where, and how it is known to be whole.

    magic and format version
    sequences      the text of each document as UTF-16: one character for each word, see below
    postings       for each term the documents that have it, see `codec`
    tables         arrays with one entry for each document or term
    checksums      CRC-32 of each block of 64 KiB of everything before
    footer         JSON: where each section lies, the fields' ranges of terms, numbers of documents and terms
    trailer        length and CRC-32 of the footer, CRC-32 of the checksums, magic

A file is written once, front to back, and never changed. The footer is read when it is opened; a block is verified when
it is first touched, a table as a whole when it is first asked for. Numbers are little-endian.

A document's sequence is a string of characters, the number of a term being the code point: names and lead come behind
the body, each behind a character 0. Phrases and nearness are then searches in strings, which the
interpreter does at the speed of memory. Numbers leave out the surrogates, U+D800 to U+DFFF.
"""

from __future__ import annotations

import io
import json
import mmap
import os
import struct
import sys
import zlib
from array import array
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

MAGIC = b"kbtuiseg"
VERSION = 1
"""Changes with the format of the file."""
BLOCK = 1 << 16
_WRITE_BYTES = 1 << 20
_TRAILER = struct.Struct("<III8s")
_HEAD = struct.Struct("<8sI4x")
EXTENSION = ".kbs"

Sections = dict[str, tuple[int, int]]
"""Offset and length of each section, in bytes."""


class SegmentDamagedError(Exception):
    """A segment's file is not what was written."""


class SegmentFileWriter:
    """Writes the file of a segment, front to back."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        self._buffer = bytearray()
        self._sums = array("I")
        self._sections: Sections = {}
        self.position = 0
        self.write(_HEAD.pack(MAGIC, VERSION))

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append bytes."""
        self._buffer += data
        self.position += len(data)
        if len(self._buffer) >= _WRITE_BYTES:
            self._flush(len(self._buffer) // BLOCK * BLOCK)

    def _flush(self, length: int) -> None:
        with memoryview(self._buffer) as view:
            for start in range(0, length, BLOCK):
                self._sums.append(zlib.crc32(view[start : min(length, start + BLOCK)]))
            _write_all(self._file, view[:length])
        del self._buffer[:length]

    def section(self, name: str, start: int) -> None:
        """Name what was written from `start` on, and pad to a multiple of eight bytes."""
        self._sections[name] = (start, self.position - start)
        self.write(b"\0" * (-self.position % 8))

    def table(self, name: str, values: array[Any] | bytes) -> None:
        """Append a whole section: the numbers of an array, or bytes."""
        start = self.position
        self.write(values if isinstance(values, bytes) else _little_endian(values))
        self.section(name, start)

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Append checksums, footer and trailer, and close the file."""
        self._flush(len(self._buffer))
        sums = _little_endian(self._sums)
        footer = json.dumps({**facts, "sections": self._sections, "sums": [self.position, len(sums)]}).encode()
        trailer = _TRAILER.pack(len(footer), zlib.crc32(footer), zlib.crc32(sums), MAGIC)
        _write_all(self._file, sums + footer + trailer)
        self._file.close()

    def discard(self) -> None:
        """Close and remove a file that was not finished."""
        if not self._file.closed:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)

    @property
    def is_finished(self) -> bool:
        """Whether the file is closed."""
        return self._file.closed


class SegmentFile:
    """A segment's file, mapped into memory, for reading."""

    def __init__(self, path: Path) -> None:
        """Raises `SegmentDamagedError` where the footer is not whole or of another version, OSError without a file."""
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _HEAD.size + _TRAILER.size:
                raise SegmentDamagedError(f"{path.name} is cut off")
            self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._tables: dict[str, memoryview[Any]] = {}
        self.name = path.name
        self.size = size
        try:
            self._read_footer()
        except SegmentDamagedError:
            self.map.close()
            raise

    def _read_footer(self) -> None:
        length, footer_sum, self._sums_sum, magic = _TRAILER.unpack_from(self.map, self.size - _TRAILER.size)
        end = self.size - _TRAILER.size
        footer = self.map[end - length : end] if 0 < length <= end else b""
        if magic != MAGIC or zlib.crc32(footer) != footer_sum or _HEAD.unpack_from(self.map, 0) != (MAGIC, VERSION):
            raise SegmentDamagedError(f"{self.name} is damaged or of another version")
        self.facts: dict[str, Any] = json.loads(footer)
        self._sections = {name: (start, size) for name, (start, size) in self.facts["sections"].items()}
        self._sums: memoryview[int] | None = None
        self._verified = bytearray(-(-self.facts["sums"][0] // BLOCK))

    def start(self, section: str) -> int:
        """Where a section begins in `map`."""
        return int(self._sections[section][0])

    def need(self, start: int, end: int) -> None:
        """Make sure that the bytes of `map` from `start` to `end` are what was written."""
        verified = self._verified
        for block in range(start // BLOCK, -(-end // BLOCK)):
            if not verified[block]:
                self._verify(block)

    def _verify(self, block: int) -> None:
        if self._sums is None:
            start, length = self.facts["sums"]
            sums = memoryview(self.map)[start : start + length]
            if zlib.crc32(sums) != self._sums_sum:
                sums.release()
                raise SegmentDamagedError(f"{self.name} is damaged")
            self._sums = _numbers(sums, "I")
        end = min((block + 1) * BLOCK, self.facts["sums"][0])
        with memoryview(self.map)[block * BLOCK : end] as view:
            if zlib.crc32(view) != self._sums[block]:
                raise SegmentDamagedError(f"{self.name} is damaged at byte {block * BLOCK}")
        self._verified[block] = 1

    def verify(self) -> None:
        """Read everything against its checksum; raises `SegmentDamagedError`."""
        self._verified = bytearray(len(self._verified))
        self._read_footer()
        self.need(0, self.facts["sums"][0])

    def table(self, name: str, code: str = "B") -> memoryview[Any]:
        """A section as numbers of an array's type code."""
        found = self._tables.get(name)
        if found is None:
            start, length = self._sections[name]
            self.need(start, start + length)
            found = self._tables[name] = _numbers(memoryview(self.map)[start : start + length], code)
        return found

    def close(self) -> None:
        """Let go of the file."""
        for view in (*self._tables.values(), *([self._sums] if self._sums is not None else [])):
            view.release()
        self._tables, self._sums = {}, None
        # Where an error is on its way, its frames may still hold a piece; the map then goes with the last of them.
        with suppress(BufferError):
            self.map.close()


def _write_all(file: io.FileIO, data: bytes | memoryview) -> None:
    with memoryview(data) as rest:
        done = 0
        while done < len(rest):
            done += file.write(rest[done:])


def _little_endian(values: array[Any]) -> bytes:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def _numbers(view: memoryview[Any], code: str) -> memoryview[Any]:
    if code == "B" or sys.byteorder == "little":
        return view.cast(code)  # type: ignore[call-overload, no-any-return]  # the code is not a literal here
    swapped = array(code)
    swapped.frombytes(view)
    swapped.byteswap()
    view.release()
    return memoryview(swapped)
