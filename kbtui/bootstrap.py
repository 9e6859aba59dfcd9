"""The composition root: the only module that names adapters and joins them to the use cases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from platformdirs import user_cache_path, user_config_path

from kbtui.config import bundled_data, default_library
from kbtui.core.change_note import DEFAULT_DUE, NoteContent
from kbtui.core.index_document import IndexDocument
from kbtui.core.note_template import NoteTemplate
from kbtui.core.ports import Clock, NoteTexts, SearchIndex, SearchIndexes
from kbtui.core.post import Post
from kbtui.formats.files import Folder
from kbtui.formats.note_templates import TemplateFiles
from kbtui.formats.parser import FileParser
from kbtui.library import Library
from kbtui.library.capturing import Capturing
from kbtui.library.changes import Changes
from kbtui.library.checklists import DEFAULT_EVIDENCE_MB, Actor, Checklists
from kbtui.library.editing import Editing
from kbtui.library.health import Health
from kbtui.library.history import History
from kbtui.library.homes import Homes
from kbtui.library.importing import Importing
from kbtui.library.indexing import Indexing
from kbtui.library.links import Links
from kbtui.library.measuring import Measuring
from kbtui.library.posts import Posts
from kbtui.library.reading import Reading
from kbtui.library.redlines import Redlines
from kbtui.library.revisions import Revisions
from kbtui.library.searching import Searching
from kbtui.library.switching import Switching
from kbtui.storage.changes import SqliteNoteStore
from kbtui.storage.checklists import SqliteChecklistStore
from kbtui.storage.connection import Connection
from kbtui.storage.drafts import FileDrafts
from kbtui.storage.editing import SqliteEditStore
from kbtui.storage.health import SqliteHealth
from kbtui.storage.imports import SqliteImportLog
from kbtui.storage.index_queue import SqliteIndexQueue
from kbtui.storage.links import SqliteLinkStore
from kbtui.storage.posts import SqlitePostStore
from kbtui.storage.reading import SqliteReadingStore
from kbtui.storage.searches import SqliteSearchLog
from kbtui.system.commands import SystemRunner
from kbtui.system.workplace import SystemWorkplace


def utc_now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def open_library(
    path: str | Path | None = None,
    *,
    clock: Clock = utc_now,
    evidence_mb: int = DEFAULT_EVIDENCE_MB,
    due: timedelta = DEFAULT_DUE,
) -> Library:
    """Open the library in the folder `path`, making it if there is none; without a path, the user's own.

    Evidence may have `evidence_mb` megabytes; a change is to be verified `due` after it was shipped.

    Raises a `KbtuiError` that says in a sentence why it cannot be opened. Use it from the thread that opened it.
    """
    folder = Path(path).expanduser().resolve() if path is not None else default_library()
    connection = Connection(folder)
    store, edits, links = SqlitePostStore(connection), SqliteEditStore(connection), SqliteLinkStore(connection)
    log, queue, drafts = SqliteImportLog(connection), SqliteIndexQueue(connection), FileDrafts(folder)
    files, parser = Folder(), FileParser()
    notes = SqliteNoteStore(connection)
    indexing = Indexing(store, notes, queue, _LazyIndexes(_index_folder(folder, queue.library())))
    importing = Importing(store, log, files, parser, clock)
    homes = Homes(store, edits, log, files, parser)
    runs = SqliteChecklistStore(connection)
    editing = Editing(
        posts=store,
        edits=edits,
        drafts=drafts,
        homes=homes,
        importing=importing,
        log=log,
        parser=parser,
        write=post_as_markdown,
        clock=clock,
    )

    note_drafts = FileDrafts(folder, "note-drafts")
    changes = Changes(
        store=notes,
        texts=_LazyNoteTexts(),
        templates=TemplateFiles(user_config_path("kbtui") / "templates", bundled_data() / "templates"),
        drafts=note_drafts,
        clock=clock,
        actor=_actor,
        due=due,
        evidence_mb=evidence_mb,
    )

    def close() -> None:
        indexing.close()
        connection.close()

    return Library(
        posts=Posts(store, clock),
        searching=Searching(store, notes, indexing, clock),
        importing=importing,
        indexing=indexing,
        health=Health(
            posts=store,
            log=log,
            indexing=indexing,
            store=SqliteHealth(connection),
            homes=homes,
            drafts=drafts,
            notes=notes,
            note_drafts=note_drafts,
        ),
        history=History(SqliteSearchLog(connection), clock),
        links=Links(links),
        reading=Reading(SqliteReadingStore(connection), clock),
        switching=Switching(store, links),
        editing=editing,
        revisions=Revisions(store, edits, post_as_markdown),
        checklists=Checklists(runs, store, clock, _actor, evidence_mb),
        redlines=Redlines(runs, store, editing, clock, _actor),
        changes=changes,
        measuring=Measuring(store=notes, runner=SystemRunner(), clock=clock, actor=_actor),
        capturing=Capturing(workplace=SystemWorkplace(), posts=store, runs=runs, actor=_actor),
        close=close,
    )


def _actor() -> Actor:
    """The user of this process and the machine."""
    # Only who writes into a run asks.
    import getpass
    import platform

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


class _LazyNoteTexts:
    """The `NoteTexts` of a library; what reads Markdown is imported when first asked, as most commands never do."""

    def write(self, content: NoteContent, template: NoteTemplate) -> str:
        return self._texts().write(content, template)

    def read(self, text: str, template: NoteTemplate) -> NoteContent:
        return self._texts().read(text, template)

    def template_name(self, text: str) -> str:
        return self._texts().template_name(text)

    @staticmethod
    def _texts() -> NoteTexts:
        from kbtui.formats.note_text import NoteMarkdown

        return NoteMarkdown()


class _LazyIndexes:
    """The `SearchIndexes` of a library; Whoosh is imported when first asked, as most commands never search."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: SearchIndexes | None = None

    def _indexes(self) -> SearchIndexes:
        if self._made is None:
            from kbtui.search.indexes import WhooshIndexes

            self._made = WhooshIndexes(self._folder)
        return self._made

    def exclusive(self, patience: float) -> AbstractContextManager[None]:
        return self._indexes().exclusive(patience)

    def open(self, generation: int) -> SearchIndex:
        return self._indexes().open(generation)

    def build(self, generation: int, documents: Iterable[IndexDocument], stamp: int) -> None:
        self._indexes().build(generation, documents, stamp)

    def keep_only(self, generation: int) -> None:
        self._indexes().keep_only(generation)
