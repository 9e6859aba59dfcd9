"""What a query asks for: a tree of clauses. `core.searching.query` reads it from text, the index evaluates it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum


class TermKind(Enum):
    """How a term matches."""

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that the text must, may or must not hold."""

    text: str
    kind: TermKind = TermKind.WORD
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A field that must have (or, excluded, must not have) one of the values.

    A value that no post has stands for the values that hold it as words, so that `topic:redis` finds `redis / memory`.
    """

    field: str
    """A facet of `core.post.FACETS`, or one of `kind`, `file`, `command`, `flag`, `has`, `is`, `title`, `meta.KEY`."""
    values: tuple[str, ...]
    """Folded as `core.post.facet_value` does."""
    excluded: bool = False
    typed: bool = False
    """Whether the last value is still being typed, and stands for every value that begins so."""


@dataclass(frozen=True, slots=True)
class Age:
    """A day counted back from today."""

    days: int


Bound = int | date | Age
"""A number, a day, or a day counted back from today."""


@dataclass(frozen=True, slots=True)
class Range:
    """A number or day that must lie (or, excluded, must not lie) between two bounds, both included.

    A post without that number or day is in no range.
    """

    field: str
    """A name of `RANGE_FIELDS`, or `KNOWN_GOOD`."""
    low: Bound | None = None
    high: Bound | None = None
    excluded: bool = False


DATE_FIELDS = ("reviewed", "updated", "published")
NUMBER_FIELDS = ("views", "quality", "minutes")
RANGE_FIELDS = (*DATE_FIELDS, *NUMBER_FIELDS)
KNOWN_GOOD = "known_good"
"""The day since when a post is known to be good; asked for as `is:stale`, not by its name."""


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses of which all or any must hold (or, excluded, must not)."""

    clauses: tuple[Clause, ...]
    any: bool = False
    excluded: bool = False


Clause = Term | Filter | Range | Group


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    Terms and groups that stand at the top are ranked by: posts with all of them come first, posts with most behind.
    Phrases, filters, ranges and whatever is excluded must hold.
    """

    text: str
    """What was typed, at most `query.MAX_QUERY_LENGTH` characters of it."""
    clauses: tuple[Clause, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)
    """Sentences that say how odd syntax was read."""

    @property
    def is_empty(self) -> bool:
        """Whether the query asks for nothing, so that everything matches."""
        return not self.clauses

    @property
    def wanted(self) -> tuple[Term, ...]:
        """Every term that a post may be found by, those inside groups too."""
        return tuple(_wanted(self.clauses))

    @property
    def filters(self) -> tuple[Filter, ...]:
        """The filters that stand at the top."""
        return tuple(clause for clause in self.clauses if isinstance(clause, Filter))


def resolved(query: Query, today: date) -> Query:
    """The query with every age as a day, counted back from `today`."""
    return replace(query, clauses=tuple(_resolved(clause, today) for clause in query.clauses))


def _resolved(clause: Clause, today: date) -> Clause:
    if isinstance(clause, Group):
        return replace(clause, clauses=tuple(_resolved(part, today) for part in clause.clauses))
    if isinstance(clause, Range):
        return replace(clause, low=_day(clause.low, today), high=_day(clause.high, today))
    return clause


def _day(bound: Bound | None, today: date) -> Bound | None:
    if isinstance(bound, Age):
        return date.fromordinal(max(1, today.toordinal() - bound.days))
    return bound


def _wanted(clauses: tuple[Clause, ...]) -> Iterator[Term]:
    for clause in clauses:
        if isinstance(clause, Group) and not clause.excluded:
            yield from _wanted(clause.clauses)
        elif isinstance(clause, Term) and not clause.excluded:
            yield clause
