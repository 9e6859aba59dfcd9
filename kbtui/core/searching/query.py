"""The query language: a parser that takes any text and never fails. `SYNTAX` says what it knows.

What is no syntax is searched as text, and so is what an engineer pastes: `--dry-run` and `-r` are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from kbtui.core.searching.clauses import Clause, Group, Query, Term, TermKind
from kbtui.core.searching.query_fields import (
    FACET_NAMES,
    FIELD_NAMES,
    FieldValues,
    UnreadableValueError,
    field_clause,
)
from kbtui.core.searching.query_lexer import Token, TokenKind, tokens
from kbtui.core.text import shorten, storable

__all__ = ["FACET_NAMES", "FIELD_NAMES", "MAX_QUERY_LENGTH", "MAX_TERMS", "SYNTAX", "parse_query"]

SYNTAX = (
    ("nginx 502", "words: pages with all of them first, pages with some behind"),
    ('"connection reset"', "a phrase"),
    ("crash*", "words that begin so; the word being typed always counts so"),
    ('-docker, -"bad gateway"', "without this word, of three letters or more, or phrase"),
    ("redis OR memcached", "either; OR binds its two neighbours"),
    ("(disk OR inode) -(full backup)", "a group; without all of a group"),
    ("tool:redis, tool:redis,psql", "only with this value; either of two"),
    ('-tool:redis, topic:"slow queries"', "without this value; quotes around spaces, a quote inside doubled"),
    ("topic stack tool tag lang difficulty status source owner entity", "the fields that the facets show"),
    ("title:restart kind:note file:nginx.conf", "in the title; of this kind; naming this file"),
    ("command:kubectl flag:has_images meta.team:web", "with this command, flag, or value of any metadata key"),
    ("has:checklist is:draft", "has: code, image, link, table, owner, ...; is: draft, needs-review, reviewed, stale"),
    ("reviewed:<2025-01, updated:2024..2025-06", "days; also published; `today` and `yesterday` are days too"),
    ("reviewed:>90d, updated:<2w", "longer ago than 90 days; in the last 2 weeks; d, w, m, y"),
    ("views:>1.5k quality:>=90 minutes:..10", "numbers: compared, or a span that may be open"),
)
"""The syntax, each piece with what it means, for help pages."""

MAX_QUERY_LENGTH = 2_000
MAX_TERMS = 64
MAX_NOTES = 3
NOTED_LENGTH = 40

_LIKE_FIELD = re.compile(r"-?([A-Za-z_]{3,}):(?=[^\s:/\\])")
# A text with more of them is a pasted line, not a misspelt query.
_MOST_LIKE_FIELD = 2
_NEAR = 0.8


def parse_query(text: str, *, typing: bool = False, stale_after_days: int = 180) -> Query:
    """Read a query. With `typing`, the last word or value counts as begun unless a space follows it.

    `is:stale` stands for what was last known to be good longer ago than `stale_after_days`.
    """
    kept = storable(text[:MAX_QUERY_LENGTH])
    found = tokens(kept, typing=typing)
    reader = _Reader(kept, typing, stale_after_days)
    clauses = _parsed(found, reader)
    notes = list(_notes(found, kept, typing))
    if reader.is_full:
        notes.append(f"The query is long: its first {MAX_TERMS} words are searched.")
    elif len(text) > MAX_QUERY_LENGTH:
        notes.append(f"The query is long: its first {MAX_QUERY_LENGTH} characters are searched.")
    return Query(kept, clauses, tuple(dict.fromkeys((*reader.notes, *notes)))[:MAX_NOTES])


def _parsed(found: Sequence[Token], reader: _Reader) -> tuple[Clause, ...]:
    # The lexer promises that every group that is closed was opened.
    top = _Frame()
    frames = [top]
    for token in found:
        if token.kind is TokenKind.OPEN:
            frames.append(_Frame(token.excluded))
        elif token.kind is TokenKind.CLOSE:
            group = frames.pop().group()
            frames[-1].add(group)
        elif token.kind is TokenKind.OR:
            frames[-1].joining = True
        elif token.kind is not TokenKind.AND:
            frames[-1].add(reader.clause(token))
    return top.clauses()


@dataclass(slots=True)
class _Frame:
    """A group that is being read: its clauses, those that `OR` joins in one list."""

    excluded: bool = False
    parts: list[list[Clause]] = field(default_factory=list)
    joining: bool = False

    def add(self, clause: Clause | None) -> None:
        if clause is not None:
            if self.joining and self.parts:
                self.parts[-1].append(clause)
            else:
                self.parts.append([clause])
        self.joining = False

    def clauses(self) -> tuple[Clause, ...]:
        found: list[Clause] = []
        for part in self.parts:
            clause = part[0] if len(part) == 1 else Group(tuple(_spliced(part, any_of=True)), any=True)
            found += _spliced([clause], any_of=False)
        return tuple(found)

    def group(self) -> Clause | None:
        clauses = self.clauses()
        if len(clauses) > 1:
            return Group(clauses, excluded=self.excluded)
        if not clauses:
            return None
        return replace(clauses[0], excluded=not clauses[0].excluded) if self.excluded else clauses[0]


def _spliced(clauses: Sequence[Clause], *, any_of: bool) -> list[Clause]:
    """The clauses with the members of groups of the same sort in the place of those groups."""
    found: list[Clause] = []
    for clause in clauses:
        is_same = isinstance(clause, Group) and not clause.excluded and clause.any == any_of
        found += clause.clauses if isinstance(clause, Group) and is_same else (clause,)
    return found


@dataclass(slots=True)
class _Reader:
    """Reads single tokens into clauses, as many as a query may have."""

    text: str
    typing: bool
    stale_after_days: int
    read: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether there was more than is read."""
        return self.read > MAX_TERMS

    def clause(self, token: Token) -> Clause | None:
        """What the token asks for, or None for nothing."""
        clause = self._field(token) if token.kind is TokenKind.FIELD else self._term(token)
        if clause is not None:
            self.read += len(clause.clauses) if isinstance(clause, Group) else 1
        return None if self.is_full else clause

    def _is_last(self, token: Token) -> bool:
        return self.typing and token.end == len(self.text)

    def _field(self, token: Token) -> Clause | None:
        is_last = self._is_last(token)
        if not token.values and is_last:
            return None
        typed = is_last and not token.values[-1].quoted and not self.text.endswith(",")
        given = FieldValues(token.text, tuple(value.text for value in token.values), token.excluded, typed)
        try:
            return field_clause(given, self.stale_after_days) if token.values else self._as_text(token)
        except UnreadableValueError as problem:
            shown = shorten(self.text[token.start : token.end], NOTED_LENGTH)
            self.notes.append(f"{shown} is searched as text: {problem}.")
            return self._as_text(token)

    def _as_text(self, token: Token) -> Clause | None:
        source = self.text[token.start : token.end].removeprefix("-" if token.excluded else "")
        is_phrase = any(value.quoted for value in token.values)
        kind = TokenKind.PHRASE if is_phrase else TokenKind.WORD
        words = " ".join(source.replace('"', "").split()) if is_phrase else source
        return self._term(replace(token, kind=kind, text=words))

    def _term(self, token: Token) -> Clause | None:
        text = token.text
        if token.kind is TokenKind.PHRASE:
            return Term(text, TermKind.PHRASE, token.excluded) if text else None
        if text.endswith("*") and text.strip("*"):
            return Term(text.rstrip("*"), TermKind.PREFIX, token.excluded)
        is_begun = self._is_last(token) and not token.excluded and text[-1] not in '"*'
        return Term(text, TermKind.PREFIX if is_begun else TermKind.WORD, token.excluded)


def _notes(found: Sequence[Token], text: str, typing: bool) -> Iterator[str]:
    """What was read as text though it looks like syntax."""
    words = (token for token in found if token.kind in {TokenKind.WORD, TokenKind.PHRASE})
    names = [match for token in words if (match := _LIKE_FIELD.match(text, token.start, token.end))]
    for match in names if len(names) <= _MOST_LIKE_FIELD else ():
        if near := get_close_matches(match[1].casefold(), FIELD_NAMES, n=1, cutoff=_NEAR):
            name = shorten(match[1], NOTED_LENGTH)
            yield f"There is no field {name}:, it is searched as text; the nearest is {near[0]}:."
    if typing:
        return
    unpaired = [token for token in found if token.unpaired]
    if any('"' in text[token.start : token.end] and token is not found[-1] for token in unpaired):
        yield "A quotation mark has no partner: what follows it is searched as single words."
    grouped = any(token.kind is TokenKind.OR for token in found)
    if any(grouped or text.startswith("-(", token.start) for token in unpaired if _has_parenthesis(token, text)):
        yield "A parenthesis has no partner: it is searched as text and groups nothing."


def _has_parenthesis(token: Token, text: str) -> bool:
    return any(sign in text[token.start : token.end] for sign in "()")
