"""The orders in which posts are listed."""

from __future__ import annotations

SORTS = {
    "title": "by title, A to Z",
    "updated": "last saved first",
    "reviewed": "last reviewed first",
    "views": "most viewed first",
    "quality": "highest quality first",
}
"""Name of each order, and what it means."""

DEFAULT_SORT = "title"

TITLE_KEY_LENGTH = 200


def title_key(title: str) -> str:
    """What posts are ordered by in a list by title."""
    return " ".join(title.casefold().split())[:TITLE_KEY_LENGTH]
