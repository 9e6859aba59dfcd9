"""Our segments behind Whoosh's extension points, so that Whoosh's own queries run over them.

Whoosh keeps the schema, the table of contents, deletions, locks and the life of segments. What a search needs is read
from `segment.SegmentReader` directly; the matchers and cursors here serve Whoosh's query classes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Segment
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from kbtui.search.fields import FIELDS, TEXT
from kbtui.search.impact import USUAL_LENGTH, VALUES
from kbtui.search.segment import SegmentReader
from kbtui.search.segment_builder import SegmentBuilder
from kbtui.search.segment_file import EXTENSION, SegmentFile


class TermsCodec(base.Codec):  # type: ignore[misc]  # Whoosh's base class is untyped
    """One file for each segment."""

    length_stats = False

    def per_document_writer(self, storage: Any, segment: Any) -> _NoDocumentWriter:  # noqa: ARG002
        return _NoDocumentWriter()

    def per_document_reader(self, storage: Any, segment: Any) -> _DocumentReader:  # noqa: ARG002
        return _DocumentReader(segment)

    def field_writer(self, storage: Any, segment: Any) -> _Builder:
        return _Builder(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        return TermsReader(storage, segment)

    def new_segment(self, storage: Any, indexname: str) -> TermsSegment:  # noqa: ARG002
        return TermsSegment(self, indexname)


class TermsSegment(W3Segment):  # type: ignore[misc]
    """What Whoosh's table of contents knows of a segment: its name and its deletions."""

    usual_length = USUAL_LENGTH

    def should_assemble(self) -> bool:
        """One file needs no putting together."""
        return False


class _Builder:
    """Makes the builder when the first document comes: Whoosh asks for a writer with every commit."""

    def __init__(self, storage: Any, segment: TermsSegment) -> None:
        self._path = Path(storage.folder) / segment.make_filename(EXTENSION)
        self.builder: SegmentBuilder | None = None

    def made(self, usual_length: float) -> SegmentBuilder:
        if self.builder is None:
            self.builder = SegmentBuilder(self._path, usual_length)
        return self.builder

    @property
    def is_closed(self) -> bool:
        return self.builder is None or self.builder.is_finished

    def close(self) -> None:
        if self.builder is not None and not self.builder.is_finished:
            self.builder.discard()


class _NoDocumentWriter:
    is_closed = False

    def close(self) -> None:
        self.is_closed = True


class _DocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """Numbers of documents and deletions; nothing is stored."""

    def __init__(self, segment: TermsSegment) -> None:
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, number: int) -> bool:
        return bool(self._segment.is_deleted(number))

    def deleted_docs(self) -> Iterable[int]:
        return list(self._segment.deleted_docs())

    def stored_fields(self, number: int) -> dict[str, object]:  # noqa: ARG002
        return {}

    def doc_field_length(self, number: int, field: str, default: int = 0) -> int:  # noqa: ARG002
        return 1

    def field_length(self, field: str) -> int:  # noqa: ARG002
        return self.doc_count_all()

    def min_field_length(self, field: str) -> int:  # noqa: ARG002
        return 1

    def max_field_length(self, field: str) -> int:  # noqa: ARG002
        return 1


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """Whoosh's view of a segment's dictionary."""

    def __init__(self, storage: Any, segment: TermsSegment) -> None:
        self.segment = SegmentReader(SegmentFile(Path(storage.folder) / segment.make_filename(EXTENSION)))

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self.segment.find(*term) >= 0

    def indexed_field_names(self) -> Iterable[str]:
        return FIELDS

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in FIELDS:
            yield from self.terms_from(field, b"")

    def terms_from(self, field: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for place in range(self.segment.seek(field, prefix), self.segment.field_range(field)[1]):
            yield field, self.segment.term(place)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for field in FIELDS:
            yield from self.items_from(field, b"")

    def items_from(self, field: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for place in range(self.segment.seek(field, prefix), self.segment.field_range(field)[1]):
            yield (field, self.segment.term(place)), self._info(field, place)

    def term_info(self, field: str, text: bytes) -> TermInfo:
        return self._info(field, self._found(field, text))

    def _found(self, field: str, text: bytes) -> int:
        place = self.segment.find(field, text)
        if place < 0:
            raise TermNotFound(f"No term {field}:{text!r}")
        return place

    def _info(self, field: str, place: int) -> TermInfo:
        ids, impacts = self.listed(field, place)
        return TermInfo(
            weight=float(len(ids)),
            df=len(ids),
            minlength=1,
            maxlength=1,
            maxweight=max(map(VALUES.__getitem__, impacts)),
            minid=ids[0],
            maxid=ids[-1],
        )

    def listed(self, field: str, place: int) -> tuple[list[int], bytes]:
        """Documents and impacts of a term; without impacts of their own, all are that of weight 1."""
        if field == TEXT:
            postings = self.segment.postings(place)
            return list(postings.ids()), postings.impacts()
        ids = list(self.segment.ids(place))
        return ids, b"\x7b" * len(ids)

    def frequency(self, field: str, text: bytes) -> float:
        return float(self.doc_frequency(field, text))

    def doc_frequency(self, field: str, text: bytes) -> int:
        place = self.segment.find(field, text)
        return self.segment.term_docs(place) if place >= 0 else 0

    def matcher(self, field: str, text: bytes, format_: Any, scorer: Any = None) -> TermMatcher:
        ids, impacts = self.listed(field, self._found(field, text))
        return TermMatcher(self.segment, (field, text), ids, impacts, format_, scorer)

    def cursor(self, field: str, fieldobj: Any) -> TermCursor:  # noqa: ARG002
        return TermCursor(self, field)

    def close(self) -> None:
        self.segment.close()


class TermCursor(base.FieldCursor):  # type: ignore[misc]
    """Walks a field's terms in order."""

    def __init__(self, reader: TermsReader, field: str) -> None:
        self._reader, self._field = reader, field
        self._place, self._end = reader.segment.field_range(field)

    def is_valid(self) -> bool:
        return self._place < self._end

    def text(self) -> str | None:
        return self._reader.segment.term(self._place).decode() if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        return self._reader._info(self._field, self._place) if self.is_valid() else None

    def first(self) -> str | None:
        self._place = self._reader.segment.field_range(self._field)[0]
        return self.text()

    def next(self) -> str | None:
        self._place += 1
        return self.text()

    def find(self, term: bytes | str) -> str | None:
        self._place = self._reader.segment.seek(self._field, term if isinstance(term, bytes) else term.encode())
        return self.text()


class TermMatcher(LeafMatcher):  # type: ignore[misc]
    """The documents of one term, one after the other."""

    def __init__(  # noqa: PLR0917
        self, segment: SegmentReader, term: tuple[str, bytes], ids: list[int], impacts: bytes, format_: Any, scorer: Any
    ) -> None:
        self._segment, self._term, self._ids, self._impacts = segment, term, ids, impacts
        self.format, self.scorer = format_, scorer
        self._at = 0

    def is_active(self) -> bool:
        return self._at < len(self._ids)

    def reset(self) -> None:
        self._at = 0

    def id(self) -> int:
        return self._ids[self._at]

    def all_ids(self) -> Iterator[int]:
        return iter(self._ids)

    def next(self) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._at += 1

    def skip_to(self, number: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._ids, number, self._at)

    def weight(self) -> float:
        return VALUES[self._impacts[self._at]]

    def value(self) -> bytes:
        """The positions of the term in the document's sequence, four bytes each."""
        character = self._segment.character(self._term[1]) if self._term[0] == TEXT else None
        sequence = self._segment.sequence(self.id()) if character else ""
        return array("I", [at for at, found in enumerate(sequence) if found == character]).tobytes()

    def supports_block_quality(self) -> bool:
        return False

    def skip_to_quality(self, quality: float) -> int:  # noqa: ARG002
        return 0

    def max_quality(self) -> float:
        return float(self.scorer.max_quality()) if self.scorer else 1.0

    def block_quality(self) -> float:
        return self.max_quality()

    def block_min_length(self) -> int:
        return 1

    def block_max_length(self) -> int:
        return 1

    def block_max_weight(self) -> float:
        return max(map(VALUES.__getitem__, self._impacts))

    def block_min_id(self) -> int:
        return self._ids[0]

    def block_max_id(self) -> int:
        return self._ids[-1]
