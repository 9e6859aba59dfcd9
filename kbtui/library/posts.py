"""Reading and listing posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from kbtui.core.errors import PostNotFoundError, UsageError
from kbtui.core.listing import DEFAULT_SORT, SORTS
from kbtui.core.post import FACETS, Post, PostSummary
from kbtui.core.searching.clauses import Filter
from kbtui.core.searching.results import FacetCount

if TYPE_CHECKING:
    from kbtui.core.ports import Clock, PostStore

PAGE_LIMIT = 50
FACET_LIMIT = 20


def get_post(store: PostStore, slug: str) -> Post:
    """The post with this slug. Raises `PostNotFoundError`, which names the nearest slugs."""
    post = store.find(slug)
    if post is None:
        # Only who mistypes pays for it.
        from difflib import get_close_matches

        similar = store.slugs_like(slug, 5) or store.slugs_like(slug[: max(2, len(slug) // 2)], 50)
        nearest = tuple(get_close_matches(slug, similar, n=3, cutoff=0.4)) or tuple(similar[:3])
        raise PostNotFoundError(slug, nearest)
    return post


class Posts:
    """The posts of the library, one by one and as lists."""

    def __init__(self, store: PostStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def get(self, slug: str) -> Post:
        """The post with this slug. Raises `PostNotFoundError`, which names the nearest slugs."""
        return get_post(self._store, slug)

    def slugs(self, start: str, limit: int = PAGE_LIMIT) -> list[str]:
        """Slugs that begin with `start`, in order, for completion."""
        return self._store.slugs_from(start, limit)

    def page(
        self,
        *,
        sort: str = DEFAULT_SORT,
        filters: Sequence[Filter] = (),
        limit: int = PAGE_LIMIT,
        offset: int = 0,
    ) -> list[PostSummary]:
        """One page of the list. Raises `UsageError` for a sort that is no name of `core.listing.SORTS`."""
        if sort not in SORTS:
            raise UsageError(f"There is no order {sort!r}; choose one of {', '.join(SORTS)}.")
        return self._store.page(sort=sort, filters=filters, limit=limit, offset=offset)

    def count(self, filters: Sequence[Filter] = ()) -> int:
        """How many posts pass the filters."""
        return self._store.count(filters)

    def facets(
        self, facets: Sequence[str] = FACETS, *, within: Sequence[int] | None = None, limit: int = FACET_LIMIT
    ) -> dict[str, list[FacetCount]]:
        """The most frequent values of each facet, over the library or over the posts `within`."""
        return self._store.facet_counts(facets, within=within, limit=limit)

    def position(self, post: Post) -> float:
        """How far the post was read last time, 0.0 to 1.0."""
        return self._store.position(post.id)

    def opened(self, post: Post) -> None:
        """Note that the post is being read."""
        self._store.record_opened(post.id, self._clock())

    def left_at(self, post: Post, position: float) -> None:
        """Note how far the post was read, 0.0 to 1.0."""
        self._store.set_position(post.id, min(1.0, max(0.0, position)))

    def recent(self, limit: int = PAGE_LIMIT) -> list[PostSummary]:
        """Posts by when they were last opened, newest first."""
        return self._store.recent(limit)

    def last_opened(self, posts: Sequence[PostSummary]) -> dict[int, datetime]:
        """When each of these posts was last opened, by id; those that never were are left out."""
        return self._store.last_opened([post.id for post in posts])
