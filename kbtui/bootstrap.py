"""The composition root: the only module that names adapters and joins them to the use cases.

Each is imported and made when it is first asked for: most commands need a few of them, and start the sooner.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path, user_config_path

from kbtui.config import DEFAULT_EVIDENCE_MB, DEFAULT_VERIFY_DAYS, bundled_data, default_library
from kbtui.library import Library
from kbtui.storage.connection import Connection

if TYPE_CHECKING:
    from kbtui.core.actor import Actor
    from kbtui.core.ports import (
        ChecklistStore,
        Clock,
        Drafts,
        EditStore,
        ImportLog,
        LinkStore,
        NoteStore,
        PostParser,
        PostStore,
        SourceFiles,
    )
    from kbtui.core.post import Post
    from kbtui.library.capturing import Capturing
    from kbtui.library.changes import Changes
    from kbtui.library.checklists import Checklists
    from kbtui.library.editing import Editing
    from kbtui.library.health import Health
    from kbtui.library.history import History
    from kbtui.library.homes import Homes
    from kbtui.library.importing import Importing
    from kbtui.library.indexing import Indexing
    from kbtui.library.links import Links
    from kbtui.library.measuring import Measuring
    from kbtui.library.note_drafts import NoteDrafts
    from kbtui.library.posts import Posts
    from kbtui.library.reading import Reading
    from kbtui.library.redlines import Redlines
    from kbtui.library.reviews import Reviews
    from kbtui.library.revisions import Revisions
    from kbtui.library.searching import Searching
    from kbtui.library.switching import Switching
    from kbtui.storage.index_queue import SqliteIndexQueue


def utc_now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def open_library(
    path: str | Path | None = None,
    *,
    clock: Clock = utc_now,
    evidence_mb: int = DEFAULT_EVIDENCE_MB,
    verify_days: int = DEFAULT_VERIFY_DAYS,
) -> Library:
    """Open the library in the folder `path`, making it if there is none; without a path, the user's own.

    Evidence may have `evidence_mb` megabytes; a change is to be verified `verify_days` after it was shipped.

    Raises a `KbtuiError` that says in a sentence why it cannot be opened. Use it from the thread that opened it.
    """
    folder = Path(path).expanduser().resolve() if path is not None else default_library()
    return _LocalLibrary(folder, clock, evidence_mb, timedelta(days=verify_days))


class _LocalLibrary(Library):
    """A library in a folder of this machine: the use cases, then the adapters behind them."""

    def __init__(self, folder: Path, clock: Clock, evidence_mb: int, due: timedelta) -> None:
        self._folder = folder
        self._clock = clock
        self._evidence_mb = evidence_mb
        self._due = due
        self._connection = Connection(folder)
        self._closing = ExitStack()
        self._closing.callback(self._connection.close)

    def close(self) -> None:
        self._closing.close()

    @cached_property
    def posts(self) -> Posts:
        from kbtui.library.posts import Posts

        return Posts(self._store, self._clock)

    @cached_property
    def searching(self) -> Searching:
        from kbtui.library.searching import Searching

        return Searching(self._store, self._notes, self.indexing, self._clock)

    @cached_property
    def indexing(self) -> Indexing:
        from kbtui.library.indexing import Indexing
        from kbtui.search.indexes import WhooshIndexes

        indexes = WhooshIndexes(_index_folder(self._folder, self._queue.library()))
        indexing = Indexing(self._store, self._notes, self._queue, indexes)
        self._closing.callback(indexing.close)
        return indexing

    @cached_property
    def history(self) -> History:
        from kbtui.library.history import History
        from kbtui.storage.searches import SqliteSearchLog

        return History(SqliteSearchLog(self._connection), self._clock)

    @cached_property
    def importing(self) -> Importing:
        from kbtui.library.importing import Importing

        return Importing(self._store, self._log, self._files, self._parser, self._clock)

    @cached_property
    def editing(self) -> Editing:
        from kbtui.library.editing import Editing

        return Editing(
            posts=self._store,
            edits=self._edits,
            drafts=self._drafts,
            homes=self._homes,
            importing=self.importing,
            log=self._log,
            parser=self._parser,
            write=post_as_markdown,
            clock=self._clock,
        )

    @cached_property
    def revisions(self) -> Revisions:
        from kbtui.library.revisions import Revisions

        return Revisions(self._store, self._edits, post_as_markdown)

    @cached_property
    def links(self) -> Links:
        from kbtui.library.links import Links

        return Links(self._links)

    @cached_property
    def reading(self) -> Reading:
        from kbtui.library.reading import Reading
        from kbtui.storage.reading import SqliteReadingStore

        return Reading(SqliteReadingStore(self._connection), self._clock)

    @cached_property
    def switching(self) -> Switching:
        from kbtui.library.switching import Switching

        return Switching(self._store, self._links)

    @cached_property
    def checklists(self) -> Checklists:
        from kbtui.library.checklists import Checklists

        return Checklists(self._runs, self._store, self._clock, _actor, self._evidence_mb)

    @cached_property
    def redlines(self) -> Redlines:
        from kbtui.library.redlines import Redlines

        return Redlines(self._runs, self._store, self.editing, self._clock, _actor)

    @cached_property
    def reviews(self) -> Reviews:
        from kbtui.library.reviews import Reviews
        from kbtui.storage.reviews import SqliteReviewStore

        return Reviews(
            store=SqliteReviewStore(self._connection),
            posts=self._store,
            edits=self._edits,
            log=self._log,
            homes=self._homes,
            clock=self._clock,
            actor=_actor,
        )

    @cached_property
    def health(self) -> Health:
        from kbtui.library.health import Health
        from kbtui.storage.health import SqliteHealth

        return Health(
            posts=self._store,
            log=self._log,
            indexing=self.indexing,
            store=SqliteHealth(self._connection),
            homes=self._homes,
            drafts=self._drafts,
            notes=self._notes,
            note_drafts=self._note_files,
        )

    @cached_property
    def changes(self) -> Changes:
        from kbtui.formats.note_templates import TemplateFiles
        from kbtui.formats.note_text import NoteMarkdown
        from kbtui.library.changes import Changes

        return Changes(
            store=self._notes,
            texts=NoteMarkdown(),
            templates=TemplateFiles(user_config_path("kbtui") / "templates", bundled_data() / "templates"),
            clock=self._clock,
            actor=_actor,
            due=self._due,
            evidence_mb=self._evidence_mb,
        )

    @cached_property
    def note_drafts(self) -> NoteDrafts:
        from kbtui.library.note_drafts import NoteDrafts

        return NoteDrafts(self.changes, self._note_files)

    @cached_property
    def measuring(self) -> Measuring:
        from kbtui.library.measuring import Measuring
        from kbtui.system.commands import SystemRunner

        return Measuring(store=self._notes, runner=SystemRunner(), clock=self._clock, actor=_actor)

    @cached_property
    def capturing(self) -> Capturing:
        from kbtui.library.capturing import Capturing
        from kbtui.system.workplace import SystemWorkplace

        return Capturing(workplace=SystemWorkplace(), posts=self._store, runs=self._runs, actor=_actor)

    @cached_property
    def _homes(self) -> Homes:
        from kbtui.library.homes import Homes

        return Homes(self._store, self._edits, self._log, self._files, self._parser)

    @cached_property
    def _store(self) -> PostStore:
        from kbtui.storage.posts import SqlitePostStore

        return SqlitePostStore(self._connection)

    @cached_property
    def _edits(self) -> EditStore:
        from kbtui.storage.editing import SqliteEditStore

        return SqliteEditStore(self._connection)

    @cached_property
    def _links(self) -> LinkStore:
        from kbtui.storage.links import SqliteLinkStore

        return SqliteLinkStore(self._connection)

    @cached_property
    def _runs(self) -> ChecklistStore:
        from kbtui.storage.checklists import SqliteChecklistStore

        return SqliteChecklistStore(self._connection)

    @cached_property
    def _log(self) -> ImportLog:
        from kbtui.storage.imports import SqliteImportLog

        return SqliteImportLog(self._connection)

    @cached_property
    def _queue(self) -> SqliteIndexQueue:
        from kbtui.storage.index_queue import SqliteIndexQueue

        return SqliteIndexQueue(self._connection)

    @cached_property
    def _drafts(self) -> Drafts:
        from kbtui.storage.drafts import FileDrafts

        return FileDrafts(self._folder)

    @cached_property
    def _notes(self) -> NoteStore:
        from kbtui.storage.changes import SqliteNoteStore

        return SqliteNoteStore(self._connection)

    @cached_property
    def _note_files(self) -> Drafts:
        from kbtui.storage.drafts import FileDrafts

        return FileDrafts(self._folder, "note-drafts")

    @cached_property
    def _files(self) -> SourceFiles:
        from kbtui.formats.files import Folder

        return Folder()

    @cached_property
    def _parser(self) -> PostParser:
        from kbtui.formats.parser import FileParser

        return FileParser()


def _actor() -> Actor:
    """The user of this process and the machine."""
    # Only who writes into a run asks.
    import getpass
    import platform

    from kbtui.core.actor import Actor

    try:
        who = getpass.getuser()
    except (ImportError, KeyError, OSError):
        who = ""  # as in a container, where the user may have no name
    return Actor(who or "unknown", platform.node() or "unknown")


def synthetic_posts(count: int, seed: int) -> Iterator[Post]:
    """Deterministic posts in the shape of real ones, for import and load tests."""
    from kbtui.formats.synthetic import synthetic_posts as generate

    return generate(count, seed)


def post_as_markdown(post: Post) -> str:
    """The post as a Markdown file with front matter; importing it gives the post back."""
    from kbtui.formats.export import to_markdown

    return to_markdown(post)


def _index_folder(folder: Path, library: str) -> Path:
    """A private place in the cache. The path is part of it, so that a copied library does not share an index."""
    key = hashlib.sha256(f"{folder}\0{library}".encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return user_cache_path("kbtui") / "index" / key
