"""A library of every older shape becomes one of today's, with what it held."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from kbtui.core.checklists.run import RunState
from kbtui.core.index_document import document_key
from kbtui.core.notes.change_note import NoteFilter
from kbtui.core.revisions import Origin
from kbtui.storage.changes import SqliteNoteStore
from kbtui.storage.checklists import SqliteChecklistStore
from kbtui.storage.connection import DATABASE_NAME, Connection
from kbtui.storage.editing import SqliteEditStore
from kbtui.storage.guard import APPLICATION_ID, SCHEMA_VERSION
from kbtui.storage.health import SqliteHealth
from kbtui.storage.index_queue import SqliteIndexQueue
from kbtui.storage.keys import fill_keys
from kbtui.storage.links import SqliteLinkStore
from kbtui.storage.migrations import migrations
from kbtui.storage.posts import SqlitePostStore
from kbtui.storage.reading import SqliteReadingStore
from kbtui.storage.rows import post_row, text_row, write_time
from kbtui.storage.searches import SqliteSearchLog
from tests.factories import NOON, a_post, full_post

STEPS = [step.name for step in migrations.pending(Database(memory=True))]


_REVISION = (
    "INSERT INTO post_revisions (post_id, save, saved_at, content_hash, metadata, body) "
    "VALUES (7, 2, ?, 'x', ?, 'former')"
)


def shape(connection: Connection) -> list[tuple[str, str]]:
    """Name and definition of everything in a library file."""
    rows = connection.query("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    return [(row["name"], row["sql"] or "") for row in rows]


def older(folder: Path, version: int) -> None:
    """Make a library as it was at an older version, with one post that was opened and one that links to it."""
    folder.mkdir(mode=0o700)
    (folder / DATABASE_NAME).touch(mode=0o600)
    with closing(sqlite3.connect(folder / DATABASE_NAME, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        database = Database(connection)
        migrations.apply(database, stop_before=STEPS[version])
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={version}")
        row = {**post_row(full_post()), "saves": 3, "created_at": write_time(NOON), "updated_at": write_time(NOON)}
        database.table("posts").insert({"id": 7, **row})
        database.table("post_texts").insert({"post_id": 7, **text_row(full_post())})
        connection.executemany("INSERT INTO post_facets VALUES (7, ?, ?)", full_post().facets())
        connection.execute("INSERT INTO post_reading VALUES (7, ?, 2, 0.5)", [write_time(NOON)])
        linking = a_post(title="Linking", slug="linking", body="[[Bad gateway]]")
        database.table("posts").insert({"id": 9, **row, **post_row(linking)})
        # What is damaged in an older library must not keep it from being opened.
        database.table("post_texts").insert({"post_id": 9, **text_row(linking), "metadata": "{"})
        connection.executemany("INSERT INTO post_facets VALUES (9, ?, ?)", linking.facets())
        values = [write_time(NOON), text_row(full_post())["metadata"]]
        connection.execute(_REVISION, values)
        connection.execute("INSERT INTO index_queue (post_id) VALUES (7)")
        if version >= 3:
            fill_keys(database)


def test_the_version_is_the_number_of_steps() -> None:
    assert len(STEPS) == SCHEMA_VERSION
    assert [step[:4] for step in STEPS] == [f"m{number:03}" for number in range(1, SCHEMA_VERSION + 1)]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_an_older_library_is_brought_to_this_version(tmp_path: Path, version: int) -> None:
    older(tmp_path / "old", version)
    with closing(Connection(tmp_path / "old")) as old, closing(Connection(tmp_path / "new")) as new:
        assert old.value("PRAGMA user_version") == SCHEMA_VERSION
        assert shape(old) == shape(new)
        store = SqlitePostStore(old)
        kept = replace(full_post(), id=7, saves=3, created_at=NOON, updated_at=NOON)
        assert store.find(full_post().slug) == kept
        assert [post.id for post in store.most_opened(5)] == [7]
        assert list(store.damaged()) == ["linking"]
        assert [post.id for post in SqliteLinkStore(old).backlinks(7, 5)] == [9]
        assert [post.id for post in SqliteLinkStore(old).called("linking", 5)] == [9]
        assert SqliteReadingStore(old).bookmarks(5) == []
        assert [(r.number, r.origin) for r in SqliteEditStore(old).history(7, 5)] == [
            (3, Origin.IMPORT),
            (2, Origin.IMPORT),
        ]
        assert store.local_versions() == []
        assert SqliteHealth(old).problems() == []
        assert SqliteSearchLog(old).recent(5) == []
        assert SqliteChecklistStore(old).page(states=tuple(RunState), limit=5) == []
        assert SqliteIndexQueue(old).next_batch(5) == ([document_key(7)], 1)
        assert SqliteNoteStore(old).page(NoteFilter(), limit=5) == []


def test_two_that_open_an_older_library_both_find_it_migrated(tmp_path: Path) -> None:
    older(tmp_path / "old", 1)
    with closing(Connection(tmp_path / "old")) as first, closing(Connection(tmp_path / "old")) as second:
        assert shape(first) == shape(second)
        assert SqlitePostStore(second).count() == 2
