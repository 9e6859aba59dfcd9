"""The interval of a difference of medians, against all resamples there are."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.measuring.median_interval import RESAMPLES, median, median_difference_interval

whole = st.integers(-1000, 1000).map(float)
sides = st.lists(whole, min_size=1, max_size=12)


def every_median(values: Sequence[float]) -> dict[float, float]:
    """The probability of each median, from all resamples that there are."""
    counts = Counter(statistics.median(chosen) for chosen in itertools.product(values, repeat=len(values)))
    return {value: count / len(values) ** len(values) for value, count in counts.items()}


def every_difference(before: Sequence[float], after: Sequence[float]) -> dict[float, float]:
    found: dict[float, float] = {}
    for one, its_share in every_median(before).items():
        for other, share in every_median(after).items():
            found[other - one] = found.get(other - one, 0) + share * its_share
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((1, 2, 4), (3, 3.5, 10)),
        ((420, 431, 405, 900), (181, 190, 178, 177)),
        ((1, 2, 4, 8, 16), (1, 3, 9, 27, 81)),
        ((5, 1, 1, 7, 2, 6), (2, 2, 2)),
        ((1,), (3, 4)),
    ],
)
def test_it_holds_what_all_resamples_say(before: Sequence[float], after: Sequence[float]) -> None:
    shares = every_difference(before, after)
    low, high = median_difference_interval(before, after)
    error = 4 * (0.025 * 0.975 / RESAMPLES) ** 0.5  # four standard errors of the drawn share
    assert sum(share for value, share in shares.items() if value < low) <= 0.025 + error
    assert sum(share for value, share in shares.items() if value <= low) >= 0.025 - error
    assert sum(share for value, share in shares.items() if value > high) <= 0.025 + error
    assert sum(share for value, share in shares.items() if value >= high) >= 0.025 - error


def test_many_comparisons_of_as_many_samples_draw_once() -> None:
    """So that a list of notes with samples stays quick."""
    chance = random.Random(7)  # noqa: S311 - any values will do
    spent = []
    for _ in range(20):
        before, after = ([chance.gauss(100, 9) for _ in range(count)] for count in (97, 98))
        started = time.process_time()
        median_difference_interval(before, after)
        spent.append(time.process_time() - started)
    assert sorted(spent[1:])[9] < spent[0] / 2


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30))
def test_the_median_is_that_of_the_standard_library(values: list[float]) -> None:
    assert median(values) == statistics.median(values)


@given(sides, sides)
def test_swapping_the_sides_mirrors_it(before: list[float], after: list[float]) -> None:
    low, high = median_difference_interval(before, after, 40)
    assert median_difference_interval(after, before, 40) == (-high, -low)


@given(sides, sides, st.integers(-500, 500), st.sampled_from([0.25, 0.5, 2, 1024]))
def test_it_shifts_and_scales_with_the_values(
    before: list[float], after: list[float], shift: int, scale: float
) -> None:
    low, high = median_difference_interval(before, after, 40)
    moved = median_difference_interval(
        [value * scale + shift for value in before], [value * scale + shift for value in after], 40
    )
    assert moved == (low * scale, high * scale)


@given(sides, sides, st.randoms(use_true_random=False))
def test_the_order_of_the_values_does_not_matter(
    before: list[float], after: list[float], chance: random.Random
) -> None:
    expected = median_difference_interval(before, after, 40)
    chance.shuffle(before)
    chance.shuffle(after)
    assert median_difference_interval(before, after, 40) == expected


@given(sides, sides)
def test_it_stays_within_what_the_values_allow(before: list[float], after: list[float]) -> None:
    low, high = median_difference_interval(before, after, 40)
    assert min(after) - max(before) <= low <= high <= max(after) - min(before)


@pytest.mark.parametrize("count", [5, 10, 20])
def test_of_skewed_groups_that_do_not_differ_it_seldom_says_that_they_do(count: int) -> None:
    chance = random.Random(count)  # noqa: S311
    groups = 100
    wrong = 0
    for _ in range(groups):
        before, after = ([chance.lognormvariate(0, 1) for _ in range(count)] for _ in range(2))
        low, high = median_difference_interval(before, after, 400)
        wrong += not low <= 0 <= high
    assert wrong <= 0.1 * groups


def test_without_values_there_is_none() -> None:
    for before, after in (([], [1.0]), ([1.0], []), ([], [])):
        with pytest.raises(ValueError, match="both sides"):
            median_difference_interval(before, after)
    with pytest.raises(ValueError, match="nothing"):
        median([])


def test_ten_thousand_values_on_each_side_stay_quick() -> None:
    chance = random.Random(1)  # noqa: S311
    before, after = ([chance.gauss(middle, 1) for _ in range(10_000)] for middle in (5, 4))
    started = time.process_time()
    low, high = median_difference_interval(before, after)
    assert time.process_time() - started < 2
    assert -1.1 < low < high < -0.9
