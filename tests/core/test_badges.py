"""When a reader is warned."""

from __future__ import annotations

from datetime import date

import pytest

from kbtui.core.badges import Badge, badges
from kbtui.core.freshness import GoodRun
from kbtui.core.post import Post, Revision, summary_of


def warned(today: date, **fields: object) -> list[Badge]:
    return badges(summary_of(Post(title="t", **fields)), today, 365)  # type: ignore[arg-type]


def test_a_post_without_a_review_date_is_never_stale() -> None:
    assert warned(date(2026, 1, 1)) == []


@pytest.mark.parametrize(("today", "stale"), [(date(2020, 12, 31), False), (date(2021, 1, 1), True)])
def test_stale_begins_when_more_days_have_passed(today: date, stale: bool) -> None:
    assert (Badge.STALE in warned(today, revision=Revision("reviewed", "", date(2020, 1, 1)))) is stale


def test_a_run_that_went_well_beats_an_old_review() -> None:
    fields = {"revision": Revision("reviewed", "", date(2020, 1, 1)), "good_run": GoodRun(date(2025, 6, 1), "ann")}
    assert warned(date(2026, 1, 1), **fields) == []
    assert warned(date(2027, 1, 1), **fields) == [Badge.STALE]


def test_all_warnings_the_gravest_first() -> None:
    fields = {"revision": Revision("Draft", "", date(2020, 1, 1)), "flags": {"needs_human_review": True}}
    assert warned(date(2026, 1, 1), **fields) == [Badge.NEEDS_REVIEW, Badge.DRAFT, Badge.STALE]
