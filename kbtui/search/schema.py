"""The fields of the index. Nothing that is shown is stored: text and titles are SQLite's."""

from __future__ import annotations

from whoosh import formats
from whoosh.fields import FieldType, Schema

from kbtui.search.analysis import TermAnalyzer

FORMAT = "terms-1"
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

NUMBERS = ("reviewed", "updated", "published", "views", "quality", "minutes")
"""The numbers of a document; days are ordinals."""
NO_NUMBER = -(2**31)
"""Stands where a document has no such number."""
LARGEST_NUMBER = 2**31 - 1

_SEPARATOR = "\x1f"


class Sequences(formats.Positions):  # type: ignore[misc]  # Whoosh's base class is untyped
    """Positions that are read from the document's sequence, not from the posting."""

    def decode_positions(self, value: bytes) -> list[int]:
        """The positions in a posting's value, as `codec.TermMatcher` makes it."""
        return [int.from_bytes(value[at : at + 4], "little") for at in range(0, len(value), 4)]

    def decode_frequency(self, value: bytes) -> int:
        """How often the word is in the document."""
        return len(value) // 4

    decode_weight = decode_frequency


class WordField(FieldType):  # type: ignore[misc]  # Whoosh's base class is untyped
    """A field of words."""

    indexed, stored, scorable, unique = True, False, False, False
    vector = column_type = None
    multitoken_query = "phrase"

    def __init__(self) -> None:
        self.analyzer = TermAnalyzer()
        self.format = Sequences()

    def supports(self, name: str) -> bool:
        """Whether postings can give `name`; what Whoosh's phrase query asks."""
        return bool(self.format.supports(name))


class ExactField(FieldType):  # type: ignore[misc]  # Whoosh's base class is untyped
    """A field of terms that are looked up as they are."""

    indexed, stored, scorable, unique = True, False, False, False
    vector = column_type = None

    def __init__(self) -> None:
        self.analyzer = None
        self.format = formats.Existence()


def make_schema() -> Schema:
    """The schema of a new index."""
    return Schema(**{NAME: ExactField(), TEXT: WordField(), TITLE: ExactField(), VALUE: ExactField()})


def value_term(field: str, value: str) -> str:
    """How one value of one field stands in the field `VALUE`."""
    return f"{field}{_SEPARATOR}{value}"
