"""Changes to the text of a query that a choice of facets makes. All else stays as it was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kbtui.core.post import facet_value
from kbtui.core.searching.query import MAX_QUERY_LENGTH, parse_query
from kbtui.core.searching.query_lexer import Token, TokenKind, tokens

_EMPTIED = (TokenKind.OPEN, TokenKind.CLOSE)
_NEEDS_QUOTES = re.compile(r'[\s,"()]|^:|^//')


def toggle_filter(text: str, facet: str, value: str) -> str:
    """The query with the filter for one value of a facet put in, or taken out where it is in.

    Values of one facet are alternatives and stand in one filter. A value that was excluded is so no longer.
    """
    return _toggled(text, facet, facet_value(value), excluded=False)


def exclude_filter(text: str, facet: str, value: str) -> str:
    """The query with one value of a facet excluded, or no longer so where it was. It is no longer asked for."""
    return _toggled(text, facet, facet_value(value), excluded=True)


def _toggled(text: str, facet: str, value: str, *, excluded: bool) -> str:
    if not value:
        return text
    text = text.strip()
    left = _without(text, facet, value, excluded=excluded)
    if left is not None:
        return _tidy(left)
    other = _without(text, facet, value, excluded=not excluded)
    return _tidy(_with(text if other is None else other, facet, value, excluded=excluded))


def _with(text: str, facet: str, value: str, *, excluded: bool) -> str:
    """The text with the value, at the first place where it is read as a filter."""
    wanted = {*_chosen(text, facet, excluded=excluded), value}
    for changed in _places(text, facet, value, excluded=excluded):
        if wanted <= _chosen(changed, facet, excluded=excluded):
            return changed
    return text


def _places(text: str, facet: str, value: str, *, excluded: bool) -> Iterator[str]:
    found = tokens(text[:MAX_QUERY_LENGTH])
    for place in _filters(found, facet, excluded=excluded):
        token = found[place]
        yield _rewritten(text, token, (*_values(token), value))
    new = _written(Token(TokenKind.FIELD, 0, 0, facet, excluded), (value,))
    yield _joined(text, new)
    # An `OR` at the end would take the filter as its neighbour, an open quotation mark would swallow it.
    yield _joined(text, "AND", new)
    yield _joined(new, text)
    yield _joined(new, "AND", text)


def _without(text: str, facet: str, value: str, *, excluded: bool) -> str | None:
    """The text without the value, or None where it was not in."""
    found = tokens(text[:MAX_QUERY_LENGTH])
    changed = None
    for place in reversed(_filters(found, facet, excluded=excluded)):
        token = found[place]
        kept = tuple(other for other in _values(token) if other != value)
        if len(kept) == len(_values(token)):
            continue
        text = changed or text
        if kept:
            changed = _rewritten(text, token, kept)
        else:
            start, end = _around(found, place)
            changed = _joined(text[:start], text[end:])
    return changed


def _around(found: Sequence[Token], place: int) -> tuple[int, int]:
    """The stretch of text to cut for a filter: with the parentheses that hold nothing else, and one `AND`."""
    first = last = place
    while first > 0 and last + 1 < len(found) and (found[first - 1].kind, found[last + 1].kind) == _EMPTIED:
        first, last = first - 1, last + 1
    if first > 0 and found[first - 1].kind is TokenKind.AND:
        first -= 1
    elif last + 1 < len(found) and found[last + 1].kind is TokenKind.AND:
        last += 1
    return found[first].start, found[last].end


def _filters(found: Sequence[Token], facet: str, *, excluded: bool) -> list[int]:
    """The places of the facet's filters that must hold: neither alternatives nor in a group that is excluded."""
    places: list[int] = []
    closings = _closings(found)
    must_hold = [True]
    for place, token in enumerate(found):
        if token.kind is TokenKind.OPEN:
            is_free = not token.excluded and not _is_alternative(found, place, closings[place])
            must_hold.append(must_hold[-1] and is_free)
        elif token.kind is TokenKind.CLOSE:
            must_hold.pop()
        elif (token.kind, token.text, token.excluded) == (TokenKind.FIELD, facet, excluded):
            places += [place] if must_hold[-1] and not _is_alternative(found, place, place) else []
    return places


def _closings(found: Sequence[Token]) -> dict[int, int]:
    """Where each group that is opened at a place is closed."""
    opened: list[int] = []
    closings = {}
    for place, token in enumerate(found):
        if token.kind is TokenKind.OPEN:
            opened.append(place)
        elif token.kind is TokenKind.CLOSE:
            closings[opened.pop()] = place
    return closings


def _is_alternative(found: Sequence[Token], first: int, last: int) -> bool:
    beside = (*found[max(first - 1, 0) : first], *found[last + 1 : last + 2])
    return any(token.kind is TokenKind.OR for token in beside)


def _chosen(text: str, facet: str, *, excluded: bool) -> set[str]:
    filters = parse_query(text).filters
    return {value for f in filters if (f.field, f.excluded) == (facet, excluded) for value in f.values}


def _values(token: Token) -> tuple[str, ...]:
    return tuple(folded for value in token.values if (folded := facet_value(value.text)))


def _rewritten(text: str, token: Token, values: Sequence[str]) -> str:
    after = text[token.end :]
    gap = "" if not after or after[0].isspace() or after[0] == ")" else " "
    return f"{text[: token.start]}{_written(token, values)}{gap}{after}"


def _written(token: Token, values: Sequence[str]) -> str:
    name = "lang" if token.text == "language" else token.text
    return f"{'-' if token.excluded else ''}{name}:{','.join(map(_quoted, values))}"


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if _NEEDS_QUOTES.search(value) else value


def _joined(*pieces: str) -> str:
    return " ".join(piece.strip() for piece in pieces if piece.strip())


def _tidy(text: str) -> str:
    """The text ready to be typed on."""
    return f"{text} " if text else ""
