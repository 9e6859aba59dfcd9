"""The picture of before and after."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.measuring.comparison import compare
from kbtui.core.measuring.measurement import Comparison, Metric, Phase
from kbtui.core.measuring.plot import LEAST_WIDTH, comparison_plot, five_numbers, plot_lines
from tests.samples import before_and_after

numbers = st.lists(st.floats(-1e100, 1e100), max_size=4)


def pictured(before: list[float], after: list[float], unit: str = "ms") -> Comparison:
    (comparison,) = compare(before_and_after(before, after, metric=Metric("latency", unit)))
    return comparison


def test_a_picture() -> None:
    comparison = pictured([40, 50, 50, 60, 80], [0, 10, 10, 10, 10, 20])
    assert plot_lines(comparison, 8 + 41) == [
        "before                      ·    •    ·         ·",
        "                            ├────┃█████─────────┤",
        "after   ·    ●    ·",
        "        ├────┃────┤",
        "ms      0                                      80",
    ]


def test_an_axis_of_long_numbers_keeps_its_width() -> None:
    axis = comparison_plot(pictured([-12_345_678_901.5], [12_345_678_901.5]), LEAST_WIDTH)[-1]
    assert axis.cells == "-1.23e+10   1.23e+10"


@pytest.mark.parametrize("ascii_only", [False, True])
@given(before=numbers, after=numbers, width=st.integers(0, 120))
def test_every_row_is_as_wide_as_asked(before: list[float], after: list[float], width: int, ascii_only: bool) -> None:
    if not before and not after:
        return
    rows = comparison_plot(pictured(before, after), width, ascii_only=ascii_only)
    assert {len(row.cells) for row in rows} == {max(width, LEAST_WIDTH)}
    assert [row.phase for row in rows] == [
        *[Phase.BEFORE] * (2 if before else 0),
        *[Phase.AFTER] * (2 if after else 0),
        None,
    ]
    if ascii_only:
        assert all(row.cells.isascii() for row in rows)


def test_the_dots_and_the_box_stand_where_the_values_are() -> None:
    rows = comparison_plot(pictured([0.0, 100.0], [50.0]), 101, ascii_only=True)
    assert [row.cells.rstrip() for row in rows[:4]] == [
        "." + " " * 99 + ".",
        "=" * 50 + "#" + "=" * 50,
        " " * 50 + ".",
        " " * 50 + "#",
    ]


def test_values_that_are_all_equal_stand_in_the_middle() -> None:
    rows = comparison_plot(pictured([3.0] * 5, [3.0]), 21)
    assert [row.cells.strip() for row in rows] == ["●", "┃", "·", "┃", "3"]
    assert rows[0].cells.index("●") == 10


def test_without_a_value_there_is_no_picture() -> None:
    assert comparison_plot(pictured([1.0], []), 30)[-1].cells.strip() == "1"
    assert plot_lines(compare(before_and_after([None], [None]))[0], 80) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5.0], (5, 5, 5, 5, 5)),
        ([1.0, 2.0], (1, 1, 1.5, 2, 2)),
        ([1.0, 2.0, 3.0, 4.0, 5.0], (1, 2, 3, 4, 5)),
        ([9.0, 1.0, 3.0, 7.0], (1, 2, 5, 8, 9)),
    ],
)
def test_the_five_numbers(values: list[float], expected: tuple[float, ...]) -> None:
    assert five_numbers(values) == expected


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40))
def test_the_five_numbers_are_in_order_around_the_median(values: list[float]) -> None:
    found = five_numbers(values)
    assert list(found) == sorted(found)
    assert (found[0], found[2], found[4]) == (min(values), statistics.median(values), max(values))
