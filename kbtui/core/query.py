"""The query language: a lexer and a parser that take any text and never fail. `SYNTAX` says what it knows.

What is no syntax is searched as text, and so is what an engineer pastes: `--dry-run` and `-r` are words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from kbtui.core.post import FACETS, facet_value
from kbtui.core.text import storable

SYNTAX = (
    ("nginx 502", "words: pages with all of them first, pages with some behind"),
    ('"connection reset"', "a phrase"),
    ("crash*", "words that begin so; the word being typed always counts so"),
    ("-docker", "without this word"),
    ("tool:redis", "only with this facet; tool:redis,psql takes either"),
    ("-tool:redis", "without this facet"),
)
"""The syntax, each piece with what it means, for help pages."""

MAX_QUERY_LENGTH = 2_000
MAX_TERMS = 64

FIELD_NAMES = {**{name: name for name in FACETS}, "lang": "language", "tools": "tool", "tags": "tag"}
"""What may stand before the colon, and the facet that it names."""


class TermKind(Enum):
    """How a term matches."""

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that the text must, may or must not hold."""

    text: str
    kind: TermKind = TermKind.WORD
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A facet that must have (or, excluded, must not have) one of the values."""

    facet: str
    values: tuple[str, ...]
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `text` is what was typed, at most 2,000 characters of it."""

    text: str
    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that a page is ranked by."""
        return tuple(t for t in self.terms if not t.excluded)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        """The terms that put a page out."""
        return tuple(t for t in self.terms if t.excluded)

    @property
    def is_empty(self) -> bool:
        """Whether the query asks for nothing, so that everything matches."""
        return not self.terms and not self.filters


_TOKEN = re.compile(
    r"""
    (?P<minus>-(?=[^\s-]{3}|[A-Za-z]+:|"))?
    (?:(?P<field>[A-Za-z]+):(?=[^\s:/\\]))?
    (?:(?P<values>(?<=:)(?:"[^"]*"|[^\s",]+)(?:,(?:"[^"]*"|[^\s",]+))+)|"(?P<phrase>[^"]*)"|(?P<word>(?(field)[^\s"]+,"[^"]*"\S*|(?!))|\S+))
    """,
    re.VERBOSE,
)
_VALUE = re.compile(r'"([^"]*)"|([^,"]+)')


def parse_query(text: str, *, typing: bool = False) -> Query:
    """Read a query. With `typing`, the last word counts as a prefix unless a space follows it."""
    text = storable(text[:MAX_QUERY_LENGTH])
    terms: list[Term] = []
    filters: list[Filter] = []
    for match in _TOKEN.finditer(text):
        if len(terms) + len(filters) >= MAX_TERMS:
            break
        excluded = match["minus"] is not None
        facet = FIELD_NAMES.get((match["field"] or "").lower())
        if facet is not None:
            if parsed := _filter(facet, match, excluded):
                filters.append(parsed)
            continue
        if term := _term(match, excluded):
            terms.append(term)
    if typing and terms and text and not text[-1].isspace() and text[-1] not in '"*':
        last = terms[-1]
        if last.kind is TermKind.WORD and not last.excluded and text.endswith(last.text):
            terms[-1] = Term(last.text, TermKind.PREFIX)
    return Query(text, tuple(terms), tuple(filters))


def _filter(facet: str, match: re.Match[str], excluded: bool) -> Filter | None:
    raw = match["values"] or match["word"] or f'"{match["phrase"]}"'
    values = (facet_value(quoted or plain) for quoted, plain in _VALUE.findall(raw))
    kept = tuple(value for value in values if value)
    return Filter(facet, kept, excluded) if kept else None


def _term(match: re.Match[str], excluded: bool) -> Term | None:
    prefix = f"{match['field']}:" if match["field"] else ""
    if match["phrase"] is not None:
        phrase = " ".join(f"{prefix}{match['phrase']}".split())
        return Term(phrase, TermKind.PHRASE, excluded) if phrase else None
    word = prefix + (match["values"] or match["word"])
    if len(word) > 1 and word.endswith("*") and word.strip("*"):
        return Term(word.rstrip("*"), TermKind.PREFIX, excluded)
    return Term(word, TermKind.WORD, excluded)


def toggle_filter(text: str, facet: str, value: str) -> str:
    """The query with the filter for one value of a facet put in, or taken out where it is in.

    Values of one facet are alternatives and stand in one filter; everything else of the text stays as it was typed.
    """
    for match in _TOKEN.finditer(text):
        if match["minus"] is None and FIELD_NAMES.get((match["field"] or "").lower()) == facet:
            found = _filter(facet, match, excluded=False)
            values = list(found.values) if found else []
            kept = [v for v in values if v != value] if value in values else [*values, value]
            return _joined(text[: match.start()], _written(facet, kept) if kept else "", text[match.end() :])
    return _joined(text, _written(facet, [value]))


def _written(facet: str, values: list[str]) -> str:
    name = "lang" if facet == "language" else facet
    return f"{name}:" + ",".join(f'"{v}"' if re.search(r"[\s,]", v) else v for v in values)


def _joined(*pieces: str) -> str:
    return "".join(f"{piece.strip()} " for piece in pieces if piece.strip())
