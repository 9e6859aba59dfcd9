"""Whether the library file is sound."""

from __future__ import annotations

import os
import sqlite3
import stat

from kbtui.core.post import Json
from kbtui.storage.connection import Connection
from kbtui.storage.guard import SCHEMA_VERSION

_COUNTS = "SELECT facet, value, count FROM facet_counts"
_NAMED = 3
# What the events of a run come to. Beside max(), SQLite takes the other columns from the same row.
_RUNS = """
WITH marks AS (
    SELECT run_id, step, kind, max(number) FROM checklist_events
    WHERE kind IN ('done', 'skipped', 'failed', 'undone') GROUP BY run_id, step
),
counts AS (
    SELECT run_id, sum(kind = 'done') AS done, sum(kind = 'skipped') AS skipped, sum(kind = 'failed') AS failed
    FROM marks GROUP BY run_id
),
ends AS (
    SELECT run_id, max(number), at, CASE kind WHEN 'finished' THEN 'done' ELSE kind END AS state
    FROM checklist_events WHERE kind IN ('finished', 'abandoned') GROUP BY run_id
),
numbers AS (SELECT run_id, count(*) AS count, max(number) AS last FROM checklist_events GROUP BY run_id),
parts AS (SELECT run_id, count(*) AS count, max(step) AS last FROM checklist_steps GROUP BY run_id)
SELECT id,
    run.done <> coalesce(counts.done, 0) OR run.skipped <> coalesce(counts.skipped, 0)
    OR run.failed <> coalesce(counts.failed, 0) OR run.state <> coalesce(ends.state, 'open')
    OR run.finished_at IS NOT ends.at AS is_miscounted,
    run.events <> coalesce(numbers.count, 0) OR run.events <> coalesce(numbers.last, 0)
    OR run.steps <> coalesce(parts.count, 0) OR run.steps <> coalesce(parts.last, 0) AS is_incomplete
FROM checklist_runs AS run LEFT JOIN counts ON counts.run_id = id LEFT JOIN ends ON ends.run_id = id
LEFT JOIN numbers ON numbers.run_id = id LEFT JOIN parts ON parts.run_id = id
WHERE is_miscounted OR is_incomplete ORDER BY id
"""
_EVIDENCE = """
SELECT (SELECT count(*) FROM checklist_evidence AS kept WHERE NOT EXISTS (
    SELECT 1 FROM checklist_events AS event
    WHERE event.run_id = kept.run_id AND event.number = kept.number AND kind = 'evidence'
)) AS orphaned,
(SELECT count(*) FROM checklist_events AS event WHERE kind = 'evidence' AND NOT EXISTS (
    SELECT 1 FROM checklist_evidence AS kept WHERE kept.run_id = event.run_id AND kept.number = event.number
)) AS lost
"""
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

    def run_problems(self) -> list[tuple[str, str]]:
        found = []
        wrong = self._connection.query(_RUNS)
        for column, what in (
            ("is_miscounted", "are listed otherwise than their events say"),
            ("is_incomplete", "have lost steps or events"),
        ):
            if ids := [row["id"] for row in wrong if row[column]]:
                named = ", ".join(ids[:_NAMED]) + (" and others" if len(ids) > _NAMED else "")
                remedy = "`kbtui check show RUN` shows what the events say; restore a backup where they are gone"
                found.append((f"{len(ids)} runs {what}: {named}", remedy))
        (evidence,) = self._connection.query(_EVIDENCE)
        if evidence["orphaned"]:
            found.append((f"{evidence['orphaned']} pieces of evidence belong to no event", "restore a backup"))
        if evidence["lost"]:
            found.append((f"{evidence['lost']} pieces of evidence are gone", "restore a backup"))
        return found

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
