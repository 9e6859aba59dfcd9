"""Keeping the full-text index in step with the store.

The store is the truth. Every change of a post or a note leaves an entry in a queue, in the same transaction; whoever
holds the index lock gives what is queued to the index and then deletes the entries. The index holds, in one commit with
its content, the number of the last entry it took; if that lies behind what was deleted, it is built anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kbtui.core.errors import IndexUnusableError, LibraryBusyError, UnreadyError
from kbtui.core.index_document import (
    NOTE_KIND,
    POST_KIND,
    IndexDocument,
    document_id,
    document_key,
    document_kind,
    index_document,
    index_note,
)
from kbtui.core.notes.change_note import ChangeNote, NoteFilter
from kbtui.core.progress import Progress, silent
from kbtui.core.searching.results import IndexStatus

if TYPE_CHECKING:
    from kbtui.core.ports import IndexQueue, NoteStore, PostStore, SearchIndex, SearchIndexes

BATCH = 500
SHORT_PATIENCE, LONG_PATIENCE = 2.0, 10.0
"""Seconds to wait for another process that is indexing: where a search waits, and where a rebuild was asked for."""
MOST_OF_EVIDENCE = 100_000
"""Characters of each piece of evidence of a note that are searched."""
REBUILD_ABOVE = 2_000
"""More waiting entries than this, and more than a third of the library: building anew is quicker."""


class Indexing:
    """The index of the library: opening, catching up, rebuilding."""

    def __init__(self, posts: PostStore, notes: NoteStore, queue: IndexQueue, indexes: SearchIndexes) -> None:
        self._posts = posts
        self._notes = notes
        self._queue = queue
        self._indexes = indexes
        self._open: tuple[int, SearchIndex] | None = None
        self.trouble = ""
        """Why the index could not be brought up to date the last time, "" if it could or nobody tried."""

    def index(self) -> SearchIndex:
        """The index in force. Raises `IndexUnusableError` where there is none that can be trusted."""
        generation = self._queue.generation()
        if self._open is not None and self._open[0] == generation:
            return self._open[1]
        self.close()
        if generation == 0:
            raise IndexUnusableError("the search index was not built yet")
        # In this order, so that another process that writes meanwhile does not make the index look wrong.
        drained = self._queue.drained_to()
        index = self._indexes.open(generation)
        try:
            stamp = index.stamp()
        except IndexUnusableError:
            index.close()
            raise
        if not drained <= stamp <= self._queue.newest():
            index.close()
            age = "older than the library" if stamp < drained else "newer than the library, which was put back"
            raise IndexUnusableError(f"the search index is {age}")
        self._open = (generation, index)
        return index

    def mark(self) -> tuple[int, int, int, bool]:
        """Differs from an earlier one if any process saved posts since, or the index learnt of some, or broke."""
        try:
            usable = self.index() is not None
        except IndexUnusableError:
            usable = False
        return self._queue.newest(), self._queue.drained_to(), self._queue.generation(), usable

    def pending(self) -> int:
        """How many changes the index has yet to learn."""
        return self._queue.pending()

    def bring_up_to_date(self, progress: Progress = silent) -> int:
        """Give the index what it lacks; builds it where it cannot be used. The number of documents indexed.

        Leaves things as they are when another process is at it: the other one does the work.
        """
        self.trouble = ""
        if self._is_current():
            return 0
        try:
            with self._indexes.exclusive(SHORT_PATIENCE):
                return self._catch_up(progress)
        except LibraryBusyError:
            return 0
        except IndexUnusableError as error:
            self.trouble = str(error)
            return 0

    def rebuild(self, progress: Progress = silent) -> int:
        """Build the index anew beside the old one and switch over. The number of documents indexed.

        Raises `UnreadyError` where it cannot be written.
        """
        try:
            with self._indexes.exclusive(LONG_PATIENCE):
                return self._rebuild(progress)
        except IndexUnusableError as error:
            raise UnreadyError(f"The index was not built: {error}.") from error

    def status(self) -> IndexStatus:
        """The index against the store."""
        pending, generation = self._queue.pending(), self._queue.generation()
        try:
            index = self.index()
            return IndexStatus(generation, index.count(), pending, index.size())
        except IndexUnusableError as error:
            return IndexStatus(generation, 0, pending, 0, str(error))

    def problem(self) -> str:
        """What is wrong with the index, "" if nothing is. Reads every byte of it and compares it with the store."""
        try:
            index = self.index()
            index.verify()
            held = index.revisions()
        except IndexUnusableError as error:
            return str(error)
        saves = {POST_KIND: self._posts.revisions(), NOTE_KIND: self._notes.document_revisions()}
        kept = {document_key(i, kind): n & 0xFFFFFFFF for kind, numbers in saves.items() for i, n in numbers.items()}
        other = [document_kind(key) for key in held.keys() | kept.keys() if held.get(key) != kept.get(key)]
        counts = [f"{other.count(kind)} {kind}s" for kind in (POST_KIND, NOTE_KIND) if kind in other]
        return f"{' and '.join(counts)} are not in it as they are in the library" if counts else ""

    def close(self) -> None:
        """Let go of the index's files."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _is_current(self) -> bool:
        if self._queue.pending():
            return False
        try:
            self.index().stamp()
        except IndexUnusableError:
            self.close()
            # An empty library needs no index.
            return self._queue.newest() == 0
        return True

    def _catch_up(self, progress: Progress) -> int:
        try:
            index = self.index()
        except IndexUnusableError:
            return self._rebuild(progress)
        total, done = self._queue.pending(), 0
        if total > REBUILD_ABOVE and total * 3 > self._count():
            return self._rebuild(progress)
        try:
            while True:
                keys, sequence = self._queue.next_batch(BATCH)
                if not sequence:
                    return done
                documents = self._documents_of(keys)
                gone = set(keys) - {document.key for document in documents}
                index.apply(documents, sorted(gone), sequence)
                self._queue.drained(sequence)
                done += len(keys)
                progress("indexing", done, max(done, total))
        except IndexUnusableError:
            return self._rebuild(progress)

    def _rebuild(self, progress: Progress) -> int:
        # Whatever is saved from here on stays in the queue and is caught up with afterwards.
        sequence = self._queue.newest()
        old = self._queue.generation()
        total = self._count()
        built = _Counter()
        self._indexes.build(old + 1, self._documents(built, total, progress), sequence)
        self._queue.switch_to(old + 1, sequence)
        self.close()
        self._indexes.keep_only(old + 1)
        return built.number

    def _documents(self, built: _Counter, total: int, progress: Progress) -> Iterator[IndexDocument]:
        last = 0
        while posts := self._posts.all_after(last, BATCH):
            for post in posts:
                yield index_document(post)
            last = posts[-1].id
            built.number += len(posts)
            progress("indexing", built.number, max(total, built.number))
        last = 0
        while numbers := self._notes.document_ids(last, BATCH):
            yield from self._note_documents(numbers)
            last = numbers[-1]
            built.number += len(numbers)
            progress("indexing", built.number, max(total, built.number))
        progress("writing the index", 0, 0)

    def _documents_of(self, keys: Sequence[int]) -> list[IndexDocument]:
        """The documents with these keys; those that are gone left out."""
        ids = {
            kind: [document_id(key) for key in keys if document_kind(key) == kind] for kind in (POST_KIND, NOTE_KIND)
        }
        return [*map(index_document, self._posts.many(ids[POST_KIND])), *self._note_documents(ids[NOTE_KIND])]

    def _note_documents(self, numbers: Sequence[int]) -> list[IndexDocument]:
        notes = self._notes.by_document_ids(numbers) if numbers else {}
        return [index_note(number, note, *kept_beside(self._notes, note)) for number, note in notes.items()]

    def _count(self) -> int:
        return self._posts.count() + self._notes.count(NoteFilter())


def kept_beside(notes: NoteStore, note: ChangeNote) -> tuple[list[str], list[str]]:
    """What the index takes of the evidence of a note, in its order, and the names of what was measured."""
    evidence = [(notes.evidence(note.id, piece.number) or "")[:MOST_OF_EVIDENCE] for piece in note.evidence]
    return evidence, notes.metrics(note.id)


def not_indexed(changes: int) -> str:
    """`1 change is not indexed yet`, `2 changes are not indexed yet`."""
    return f"{'1 change is' if changes == 1 else f'{changes} changes are'} not indexed yet"


class _Counter:
    number = 0
