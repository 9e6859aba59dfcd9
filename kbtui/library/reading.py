"""What a reader leaves at posts: bookmarks, and what was filled in for placeholders. Private, never exported."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kbtui.core.ports import Clock, ReadingStore
from kbtui.core.post import Post, PostSummary

LIMIT = 100
VALUE_LENGTH = 500
"""Characters. A longer value is not remembered: nobody would want to go through it again."""

_SECRET = re.compile(r"pass|pwd|secret|token|key|credential|\bpin\b", re.IGNORECASE)


class Reading:
    """What the reader leaves in the library."""

    def __init__(self, store: ReadingStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def bookmark(self, post: Post) -> None:
        """Set a bookmark; one that is there keeps its time."""
        self._store.bookmark(post.id, self._clock())

    def unbookmark(self, post: Post) -> None:
        """Take a bookmark away, if there is one."""
        self._store.unbookmark(post.id)

    def is_bookmarked(self, post: Post) -> bool:
        """Whether the post has a bookmark."""
        return self._store.is_bookmarked(post.id)

    def bookmarks(self, limit: int = LIMIT) -> list[PostSummary]:
        """Posts with a bookmark, the last set first."""
        return self._store.bookmarks(limit)

    def placeholder_values(self, post: Post) -> dict[str, str]:
        """What was last filled in for each placeholder of the post, by its name."""
        return self._store.placeholder_values(post.id)

    def remember_placeholders(self, post: Post, values: Mapping[str, str]) -> None:
        """Remember what was filled in; an empty value is forgotten, and what may be a secret is never kept."""
        kept = {name: value for name, value in values.items() if may_be_kept(name, value)}
        if kept:
            self._store.remember_placeholders(post.id, kept)


def may_be_kept(name: str, value: str) -> bool:
    """Whether what was filled in for a placeholder may be remembered: it is short, and no secret by name or looks."""
    # Only who fills something in pays for the rules.
    from kbtui.core.secrets.scanning import find_secrets

    return len(value) <= VALUE_LENGTH and _SECRET.search(name) is None and not find_secrets(value)
