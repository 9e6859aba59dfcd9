"""What needs a human, in SQLite: judged by the narrow columns of posts, never by their texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from kbtui.core.ports import Judgement, Place
from kbtui.core.review import ReviewCounts, ReviewReason, WaitingPost
from kbtui.core.text import storable
from kbtui.storage.checklists import UNDECIDED
from kbtui.storage.connection import Connection, Row
from kbtui.storage.rows import dump, read_time, write_time

# CROSS JOIN keeps the order: what is rare leads to the posts. One narrow index has all that is asked of every post.
_JUDGED = f"""
WITH troubled (id) AS MATERIALIZED (SELECT value FROM json_each(?1)),
proposed (id, redlines) AS MATERIALIZED (
    SELECT posts.id, count(*) FROM ({UNDECIDED}) AS redline
    CROSS JOIN checklist_runs AS run ON run.id = redline.run_id
    CROSS JOIN posts ON posts.source = run.source AND posts.path = run.path
    GROUP BY posts.id
),
ran (id, day) AS MATERIALIZED (
    SELECT posts.id, max(substr(run.finished_at, 1, 10)) FROM checklist_runs AS run
    CROSS JOIN posts ON posts.source = run.source AND posts.path = run.path
    WHERE run.state = 'done' AND run.failed = 0 GROUP BY posts.id
),
judged AS (
    SELECT posts.id AS id,
        posts.id IN (SELECT id FROM troubled) AS is_troubled,
        coalesce(redlines, 0) AS redlines,
        needs_review AS is_flagged,
        status = 'draft' COLLATE NOCASE AS is_draft,
        (last_reviewed IS NOT NULL OR day IS NOT NULL)
            AND coalesce(last_reviewed < ?2, 1) AND coalesce(day < ?2, 1) AS is_stale,
        last_reviewed
    FROM posts INDEXED BY posts_to_review
    LEFT JOIN proposed ON proposed.id = posts.id LEFT JOIN ran ON ran.id = posts.id
)
"""
_HOLDS = {
    ReviewReason.IMPORT: "is_troubled",
    ReviewReason.REDLINE: "redlines > 0",
    ReviewReason.FLAGGED: "is_flagged",
    ReviewReason.DRAFT: "is_draft",
    ReviewReason.STALE: "is_stale",
}
_ORDER = "is_troubled DESC, redlines > 0 DESC, is_flagged DESC, is_draft DESC, last_reviewed, id"


class SqliteReviewStore:
    """The `ReviewStore` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(
        self, by: Judgement, reasons: Collection[ReviewReason], limit: int, offset: int = 0
    ) -> list[WaitingPost]:
        rows = self._connection.query(
            f"{_JUDGED} SELECT * FROM judged WHERE {_any(reasons)} ORDER BY {_ORDER} LIMIT ?3 OFFSET ?4",
            [*_parameters(by), limit, offset],
        )
        return [_waiting(row) for row in rows]

    def one(self, by: Judgement, post_id: int) -> WaitingPost | None:
        rows = self._connection.query(
            f"{_JUDGED} SELECT * FROM judged WHERE id = ?3 AND ({_any(ReviewReason)})", [*_parameters(by), post_id]
        )
        return _waiting(rows[0]) if rows else None

    def counts(self, by: Judgement) -> ReviewCounts:
        sums = ", ".join(f"coalesce(sum({holds}), 0) AS '{reason.name}'" for reason, holds in _HOLDS.items())
        (row,) = self._connection.query(
            f"{_JUDGED} SELECT count(*) AS total, {sums} FROM judged WHERE {_any(ReviewReason)}", _parameters(by)
        )
        return ReviewCounts(row["total"], {reason: row[reason.name] for reason in ReviewReason})

    def posts_at(self, places: Collection[Place]) -> dict[Place, int]:
        rows = self._connection.query(
            "SELECT posts.id, source, posts.path FROM json_each(?) AS wanted CROSS JOIN posts "
            "ON source = json_extract(wanted.value, '$[0]') AND posts.path = json_extract(wanted.value, '$[1]')",
            [dump([list(place) for place in places])],
        )
        return {(row["source"], row["path"]): row["id"] for row in rows}

    def accept(self, problems: Iterable[tuple[Place, str]], at: datetime, who: str, why: str) -> None:
        rows = [
            [*map(storable, (*place, problem)), write_time(at), storable(who), storable(why)]
            for place, problem in problems
        ]
        with self._connection.write() as database:
            database.conn.executemany("INSERT OR REPLACE INTO accepted_problems VALUES (?, ?, ?, ?, ?, ?)", rows)

    def accepted(self) -> dict[tuple[Place, str], datetime]:
        rows = self._connection.query("SELECT source, path, problem, at FROM accepted_problems")
        return {((row["source"], row["path"]), row["problem"]): read_time(row["at"]) for row in rows}


def _parameters(by: Judgement) -> list[object]:
    return [dump(sorted(by.troubled)), by.first_fresh.isoformat()]


def _any(reasons: Iterable[ReviewReason]) -> str:
    return " OR ".join(_HOLDS[reason] for reason in reasons) or "0"


def _waiting(row: Row) -> WaitingPost:
    held = {
        ReviewReason.IMPORT: row["is_troubled"],
        ReviewReason.REDLINE: row["redlines"],
        ReviewReason.FLAGGED: row["is_flagged"],
        ReviewReason.DRAFT: row["is_draft"],
        ReviewReason.STALE: row["is_stale"],
    }
    return WaitingPost(row["id"], tuple(reason for reason, holds in held.items() if holds), row["redlines"])
