"""The filters of a list as SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kbtui.core.searching.clauses import Filter
from kbtui.core.text import storable
from kbtui.storage.connection import Connection
from kbtui.storage.rows import dump

_KNOWN = "SELECT value FROM facet_counts WHERE facet = ?"


def where_passes(connection: Connection, filters: Sequence[Filter]) -> tuple[str, list[object]]:
    """The condition that a row of `posts` passes all filters, and its parameters.

    A list walks the index of its order and looks the facets of each post up.
    """
    conditions, parameters = ["1"], list[object]()
    for wanted in filters:
        conditions.append(
            f"{'NOT ' if wanted.excluded else ''}EXISTS (SELECT 1 FROM post_facets WHERE post_id = posts.id "
            "AND facet = ? AND value IN (SELECT value FROM json_each(?)))"
        )
        parameters += [wanted.field, dump(_values(connection, wanted))]
    return " AND ".join(conditions), parameters


def _values(connection: Connection, wanted: Filter) -> list[str]:
    """The values that a filter stands for: see `Filter`."""
    found: list[str] = []
    for place, value in enumerate(map(storable, wanted.values), 1):
        if wanted.typed and place == len(wanted.values):
            found += _beginning(connection, wanted.field, value)
        else:
            found += _named(connection, wanted.field, value)
    return found


def _beginning(connection: Connection, field: str, start: str) -> list[str]:
    return connection.column(f"{_KNOWN} AND value >= ? AND value < ?", [field, start, start + "\U0010ffff"])


def _named(connection: Connection, field: str, value: str) -> list[str]:
    """The value itself where there is a post with it, else the values that hold it as words."""
    if connection.column(f"{_KNOWN} AND value = ?", [field, value]):
        return [value]
    as_words = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
    holding = connection.column(f"{_KNOWN} AND instr(value, ?)", [field, value])
    return [one for one in holding if as_words.search(one)]
