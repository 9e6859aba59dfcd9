"""Writing one post: with its history, its facets, its names and links, and its place in the queue of the index."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from kbtui.core.ports import SavedPost
from kbtui.core.post import Post
from kbtui.core.revisions import Origin
from kbtui.core.text import slugify
from kbtui.storage.connection import Connection, Row
from kbtui.storage.index_queue import queue
from kbtui.storage.keys import set_keys
from kbtui.storage.rows import post_row, stored_hash, text_row

if TYPE_CHECKING:
    from sqlite_utils import Database

KNOWN = (
    "SELECT id, slug, source, path, content_hash, saves, updated_at, origin, who, why, file_hash "
    "FROM posts LEFT JOIN local_versions ON post_id = id"
)
"""What is asked of a post before another state of it is written."""


def known_at(connection: Connection, post: Post) -> Row | None:
    """The row of `KNOWN` for the place, source and path, of a post."""
    rows = connection.query(f"{KNOWN} WHERE source = ? AND path = ?", [post.source, post.path])
    return rows[0] if rows else None


def free_slug(connection: Connection, post: Post) -> str:
    """The wished slug, else one with the folder, the source or a number behind it."""
    wish = post.slug or slugify(post.title) or "post"
    folder = slugify(post.path.rpartition("/")[0].rpartition("/")[2])
    candidates = [wish, f"{wish}-{folder}" if folder else "", f"{wish}-{slugify(post.source)}"]
    candidates += [f"{wish}-{number}" for number in range(2, 10)]
    place = f"{post.source}\0{post.path}".encode("utf-8", "replace")
    # What is written here has no place of its own yet: several of one title need chance.
    candidates += [f"{wish}-{hashlib.sha256(place).hexdigest()[:10]}", f"{wish}-{os.urandom(5).hex()}"]
    for slug in candidates:
        if slug and connection.value("SELECT 1 FROM posts WHERE slug = ?", [slug]) is None:
            return slug
    raise ValueError(f"no free slug for {wish!r}")


def outcome_of(known: Row, post: Post) -> str:
    """What to save a known post would do: see `SavedPost`."""
    found = stored_hash(replace(post, slug=known["slug"]))
    if found in (known["content_hash"], known["file_hash"]):
        return "unchanged"
    return "updated" if known["file_hash"] is None else "kept"


def insert(database: Database, post: Post, at: str, origin: Origin) -> SavedPost:
    """Write a new post under the slug and the place that it has."""
    row = {**post_row(post), "saves": 1, "created_at": at, "updated_at": at, "origin": origin.value}
    columns = ", ".join(row)
    marks = ", ".join("?" * len(row))
    cursor = database.execute(f"INSERT INTO posts ({columns}) VALUES ({marks})", list(row.values()))
    post_id = int(cursor.lastrowid or 0)
    text = text_row(post)
    database.execute("INSERT INTO post_texts VALUES (?, ?, ?)", [post_id, text["metadata"], text["body"]])
    _set_what_follows(database, post_id, post)
    return SavedPost(post_id, post.slug, "added")


def update(
    database: Database, known: Row, post: Post, at: str, origin: Origin, *, who: str = "", why: str = ""
) -> SavedPost:
    """Write another state of a known post; the former one goes into its history."""
    post_id = known["id"]
    database.execute(
        "INSERT INTO post_revisions (post_id, save, saved_at, content_hash, metadata, body, origin, who, why) "
        "SELECT post_id, ?, ?, ?, metadata, body, ?, ?, ? FROM post_texts WHERE post_id = ?",
        [*(known[column] for column in ("saves", "updated_at", "content_hash", "origin", "who", "why")), post_id],
    )
    row = {**post_row(post), "saves": known["saves"] + 1, "updated_at": at, "origin": origin.value}
    row |= {"who": who, "why": why}
    assignments = ", ".join(f"{column} = ?" for column in row)
    database.execute(f"UPDATE posts SET {assignments} WHERE id = ?", [*row.values(), post_id])
    text = text_row(post)
    database.execute(
        "UPDATE post_texts SET metadata = ?, body = ? WHERE post_id = ?", [text["metadata"], text["body"], post_id]
    )
    database.execute("DELETE FROM post_facets WHERE post_id = ?", [post_id])
    _set_what_follows(database, post_id, post)
    return SavedPost(post_id, post.slug, "updated")


def _set_what_follows(database: Database, post_id: int, post: Post) -> None:
    """Write what is derived from a post: its facets, its names and links; and have it indexed."""
    database.conn.executemany(
        "INSERT INTO post_facets VALUES (?, ?, ?)", [(post_id, facet, value) for facet, value in post.facets()]
    )
    set_keys(database, post_id, post)
    queue(database, [post_id])
