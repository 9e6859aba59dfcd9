"""The posts of a library."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kbtui.core.post import Post, PostSummary
    from kbtui.core.revisions import LocalVersion
    from kbtui.core.searching.clauses import Filter
    from kbtui.core.searching.results import FacetCount


@dataclass(frozen=True, slots=True)
class SavedPost:
    """What a save did."""

    id: int
    slug: str
    outcome: str
    """`added`, `updated`, `unchanged`; or `kept`, where the library's own version was not overwritten."""


class PostStore(Protocol):
    """The posts of a library."""

    def save(self, posts: Iterable[Post], at: datetime) -> list[SavedPost]:
        """Save posts in one transaction, each identified by (source, path).

        A new post is given a free slug from its own `slug`, else its title; a known one keeps its slug. A changed post
        puts its former state into its history. A post with a local version is left as it is: `unchanged` where what
        is given says nothing new, else `kept`. Every change is queued for the index in the same transaction.
        """
        ...

    def compare(self, posts: Iterable[Post]) -> list[SavedPost]:
        """What `save` would do; nothing is written."""
        ...

    def remove(self, ids: Sequence[int]) -> int:
        """Delete posts and queue that for the index; the number deleted."""
        ...

    def find(self, slug: str) -> Post | None:
        """The whole post with this slug."""
        ...

    def texts(self, ids: Sequence[int]) -> dict[int, str]:
        """The bodies of posts by id; missing ones left out. Reads nothing else of them."""
        ...

    def by_title(self, ids: Collection[int], limit: int, offset: int) -> list[int]:
        """One page of these posts in the order of their titles."""
        ...

    def many(self, ids: Sequence[int]) -> list[Post]:
        """The whole posts with these ids, in no order; missing ones left out."""
        ...

    def all_after(self, last_id: int, limit: int) -> list[Post]:
        """Whole posts by id, from the first above `last_id`."""
        ...

    def summaries(self, ids: Sequence[int]) -> dict[int, PostSummary]:
        """Summaries by id; missing ones left out."""
        ...

    def page(self, *, sort: str, filters: Sequence[Filter], limit: int, offset: int) -> list[PostSummary]:
        """One page of the list in the order `sort`, a name of `core.listing.SORTS`."""
        ...

    def count(self, filters: Sequence[Filter] = ()) -> int:
        """How many posts have these facets."""
        ...

    def facet_counts(
        self, facets: Sequence[str], *, within: Sequence[int] | None, limit: int
    ) -> dict[str, list[FacetCount]]:
        """The most frequent values of each facet, over all posts or over those `within`."""
        ...

    def slugs_from(self, start: str, limit: int) -> list[str]:
        """Slugs that begin with `start`, in order."""
        ...

    def slugs_like(self, text: str, limit: int) -> list[str]:
        """Slugs that a mistaken `text` may have meant: those that contain it, the shortest first."""
        ...

    def containing(self, words: Sequence[str], filters: Sequence[Filter], limit: int) -> list[int]:
        """Ids of posts whose title or body contains every word: the answer while there is no index. Slow."""
        ...

    def revisions(self) -> dict[int, int]:
        """How often each post was saved, by id."""
        ...

    def by_path(self, source: str, under: str) -> Iterator[tuple[int, str]]:
        """(id, path) of every post of a source whose path lies at or below `under`; "" for all."""
        ...

    def record_opened(self, post_id: int, at: datetime) -> None:
        """Note that a reader opened the post."""
        ...

    def position(self, post_id: int) -> float:
        """How far the post was read, 0.0 to 1.0."""
        ...

    def set_position(self, post_id: int, position: float) -> None:
        """Note how far the post was read, 0.0 to 1.0."""
        ...

    def recent(self, limit: int) -> list[PostSummary]:
        """Posts by when they were last opened, newest first."""
        ...

    def last_opened(self, ids: Sequence[int]) -> dict[int, datetime]:
        """When each of these posts was last opened, by id; those that never were are left out."""
        ...

    def most_opened(self, limit: int) -> list[PostSummary]:
        """Posts by how often they were opened, most first; of those alike the one last opened."""
        ...

    def local_versions(self) -> list[LocalVersion]:
        """The posts that imports leave alone, by slug."""
        ...

    def damaged(self) -> Iterator[str]:
        """Slugs of posts whose stored hash does not fit what is stored."""
        ...
