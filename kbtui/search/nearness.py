"""How close to each other the words of a query stand in a document."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kbtui.search.view import SegmentView

WINDOW = 8
"""Words within so many others are near."""
SIDE_BY_SIDE, NEAR = 1.0, 0.5
MOST_GAIN = 0.3
"""What a document gains where all neighbours of the query are neighbours in it."""
MOST_PLACES = 20


def nearness(view: SegmentView, number: int, terms: Sequence[bytes]) -> float:
    """A factor from 1 to 1.3: neighbouring words of the query side by side, near, or apart in the document."""
    characters = [view.character(term) for term in terms]
    sequence = view.reader.sequence(number)
    gained = sum(_pair(sequence, one, other) for one, other in pairwise(characters) if one and other)
    return 1 + MOST_GAIN * gained / (len(terms) - 1)


def _pair(sequence: str, one: str, other: str) -> float:
    if one + other in sequence:
        return SIDE_BY_SIDE
    at = sequence.find(one)
    for _ in range(MOST_PLACES):
        if at < 0:
            return 0.0
        if other in sequence[max(0, at - WINDOW) : at + WINDOW + 1]:
            return NEAR
        at = sequence.find(one, at + 1)
    return 0.0
