"""The query language: a lexer and a parser that take any text and never fail.

    nginx 502               words; pages with all of them come first, pages with some follow
    "connection reset"      a phrase
    crash*                  words that begin so
    -docker                 pages without this word
    tool:redis              only pages with this facet; `tool:redis,psql` takes either; `-tool:redis` takes it out

What is no syntax is searched as text, and so is what an engineer pastes: `--dry-run` and `-r` are words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from kbtui.core.post import FACETS, facet_value

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
    (?:"(?P<phrase>[^"]*)"(?:,(?P<more>\S+))?|(?P<word>\S+))
    """,
    re.VERBOSE,
)
_VALUE = re.compile(r'"([^"]*)"|([^,"]+)')


def parse_query(text: str, *, typing: bool = False) -> Query:
    """Read a query. With `typing`, the last word counts as a prefix unless a space follows it."""
    text = text[:MAX_QUERY_LENGTH]
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
    raw = match["word"] if match["phrase"] is None else f'"{match["phrase"]}",{match["more"] or ""}'
    values = (facet_value(quoted or plain) for quoted, plain in _VALUE.findall(raw))
    kept = tuple(value for value in values if value)
    return Filter(facet, kept, excluded) if kept else None


def _term(match: re.Match[str], excluded: bool) -> Term | None:
    prefix = f"{match['field']}:" if match["field"] else ""
    if match["phrase"] is not None:
        phrase = " ".join(f"{prefix}{match['phrase']} {match['more'] or ''}".split())
        return Term(phrase, TermKind.PHRASE, excluded) if phrase else None
    word = prefix + match["word"]
    if len(word) > 1 and word.endswith("*") and word.strip("*"):
        return Term(word.rstrip("*"), TermKind.PREFIX, excluded)
    return Term(word, TermKind.WORD, excluded)
