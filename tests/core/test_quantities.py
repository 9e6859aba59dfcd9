"""Numbers with units."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.measuring.quantities import LARGEST, convert, decimals_for, number_text, read_quantity

finite = st.floats(-LARGEST, LARGEST, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("420", "ms", 420),
        (" 420\t", "ms", 420),
        ("-3.5", "", -3.5),
        ("+.5", "", 0.5),
        ("5.", "", 5),
        ("1e3", "ms", 1000),
        ("1.5E-3", "ms", 0.0015),
        ("1,234.5", "ms", 1234.5),
        ("12,345,678", "", 12_345_678),
        ("12ms", "ms", 12),
        ("1.2 s", "ms", 1200),
        ("850us", "ms", 0.85),
        ("850µs", "ms", 0.85),
        ("2 min", "s", 120),
        ("12%", "%", 12),
        ("99.9 %", "%", 99.9),
        ("1.5 GB", "MB", 1500),
        ("1 MiB", "MB", 1.048576),
        ("1,024 kB", "MB", 1.024),
        ("310 req/s", "1/s", 310),
        ("310 1/s", "1/s", 310),
        ("7 calls", "calls", 7),
        ("1 call", "calls", 1),
        ("3 apples", "apples", 3),
    ],
)
def test_what_people_type_is_read(text: str, unit: str, value: float) -> None:
    assert read_quantity(text, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("", "ms", "no number"),
        ("fast", "ms", "no number"),
        ("nan", "ms", "no number"),
        ("inf", "ms", "no number"),
        ("-Infinity", "ms", "no number"),
        ("1e999", "ms", "too large"),
        ("1,5", "ms", "decimal point"),
        ("1.234,5", "ms", "decimal point"),
        ("12,34,567", "ms", "no number"),
        ("1_000", "ms", "no number"),
        ("٣", "ms", "no number"),
        ("12 apples", "ms", "in apples, not in ms"),
        ("12 ms", "", "in ms, not in a plain number"),
        ("5 KB", "MB", "in KB, not in MB"),
        ("5 m", "s", "in m, not in s"),
        ("0.12", "%", ""),
        ("1" * 101, "", "no number"),
        ("1 2 3", "ms", "in 2 3"),
    ],
)
def test_what_is_no_number_or_has_a_doubtful_unit_is_refused(text: str, unit: str, said: str) -> None:
    if not said:
        assert read_quantity(text, unit) == float(text)
        return
    with pytest.raises(ValueError, match=said):
        read_quantity(text, unit)


@given(finite)
def test_a_float_as_python_writes_it_is_read_back(value: float) -> None:
    assert read_quantity(str(value)) == value


@given(st.text(max_size=120), st.sampled_from(["", "ms", "%", "MB"]))
def test_any_text_is_a_finite_number_or_refused(text: str, unit: str) -> None:
    try:
        value = read_quantity(text, unit)
    except ValueError as error:
        assert str(error)
    else:
        assert math.isfinite(value)


def test_units_of_one_kind_are_converted_and_others_are_not() -> None:
    assert convert(1500, "ms", "s") == 1.5
    assert convert(2, "GiB", "MiB") == pytest.approx(2048)
    assert convert(1, "ms", "MB") is None
    assert convert(1, "ms", "") is None
    assert convert(3, "", "") == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (420, "420"),
        (181.44, "181.4"),
        (1234.5, "1,234"),
        (1_234_567, "1,234,567"),
        (0.5, "0.5"),
        (0.00123456, "0.001235"),
        (-12.3456, "-12.35"),
        (1e20, "1e+20"),
        (1e-9, "1e-09"),
    ],
)
def test_numbers_are_written_for_people(value: float, text: str) -> None:
    assert number_text(value) == text


@given(finite, finite)
def test_two_numbers_that_differ_are_written_so_that_one_sees_it(one: float, other: float) -> None:
    decimals = decimals_for(one - other)
    if decimals is not None and decimals <= 9 and max(abs(one), abs(other)) < 1e15:
        assert number_text(one, decimals) != number_text(other, decimals)
