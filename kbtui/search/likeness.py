"""Documents that are like another one: those that share the most of its telling words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from heapq import nlargest
from math import log

from kbtui.core.searching.results import IndexSimilar
from kbtui.search.analysis import STOP_WORDS
from kbtui.search.impact import SATURATED
from kbtui.search.view import SegmentView

TELLING = 14
"""How many words of a document stand for it."""
SHOWN = 6
RELATED = 16
MOST_SHARE = 8
"""A word of more than one in so many documents tells nothing."""


def similar(views: Sequence[SegmentView], view: SegmentView, number: int, limit: int) -> list[IndexSimilar]:
    """The documents that share the most with one document of `view`."""
    total = sum(v.docs for v in views)
    telling = _telling(views, view, number, total)
    scores: dict[tuple[int, int], float] = {}
    shared: dict[tuple[int, int], list[bytes]] = {}
    for weight, term in telling:
        for at, other in enumerate(views):
            postings = other.word(term)
            for found, impact in zip(postings.ids(), postings.impacts(), strict=True):
                key = (at, found)
                scores[key] = scores.get(key, 0.0) + weight * SATURATED[impact]
                shared.setdefault(key, []).append(term)
    here = (list(views).index(view), number)
    best = nlargest(limit + 1 + 64, ((score, key) for key, score in scores.items() if key != here))
    found_keys = [(score, key) for score, key in best if (views[key[0]].live >> (views[key[0]].docs - 1 - key[1])) & 1]
    return [
        IndexSimilar(views[at].reader.key(found), score, tuple(t.decode() for t in shared[(at, found)][:SHOWN]))
        for score, (at, found) in found_keys[:limit]
    ]


def _telling(views: Sequence[SegmentView], view: SegmentView, number: int, total: int) -> list[tuple[float, bytes]]:
    """(rarity, word), the most telling first."""
    counts = Counter(view.reader.sequence(number))
    found = []
    for character, times in counts.items():
        term = view.reader.word_of(character)
        if term is None or len(term) < 3 or term.isdigit() or term.decode() in STOP_WORDS:
            continue
        docs = view.reader.term_docs(view.reader.find("text", term))
        if docs * MOST_SHARE <= view.docs or view.docs < 50:
            found.append((times / (times + 1.2) * log(1 + view.docs / (docs + 0.5)), term))
    chosen = []
    for _, term in nlargest(3 * TELLING, found):
        docs = sum(v.word(term).docs for v in views)
        if docs > 1:
            chosen.append((log(1 + total / docs), term))
        if len(chosen) == TELLING:
            break
    return chosen


def related_words(
    views: Sequence[SegmentView], places: Sequence[tuple[SegmentView, int]], asked: set[bytes]
) -> list[tuple[float, bytes]]:
    """Words that are common in a few documents and rare elsewhere, with their parts of 1, the most telling first."""
    total = sum(view.docs for view in views)
    sums: dict[bytes, float] = {}
    for view, number in places:
        sequence = view.reader.sequence(number)
        for character, times in Counter(sequence).items():
            term = view.reader.word_of(character)
            if term is not None and len(term) > 2 and not term.isdigit() and term not in asked:
                sums[term] = sums.get(term, 0.0) + times / (times + 1.0 + len(sequence) / 200)
    likely = nlargest(4 * RELATED, ((value, term) for term, value in sums.items() if term.decode() not in STOP_WORDS))
    weighed = [
        (value * log(1 + total / (1 + sum(view.word(term).docs for view in views))), term) for value, term in likely
    ]
    best = nlargest(RELATED, weighed)
    whole = sum(value for value, _ in best) or 1.0
    return [(value / whole, term) for value, term in best]
