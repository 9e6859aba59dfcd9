"""What a reader leaves in a library: bookmarks, and what was filled in for placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kbtui.core.post import PostSummary
from kbtui.core.text import storable
from kbtui.storage.connection import Connection
from kbtui.storage.rows import SUMMARY_COLUMNS, row_to_summary, write_time


class SqliteReadingStore:
    """The `ReadingStore` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def bookmark(self, post_id: int, at: datetime) -> None:
        with self._connection.write() as database:
            database.execute(
                "INSERT OR IGNORE INTO bookmarks SELECT id, ? FROM posts WHERE id = ?", [write_time(at), post_id]
            )

    def unbookmark(self, post_id: int) -> None:
        with self._connection.write() as database:
            database.execute("DELETE FROM bookmarks WHERE post_id = ?", [post_id])

    def is_bookmarked(self, post_id: int) -> bool:
        return bool(self._connection.value("SELECT 1 FROM bookmarks WHERE post_id = ?", [post_id]))

    def bookmarks(self, limit: int) -> list[PostSummary]:
        rows = self._connection.query(
            f"SELECT {SUMMARY_COLUMNS} FROM bookmarks CROSS JOIN posts ON posts.id = post_id "
            "ORDER BY at DESC, post_id LIMIT ?",
            [limit],
        )
        return [row_to_summary(row) for row in rows]

    def placeholder_values(self, post_id: int) -> dict[str, str]:
        rows = self._connection.query(
            "SELECT name, value FROM placeholder_values WHERE post_id = ? ORDER BY name", [post_id]
        )
        return {row["name"]: row["value"] for row in rows}

    def remember_placeholders(self, post_id: int, values: Mapping[str, str]) -> None:
        kept = [(storable(name), storable(value)) for name, value in values.items()]
        with self._connection.write() as database:
            database.conn.executemany(
                "DELETE FROM placeholder_values WHERE post_id = ? AND name = ?", [(post_id, name) for name, _ in kept]
            )
            database.conn.executemany(
                "INSERT OR REPLACE INTO placeholder_values SELECT id, ?, ? FROM posts WHERE id = ?",
                [(name, value, post_id) for name, value in kept if value],
            )
