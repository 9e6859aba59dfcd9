"""The measures agree with figures worked out by hand."""

from __future__ import annotations

from math import log2

import pytest

from tests.bench.relevance import average_precision, ndcg, precision, reciprocal_rank
from tests.bench.timing import percentile


def test_reciprocal_rank_is_that_of_the_first_wanted_one() -> None:
    assert reciprocal_rank(["a", "b", "c"], {"c", "b"}) == 1 / 2
    assert reciprocal_rank(["a"] * 10 + ["b"], {"b"}) == 0
    assert reciprocal_rank([], {"b"}) == 0


def test_average_precision_counts_what_was_not_found() -> None:
    assert average_precision([1, 9, 2], {1, 2, 3, 4}) == pytest.approx((1 / 1 + 2 / 3) / 4)


def test_precision_and_gain_look_at_the_first_ten() -> None:
    ranking = [1, *range(100, 109), 2]
    assert precision(ranking, {1, 2}) == 1 / 10
    assert ndcg(ranking, {1, 2}) == pytest.approx(1 / (1 + 1 / log2(3)))
    assert ndcg([2, 1], {1, 2}) == 1


def test_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([3.0, 1.0, 2.0], 0.95) == 3.0
    assert percentile([5.0], 0.5) == 5.0
