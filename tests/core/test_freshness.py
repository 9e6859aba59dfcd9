"""Since when a post is known to be good."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.freshness import GoodRun, first_fresh_day, known_good

FEBRUARY, NOVEMBER = date(2026, 2, 1), date(2026, 11, 3)


def test_the_later_of_review_and_run_counts_and_says_what_it_was() -> None:
    assert known_good(None, None) is None
    for reviewed, run, evidence in (
        (FEBRUARY, None, "reviewed 2026-02-01"),
        (None, NOVEMBER, "run finished 2026-11-03 by ana"),
        (FEBRUARY, NOVEMBER, "run finished 2026-11-03 by ana"),
        (NOVEMBER, FEBRUARY, "reviewed 2026-11-03"),
        (NOVEMBER, NOVEMBER, "run finished 2026-11-03 by ana"),
    ):
        known = known_good(reviewed, None if run is None else GoodRun(run, "ana"))
        assert known is not None
        assert known.evidence == evidence


@given(st.dates(), st.dates(), st.integers(1, 36_500))
def test_what_is_good_since_a_fresh_day_is_not_stale(since: date, today: date, days: int) -> None:
    known = known_good(since, None)
    assert known is not None
    assert known.is_stale(today, days) == (since < first_fresh_day(today, days))


@given(st.none() | st.dates(), st.none() | st.dates())
def test_evidence_never_makes_a_post_older(reviewed: date | None, run: date | None) -> None:
    known = known_good(reviewed, None if run is None else GoodRun(run, "ana"))
    days = [day for day in (reviewed, run) if day is not None]
    assert (known.since if known else None) == max(days, default=None)


def test_the_first_days_of_the_calendar_are_fresh() -> None:
    assert first_fresh_day(date.min + timedelta(days=3), 365) == date.min
