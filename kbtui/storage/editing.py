"""Posts that are written here, and the former states of all posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kbtui.core.errors import EditConflictError, PostNotFoundError
from kbtui.core.ports import SavedPost
from kbtui.core.post import Post
from kbtui.core.revisions import Origin, RevisionInfo
from kbtui.core.text import storable
from kbtui.storage.connection import Connection, Row
from kbtui.storage.rows import POST_COLUMNS, read_time, readable_post, storable_post, stored_hash, write_time
from kbtui.storage.saving import KNOWN, free_slug, insert, update

_TITLE = "coalesce(CASE WHEN json_valid(metadata) THEN json_extract(metadata, '$.title') END, title)"
_HISTORY = (
    f"SELECT saves AS number, updated_at AS saved_at, {_TITLE} AS title, length(body) AS size, origin, who, why, "
    "1 AS is_current FROM posts JOIN post_texts ON post_id = id WHERE id = ? "
    f"UNION ALL SELECT save, saved_at, {_TITLE}, length(body), post_revisions.origin, post_revisions.who, "
    "post_revisions.why, 0 FROM post_revisions JOIN posts ON id = post_id WHERE post_id = ? "
    "ORDER BY number DESC LIMIT ?"
)
_FORMER = (
    "SELECT id, slug, source, path, title, topic, summary, stack, tools, save AS saves, created_at, "
    "saved_at AS updated_at, metadata, body "
    "FROM post_revisions JOIN posts ON id = post_id WHERE post_id = ? AND save = ?"
)
_CURRENT = f"SELECT {POST_COLUMNS} FROM posts JOIN post_texts ON post_id = id WHERE id = ? AND saves = ?"


class SqliteEditStore:
    """The `EditStore` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, post: Post, at: datetime) -> SavedPost:
        with self._connection.write() as database:
            post = storable_post(post)
            slug = free_slug(self._connection, post)
            return insert(database, replace(post, slug=slug, path=f"{slug}.md"), write_time(at), Origin.EDIT)

    def revise(
        self, post: Post, at: datetime, *, based_on: int, origin: Origin, local: bool, who: str = "", why: str = ""
    ) -> SavedPost:
        with self._connection.write() as database:
            known = self._known(post)
            if known["saves"] != based_on:
                raise EditConflictError(known["slug"], based_on, known["saves"])
            post = replace(storable_post(post), slug=known["slug"], source=known["source"], path=known["path"])
            if stored_hash(post) == known["content_hash"] and not why:
                return SavedPost(post.id, post.slug, "unchanged")
            if local:
                database.execute(
                    "INSERT OR IGNORE INTO local_versions VALUES (?, ?, ?)",
                    [post.id, write_time(at), known["content_hash"]],
                )
            return update(database, known, post, write_time(at), origin, who=storable(who), why=storable(why))

    def local_since(self, post_id: int) -> datetime | None:
        since = self._connection.value("SELECT since FROM local_versions WHERE post_id = ?", [post_id])
        return None if since is None else read_time(since)

    def release(self, post_id: int) -> None:
        with self._connection.write() as database:
            database.execute("DELETE FROM local_versions WHERE post_id = ?", [post_id])

    def history(self, post_id: int, limit: int) -> list[RevisionInfo]:
        rows = self._connection.query(_HISTORY, [post_id, post_id, limit])
        return [
            RevisionInfo(
                number=row["number"],
                saved_at=read_time(row["saved_at"]),
                title=str(row["title"]),
                size=row["size"],
                origin=_origin(row["origin"]),
                is_current=bool(row["is_current"]),
                who=row["who"],
                why=row["why"],
            )
            for row in rows
        ]

    def revision(self, post_id: int, number: int) -> Post | None:
        rows = self._connection.query(_CURRENT, [post_id, number]) or self._connection.query(_FORMER, [post_id, number])
        return readable_post(rows[0]) if rows else None

    def _known(self, post: Post) -> Row:
        rows = self._connection.query(f"{KNOWN} WHERE id = ?", [post.id])
        if not rows:
            raise PostNotFoundError(post.slug)
        return rows[0]


def _origin(written: str) -> Origin:
    """The origin that is stored; one that no kbtui ever wrote does not spoil the list."""
    return Origin(written) if written in {origin.value for origin in Origin} else Origin.IMPORT
