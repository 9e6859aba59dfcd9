"""What a reader leaves in a library: bookmarks, and what was filled in for placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kbtui.core.post import PostSummary


class ReadingStore(Protocol):
    """What a reader leaves at posts. It goes with the post when that is removed, and is never exported."""

    def bookmark(self, post_id: int, at: datetime) -> None:
        """Set a bookmark; one that is there keeps its time."""
        ...

    def unbookmark(self, post_id: int) -> None:
        """Take a bookmark away."""
        ...

    def is_bookmarked(self, post_id: int) -> bool:
        """Whether the post has a bookmark."""
        ...

    def bookmarks(self, limit: int) -> list[PostSummary]:
        """Posts with a bookmark, the last set first."""
        ...

    def placeholder_values(self, post_id: int) -> dict[str, str]:
        """What was last filled in for each placeholder of the post."""
        ...

    def remember_placeholders(self, post_id: int, values: Mapping[str, str]) -> None:
        """Keep these values in the place of those for the same names; an empty one is forgotten."""
        ...
