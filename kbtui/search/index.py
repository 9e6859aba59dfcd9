"""One full-text index on disk, open for searching and for changes.

Every failure of it means: delete and build again. It is a cache of what the store holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kbtui.core.errors import IndexUnusableError
from kbtui.core.index_document import IndexDocument
from kbtui.core.searching.clauses import Clause, Group, Query, Term, TermKind
from kbtui.core.searching.results import (
    RELEVANCE,
    Correction,
    FacetCount,
    IndexHit,
    IndexMatches,
    IndexSimilar,
    Span,
    TermMatch,
)
from kbtui.search.analysis import fold_name, words
from kbtui.search.contents import newest, read_contents
from kbtui.search.corrections import correction
from kbtui.search.evaluation import Evaluation, Matching
from kbtui.search.explaining import explained
from kbtui.search.facets import facet_counts
from kbtui.search.fields import NAME
from kbtui.search.likeness import similar
from kbtui.search.marking import matching_spans
from kbtui.search.ordering import ordered
from kbtui.search.segment import FULL_SEGMENT, SegmentReader
from kbtui.search.segment_file import EXTENSION, SegmentFile
from kbtui.search.units import word_unit
from kbtui.search.view import SegmentView

if TYPE_CHECKING:
    from whoosh.index import FileIndex

MOST_CORRECTED, MOST_WORDS_CORRECTED = 4, 8
_TRIES = 5

Answer = TypeVar("Answer")


class WhooshIndex:
    """The `SearchIndex` port over one folder. Belongs to the thread that opened it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._views: dict[str, SegmentView] = {}
        self._present: list[SegmentView] = []
        self._generation = -1
        self._stamp = 0
        self._guarded(self._fresh)

    # Searching

    def search(
        self, query: Query, *, limit: int, offset: int = 0, sort: str = RELEVANCE, facets: Sequence[str] = ()
    ) -> IndexMatches:
        return self._guarded(lambda: self._search(query, limit, offset, sort, facets))

    def _search(self, query: Query, limit: int, offset: int, sort: str, facets: Sequence[str]) -> IndexMatches:
        evaluation, corrections = self._corrected(query)
        matching = evaluation.matching()
        if sort == RELEVANCE:
            best = evaluation.best(matching, offset + limit)[offset:]
            page = [IndexHit(view.reader.key(number), score, partial) for score, partial, view, number in best]
        else:
            page = ordered(matching, sort, limit, offset)
        return IndexMatches(
            page=page,
            total=matching.total,
            complete=matching.complete_total,
            reading=evaluation.query,
            facets=self._facets(evaluation, matching, facets),
            corrections=corrections,
            notes=tuple(dict.fromkeys(evaluation.notes)),
        )

    def _corrected(self, query: Query) -> tuple[Evaluation, tuple[Correction, ...]]:
        """The query with the words that no document has replaced by those that were meant."""
        views = self._fresh()
        evaluation = Evaluation(views, query)
        missing = [unit.typed for unit in evaluation.units if not unit.docs][:MOST_CORRECTED]
        if len(evaluation.units) > MOST_WORDS_CORRECTED:
            # A long description loses little by one word, and may gain a wrong one.
            missing = []
        meant = {word: found for word in missing if (found := correction(word, views))}
        if not meant:
            return evaluation, ()
        again = replace(query, clauses=tuple(_put_in(clause, meant) for clause in query.clauses))
        corrected = Evaluation(views, again)
        return corrected, tuple(Correction(typed, read_as) for typed, read_as in meant.items())

    def _facets(
        self, evaluation: Evaluation, matching: Matching, facets: Sequence[str]
    ) -> dict[str, Sequence[FacetCount]]:
        filtered = {clause.field for clause in evaluation.query.filters if not clause.excluded}
        counted: dict[str, Sequence[FacetCount]] = {}
        present: list[tuple[SegmentView, int]] | None = None
        for facet in facets:
            if facet in filtered:
                wide = evaluation.matching(without=facet)
                counted[facet] = facet_counts(wide.bits(), _ids(wide), facet)
                continue
            present = matching.bits() if present is None else present
            counted[facet] = facet_counts(present, _ids(matching), facet)
        return counted

    def reading(self, query: Query) -> Query:
        return self._guarded(lambda: self._corrected(query)[0].query)

    def matching(self, query: Query) -> list[int]:
        def work() -> list[int]:
            matching = self._corrected(query)[0].matching()
            return [found.view.reader.key(n) for found in (*matching.complete, *matching.partial) for n in found.ids]

        return self._guarded(work)

    def spans(self, query: Query, text: str) -> list[Span]:
        return matching_spans(query, text)

    def explain(self, query: Query, document: IndexDocument) -> list[TermMatch]:
        def work() -> list[TermMatch]:
            evaluation, corrections = self._corrected(query)
            place = self._place(document.key)
            typed = {correction.read_as: correction.typed for correction in corrections}
            found = explained(evaluation, place, document) if place else []
            return [replace(match, typed=typed.get(match.typed, match.typed)) for match in found]

        return self._guarded(work)

    def similar(self, key: int, limit: int) -> list[IndexSimilar]:
        def work() -> list[IndexSimilar]:
            views = self._fresh()
            place = self._place(key)
            return similar(views, *place, limit) if place else []

        return self._guarded(work)

    def frequencies(self, words_: Sequence[str]) -> dict[str, int]:
        def work() -> dict[str, int]:
            views = self._fresh()
            found = {}
            for word in words_:
                units = [word_unit(match.group(), views) for match in words(word)]
                found[word] = min((sum(u.postings(v).docs for v in views) for u in units), default=0)
            return found

        return self._guarded(work)

    def named(self, names: Sequence[str]) -> list[int]:
        def work() -> list[int]:
            folded = {fold_name(name).encode("utf-8", "replace") for name in names} - {b""}
            found = []
            for view in self._fresh():
                places = [place for name in folded if (place := view.reader.find(NAME, name)) >= 0]
                numbers = {number for place in places for number in view.reader.ids(place)}
                found += [view.reader.key(number) for number in numbers if _is_live(view, number)]
            return found

        return self._guarded(work)

    def _place(self, key: int) -> tuple[SegmentView, int] | None:
        for view in self._fresh():
            number = view.reader.number_of(key)
            if number >= 0 and _is_live(view, number):
                return view, number
        return None

    # Changing

    def apply(self, documents: Iterable[IndexDocument], removed: Iterable[int], stamp: int) -> None:
        self._guarded(lambda: self._apply(documents, removed, stamp))

    def _apply(self, documents: Iterable[IndexDocument], removed: Iterable[int], stamp: int) -> None:
        remaining = iter(documents)
        gone = list(removed)
        while True:
            # The last of two states of one document counts.
            part = list({document.key: document for document in islice(remaining, FULL_SEGMENT)}.values())
            self._write(part, {*gone, *(document.key for document in part)}, stamp)
            gone = []
            if len(part) < FULL_SEGMENT:
                return

    @cached_property
    def _whoosh(self) -> FileIndex:
        # Whoosh is for who writes: a search does without, and starts without importing it.
        from whoosh.index import FileIndex

        from kbtui.search.toc import IndexStorage

        return FileIndex(IndexStorage(self._folder))

    def _write(self, documents: Sequence[IndexDocument], outdated: set[int], stamp: int) -> None:
        from kbtui.search.writer import TermsWriter

        writer = TermsWriter(self._whoosh)
        try:
            views = self._fresh()
            base = 0
            for view in views:
                for key in outdated:
                    number = view.reader.number_of(key)
                    if number >= 0 and _is_live(view, number):
                        writer.delete_document(base + number)
                base += view.docs
            writer.add(documents)
            writer.commit_at(stamp)
        except BaseException:
            # Else its lock would stay for the life of the process.
            if not writer.is_closed:
                writer.cancel()
            raise

    # State

    def stamp(self) -> int:
        def work() -> int:
            self._fresh()
            return self._stamp

        return self._guarded(work)

    def count(self) -> int:
        return self._guarded(lambda: sum(view.live.bit_count() for view in self._fresh()))

    def revisions(self) -> dict[int, int]:
        def work() -> dict[int, int]:
            return {
                view.reader.key(number): view.reader.revision(number)
                for view in self._fresh()
                for number in range(view.docs)
                if _is_live(view, number)
            }

        return self._guarded(work)

    def verify(self) -> None:
        def work() -> None:
            for view in self._fresh():
                view.reader.file.verify()

        self._guarded(work)

    def size(self) -> int:
        return sum(entry.stat().st_size for entry in self._folder.iterdir() if entry.is_file())

    def close(self) -> None:
        for view in self._views.values():
            view.reader.close()
        self._views, self._present = {}, []

    def _fresh(self) -> list[SegmentView]:
        """The segments as they are now."""
        for attempt in range(_TRIES):
            generation = newest(self._folder)
            if generation == self._generation:
                return self._present
            try:
                return self._read(generation)
            except FileNotFoundError:
                # Another process wrote on and removed what it replaced.
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError

    def _read(self, generation: int) -> list[SegmentView]:
        contents = read_contents(self._folder, generation)
        views: dict[str, SegmentView] = {}
        for name, docs, deleted in contents.segments:
            view = self._views.get(name)
            if view is None:
                view = SegmentView(SegmentReader(SegmentFile(self._folder / f"{name}{EXTENSION}")))
                if view.docs != docs:
                    raise ValueError("the table of contents and the segment differ")
            view.set_deleted(set(deleted))
            views[name] = view
        for name, view in self._views.items():
            if name not in views:
                view.reader.close()
        self._views, self._present = views, list(views.values())
        self._stamp = contents.stamp
        self._generation = generation
        return self._present

    def _guarded(self, work: Callable[[], Answer]) -> Answer:
        try:
            return work()
        except Exception as error:  # damage shows as nearly any exception, EOFError to AttributeError
            raise IndexUnusableError(f"the search index cannot be read ({type(error).__name__})") from error


def _put_in(clause: Clause, meant: dict[str, str]) -> Clause:
    if isinstance(clause, Group):
        return replace(clause, clauses=tuple(_put_in(part, meant) for part in clause.clauses))
    if isinstance(clause, Term) and not clause.excluded and clause.kind is not TermKind.PHRASE:
        text = clause.text
        for typed, read_as in meant.items():
            text = text.replace(typed, read_as)
        if text != clause.text:
            return Term(text, TermKind.WORD)
    return clause


def _ids(matching: Matching) -> list[tuple[SegmentView, Sequence[int]]]:
    return [(found.view, found.ids) for found in (*matching.complete, *matching.partial)]


def _is_live(view: SegmentView, number: int) -> bool:
    return not view.has_deletions or number not in view.deleted
