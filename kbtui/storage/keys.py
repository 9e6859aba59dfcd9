"""The names that posts go by, and the links that they have, as rows.

A link and a post belong together exactly when scope and key are equal. The scope of a path is the source. Names have
two, so that the quick switcher reads through few: titles, aliases and slugs, and apart from them the ends of paths.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from kbtui.core.links import Key, link_keys, name_key, own_keys
from kbtui.core.post import Post
from kbtui.core.text import storable

if TYPE_CHECKING:
    from sqlite_utils import Database

ScopedKey = tuple[str, str]

NAMES = ""
"""The scope of titles, aliases and slugs."""
ENDS = "/"
"""The scope of what else a post may be called by: the ends of its path."""

_BATCH = 500


def asked(source: str, key: Key) -> list[ScopedKey]:
    """Where a post is looked for that a key means which stands in a post of this source."""
    kind, value = key
    return [(scope, storable(value)) for scope in ([source] if kind == "path" else [NAMES, ENDS])]


def set_keys(database: Database, post_id: int, post: Post) -> None:
    """Write the names and the links of a post in the place of those that it had."""
    page = _Page(post_id, post.source, post.path, post.title, post.slug, post.body, post.aliases)
    for table, rows in (("post_keys", _key_rows(page)), ("post_links", _link_rows(page))):
        there = database.execute(f"SELECT * FROM {table} WHERE post_id = ?", [post_id]).fetchall()
        # Most changes of a post leave them as they are.
        if set(there) != set(rows):
            database.execute(f"DELETE FROM {table} WHERE post_id = ?", [post_id])
            _insert(database, table, rows)


def fill_keys(database: Database) -> None:
    """Write the names and the links of all posts of a library that has none of them yet."""
    sql = (
        "SELECT id, source, path, title, slug, body, metadata FROM posts JOIN post_texts ON post_id = id "
        "WHERE id > ? ORDER BY id LIMIT ?"
    )
    last = 0
    while rows := database.execute(sql, [last, _BATCH]).fetchall():
        pages = [_Page._make([*row[:6], _aliases(row[6])]) for row in rows]
        _insert(database, "post_keys", [row for page in pages for row in _key_rows(page)])
        _insert(database, "post_links", [row for page in pages for row in _link_rows(page)])
        last = rows[-1][0]


_Rows = list[tuple[object, ...]]


class _Page(NamedTuple):
    """What the keys of a post are made of."""

    post_id: int
    source: str
    path: str
    title: str
    slug: str
    body: str
    aliases: tuple[str, ...]


def _key_rows(page: _Page) -> _Rows:
    names = frozenset(map(name_key, (page.title, page.slug, *page.aliases)))
    rows: _Rows = []
    for kind, value in own_keys(page.path, page.title, page.aliases, page.slug):
        scope = page.source if kind == "path" else NAMES if value in names else ENDS
        rows.append((scope, storable(value), page.post_id))
    return rows


def _link_rows(page: _Page) -> _Rows:
    return [(page.post_id, *wanted) for key in link_keys(page.path, page.body) for wanted in asked(page.source, key)]


def _insert(database: Database, table: str, rows: _Rows) -> None:
    database.conn.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, ?, ?)", rows)


def _aliases(metadata: str) -> tuple[str, ...]:
    """The aliases in stored metadata; none where that is damaged."""
    try:
        return tuple(map(str, json.loads(metadata)["aliases"]))
    except (KeyError, TypeError, ValueError):
        return ()
