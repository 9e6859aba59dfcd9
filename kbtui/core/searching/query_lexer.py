"""Cuts a query into tokens. Takes any text, in linear time.

What comes out is already sound: parentheses stand in pairs, and `OR` and `AND` between two operands. Whatever does not
is a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import zip_longest
from typing import NamedTuple

from kbtui.core.searching.query_fields import field_named


class TokenKind(Enum):
    """What a token is."""

    WORD = auto()
    PHRASE = auto()
    FIELD = auto()
    OPEN = auto()
    CLOSE = auto()
    OR = auto()
    AND = auto()


_LEFT_OF_OPERATOR = frozenset((TokenKind.WORD, TokenKind.PHRASE, TokenKind.FIELD, TokenKind.CLOSE))
_RIGHT_OF_OPERATOR = frozenset((TokenKind.WORD, TokenKind.PHRASE, TokenKind.FIELD, TokenKind.OPEN))
_OPERATORS = {"OR": TokenKind.OR, "AND": TokenKind.AND}


class Value(NamedTuple):
    """One of the values behind a field."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query and where it stands in the text."""

    kind: TokenKind
    start: int
    end: int
    text: str = ""
    """The word, the phrase without its quotes, or the field."""
    excluded: bool = False
    values: tuple[Value, ...] = ()
    unpaired: bool = False
    """Whether the word holds a parenthesis or quotation mark that has no partner."""


_SPACE = re.compile(r"\s*")
# `()` is a piece of code, not an empty group.
_OPEN = re.compile(r"-?\((?!\))")
_PHRASE = re.compile(r'(-?)((?:[A-Za-z]+:)?)"([^"]*)"')
_FIELD = re.compile(r'(-?)(meta\.[^\s:"(),]+|[A-Za-z]+):(?!:|//)')
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_UNQUOTED = re.compile(r"[^\s,]*")
_WORD = re.compile(r"\S+")
# A minus excludes; `-r`, `-rf` and `--dry-run` are options.
_MINUS = re.compile(r'-(?=[^\s("-][^\s-]{2}|[A-Za-z]+:)')


def tokens(text: str, *, typing: bool = False) -> list[Token]:
    """The tokens of a query. With `typing`, a quotation mark that is open behind a field is open to the end."""
    return list(_operators(list(_paired(list(_lexed(text, typing)), text))))


def _lexed(text: str, typing: bool) -> Iterator[Token]:
    at = _end(_SPACE, text, 0)
    while at < len(text):
        if opening := _OPEN.match(text, at):
            found = Token(TokenKind.OPEN, at, opening.end(), excluded=opening.end() - at == 2)
        else:
            found = _field(text, at, typing) or _phrase(text, at) or _word(text, at)
        if found.end > found.start:
            yield found
        at = found.end
        while text.startswith(")", at) and found.kind is not TokenKind.OPEN:
            yield Token(TokenKind.CLOSE, at, at + 1)
            at += 1
        at = _end(_SPACE, text, at)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return at if match is None else match.end()


def _phrase(text: str, at: int) -> Token | None:
    match = _PHRASE.match(text, at)
    if match is None:
        return None
    minus, name, words = match.groups()
    return Token(TokenKind.PHRASE, at, match.end(), " ".join(f"{name}{words}".split()), excluded=bool(minus))


def _word(text: str, at: int) -> Token:
    """A word without the closing parentheses at its end that it does not open itself."""
    end = _end(_WORD, text, at)
    end -= _surplus(text[at:end])
    minus = _MINUS.match(text[at:end])
    word = text[at + 1 : end] if minus else text[at:end]
    return Token(TokenKind.WORD, at, end, word, excluded=minus is not None, unpaired=word.startswith('"'))


def _surplus(word: str) -> int:
    """How many parentheses at the end close what the word does not open."""
    if not word.endswith(")"):
        return 0
    depth = surplus = 0
    for character in word:
        if character == ")" and depth == 0:
            surplus += 1
            continue
        depth += (character == "(") - (character == ")")
        surplus = 0
    return surplus


def _field(text: str, at: int, typing: bool) -> Token | None:
    match = _FIELD.match(text, at)
    name = field_named(match[2]) if match else None
    if match is None or name is None:
        return None
    end, values, unpaired = match.end(), [], False
    while True:
        if quoted := _QUOTED.match(text, end):
            values.append(Value(quoted[1].replace('""', '"'), quoted=True))
            end = quoted.end()
        elif text.startswith('"', end):
            stop = len(text) if typing else _end(_UNQUOTED, text, end)
            values.append(Value(text[end + 1 : stop], quoted=False))
            end, unpaired = stop, True
        else:
            stop = _end(_UNQUOTED, text, end)
            if not text.startswith(",", stop):
                stop -= _surplus(text[end:stop])
            values.append(Value(text[end:stop], quoted=False))
            end = stop
        if not text.startswith(",", end):
            break
        end += 1
    kept = tuple(value for value in values if value.text.strip())
    return Token(TokenKind.FIELD, at, end, name, excluded=bool(match[1]), values=kept, unpaired=unpaired)


def _paired(found: Sequence[Token], text: str) -> Iterator[Token]:
    """The tokens with every parenthesis that has no partner, or nothing between, as part of a word."""
    partners = _partners(found)
    waiting: Token | None = None
    for place, token in enumerate(found):
        is_stray = token.kind in {TokenKind.OPEN, TokenKind.CLOSE} and place not in partners
        piece = Token(TokenKind.WORD, token.start, token.end, unpaired=True) if is_stray else token
        if waiting is not None:
            if waiting.end == piece.start and piece.kind is TokenKind.WORD and waiting.kind is TokenKind.WORD:
                waiting = Token(TokenKind.WORD, waiting.start, piece.end, unpaired=True)
                continue
            yield _spelt(waiting, text)
        waiting = piece
    if waiting is not None:
        yield _spelt(waiting, text)


def _spelt(token: Token, text: str) -> Token:
    return (
        token if token.text or token.kind is not TokenKind.WORD else replace(token, text=text[token.start : token.end])
    )


def _partners(found: Sequence[Token]) -> set[int]:
    """The places of the parentheses that have a partner and something between."""
    opened: list[int] = []
    partners: set[int] = set()
    for place, token in enumerate(found):
        if token.kind is TokenKind.OPEN:
            opened.append(place)
        elif token.kind is TokenKind.CLOSE and opened:
            start = opened.pop()
            if place - start > 1:
                partners |= {start, place}
    return partners


def _operators(found: Sequence[Token]) -> Iterator[Token]:
    """The tokens with `OR` and `AND` as operators where an operand stands on both sides."""
    before = TokenKind.OPEN
    for token, after in zip_longest(found, found[1:]):
        is_between = before in _LEFT_OF_OPERATOR and after is not None and _begins_operand(after)
        piece = replace(token, kind=_OPERATORS[token.text]) if is_between and _may_join(token) else token
        before = piece.kind
        yield piece


def _may_join(token: Token) -> bool:
    return token.kind is TokenKind.WORD and not token.excluded and token.text in _OPERATORS


def _begins_operand(token: Token) -> bool:
    return token.kind in _RIGHT_OF_OPERATOR and not _may_join(token)
