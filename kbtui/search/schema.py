"""The fields of the index. Nothing that is shown is stored: text, dates and sort keys are SQLite's."""

from __future__ import annotations

from whoosh.analysis import IDTokenizer
from whoosh.fields import KEYWORD, NUMERIC, TEXT, Schema

from kbtui.search.analysis import WordTokenizer

FORMAT = "plain-2"
"""Changes whenever the same documents would be indexed differently; part of every index folder's name."""

STAMP_ID = 0
"""The document that is no post: it carries the sequence number, so that number and content are one commit."""

TEXT_FIELDS = {"title": 4.0, "keywords": 2.5, "text": 1.0}
"""The fields that words are looked up in, and how much a match in each counts."""


def make_schema() -> Schema:
    """The schema of a new index."""
    words = WordTokenizer()
    return Schema(
        id=NUMERIC(int, bits=64, unique=True, stored=True, sortable=True),
        stamp=NUMERIC(int, bits=64, stored=True),
        names=KEYWORD(analyzer=IDTokenizer()),
        facets=KEYWORD(analyzer=IDTokenizer()),
        title=TEXT(analyzer=words, phrase=True),
        keywords=TEXT(analyzer=words, phrase=True),
        text=TEXT(analyzer=words, phrase=True),
    )


def facet_term(facet: str, value: str) -> str:
    """How one facet value stands in the `facets` field."""
    return f"{facet}\x1f{value}"
