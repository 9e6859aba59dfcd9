"""The full-text index, and what it has yet to learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from kbtui.core.searching.results import RELEVANCE, IndexMatches, IndexSimilar, Span, TermMatch

if TYPE_CHECKING:
    from kbtui.core.index_document import IndexDocument
    from kbtui.core.searching.clauses import Query


class IndexQueue(Protocol):
    """What the index has yet to learn, and which index is in force."""

    def pending(self) -> int:
        """How many entries wait."""
        ...

    def next_batch(self, limit: int) -> tuple[list[int], int]:
        """(keys of documents, sequence number of the last entry); ([], 0) where nothing waits."""
        ...

    def newest(self) -> int:
        """The highest sequence number ever given; 0 at the beginning."""
        ...

    def drained(self, sequence: int) -> None:
        """Delete the entries up to `sequence`; the index of the current generation holds them."""
        ...

    def drained_to(self) -> int:
        """The highest sequence that was reported drained."""
        ...

    def generation(self) -> int:
        """The number of the index in force; 0 while there is none."""
        ...

    def switch_to(self, generation: int, sequence: int) -> None:
        """Put a new index in force that holds everything up to `sequence`, in one transaction."""
        ...


class SearchIndex(Protocol):
    """One open full-text index. Every failure of it is an `IndexUnusableError`."""

    def search(
        self, query: Query, *, limit: int, offset: int = 0, sort: str = RELEVANCE, facets: Sequence[str] = ()
    ) -> IndexMatches:
        """One page of the documents that match, with counts of the values of `facets` over all of them.

        `sort` is `RELEVANCE`, or `updated`, `reviewed`, `views` or `quality`: highest first, those without last. Equal
        ones stand in a fixed order. A query without terms gives score 0 to all that pass. Bounds of ranges are
        numbers and days, never ages.
        """
        ...

    def reading(self, query: Query) -> Query:
        """The query as it is evaluated, corrections put in."""
        ...

    def matching(self, query: Query) -> list[int]:
        """The keys of all documents that match, in no order."""
        ...

    def spans(self, query: Query, text: str) -> list[Span]:
        """Where the words of `text` stand that the query matches, stemmed forms too, in order."""
        ...

    def explain(self, query: Query, document: IndexDocument) -> list[TermMatch]:
        """Which words of the query match the document, where, and what each is worth; the most valuable first."""
        ...

    def similar(self, key: int, limit: int) -> list[IndexSimilar]:
        """The documents that share the most telling words with this one, best first; none where it is not held."""
        ...

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """How many documents hold each of these words, written as in a text."""
        ...

    def named(self, names: Sequence[str]) -> list[int]:
        """The keys of documents that have exactly one of these names."""
        ...

    def apply(self, documents: Iterable[IndexDocument], removed: Iterable[int], stamp: int) -> None:
        """Add or replace documents and remove others by key, together with the sequence number that is now held."""
        ...

    def stamp(self) -> int:
        """The sequence number of the last `apply`."""
        ...

    def count(self) -> int:
        """How many documents it holds."""
        ...

    def revisions(self) -> dict[int, int]:
        """The revision of each document by key."""
        ...

    def verify(self) -> None:
        """Read every byte against its checksum; `IndexUnusableError` at the first that is wrong."""
        ...

    def size(self) -> int:
        """Bytes on disk."""
        ...

    def close(self) -> None:
        """Let go of its files."""
        ...


class SearchIndexes(Protocol):
    """The folder of indexes of one library, one per generation, one in force."""

    def exclusive(self, patience: float) -> AbstractContextManager[None]:
        """Hold the right to write; `LibraryBusyError` where another process has it for longer than so many seconds."""
        ...

    def open(self, generation: int) -> SearchIndex:
        """The index of this generation; `IndexUnusableError` where it is absent, damaged or of another format."""
        ...

    def build(self, generation: int, documents: Iterable[IndexDocument], stamp: int) -> None:
        """Write a new index, replacing whatever lies at that generation's place."""
        ...

    def keep_only(self, generation: int) -> None:
        """Delete every other generation."""
        ...
