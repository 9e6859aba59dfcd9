"""The use cases, one module each, joined in one `Library`: what the command line and the app both call."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from kbtui.core.query import parse_query
from kbtui.core.results import SearchResults
from kbtui.library.capturing import Capturing
from kbtui.library.changes import Changes
from kbtui.library.checklists import Checklists
from kbtui.library.editing import Editing
from kbtui.library.health import Health
from kbtui.library.history import History
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


class Library:
    """An open library. Belongs to the thread that opened it; a context manager that closes it."""

    def __init__(
        self,
        *,
        posts: Posts,
        searching: Searching,
        importing: Importing,
        indexing: Indexing,
        health: Health,
        history: History,
        links: Links,
        reading: Reading,
        switching: Switching,
        editing: Editing,
        revisions: Revisions,
        checklists: Checklists,
        redlines: Redlines,
        changes: Changes,
        measuring: Measuring,
        capturing: Capturing,
        close: Callable[[], None],
    ) -> None:
        self.posts = posts
        self.searching = searching
        self.importing = importing
        self.indexing = indexing
        self.health = health
        self.history = history
        self.links = links
        self.reading = reading
        self.switching = switching
        self.editing = editing
        self.revisions = revisions
        self.checklists = checklists
        self.redlines = redlines
        self.changes = changes
        self.measuring = measuring
        self.capturing = capturing
        self._close = close

    def search(self, text: str, limit: int = 10) -> SearchResults:
        """The best `limit` posts for a query, after bringing the index up to date."""
        self.indexing.bring_up_to_date()
        return self.searching.search(parse_query(text), limit=limit)

    def close(self) -> None:
        """Let go of the library's files. Closing twice is allowed."""
        self._close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
