"""Whether the library file is sound."""

from __future__ import annotations

import os
import sqlite3
import stat

from kbtui.core.post import Json
from kbtui.storage.connection import Connection
from kbtui.storage.guard import SCHEMA_VERSION

_COUNTS = "SELECT facet, value, count FROM facet_counts"
_RECOUNT = "SELECT facet, value, count(*) FROM post_facets GROUP BY facet, value"


class SqliteHealth:
    """The `StoreHealth` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def facts(self) -> dict[str, Json]:
        path = self._connection.path
        log = path.with_name(path.name + "-wal")
        return {
            "path": str(path),
            "schema": SCHEMA_VERSION,
            "sqlite": sqlite3.sqlite_version,
            "bytes": path.stat().st_size,
            "log_bytes": log.stat().st_size if log.exists() else 0,
            "revisions": self._connection.value("SELECT count(*) FROM post_revisions"),
            "sources": self._connection.value("SELECT count(*) FROM sources"),
        }

    def problems(self) -> list[tuple[str, str]]:
        return [*self._damage(), *self._references(), *self._modes()]

    def _damage(self) -> list[tuple[str, str]]:
        rows = self._connection.query("PRAGMA integrity_check(20)")
        found = [str(next(iter(row.values()))) for row in rows]
        if found == ["ok"]:
            return []
        return [(f"SQLite finds damage: {line}", "restore a backup, or import again") for line in found]

    def _references(self) -> list[tuple[str, str]]:
        found = [
            (
                f"a row of {row['table']} refers to a missing row of {row['parent']}",
                "restore a backup, or import again",
            )
            for row in self._connection.query("PRAGMA foreign_key_check")
        ]
        orphans = self._connection.value(
            "SELECT count(*) FROM posts WHERE NOT EXISTS (SELECT 1 FROM post_texts WHERE post_id = posts.id)"
        )
        if orphans:
            found.append((f"{orphans} posts have lost their text", "import their source again"))
        counted = self._connection.value(
            f"SELECT count(*) FROM (SELECT * FROM ({_RECOUNT} EXCEPT {_COUNTS}) "
            f"UNION SELECT * FROM ({_COUNTS} EXCEPT {_RECOUNT}))"
        )
        if counted:
            found.append((f"{counted} facet counts are wrong", "import any file again; report this as a bug"))
        return found

    def _modes(self) -> list[tuple[str, str]]:
        if os.name != "posix":
            return []
        found = []
        folder, path = self._connection.folder, self._connection.path
        for place, mode in ((folder, 0o700), (path, 0o600)):
            if stat.S_IMODE(place.stat().st_mode) & 0o077:
                found.append((f"others can read {place}", f"chmod {mode:o} {place}"))
        return found
