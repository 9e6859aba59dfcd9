"""What one word is worth in one document, as one byte.

A posting's impact is BM25F's field-weighted frequency: the sum over the fields of boost x frequency / length norm
(Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", 2004). It is kept as the nearest
of 255 steps on a logarithmic scale; 0 stands for "not in this document". Steps being logarithmic, a factor is a shift
of the byte. What depends on the query or the collection, saturation and rarity, is applied when a query is evaluated.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, log

LOWEST, HIGHEST = 0.02, 64.0
_STEPS_PER_E = 254 / log(HIGHEST / LOWEST)

BODY_LENGTH_WEIGHT = 0.6
"""How far a long body lessens what a word in it is worth: BM25's b."""
SATURATION = 2.0
"""How soon more of the same word stops to count: BM25's k1."""
USUAL_LENGTH = 300.0
"""The mean number of words of a body where an index has not measured its own."""

FIELD_WEIGHTS = {"name": 5.0, "label": 3.0, "heading": 1.5, "lead": 1.5}
"""What one occurrence outside of the body is worth; in the body it is 1."""


def quantised(value: float) -> int:
    """The step, 1 to 255, nearest to a value."""
    if value <= LOWEST:
        return 1
    return min(255, 1 + round(log(value / LOWEST) * _STEPS_PER_E))


VALUES = [0.0, *(LOWEST * exp((step - 1) / _STEPS_PER_E) for step in range(1, 256))]
"""The value of each step."""

SATURATED = [value * (SATURATION + 1) / (value + SATURATION) for value in VALUES]
"""What each step contributes to a score, before the word's rarity: 0 to 2.2."""


@lru_cache(maxsize=64)
def scaled(factor: float) -> bytes:
    """A table for `bytes.translate` that multiplies impacts by a factor; what is there stays at least 1."""
    shift = round(log(factor) * _STEPS_PER_E)
    return bytes([0, *(max(1, min(255, step + shift)) for step in range(1, 256))])


def length_norm(length: int, usual: float) -> float:
    """BM25's norm of a body of so many words, 1 at the usual length."""
    return 1 - BODY_LENGTH_WEIGHT + BODY_LENGTH_WEIGHT * length / usual


class BodyImpacts:
    """Impacts of words in bodies: one table of 256 frequencies for each class of lengths."""

    def __init__(self, usual_length: float) -> None:
        self._usual = max(1.0, usual_length)
        self._tables: dict[int, bytes] = {}

    def table(self, length: int) -> bytes:
        """Impact by frequency for a body of so many words. Lengths within 8 % of each other share a table."""
        bucket = int(log(length + 1) * 12)
        found = self._tables.get(bucket)
        if found is None:
            norm = length_norm(int(exp((bucket + 0.5) / 12)), self._usual)
            found = self._tables[bucket] = bytes([0, *(quantised(n / norm) for n in range(1, 256))])
        return found
