"""What a search gives: hits in order, how many there are, and the counts beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kbtui.core.post import PostSummary
from kbtui.core.query import Query

Span = tuple[int, int]
"""Start and end of a piece of text, in characters."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of a post on one line, with the pieces of it that matched."""

    text: str
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One post that matched."""

    post: PostSummary
    score: float
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the posts have this value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of hits. Iterating gives the hits."""

    query: Query
    hits: Sequence[SearchHit]
    total: int
    """All posts that match, not only those on this page."""
    facets: Mapping[str, Sequence[FacetCount]] = field(default_factory=dict)
    """Counts over all matches, most frequent first; empty unless asked for."""
    notice: str = ""
    """A sentence for the user where the answer is not the usual one, else empty."""

    def __iter__(self) -> Iterator[SearchHit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What the full-text index is told of a post."""

    id: int
    names: tuple[str, ...]
    """Title, aliases and file name: an exact match of one comes first."""
    keywords: tuple[str, ...]
    """Short texts that say what the post is about: tools, tags, entities, topic."""
    text: str
    facets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class IndexMatches:
    """What the full-text index answers: the page asked for, and every id that matches."""

    page: Sequence[tuple[int, float]]
    """(id, score), best first."""
    ids: Sequence[int]
    """All matching ids, in no order."""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The state of the full-text index against the store."""

    generation: int
    documents: int
    pending: int
    size: int
    """Bytes on disk."""
    problem: str = ""
    """Why the index cannot be used now, else empty."""
