"""Words that were meant by words that no document has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import log

from kbtui.search.analysis import fold, stemmed
from kbtui.search.fields import TEXT
from kbtui.search.view import SegmentView

SHORTEST = 4
"""Shorter words are not corrected: too much is near them."""
LONG = 6
"""From this length on two slips are allowed, else one."""
_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOUR, _SWAP = 0.6, 0.7
"""What a slip to a neighbouring key and two keys in the wrong order cost; any other slip costs 1."""


def correction(word: str, views: Sequence[SegmentView]) -> str | None:
    """The word of the index that was most likely meant, None where none is near. It may be a stem."""
    typed = fold(word)
    if len(typed) < SHORTEST or not typed.replace("-", "").replace("_", "").isalnum() or typed.isdigit():
        return None
    best: tuple[float, str] | None = None
    for candidate, docs in _candidates(typed, views):
        distance = min(_distance(typed, candidate), _distance(stemmed(typed), candidate))
        if distance <= (2 if len(typed) >= LONG else 1):
            value = distance - 0.12 * log(1 + docs)
            if best is None or value < best[0]:
                best = (value, candidate)
    return best[1] if best else None


def _candidates(typed: str, views: Sequence[SegmentView]) -> Iterator[tuple[str, int]]:
    """Terms that one slip away from the word or its stem, or share a beginning with it and are of about its length."""
    near = _known({stemmed(edited) for edited in _edits(typed)}, views)
    yield from near.items()
    if not near and len(typed) >= LONG:
        yield from _similar_beginnings(typed, views).items()


def _known(terms: Iterable[str], views: Sequence[SegmentView]) -> dict[str, int]:
    """Those of the terms that there are, and how many documents have each."""
    wanted = {term.encode(): term for term in terms}
    found: dict[str, int] = {}
    for view in views:
        reader = view.reader
        small = reader.small_vocabulary()
        for term in wanted if small is None else wanted.keys() & small:
            if (place := reader.find(TEXT, term)) >= 0:
                found[wanted[term]] = found.get(wanted[term], 0) + reader.term_docs(place)
    return found


def _edits(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
    letters = _LETTERS if word.isalpha() else _LETTERS + _DIGITS
    for at in range(len(word) + 1):
        for letter in letters:
            yield word[:at] + letter + word[at:]
            if at < len(word):
                yield word[:at] + letter + word[at + 1 :]


def _similar_beginnings(typed: str, views: Sequence[SegmentView]) -> dict[str, int]:
    """Terms with the first two letters, in either order, and a similar length and set of letters."""
    found: dict[str, int] = {}
    letters = set(typed)
    for view in views:
        reader = view.reader
        for begin in {typed[:2], typed[1] + typed[0], typed[0] + typed[2]}:
            first, end = reader.prefix_range(TEXT, begin.encode())
            docs = reader.docs_between(first, end)
            for place in range(first, end):
                if docs[place - first] < 2:  # a word of one page may be a slip itself
                    continue
                term = reader.term(place).decode("utf-8", "replace")
                if abs(len(term) - len(typed)) <= 2 and len(letters ^ set(term)) <= 3:
                    found[term] = found.get(term, 0) + docs[place - first]
    return found


def _distance(one: str, other: str) -> float:
    """Weighted edit distance with swaps (optimal string alignment)."""
    if abs(len(one) - len(other)) > 2:
        return 9.0
    before: list[float] = []
    row = [float(n) for n in range(len(other) + 1)]
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [float(i)]
        for j, b in enumerate(other, 1):
            cost = 0.0 if a == b else _slip(a, b)
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + cost)
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b and a != b:
                best = min(best, last[j - 2] + _SWAP)
            row.append(best)
        if min(row) > 2:
            return 9.0
    return row[-1]


def _slip(a: str, b: str) -> float:
    for at, keys in enumerate(_ROWS):
        place = keys.find(a)
        if place >= 0:
            near = keys[max(0, place - 1) : place + 2]
            for beside in _ROWS[max(0, at - 1) : at + 2]:
                near += beside[max(0, place - 1) : place + 1] if beside is not keys else ""
            return _NEIGHBOUR if b in near else 1.0
    return 1.0
