"""What a search gives: hits in order, how many there are, and the counts beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kbtui.core.post import PostSummary
from kbtui.core.searching.clauses import Query

Span = tuple[int, int]
"""Start and end of a piece of text, in characters."""

RELEVANCE = "relevance"
"""The order of a search unless another of `core.listing.SORTS` is asked for."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of a post on one line, with the pieces of it that matched."""

    text: str
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One post, or change note, that matched; `post.kind` tells."""

    post: PostSummary
    score: float
    snippet: Snippet
    partial: bool = False
    """Whether it holds only some of the words."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the posts have this value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that no post has, and the word that was searched instead."""

    typed: str
    read_as: str


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of hits. Iterating gives the hits."""

    query: Query
    hits: Sequence[SearchHit]
    total: int
    """All posts that match, not only those on this page."""
    complete: int = 0
    """How many of them hold all the words; they come first when sorted by relevance."""
    facets: Mapping[str, Sequence[FacetCount]] = field(default_factory=dict)
    """Counts over all matches, most frequent first; empty unless asked for. A facet that the query filters by is
    counted as if it did not, so that its other values can be chosen as well."""
    corrections: tuple[Correction, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences that say how the query was read, where it may surprise."""
    notice: str = ""
    """A sentence for the user where the answer is not the usual one, else empty."""

    def __iter__(self) -> Iterator[SearchHit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


@dataclass(frozen=True, slots=True)
class TermMatch:
    """Why a post matched: one word of the query, how it stands in the post, and what that is worth."""

    typed: str
    """As the query has it."""
    found: str
    """As it stands in the post."""
    fields: tuple[tuple[str, int], ...]
    """Where: (name of the field, how often), the weightiest first."""
    weight: float
    """Its part of the post's score before the score is scaled for completeness."""


@dataclass(frozen=True, slots=True)
class SimilarPost:
    """A post that is like another one, with the reason."""

    post: PostSummary
    score: float
    tools: tuple[str, ...]
    """Tools that both have."""
    words: tuple[str, ...]
    """Telling words that both have, the most telling first."""


@dataclass(frozen=True, slots=True)
class IndexHit:
    """One document that the full-text index found."""

    key: int
    score: float
    partial: bool = False


@dataclass(frozen=True, slots=True)
class IndexMatches:
    """What the full-text index answers."""

    page: Sequence[IndexHit]
    total: int
    complete: int
    reading: Query
    """The query as it was evaluated, corrections put in: what snippets are marked by."""
    facets: Mapping[str, Sequence[FacetCount]] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    """`read_as` is the word as it is indexed, which may be a stem."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexSimilar:
    """One document that is like another one."""

    key: int
    score: float
    terms: tuple[str, ...]
    """Index terms that both have, the most telling first."""


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
