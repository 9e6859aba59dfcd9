"""What was searched: to search it again, to keep it under a name, and to see what nobody found."""

from __future__ import annotations

from datetime import timedelta
from difflib import get_close_matches

from kbtui.core.errors import UsageError
from kbtui.core.ports import Clock, SearchLog
from kbtui.core.searching.history import SavedSearch, SearchMiss, SearchRecord
from kbtui.core.text import is_line_safe

RECENT_LIMIT = 50
NAME_LENGTH = 60
OPENED_WITHIN = timedelta(minutes=10)
"""How long after a search a post counts as opened because of it, where nobody says so."""


class History:
    """The searches of the library."""

    def __init__(self, log: SearchLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    def record(self, text: str, hits: int, *, opened: bool = False) -> int:
        """Note a search, what it found and whether a hit of it was opened; its number, to amend it by."""
        return self._log.record(self._search(text, hits, opened=opened))

    def amend(self, number: int, text: str, hits: int, *, opened: bool = False) -> None:
        """Put another state of a search in the place of one that was noted."""
        self._log.amend(number, self._search(text, hits, opened=opened))

    def opened(self) -> None:
        """Note that a post was opened: the last search led there, if it was made a moment ago and found anything."""
        self._log.mark_opened(self._clock() - OPENED_WITHIN)

    def recent(self, limit: int = RECENT_LIMIT, start: str = "") -> list[SearchRecord]:
        """Searches, newest first, each text once; only those that begin with `start`."""
        return self._log.recent(limit, start)

    def misses(self, limit: int = RECENT_LIMIT) -> list[SearchMiss]:
        """Searches that led nowhere, the most frequent first: what should perhaps be written."""
        return self._log.misses(limit)

    def save(self, name: str, text: str) -> None:
        """Keep a search under a name, in the place of what had it. Raises `UsageError` where that is no name."""
        self._log.save(SavedSearch(_checked(name), _normal(text), self._clock()))

    def forget(self, name: str) -> None:
        """Remove a saved search. Raises `UsageError`, which names the nearest, where there is none."""
        if not self._log.forget(name.strip()):
            raise self._unknown(name)

    def saved(self) -> list[SavedSearch]:
        """All saved searches by name."""
        return self._log.saved()

    def find(self, name: str) -> SavedSearch:
        """The search with this name. Raises `UsageError`, which names the nearest, where there is none."""
        for search in self._log.saved():
            if search.name == name.strip():
                return search
        raise self._unknown(name)

    def _search(self, text: str, hits: int, *, opened: bool) -> SearchRecord:
        return SearchRecord(_normal(text), self._clock(), hits, opened)

    def _unknown(self, name: str) -> UsageError:
        names = [search.name for search in self._log.saved()]
        if not names:
            return UsageError(f"There is no saved search {name!r}; none was saved yet.")
        nearest = get_close_matches(name, names, n=3, cutoff=0.0)
        return UsageError(f"There is no saved search {name!r}; the nearest: {', '.join(map(repr, nearest))}.")


def _normal(text: str) -> str:
    """The text without what makes no difference to a search."""
    return " ".join(text.split())


def _checked(name: str) -> str:
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not is_line_safe(name):
        raise UsageError(
            f"A search is saved under a name of 1 to {NAME_LENGTH} characters on one line, none of them hidden."
        )
    return name
