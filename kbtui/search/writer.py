"""Writing an index: new segments from documents, deletions, and merging of small segments.

Merging goes by tiers, so that a document is written again only a few times in its life: six segments of about the
same size become one. A segment of which more than half is deleted is written again too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from whoosh.reading import SegmentReader as WhooshSegmentReader
from whoosh.writing import SegmentWriter

from kbtui.core.index_document import IndexDocument
from kbtui.search.codec import TermsCodec, TermsSegment, _Builder
from kbtui.search.contents import Contents, SegmentEntry
from kbtui.search.impact import USUAL_LENGTH
from kbtui.search.segment import FULL_SEGMENT
from kbtui.search.segment_builder import BATCH, Built

LOCK_SECONDS = 5.0
TIERS = (6, 36, 216, 1_296, 7_776, FULL_SEGMENT)
"""A segment belongs to the first tier that it is smaller than."""
MERGED = 6
"""How many segments of one tier become one."""


class TermsWriter(SegmentWriter):  # type: ignore[misc]  # Whoosh's base class is untyped
    """One change of an index: `add` and `delete_document`, then `commit_at`, or `cancel`."""

    def __init__(self, index: Any, timeout: float = LOCK_SECONDS) -> None:
        super().__init__(index, timeout=timeout, codec=TermsCodec(), compound=False)
        segments: Sequence[TermsSegment] = self.segments
        largest = max(segments, key=lambda s: s.doc_count_all(), default=None)
        self.usual_length = largest.usual_length if largest is not None else USUAL_LENGTH
        self._stamp = 0

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """Add documents; as many as fit into one segment."""
        remaining = iter(documents)
        while batch := list(islice(remaining, BATCH)):
            self._made().add(batch)
            self._added = True
            self.docnum = self._made().docs

    def add_document(self, **fields: Any) -> None:
        """Whoosh's way: the document is the field `document`."""
        self.add([fields["document"]])

    def _made(self) -> Any:
        writer: _Builder = self.fieldwriter
        return writer.made(self.usual_length)

    def commit_at(self, stamp: int) -> None:
        """Write the change and the sequence number that the index now holds, in one step."""
        self._stamp = stamp
        self.commit(mergetype=_by_tiers)

    def commit_built(self, built: Sequence[Built], stamp: int) -> None:
        """Put segments in force that were written into the folder before."""
        self._stamp = stamp
        for one in built:
            self.usual_length = one.usual_length
            self.segments.append(TermsSegment(self.codec, self.indexname, doccount=one.docs, segid=one.name))
        self.commit(merge=False)

    def add_reader(self, reader: Any) -> None:
        """Take in the documents of another segment."""
        terms = reader._terms  # Whoosh's readers are open to their codec
        self._made().merge(terms.segment, reader.is_deleted)
        self._added = True
        self.docnum = self._made().docs

    def _flush_segment(self) -> None:
        self._made().finish()

    def _close_segment(self) -> None:
        self.fieldwriter.close()

    def _commit_toc(self, segments: list[TermsSegment]) -> None:
        if not segments:
            # An empty index has its stamp too.
            self._flush_segment()
            segments = [self.get_segment()]
        for segment in segments:
            segment.usual_length = self.usual_length
        self.storage.contents = Contents(self._stamp, [_entry(segment) for segment in segments])
        super()._commit_toc(segments)


def _entry(segment: TermsSegment) -> SegmentEntry:
    return SegmentEntry(segment.segment_id(), segment.doc_count_all(), sorted(segment.deleted_docs()))


def _by_tiers(writer: TermsWriter, segments: list[TermsSegment]) -> list[TermsSegment]:
    """Whoosh's merge policy: takes in what is merged, and gives the segments that stay."""
    tiers: dict[int, list[TermsSegment]] = {}
    for segment in segments:
        tiers.setdefault(_tier(segment), []).append(segment)
    merged: list[TermsSegment] = [s for s in segments if s.doc_count() == 0]
    for tier, members in tiers.items():
        if tier < len(TIERS) and len(members) >= MERGED:
            merged += members
    merged += [s for s in segments if s.deleted_count() * 2 > s.doc_count_all() and s not in merged]
    total = 0
    chosen: list[TermsSegment] = []
    for segment in sorted(set(merged), key=lambda s: (s.doc_count(), s.segment_id())):
        if total + segment.doc_count() <= FULL_SEGMENT:
            total += segment.doc_count()
            chosen.append(segment)
    for segment in chosen:
        if segment.doc_count():
            reader = WhooshSegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return [segment for segment in segments if segment not in chosen]


def _tier(segment: TermsSegment) -> int:
    """The tier that a segment belongs to; the number of tiers for a full one."""
    return next((tier for tier, size in enumerate(TIERS) if segment.doc_count() < size), len(TIERS))
