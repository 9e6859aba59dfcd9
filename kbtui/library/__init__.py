"""The use cases, one module each, joined in one `Library`: what the command line and the app both call."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import TYPE_CHECKING

# A use case is imported when it is first asked for: a search does without checklists, imports and their parts.
if TYPE_CHECKING:
    from kbtui.core.searching.results import SearchResults
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
    from kbtui.library.note_drafts import NoteDrafts
    from kbtui.library.posts import Posts
    from kbtui.library.reading import Reading
    from kbtui.library.redlines import Redlines
    from kbtui.library.reviews import Reviews
    from kbtui.library.revisions import Revisions
    from kbtui.library.searching import Searching
    from kbtui.library.switching import Switching


class Library(ABC):
    """An open library. Belongs to the thread that opened it; a context manager that closes it."""

    @property
    @abstractmethod
    def posts(self) -> Posts: ...

    @property
    @abstractmethod
    def searching(self) -> Searching: ...

    @property
    @abstractmethod
    def indexing(self) -> Indexing: ...

    @property
    @abstractmethod
    def history(self) -> History: ...

    @property
    @abstractmethod
    def importing(self) -> Importing: ...

    @property
    @abstractmethod
    def editing(self) -> Editing: ...

    @property
    @abstractmethod
    def revisions(self) -> Revisions: ...

    @property
    @abstractmethod
    def links(self) -> Links: ...

    @property
    @abstractmethod
    def reading(self) -> Reading: ...

    @property
    @abstractmethod
    def switching(self) -> Switching: ...

    @property
    @abstractmethod
    def checklists(self) -> Checklists: ...

    @property
    @abstractmethod
    def redlines(self) -> Redlines: ...

    @property
    @abstractmethod
    def reviews(self) -> Reviews: ...

    @property
    @abstractmethod
    def changes(self) -> Changes: ...

    @property
    @abstractmethod
    def note_drafts(self) -> NoteDrafts: ...

    @property
    @abstractmethod
    def measuring(self) -> Measuring: ...

    @property
    @abstractmethod
    def capturing(self) -> Capturing: ...

    @property
    @abstractmethod
    def health(self) -> Health: ...

    def search(self, text: str, limit: int = 10) -> SearchResults:
        """The best `limit` posts for a query, after bringing the index up to date."""
        from kbtui.core.searching.query import parse_query

        self.indexing.bring_up_to_date()
        return self.searching.search(parse_query(text), limit=limit)

    @abstractmethod
    def close(self) -> None:
        """Let go of the library's files. Closing twice is allowed."""

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
