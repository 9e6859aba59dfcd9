"""The adapters that are held to the ports. Another one is a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kbtui.core.ports import (
    ChecklistStore,
    EditStore,
    ImportLog,
    IndexQueue,
    LinkStore,
    NoteStore,
    PostStore,
    ReadingStore,
    ReviewStore,
    SearchIndexes,
    SearchLog,
)
from kbtui.search.indexes import WhooshIndexes
from kbtui.storage.changes import SqliteNoteStore
from kbtui.storage.checklists import SqliteChecklistStore
from kbtui.storage.connection import Connection
from kbtui.storage.editing import SqliteEditStore
from kbtui.storage.imports import SqliteImportLog
from kbtui.storage.index_queue import SqliteIndexQueue
from kbtui.storage.links import SqliteLinkStore
from kbtui.storage.posts import SqlitePostStore
from kbtui.storage.reading import SqliteReadingStore
from kbtui.storage.reviews import SqliteReviewStore
from kbtui.storage.searches import SqliteSearchLog

Ports = tuple[
    PostStore,
    ImportLog,
    IndexQueue,
    SearchLog,
    EditStore,
    LinkStore,
    ReadingStore,
    ChecklistStore,
    NoteStore,
    ReviewStore,
]

STORES: dict[str, Callable[[Connection], Ports]] = {
    "sqlite": lambda c: (
        SqlitePostStore(c),
        SqliteImportLog(c),
        SqliteIndexQueue(c),
        SqliteSearchLog(c),
        SqliteEditStore(c),
        SqliteLinkStore(c),
        SqliteReadingStore(c),
        SqliteChecklistStore(c),
        SqliteNoteStore(c),
        SqliteReviewStore(c),
    ),
}
INDEXES: dict[str, Callable[[Path], SearchIndexes]] = {"whoosh": WhooshIndexes}


@pytest.fixture(params=sorted(STORES))
def ports(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ports]:
    """The ports over one empty library."""
    with closing(Connection(tmp_path / "library")) as connection:
        yield STORES[request.param](connection)


@pytest.fixture
def store(ports: Ports) -> PostStore:
    return ports[0]


@pytest.fixture
def log(ports: Ports) -> ImportLog:
    return ports[1]


@pytest.fixture
def queue(ports: Ports) -> IndexQueue:
    return ports[2]


@pytest.fixture
def searches(ports: Ports) -> SearchLog:
    return ports[3]


@pytest.fixture
def edits(ports: Ports) -> EditStore:
    return ports[4]


@pytest.fixture
def links(ports: Ports) -> LinkStore:
    return ports[5]


@pytest.fixture
def reading(ports: Ports) -> ReadingStore:
    return ports[6]


@pytest.fixture
def runs(ports: Ports) -> ChecklistStore:
    return ports[7]


@pytest.fixture
def notes(ports: Ports) -> NoteStore:
    return ports[8]


@pytest.fixture
def reviews(ports: Ports) -> ReviewStore:
    return ports[9]


@pytest.fixture(params=sorted(INDEXES))
def make_indexes(request: pytest.FixtureRequest) -> Callable[[Path], SearchIndexes]:
    """Makes the folder of indexes at a place."""
    return INDEXES[request.param]


@pytest.fixture
def indexes(make_indexes: Callable[[Path], SearchIndexes], tmp_path: Path) -> SearchIndexes:
    return make_indexes(tmp_path / "cache" / "index")
