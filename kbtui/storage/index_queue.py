"""What the full-text index has yet to learn. Written in the transaction of the post or note itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kbtui.core.index_document import KINDS, POST_KIND, document_key
from kbtui.storage.connection import Connection

if TYPE_CHECKING:
    from sqlite_utils import Database


class SqliteIndexQueue:
    """The `IndexQueue` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pending(self) -> int:
        return int(self._connection.value("SELECT count(*) FROM index_queue"))

    def next_batch(self, limit: int) -> tuple[list[int], int]:
        rows = self._connection.query(
            "SELECT sequence, document_id, kind FROM index_queue ORDER BY sequence LIMIT ?", [limit]
        )
        keys = (document_key(row["document_id"], row["kind"]) for row in rows if row["kind"] in KINDS)
        return list(dict.fromkeys(keys)), rows[-1]["sequence"] if rows else 0

    def newest(self) -> int:
        # AUTOINCREMENT remembers the highest number even when the queue is empty.
        return int(self._connection.value("SELECT seq FROM sqlite_sequence WHERE name = 'index_queue'") or 0)

    def drained(self, sequence: int) -> None:
        with self._connection.write() as database:
            database.execute("DELETE FROM index_queue WHERE sequence <= ?", [sequence])
            database.execute("UPDATE index_state SET drained = max(drained, ?)", [sequence])

    def drained_to(self) -> int:
        return int(self._connection.value("SELECT drained FROM index_state"))

    def generation(self) -> int:
        return int(self._connection.value("SELECT generation FROM index_state"))

    def library(self) -> str:
        """A random name of this library, by which its index folder is told from others."""
        return str(self._connection.value("SELECT library FROM index_state"))

    def switch_to(self, generation: int, sequence: int) -> None:
        with self._connection.write() as database:
            database.execute("DELETE FROM index_queue WHERE sequence <= ?", [sequence])
            database.execute("UPDATE index_state SET generation = ?, drained = ?", [generation, sequence])


def queue(database: Database, ids: Iterable[int], kind: str = POST_KIND) -> None:
    """Have posts, or documents of another kind, indexed, or taken out of the index where they are gone."""
    database.conn.executemany("INSERT INTO index_queue (document_id, kind) VALUES (?, ?)", [(i, kind) for i in ids])
