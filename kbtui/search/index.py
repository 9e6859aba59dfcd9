"""One full-text index on disk, and the folder that holds a library's.

Whoosh's files are pickles: opening one runs what it says. They therefore live in a private cache folder only, are never
part of a backup or an export, and every failure of theirs means: delete and build again.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from heapq import nsmallest
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout
from whoosh import index as whoosh_index
from whoosh.searching import Searcher
from whoosh.writing import IndexWriter

from kbtui.core.errors import IndexUnusableError, LibraryBusyError
from kbtui.core.query import Query
from kbtui.core.results import IndexDocument, IndexMatches, Span
from kbtui.search.analysis import fold_name
from kbtui.search.evaluation import Evaluation
from kbtui.search.marking import matching_spans
from kbtui.search.schema import FORMAT, STAMP_ID, facet_term, make_schema

LOCK_SECONDS = 10.0
WRITER_MEMORY_MB = 256

Answer = TypeVar("Answer")


class WhooshIndex:
    """The `SearchIndex` port over one folder. Belongs to the thread that opened it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._searcher: Searcher | None = None
        self._index = self._guarded(lambda: whoosh_index.open_dir(folder))

    def search(self, query: Query, *, limit: int, offset: int = 0) -> IndexMatches:
        return self._guarded(lambda: self._search(query, limit, offset))

    def _search(self, query: Query, limit: int, offset: int) -> IndexMatches:
        searcher = self._fresh()
        scores = Evaluation(searcher).scores(query)
        ids = searcher.reader().column_reader("id")
        # Equal scores in the order of the index, so that a page does not depend on its size.
        best = nsmallest(offset + limit, scores.items(), key=lambda item: (-item[1], item[0]))
        page = [(int(ids[number]), score) for number, score in best[offset:]]
        return IndexMatches(page, [int(ids[number]) for number in scores])

    def spans(self, query: Query, text: str) -> list[Span]:
        return matching_spans(query, text)

    def apply(self, documents: Iterable[IndexDocument], removed: Iterable[int], stamp: int) -> None:
        self._guarded(lambda: self._apply(documents, removed, stamp))

    def _apply(self, documents: Iterable[IndexDocument], removed: Iterable[int], stamp: int) -> None:
        with _writing(self._index.writer(timeout=LOCK_SECONDS)) as writer:
            for post_id in removed:
                writer.delete_by_term("id", post_id)
            for document in documents:
                writer.update_document(**_fields(document))
            writer.update_document(id=STAMP_ID, stamp=stamp)

    def stamp(self) -> int:
        return self._guarded(lambda: int((self._fresh().document(id=STAMP_ID) or {}).get("stamp", 0)))

    def count(self) -> int:
        return self._guarded(lambda: int(self._fresh().doc_count()) - 1)

    def size(self) -> int:
        return sum(entry.stat().st_size for entry in self._folder.iterdir() if entry.is_file())

    def close(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None
        self._index.close()

    def _fresh(self) -> Searcher:
        # Not `refresh`: it keeps the readers of segments that are known, and does not see what was deleted in them.
        if self._searcher is not None and not self._searcher.up_to_date():
            self._searcher.close()
            self._searcher = None
        if self._searcher is None:
            self._searcher = self._index.searcher()
        return self._searcher

    def _guarded(self, work: Callable[[], Answer]) -> Answer:
        try:
            return work()
        except Exception as error:  # damage shows as nearly any exception, EOFError to AttributeError
            raise IndexUnusableError(f"the search index cannot be read ({type(error).__name__})") from error


class WhooshIndexes:
    """The `SearchIndexes` port over a private cache folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def exclusive(self, patience: float) -> Iterator[None]:
        self._prepare()
        lock = FileLock(self._folder / "index.lock", timeout=patience, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise LibraryBusyError(self._folder) from error
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        try:
            yield
        finally:
            lock.release()

    def open(self, generation: int) -> WhooshIndex:
        place = self._place(generation)
        if not place.is_dir():
            raise IndexUnusableError("the search index is missing")
        _refuse_strangers(self._folder)
        return WhooshIndex(place)

    def build(self, generation: int, documents: Iterable[IndexDocument], stamp: int) -> None:
        self._prepare()
        try:
            self._build(self._place(generation), documents, stamp)
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def _build(self, place: Path, documents: Iterable[IndexDocument], stamp: int) -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        created = whoosh_index.create_in(place, make_schema())
        with _writing(created.writer(limitmb=WRITER_MEMORY_MB)) as writer:
            for document in documents:
                writer.add_document(**_fields(document))
            writer.add_document(id=STAMP_ID, stamp=stamp)
        created.close()

    def keep_only(self, generation: int) -> None:
        keep = self._place(generation).name
        with suppress(FileNotFoundError):
            for entry in self._folder.iterdir():
                if entry.is_dir() and entry.name != keep:
                    shutil.rmtree(entry, ignore_errors=True)

    def _place(self, generation: int) -> Path:
        return self._folder / f"{FORMAT}-{generation}"

    def _prepare(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        _refuse_strangers(self._folder)


@contextmanager
def _writing(writer: IndexWriter) -> Iterator[IndexWriter]:
    """Commit at the end; on any failure give the writer up, else its lock would stay for the process's life."""
    try:
        yield writer
        writer.commit()
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise


def _unwritable(folder: Path, error: OSError) -> IndexUnusableError:
    return IndexUnusableError(f"the search index cannot be written in {folder} ({error.strerror or error})")


def _fields(document: IndexDocument) -> dict[str, object]:
    title, *others = document.names
    return {
        "id": document.id,
        "names": [name for name in map(fold_name, document.names) if name],
        "facets": [facet_term(facet, value) for facet, value in document.facets],
        "title": title,
        "keywords": "\n".join((*others, *document.keywords)),
        "text": document.text,
    }


def _refuse_strangers(folder: Path) -> None:
    """Opening an index runs what its files say, so nobody else may be able to write them."""
    if os.name != "posix":
        return
    facts = folder.stat()
    if facts.st_uid != os.geteuid():
        raise IndexUnusableError(f"the cache folder {folder} belongs to another user")
    mode = stat.S_IMODE(facts.st_mode)
    if mode & 0o022:
        # Others could have put files here; what is here is not to be believed.
        shutil.rmtree(folder, ignore_errors=True)
        raise IndexUnusableError(f"the cache folder {folder} was open to others and was emptied")
    if mode & 0o077:
        folder.chmod(0o700)
