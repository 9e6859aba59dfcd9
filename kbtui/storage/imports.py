"""Sources, what was read from them, and the log of imports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from kbtui.core.importing import ImportProblem, ImportReport, ImportRun, ProblemKind, RunState, Source
from kbtui.core.text import storable
from kbtui.storage.connection import Connection
from kbtui.storage.rows import dump, read_time, write_time


class SqliteImportLog:
    """The `ImportLog` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sources(self) -> list[Source]:
        return [Source(**row) for row in self._connection.query("SELECT id, name, root FROM sources ORDER BY name")]

    def add_source(self, name: str, root: str) -> Source:
        with self._connection.write() as database:
            known = {source.root: source for source in self.sources()}
            if root in known:
                # Another process imported the same folder a moment ago.
                return known[root]
            taken = {source.name for source in known.values()}
            free, number = name, 2
            while free in taken:
                free, number = f"{name}-{number}", number + 1
            cursor = database.execute("INSERT INTO sources (name, root) VALUES (?, ?)", [free, root])
            return Source(int(cursor.lastrowid or 0), free, root)

    def move_source(self, source: Source, root: str) -> Source:
        with self._connection.write() as database:
            database.execute("UPDATE sources SET root = ? WHERE id = ?", [root, source.id])
        return Source(source.id, source.name, root)

    def fingerprints(self, source: Source) -> dict[str, tuple[str, int]]:
        rows = self._connection.query(
            "SELECT path, fingerprint, posts FROM source_files WHERE source_id = ?", [source.id]
        )
        return {row["path"]: (row["fingerprint"], row["posts"]) for row in rows}

    def set_fingerprints(self, source: Source, taken: Mapping[str, tuple[str, int]]) -> None:
        with self._connection.write() as database:
            database.conn.executemany(
                "INSERT INTO source_files VALUES (?, ?, ?, ?) ON CONFLICT (source_id, path) "
                "DO UPDATE SET fingerprint = excluded.fingerprint, posts = excluded.posts",
                [(source.id, path, fingerprint, posts) for path, (fingerprint, posts) in taken.items()],
            )

    def forget(self, source: Source, paths: Iterable[str]) -> None:
        with self._connection.write() as database:
            database.conn.executemany(
                "DELETE FROM source_files WHERE source_id = ? AND path = ?",
                [(source.id, path) for path in paths],
            )

    def start_run(self, source: Source, at: datetime, under: str = "") -> int:
        with self._connection.write() as database:
            cursor = database.execute(
                "INSERT INTO import_runs (source_id, started_at, state, counts, under) VALUES (?, ?, ?, '{}', ?)",
                [source.id, write_time(at), RunState.RUNNING.value, storable(under)],
            )
            return int(cursor.lastrowid or 0)

    def finish_run(self, run: int, at: datetime, state: RunState, report: ImportReport) -> None:
        counts = {name: getattr(report, name) for name in ("added", "updated", "unchanged", "removed")}
        with self._connection.write() as database:
            database.execute(
                "UPDATE import_runs SET finished_at = ?, state = ?, counts = ? WHERE id = ?",
                [write_time(at), state.value, dump(counts), run],
            )
            database.conn.executemany(
                "INSERT INTO import_problems VALUES (?, ?, ?, ?, ?)",
                [(run, n, p.path, p.reason, p.kind.value) for n, p in enumerate(report.problems)],
            )

    def runs(self, limit: int) -> list[ImportRun]:
        rows = self._connection.query(
            "SELECT import_runs.*, sources.name AS source, "
            "(SELECT count(*) FROM import_problems WHERE run_id = import_runs.id) AS problems "
            "FROM import_runs JOIN sources ON sources.id = source_id ORDER BY import_runs.id DESC LIMIT ?",
            [limit],
        )
        return [
            ImportRun(
                id=row["id"],
                source=row["source"],
                started_at=read_time(row["started_at"]),
                finished_at=None if row["finished_at"] is None else read_time(row["finished_at"]),
                state=RunState(row["state"]),
                counts=json.loads(row["counts"]),
                problems=row["problems"],
                under=row["under"],
            )
            for row in rows
        ]

    def problems(self, run: int) -> list[ImportProblem]:
        rows = self._connection.query(
            "SELECT path, reason, kind FROM import_problems WHERE run_id = ? ORDER BY position", [run]
        )
        return [ImportProblem(row["path"], row["reason"], ProblemKind(row["kind"])) for row in rows]
