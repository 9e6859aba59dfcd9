"""What was searched."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kbtui.core.searching.history import SavedSearch, SearchMiss, SearchRecord


class SearchLog(Protocol):
    """What was searched, and the searches that were given a name."""

    def record(self, search: SearchRecord) -> int:
        """Note a search; its number.

        The log keeps the newest `core.search_history.KEPT`, and of each text the first `TEXT_LENGTH` characters.
        """
        ...

    def amend(self, number: int, search: SearchRecord) -> None:
        """Put another state of a search in the place of one that was noted; nothing where that is gone."""
        ...

    def mark_opened(self, since: datetime) -> None:
        """Note of the newest search that a hit of it was opened, if it found any and was made at `since` or later."""
        ...

    def recent(self, limit: int, start: str = "") -> list[SearchRecord]:
        """Searches, newest first, each text once; only those that begin with `start`."""
        ...

    def misses(self, limit: int) -> list[SearchMiss]:
        """Searches that found nothing, or after which nothing was opened: the most frequent first.

        Case apart, each text is one; those before the last time that a hit of it was opened do not count.
        """
        ...

    def save(self, search: SavedSearch) -> None:
        """Keep a search under its name, in the place of what had that name."""
        ...

    def forget(self, name: str) -> bool:
        """Remove a saved search; whether there was one."""
        ...

    def saved(self) -> list[SavedSearch]:
        """All saved searches by name."""
        ...
