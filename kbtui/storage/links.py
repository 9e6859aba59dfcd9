"""Links between posts, and the names that posts go by: questions to what `storage.keys` wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kbtui.core.links import Key
from kbtui.core.post import PostSummary
from kbtui.core.searching.quick_match import MAX_LETTERS
from kbtui.core.text import storable
from kbtui.storage.connection import Connection
from kbtui.storage.keys import ENDS, NAMES, asked
from kbtui.storage.rows import SUMMARY_COLUMNS, dump, row_to_summary

# So many are looked at where more have one name, or one post has more links: what a person looks through.
_MOST = 1000
_MOST_NAMESAKES = 100
_LAST = "\U0010ffff"

_BACKLINKS = (
    "SELECT DISTINCT post_links.post_id FROM post_keys CROSS JOIN post_links USING (scope, key) "
    "WHERE post_keys.post_id = ? AND post_links.post_id <> post_keys.post_id LIMIT ?"
)
_LINKED = (
    "SELECT DISTINCT post_keys.post_id FROM post_links CROSS JOIN post_keys USING (scope, key) "
    "WHERE post_links.post_id = ? AND post_links.post_id <> post_keys.post_id LIMIT ?"
)
_CALLED = f"SELECT post_id FROM post_keys WHERE scope IN ('{NAMES}', '{ENDS}') AND key = ? LIMIT ?"
_LEADS_TO = (
    "SELECT json_extract(wanted.value, '$[0]') AS place, (SELECT slug FROM (SELECT post_id FROM post_keys "
    "WHERE scope = json_extract(wanted.value, '$[1]') AND key = json_extract(wanted.value, '$[2]') "
    "ORDER BY post_id LIMIT ?) JOIN posts ON id = post_id ORDER BY source <> ?, id LIMIT 1) AS slug "
    "FROM json_each(?) AS wanted"
)


class SqliteLinkStore:
    """The `LinkStore` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def backlinks(self, post_id: int, limit: int) -> list[PostSummary]:
        return self._by_title(_BACKLINKS, post_id, limit)

    def linked(self, post_id: int, limit: int) -> list[PostSummary]:
        return self._by_title(_LINKED, post_id, limit)

    def leads_to(self, keys: Iterable[Key], source: str) -> dict[Key, str]:
        wanted = list(dict.fromkeys(keys))
        places = [(place, *each) for place, key in enumerate(wanted) for each in asked(source, key)]
        found: dict[Key, str] = {}
        for row in self._connection.query(_LEADS_TO, [_MOST_NAMESAKES, storable(source), dump(places)]):
            if row["slug"] is not None:
                found.setdefault(wanted[row["place"]], row["slug"])
        return found

    def called(self, key: str, limit: int) -> list[PostSummary]:
        rows = self._connection.query(
            f"SELECT {SUMMARY_COLUMNS} FROM posts WHERE id IN ({_CALLED}) ORDER BY id", [storable(key), limit]
        )
        return [row_to_summary(row) for row in rows]

    def names(self, ids: Collection[int]) -> list[tuple[str, int]]:
        rows = self._connection.query(
            "SELECT post_keys.key, post_id FROM json_each(?) AS chosen CROSS JOIN post_keys ON post_id = chosen.value "
            "WHERE scope = ?",
            [dump(list(ids)), NAMES],
        )
        return [(row["key"], row["post_id"]) for row in rows]

    def holding_words(self, text: str, limit: int) -> list[tuple[str, int]]:
        text = storable(text)
        found = self._names_where("key >= ? AND key < ?", [text, text + _LAST], limit)
        if len(found) < limit:
            words = text.split()
            held = " AND ".join("instr(key, ?)" for _ in words) or "1"
            found |= self._names_where(held, words, limit - len(found))
        return list(found)

    def holding_letters(self, text: str, limit: int) -> list[tuple[str, int]]:
        letters = "%".join(map(_escaped, "".join(storable(text).split())[:MAX_LETTERS]))
        return list(self._names_where("key LIKE ? ESCAPE '\\'", [f"%{letters}%"], limit))

    def _names_where(self, condition: str, parameters: list[str], limit: int) -> dict[tuple[str, int], None]:
        rows = self._connection.query(
            f"SELECT key, post_id FROM post_keys WHERE scope = ? AND {condition} LIMIT ?", [NAMES, *parameters, limit]
        )
        return dict.fromkeys((row["key"], row["post_id"]) for row in rows)

    def _by_title(self, chosen: str, post_id: int, limit: int) -> list[PostSummary]:
        rows = self._connection.query(
            f"SELECT {SUMMARY_COLUMNS} FROM posts WHERE id IN ({chosen}) ORDER BY title_key, id LIMIT ?",
            [post_id, _MOST, limit],
        )
        return [row_to_summary(row) for row in rows]


def _escaped(letter: str) -> str:
    return f"\\{letter}" if letter in "\\%_" else letter
