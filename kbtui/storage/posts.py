"""Posts in SQLite: saving, finding and listing them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from kbtui.core.post import Post, PostSummary
from kbtui.core.searching.clauses import Filter
from kbtui.core.searching.results import FacetCount
from kbtui.core.text import slugify, storable
from kbtui.storage.connection import Connection, Row
from kbtui.storage.filters import where_passes
from kbtui.storage.rows import (
    POST_COLUMNS,
    SUMMARY_COLUMNS,
    dump,
    post_row,
    read_time,
    readable_post,
    row_to_post,
    row_to_summary,
    storable_post,
    write_time,
)

if TYPE_CHECKING:
    from sqlite_utils import Database

    from kbtui.core.ports import SavedPost
    from kbtui.core.revisions import LocalVersion

_JOINED = "posts JOIN post_texts ON post_id = id"
_WHOLE = f"SELECT {POST_COLUMNS} FROM {_JOINED}"
_ORDERS = {
    "title": "title_key, id",
    "updated": "updated_at DESC, id",
    "reviewed": "last_reviewed DESC, id",
    "views": "views DESC, id",
    "quality": "quality DESC, id",
}
_VERIFY_BATCH = 500
# To look a post up by its id takes as long as to walk over so many in the index by title.
_WALKED_PER_LOOKUP = 2


class SqlitePostStore:
    """The `PostStore` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Saving: what it takes is imported by who saves, a search is quicker without

    def save(self, posts: Iterable[Post], at: datetime) -> list[SavedPost]:
        with self._connection.write() as database:
            return [self._save(database, storable_post(post), write_time(at)) for post in posts]

    def compare(self, posts: Iterable[Post]) -> list[SavedPost]:
        from kbtui.core.ports import SavedPost
        from kbtui.storage.saving import known_at, outcome_of

        saved = []
        for post in map(storable_post, posts):
            known = known_at(self._connection, post)
            if known is None:
                saved.append(SavedPost(0, post.slug or slugify(post.title), "added"))
            else:
                saved.append(SavedPost(known["id"], known["slug"], outcome_of(known, post)))
        return saved

    def remove(self, ids: Sequence[int]) -> int:
        from kbtui.storage.index_queue import queue

        listed = dump(list(ids))
        with self._connection.write() as database:
            there = self._connection.column(
                "SELECT id FROM posts WHERE id IN (SELECT value FROM json_each(?))", [listed]
            )
            for table, key in (("post_facets", "post_id"), ("posts", "id")):
                # Facets first and by hand: the counts hang on triggers, which a cascade does not always fire.
                database.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))", [listed])
            queue(database, there)
        return len(there)

    def _save(self, database: Database, post: Post, at: str) -> SavedPost:
        from kbtui.core.ports import SavedPost
        from kbtui.core.revisions import Origin
        from kbtui.storage.saving import free_slug, insert, known_at, outcome_of, update

        known = known_at(self._connection, post)
        if known is None:
            return insert(database, replace(post, slug=free_slug(self._connection, post)), at, Origin.IMPORT)
        outcome = outcome_of(known, post)
        if outcome != "updated":
            return SavedPost(known["id"], known["slug"], outcome)
        return update(database, known, replace(post, slug=known["slug"]), at, Origin.IMPORT)

    # Finding

    def find(self, slug: str) -> Post | None:
        rows = self._connection.query(f"{_WHOLE} WHERE slug = ?", [storable(slug)])
        return readable_post(rows[0]) if rows else None

    def texts(self, ids: Sequence[int]) -> dict[int, str]:
        rows = self._connection.query(
            "SELECT post_id, body FROM post_texts WHERE post_id IN (SELECT value FROM json_each(?))", [dump(list(ids))]
        )
        return {row["post_id"]: row["body"] for row in rows}

    def many(self, ids: Sequence[int]) -> list[Post]:
        rows = self._connection.query(f"{_WHOLE} WHERE id IN (SELECT value FROM json_each(?))", [dump(list(ids))])
        return [readable_post(row) for row in rows]

    def all_after(self, last_id: int, limit: int) -> list[Post]:
        rows = self._connection.query(f"{_WHOLE} WHERE id > ? ORDER BY id LIMIT ?", [last_id, limit])
        return [readable_post(row) for row in rows]

    def summaries(self, ids: Sequence[int]) -> dict[int, PostSummary]:
        rows = self._connection.query(
            f"SELECT {SUMMARY_COLUMNS} FROM posts WHERE id IN (SELECT value FROM json_each(?))",
            [dump(list(ids))],
        )
        return {row["id"]: row_to_summary(row) for row in rows}

    def by_title(self, ids: Collection[int], limit: int, offset: int) -> list[int]:
        members = frozenset(ids)
        if offset >= len(members):
            return []
        wanted = min(offset + limit, len(members))
        # As far as the page should lie in the list of all posts, and a little more.
        step = wanted * self.count() // len(members) + 100
        if step > _WALKED_PER_LOOKUP * len(members):
            return self._connection.column(
                "SELECT posts.id FROM json_each(?) AS chosen CROSS JOIN posts ON posts.id = chosen.value "
                "ORDER BY title_key, posts.id LIMIT ? OFFSET ?",
                [dump(list(members)), limit, offset],
            )
        found: list[int] = []
        walked = 0
        while len(found) < wanted:
            ids_here = self._connection.column(
                "SELECT id FROM posts ORDER BY title_key, id LIMIT ? OFFSET ?", [step, walked]
            )
            found += [post_id for post_id in ids_here if post_id in members]
            walked += step
            if len(ids_here) < step:
                break
        return found[offset:wanted]

    def page(self, *, sort: str, filters: Sequence[Filter], limit: int, offset: int) -> list[PostSummary]:
        where, parameters = where_passes(self._connection, filters)
        rows = self._connection.query(
            f"SELECT {SUMMARY_COLUMNS} FROM posts WHERE {where} ORDER BY {_ORDERS[sort]} LIMIT ? OFFSET ?",
            [*parameters, limit, offset],
        )
        return [row_to_summary(row) for row in rows]

    def count(self, filters: Sequence[Filter] = ()) -> int:
        if not filters:
            # Every post has exactly one source, so the kept counts answer without reading the posts.
            return int(
                self._connection.value("SELECT coalesce(sum(count), 0) FROM facet_counts WHERE facet = 'source'")
            )
        where, parameters = where_passes(self._connection, filters)
        return int(self._connection.value(f"SELECT count(*) FROM posts WHERE {where}", parameters))

    def facet_counts(
        self, facets: Sequence[str], *, within: Sequence[int] | None, limit: int
    ) -> dict[str, list[FacetCount]]:
        if within is None:
            return {facet: self._kept_counts(facet, limit) for facet in facets}
        # CROSS JOIN keeps the order: SQLite would rather go through the whole library for each of the posts.
        rows = self._connection.query(
            "SELECT facet, post_facets.value AS value, count(*) AS count FROM json_each(?) AS chosen "
            "CROSS JOIN post_facets ON post_facets.post_id = chosen.value "
            "GROUP BY facet, post_facets.value ORDER BY count DESC, post_facets.value",
            [dump(list(within))],
        )
        counts: dict[str, list[FacetCount]] = {facet: [] for facet in facets}
        for row in rows:
            found = counts.get(row["facet"])
            if found is not None and len(found) < limit:
                found.append(FacetCount(row["value"], row["count"]))
        return counts

    def _kept_counts(self, facet: str, limit: int) -> list[FacetCount]:
        rows = self._connection.query(
            "SELECT value, count FROM facet_counts WHERE facet = ? ORDER BY count DESC, value LIMIT ?", [facet, limit]
        )
        return [FacetCount(row["value"], row["count"]) for row in rows]

    def slugs_from(self, start: str, limit: int) -> list[str]:
        # A range and not LIKE, so that the index on slugs serves it.
        begin = storable(start)
        rows = self._connection.query(
            "SELECT slug FROM posts WHERE slug >= ? AND slug < ? ORDER BY slug LIMIT ?",
            [begin, begin + "\U0010ffff", limit],
        )
        return [row["slug"] for row in rows]

    def slugs_like(self, text: str, limit: int) -> list[str]:
        escaped = storable(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")[:200]
        rows = self._connection.query(
            "SELECT slug FROM posts WHERE slug LIKE ? ESCAPE '\\' ORDER BY length(slug), slug LIMIT ?",
            [f"%{escaped}%", limit],
        )
        return [row["slug"] for row in rows]

    def containing(self, words: Sequence[str], filters: Sequence[Filter], limit: int) -> list[int]:
        where, parameters = where_passes(self._connection, filters)
        for word in words:
            where += " AND (instr(casefold(title), ?) OR instr(casefold(body), ?))"
            parameters += [storable(word).casefold()] * 2
        rows = self._connection.query(
            f"SELECT id FROM {_JOINED} WHERE {where} ORDER BY title_key, id LIMIT ?",
            [*parameters, limit],
        )
        return [row["id"] for row in rows]

    def revisions(self) -> dict[int, int]:
        return {row["id"]: row["saves"] for row in self._connection.query("SELECT id, saves FROM posts")}

    def by_path(self, source: str, under: str) -> Iterator[tuple[int, str]]:
        for row in self._connection.query("SELECT id, path FROM posts WHERE source = ? ORDER BY path", [source]):
            path = row["path"]
            if not under or path == under or path.startswith((f"{under}/", f"{under}#")):
                yield row["id"], path

    # Reading

    def record_opened(self, post_id: int, at: datetime) -> None:
        with self._connection.write() as database:
            database.execute(
                "INSERT INTO post_reading SELECT id, ?, 1, 0 FROM posts WHERE id = ? "
                "ON CONFLICT (post_id) DO UPDATE SET opened_at = excluded.opened_at, opened = opened + 1",
                [write_time(at), post_id],
            )

    def position(self, post_id: int) -> float:
        return float(self._connection.value("SELECT position FROM post_reading WHERE post_id = ?", [post_id]) or 0.0)

    def set_position(self, post_id: int, position: float) -> None:
        with self._connection.write() as database:
            database.execute("UPDATE post_reading SET position = ? WHERE post_id = ?", [position, post_id])

    def recent(self, limit: int) -> list[PostSummary]:
        rows = self._connection.query(
            f"SELECT {SUMMARY_COLUMNS} FROM post_reading JOIN posts ON posts.id = post_id "
            "ORDER BY opened_at DESC, post_id LIMIT ?",
            [limit],
        )
        return [row_to_summary(row) for row in rows]

    def last_opened(self, ids: Sequence[int]) -> dict[int, datetime]:
        rows = self._connection.query(
            "SELECT post_id, opened_at FROM post_reading WHERE post_id IN (SELECT value FROM json_each(?))",
            [dump(list(ids))],
        )
        return {row["post_id"]: read_time(row["opened_at"]) for row in rows}

    def most_opened(self, limit: int) -> list[PostSummary]:
        rows = self._connection.query(
            f"SELECT {SUMMARY_COLUMNS} FROM post_reading JOIN posts ON posts.id = post_id "
            "ORDER BY opened DESC, opened_at DESC, post_id LIMIT ?",
            [limit],
        )
        return [row_to_summary(row) for row in rows]

    def local_versions(self) -> list[LocalVersion]:
        from kbtui.core.revisions import LocalVersion

        rows = self._connection.query(
            "SELECT post_id, slug, source, path, since FROM local_versions JOIN posts ON id = post_id ORDER BY slug"
        )
        return [LocalVersion(**{**row, "since": read_time(row["since"])}) for row in rows]

    # Verifying

    def damaged(self) -> Iterator[str]:
        last = 0
        sql = f"SELECT posts.*, metadata, body FROM {_JOINED} WHERE id > ? ORDER BY id LIMIT ?"
        while rows := self._connection.query(sql, [last, _VERIFY_BATCH]):
            for row in rows:
                if not _is_whole(row):
                    yield str(row["slug"])
            last = rows[-1]["id"]


def _is_whole(row: Row) -> bool:
    """Whether what is stored of a post still is what was saved: its hash, and the columns that lists show."""
    try:
        post = row_to_post(row)
        expected = post_row(post)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return all(row[column] == value for column, value in expected.items())
