"""The private folder that holds a library's indexes, and the building of new ones.

Whoosh's table of contents is a pickle: writing to an index runs what it says. Indexes therefore live in a private cache
folder only, and are never part of a backup or an export.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kbtui.core.errors import IndexUnusableError, LibraryBusyError
from kbtui.core.index_document import IndexDocument
from kbtui.search.fields import FORMAT
from kbtui.search.index import WhooshIndex


class WhooshIndexes:
    """The `SearchIndexes` port over a private cache folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def exclusive(self, patience: float) -> Iterator[None]:
        # Locks and processes are for who writes; a search starts without them.
        from filelock import FileLock, Timeout

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

    def build(
        self, generation: int, documents: Iterable[IndexDocument], stamp: int, *, processes: int | None = None
    ) -> None:
        self._prepare()
        try:
            self._build(self._place(generation), documents, stamp, processes)
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def _build(self, place: Path, documents: Iterable[IndexDocument], stamp: int, processes: int | None) -> None:
        from whoosh.index import FileIndex

        from kbtui.search.bulk import write_segments
        from kbtui.search.schema import make_schema
        from kbtui.search.toc import IndexStorage
        from kbtui.search.writer import TermsWriter

        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        index = FileIndex.create(IndexStorage(place), make_schema())
        writer = TermsWriter(index)
        try:
            writer.commit_built(write_segments(place, documents, processes), stamp)
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise

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


def _unwritable(folder: Path, error: OSError) -> IndexUnusableError:
    return IndexUnusableError(f"the search index cannot be written in {folder} ({error.strerror or error})")


def _refuse_strangers(folder: Path) -> None:
    """Writing to an index runs what its files say, so nobody else may be able to write them."""
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
