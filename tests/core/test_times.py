"""Times as people type them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.errors import UsageError
from kbtui.core.times import parse_time
from tests.factories import texts

NOW = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine in a zone that went to summer time on the day before `NOW`."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone cannot be set here")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("6h", "2026-03-30T06:00"),
        ("90m", "2026-03-30T10:30"),
        ("2d", "2026-03-28T12:00"),
        ("1w", "2026-03-23T12:00"),
        ("30s", "2026-03-30T11:59:30"),
        ("1d12h", "2026-03-29T00:00"),
        (" 6H ago ", "2026-03-30T06:00"),
        ("today", "2026-03-29T22:00"),
        ("Yesterday", "2026-03-28T23:00"),
        ("2026-03-29", "2026-03-28T23:00"),
        ("2026-03-31", "2026-03-30T22:00"),
        ("14:30", "2026-03-30T12:30"),
        ("2026-03-28 14:30", "2026-03-28T13:30"),
        ("2026-03-30t14:30:15", "2026-03-30T12:30:15"),
        ("2026-03-28T14:30Z", "2026-03-28T14:30"),
        ("2026-03-28T14:30-05:00", "2026-03-28T19:30"),
    ],
)
def test_what_is_meant(text: str, meant: str) -> None:
    assert parse_time(text, NOW) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


def test_the_last_moment_of_a_day() -> None:
    last = parse_time("yesterday", NOW, latest=True)
    assert last == parse_time("2026-03-29", NOW, latest=True)
    assert last + timedelta(microseconds=1) == parse_time("today", NOW)
    assert parse_time("6h", NOW, latest=True) == parse_time("6h", NOW)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "6", "6x", "h", "-6h", "2026-13-01", "2026-02-30", "0000-01-01", "25:00", "99999999d", "２d", "1.5h",
     "9999-12-31T23:59-23:59", "2026-11", "6h\x1b[2J", "1h" * 1000 + "x"],
)  # fmt: skip
def test_what_is_no_time_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_time(text, NOW)
    assert len(str(refused.value)) < 300
    assert "\x1b" not in str(refused.value)


def test_the_last_day_there_is_has_no_end() -> None:
    with pytest.raises(UsageError):
        parse_time("9999-12-31", NOW, latest=True)


@given(texts() | st.text("0123456789smhdw:-TZ+ ", max_size=25), st.booleans())
def test_any_text_is_a_time_or_refused(text: str, latest: bool) -> None:
    try:
        found = parse_time(text, NOW, latest=latest)
    except UsageError:
        return
    assert found.tzinfo is not None
