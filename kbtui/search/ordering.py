"""Matches in another order than by relevance."""

from __future__ import annotations

from heapq import nsmallest

from kbtui.core.searching.results import IndexHit
from kbtui.search.evaluation import Matching


def ordered(matching: Matching, sort: str, limit: int, offset: int) -> list[IndexHit]:
    """A page of the matches by a number, the highest first, those without it last; equal ones by key."""
    rows: list[tuple[int, int, bool]] = []
    for several, partial in ((matching.complete, False), (matching.partial, True)):
        for found in several:
            column, keys = found.view.reader.numbers(sort), found.view.reader.keys()
            rows += [(-column[number], keys[number], partial) for number in found.ids]
    return [IndexHit(key, 0.0, partial) for _, key, partial in nsmallest(offset + limit, rows)[offset:]]
