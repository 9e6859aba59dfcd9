"""What happened to a file behind kbtui's back is found, and does not spoil the rest."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kbtui.storage.connection import DATABASE_NAME, Connection
from kbtui.storage.health import SqliteHealth
from kbtui.storage.posts import SqlitePostStore
from tests.factories import NOON, a_post, full_post


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "library"
    with closing(Connection(made)) as connection:
        others = [a_post(title=f"Other {n}", body=f"text {n}") for n in range(3)]
        SqlitePostStore(connection).save([full_post(), *others], NOON)
    return made


@pytest.fixture
def store(folder: Path) -> Iterator[SqlitePostStore]:
    with closing(Connection(folder)) as connection:
        yield SqlitePostStore(connection)


def change(folder: Path, sql: str, *parameters: object) -> None:
    """Change the file as no kbtui would: without types, checks and triggers."""
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute(sql, parameters)
        connection.commit()


TEXT_COLUMNS = "slug source path title topic summary stack tools language difficulty status last_reviewed content_hash"
NUMBER_COLUMNS = "needs_review checklist_items views quality minutes"


@pytest.mark.parametrize("column", TEXT_COLUMNS.split())
def test_a_changed_text_of_the_slim_row_is_found(folder: Path, store: SqlitePostStore, column: str) -> None:
    change(folder, f"UPDATE posts SET {column} = 'x' || substr({column}, 2) WHERE id = 1")
    assert len(list(store.damaged())) == 1


@pytest.mark.parametrize("column", NUMBER_COLUMNS.split())
def test_a_changed_number_is_found(folder: Path, store: SqlitePostStore, column: str) -> None:
    change(folder, f"UPDATE posts SET {column} = {column} + 1 WHERE id = 1")
    assert list(store.damaged()) == ["nginx-502"]


@pytest.mark.parametrize("column", ["metadata", "body"])
def test_every_flipped_bit_of_the_text_is_found(folder: Path, store: SqlitePostStore, column: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        (text,) = connection.execute(f"SELECT CAST({column} AS BLOB) FROM post_texts WHERE post_id = 1").fetchone()
    chance, missed = random.Random(3), []  # noqa: S311
    for _ in range(60):
        place, bit = chance.randrange(len(text)), chance.randrange(8)
        flipped = bytearray(text)
        flipped[place] ^= 1 << bit
        change(folder, f"UPDATE post_texts SET {column} = CAST(? AS TEXT) WHERE post_id = 1", bytes(flipped))
        if list(store.damaged()) != ["nginx-502"]:
            missed.append((place, bit))
        # Damage is told by doctor; reading and listing go on.
        assert len(store.all_after(0, 10)) == 4
        assert store.find("nginx-502") is not None
    assert missed == []


def test_a_sound_library_has_nothing_to_tell(folder: Path, store: SqlitePostStore) -> None:
    assert list(store.damaged()) == []
    assert SqliteHealth(store._connection).problems() == []


@pytest.mark.parametrize(
    "column", ["title", "topic", "summary", "stack", "tools", "last_reviewed", "updated_at", "created_at"]
)
@pytest.mark.parametrize("value", [b"\xff\xfe broken \x80", b"{not json", b""])
def test_one_bad_row_does_not_break_lists(folder: Path, store: SqlitePostStore, column: str, value: bytes) -> None:
    change(folder, f"UPDATE posts SET {column} = CAST(? AS TEXT) WHERE id = 1", value)
    assert len(store.page(sort="title", filters=(), limit=10, offset=0)) == 4
    assert len(store.summaries([1, 2, 3, 4])) == 4
    assert len(store.many([1, 2, 3, 4])) == 4
    store.record_opened(1, NOON)
    assert len(store.recent(5)) == 1
    assert list(store.damaged()) != [] or column in {"updated_at", "created_at"}


def test_a_damaged_post_still_shows_what_is_left(folder: Path, store: SqlitePostStore) -> None:
    change(folder, "UPDATE post_texts SET metadata = '[1' WHERE post_id = 1")
    post = store.find("nginx-502")
    assert post is not None
    assert (post.id, post.title, post.body) == (1, full_post().title, full_post().body)
    assert (post.tools, post.path) == (full_post().tools, full_post().path)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM post_texts WHERE post_id = 1", "lost their text"),
        ("UPDATE facet_counts SET count = count + 1 WHERE facet = 'source'", "facet counts"),
        ("INSERT INTO facet_counts VALUES ('tool', 'ghost', 3)", "facet counts"),
        ("DELETE FROM facet_counts WHERE facet = 'tool'", "facet counts"),
        ("UPDATE post_facets SET value = 'other' WHERE value = 'curl'", "facet counts"),
        ("INSERT INTO post_reading VALUES (99, 'now', 1, 0.5)", "missing row"),
    ],
)
def test_broken_references_are_told_with_a_remedy(folder: Path, store: SqlitePostStore, sql: str, said: str) -> None:
    change(folder, sql)
    problems = SqliteHealth(store._connection).problems()
    assert any(said in problem and remedy for problem, remedy in problems)


def test_open_modes_are_told(folder: Path, store: SqlitePostStore) -> None:
    folder.chmod(0o755)
    (folder / DATABASE_NAME).chmod(0o644)
    problems = [problem for problem, _ in SqliteHealth(store._connection).problems()]
    assert len([p for p in problems if p.startswith("others can read")]) == 2


def test_what_a_history_keeps(folder: Path, store: SqlitePostStore) -> None:
    old = store.find("nginx-502")
    assert old is not None
    store.save([full_post(body="second")], NOON)
    store.save([full_post(body="third")], NOON)
    rows = store._connection.query(
        "SELECT save, body, content_hash FROM post_revisions WHERE post_id = 1 ORDER BY save"
    )
    assert [(row["save"], row["body"]) for row in rows] == [(1, full_post().body), (2, "second")]
    store.remove([1])
    assert store._connection.value("SELECT count(*) FROM post_revisions") == 0
