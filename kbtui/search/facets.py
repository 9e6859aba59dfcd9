"""How many of the matching documents have which value of a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from heapq import heappush, heapreplace

from kbtui.core.searching.results import FacetCount
from kbtui.search.view import SegmentView

FACET_LIMIT = 12
FEW = 2_000
"""Up to so many documents, their values are counted one by one; of more, each value's documents are intersected."""

Sets = Sequence[tuple[SegmentView, int]]


def facet_counts(sets: Sets, ids: Sequence[tuple[SegmentView, Sequence[int]]], facet: str) -> list[FacetCount]:
    """The most frequent values of a field among the documents, which are given as sets and as numbers."""
    few = sum(len(numbers) for _, numbers in ids) <= FEW
    counts = _counted(ids, facet) if few else _intersected(sets, facet)
    return [FacetCount(value, count) for value, count in sorted(counts.items(), key=lambda row: (-row[1], row[0]))][
        :FACET_LIMIT
    ]


def _counted(ids: Sequence[tuple[SegmentView, Sequence[int]]], facet: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for view, numbers in ids:
        first, end = view.keep(("facet", facet), partial(view.reader.value_places, facet))
        values = view.values(facet)
        orders: Counter[int] = Counter()
        values_of = view.reader.values_of
        for number in numbers:
            orders.update(values_of(number))
        for order, count in orders.items():
            if first <= order < end:
                counts[values[order - first]] += count
    return counts


def _intersected(sets: Sets, facet: str) -> dict[str, int]:
    """By falling frequency in the whole index: no value can be among the best that is rarer than the last of these."""
    totals: dict[str, list[tuple[int, int]]] = {}
    frequencies: Counter[str] = Counter()
    for at, (view, _) in enumerate(sets):
        for value, order, docs in view.keep(("listed", facet), partial(_listed, view, facet)):
            totals.setdefault(value, []).append((at, order))
            frequencies[value] += docs
    counts: dict[str, int] = {}
    best: list[int] = []
    for value, frequency in frequencies.most_common():
        if len(best) == FACET_LIMIT and frequency < best[0]:
            break
        count = sum(
            (sets[at][0].value_bits(sets[at][0].value_place(order)) & sets[at][1]).bit_count()
            for at, order in totals[value]
        )
        if count:
            counts[value] = count
            if len(best) < FACET_LIMIT:
                heappush(best, count)
            elif count > best[0]:
                heapreplace(best, count)
    return counts


def _listed(view: SegmentView, facet: str) -> list[tuple[str, int, int]]:
    """(value, order, number of documents) of a field's values in a segment."""
    first, _ = view.reader.value_places(facet)
    return [
        (value, order, view.reader.term_docs(view.value_place(order)))
        for order, value in enumerate(view.values(facet), first)
    ]
