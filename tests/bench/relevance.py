"""Measures of a ranking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import log2


def reciprocal_rank(ranking: Sequence[object], wanted: Collection[object], depth: int = 10) -> float:
    """1 divided by the rank of the first wanted one among the first `depth`; 0 where there is none."""
    return next((1 / rank for rank, found in enumerate(ranking[:depth], 1) if found in wanted), 0.0)


def average_precision(ranking: Sequence[int], relevant: Collection[int]) -> float:
    """The mean, over the relevant ones, of the precision at the rank of each; those not found count 0."""
    found, total = 0, 0.0
    for rank, document in enumerate(ranking, 1):
        if document in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)


def precision(ranking: Sequence[int], relevant: Collection[int], depth: int = 10) -> float:
    """The part of the first `depth` that is relevant."""
    return sum(document in relevant for document in ranking[:depth]) / depth


def ndcg(ranking: Sequence[int], relevant: Collection[int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain, every relevant document worth the same."""
    gain = sum(1 / log2(rank + 1) for rank, document in enumerate(ranking[:depth], 1) if document in relevant)
    return gain / sum(1 / log2(rank + 1) for rank in range(1, min(depth, len(relevant)) + 1))
