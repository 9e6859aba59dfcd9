"""What was searched, and the searches that were given a name."""

from __future__ import annotations

from datetime import datetime

from kbtui.core.searching.history import KEPT, TEXT_LENGTH, SavedSearch, SearchMiss, SearchRecord
from kbtui.core.text import storable
from kbtui.storage.connection import Connection
from kbtui.storage.rows import read_time, write_time

PATIENCE_SECONDS = 0.5
"""How long the note of a search waits for another writer: nobody should wait for it."""


class SqliteSearchLog:
    """The `SearchLog` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, search: SearchRecord) -> int:
        with self._connection.write(PATIENCE_SECONDS) as database:
            cursor = database.execute(
                "INSERT INTO searches (text, at, hits, opened) VALUES (?, ?, ?, ?)", _fields(search)
            )
            # Numbers are given without a gap, so that the newest are those with the highest.
            database.execute("DELETE FROM searches WHERE id <= (SELECT max(id) FROM searches) - ?", [KEPT])
            return int(cursor.lastrowid or 0)

    def amend(self, number: int, search: SearchRecord) -> None:
        with self._connection.write(PATIENCE_SECONDS) as database:
            database.execute(
                "UPDATE searches SET text = ?, at = ?, hits = ?, opened = ? WHERE id = ?", [*_fields(search), number]
            )

    def mark_opened(self, since: datetime) -> None:
        with self._connection.write(PATIENCE_SECONDS) as database:
            database.execute(
                "UPDATE searches SET opened = 1 WHERE id = (SELECT max(id) FROM searches) AND at >= ? AND hits > 0",
                [write_time(since)],
            )

    def recent(self, limit: int, start: str = "") -> list[SearchRecord]:
        begin = storable(start)
        rows = self._connection.query(
            "SELECT text, at, hits, opened FROM searches WHERE id IN "
            "(SELECT max(id) FROM searches WHERE text >= ? AND text < ? GROUP BY text) ORDER BY id DESC LIMIT ?",
            [begin, begin + "\U0010ffff", limit],
        )
        return [SearchRecord(row["text"], read_time(row["at"]), row["hits"], bool(row["opened"])) for row in rows]

    def misses(self, limit: int) -> list[SearchMiss]:
        # Beside max(id), SQLite takes the other columns from the same row: the newest of its text.
        rows = self._connection.query(
            "SELECT text, count(*) AS times, max(id) AS newest, at, hits FROM searches LEFT JOIN "
            "(SELECT casefold(text) AS folded, max(id) AS led FROM searches WHERE opened GROUP BY folded) "
            "ON folded = casefold(text) WHERE id > coalesce(led, 0) "
            "GROUP BY casefold(text) ORDER BY times DESC, newest DESC LIMIT ?",
            [limit],
        )
        return [SearchMiss(row["text"], row["times"], read_time(row["at"]), row["hits"]) for row in rows]

    def save(self, search: SavedSearch) -> None:
        with self._connection.write() as database:
            database.execute(
                "INSERT INTO saved_searches VALUES (?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET text = excluded.text, at = excluded.at",
                [storable(search.name), _text(search.text), write_time(search.at)],
            )

    def forget(self, name: str) -> bool:
        with self._connection.write() as database:
            return database.execute("DELETE FROM saved_searches WHERE name = ?", [storable(name)]).rowcount > 0

    def saved(self) -> list[SavedSearch]:
        rows = self._connection.query("SELECT name, text, at FROM saved_searches ORDER BY name")
        return [SavedSearch(row["name"], row["text"], read_time(row["at"])) for row in rows]


def _fields(search: SearchRecord) -> list[object]:
    return [_text(search.text), write_time(search.at), search.hits, int(search.opened)]


def _text(text: str) -> str:
    return storable(text)[:TEXT_LENGTH]
