"""The fields of the index, and what they hold. Nothing that is shown is stored: text and titles are SQLite's."""

from __future__ import annotations

from kbtui.core.searching.clauses import KNOWN_GOOD, RANGE_FIELDS

FORMAT = "terms-2"
"""Changes whenever the same documents would be indexed differently; part of every index folder's name."""

TEXT = "text"
"""Every word of a document: its names, labels, headings, lead and body."""
TITLE = "title"
"""The words of the names."""
NAME = "name"
"""Each name whole, folded."""
VALUE = "value"
"""Each `value_term` of a document."""
FIELDS = (NAME, TEXT, TITLE, VALUE)
"""All fields, in the order of a segment's dictionary."""

NUMBERS = (*RANGE_FIELDS, KNOWN_GOOD)
"""The numbers of a document; days are ordinals."""
NO_NUMBER = -(2**31)
"""Stands where a document has no such number."""
LARGEST_NUMBER = 2**31 - 1

_SEPARATOR = "\x1f"


def value_term(field: str, value: str) -> str:
    """How one value of one field stands in the field `VALUE`."""
    return f"{field}{_SEPARATOR}{value}"
