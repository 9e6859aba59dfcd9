"""What the use cases need from the world, as protocols. `tests/ports` holds the adapters to these promises."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kbtui.core.clauses import Filter, Query
from kbtui.core.importing import (
    FoundFile,
    ImportProblem,
    ImportReport,
    ImportRun,
    ParsedPost,
    RunState,
    Source,
)
from kbtui.core.index_document import IndexDocument
from kbtui.core.post import Json, Post, PostSummary
from kbtui.core.results import RELEVANCE, FacetCount, IndexMatches, IndexSimilar, Span, TermMatch
from kbtui.core.search_history import SavedSearch, SearchMiss, SearchRecord

Clock = Callable[[], datetime]
"""Gives the current time, aware, in UTC."""

Progress = Callable[[str, int, int], None]
"""Told (what, done, total) as long work goes on; total is 0 while it is not known."""


def silent(what: str, done: int, total: int) -> None:
    """A progress that says nothing."""


@dataclass(frozen=True, slots=True)
class SavedPost:
    """What a save did."""

    id: int
    slug: str
    outcome: str
    """`added`, `updated` or `unchanged`."""


class PostStore(Protocol):
    """The posts of a library."""

    def save(self, posts: Iterable[Post], at: datetime) -> list[SavedPost]:
        """Save posts in one transaction, each identified by (source, path).

        A new post is given a free slug from its own `slug`, else its title; a known one keeps its slug. A changed post
        puts its former state into its history. Every change is queued for the index in the same transaction.
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

    def most_opened(self, limit: int) -> list[PostSummary]:
        """Posts by how often they were opened, most first; of those alike the one last opened."""
        ...

    def damaged(self) -> Iterator[str]:
        """Slugs of posts whose stored hash does not fit what is stored."""
        ...


class ImportLog(Protocol):
    """Sources, what was read from them, and how each import went."""

    def sources(self) -> list[Source]:
        """All sources by name."""
        ...

    def add_source(self, name: str, root: str) -> Source:
        """A new source; a taken name gets a number behind it. A root that is known gives the source that it has."""
        ...

    def move_source(self, source: Source, root: str) -> Source:
        """The source under another root; its posts and fingerprints stay."""
        ...

    def fingerprints(self, source: Source) -> dict[str, tuple[str, int]]:
        """By path: the fingerprint of each file as it was last taken in whole, and how many posts it gave."""
        ...

    def set_fingerprints(self, source: Source, taken: Mapping[str, tuple[str, int]]) -> None:
        """Note files that were taken in whole."""
        ...

    def forget(self, source: Source, paths: Iterable[str]) -> None:
        """Forget files that are gone."""
        ...

    def start_run(self, source: Source, at: datetime) -> int:
        """Open a line of the log; its number."""
        ...

    def finish_run(self, run: int, at: datetime, state: RunState, report: ImportReport) -> None:
        """Close a line of the log, with its counts and problems."""
        ...

    def runs(self, limit: int) -> list[ImportRun]:
        """The log, newest first."""
        ...

    def problems(self, run: int) -> list[ImportProblem]:
        """What was the matter in one run."""
        ...


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


class IndexQueue(Protocol):
    """What the index has yet to learn, and which index is in force."""

    def pending(self) -> int:
        """How many entries wait."""
        ...

    def next_batch(self, limit: int) -> tuple[list[int], int]:
        """(post ids, sequence number of the last of them); ([], 0) where nothing waits."""
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


class SourceFiles(Protocol):
    """The files of a source, read without following links out of it."""

    def walk(self, root: Path, start: Path, *, extensionless: bool) -> Iterator[FoundFile]:
        """Every file at or below `start`, in a stable order, with what speaks against reading it."""
        ...

    def read(self, file: FoundFile) -> bytes:
        """The bytes of a file; `RefusedFileError` where it cannot be read or is too large."""
        ...


class PostParser(Protocol):
    """Turns the bytes of a file into posts."""

    @property
    def version(self) -> str:
        """Changes whenever the same bytes would be read differently."""
        ...

    def parse(self, path: str, data: bytes) -> Iterator[ParsedPost | ImportProblem]:
        """The posts of a file, and the items of it that are none. `RefusedFileError` where there is none at all."""
        ...


class StoreHealth(Protocol):
    """What the store knows of its own soundness."""

    def facts(self) -> dict[str, Json]:
        """Schema, sizes, versions, for `doctor` and `stats`."""
        ...

    def problems(self) -> list[tuple[str, str]]:
        """(what is wrong, what to do) for damage, broken references, open modes."""
        ...
