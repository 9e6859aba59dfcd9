"""How long ago something was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kbtui.tui.ages import ago
from tests.factories import NOON


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=2, minutes=50), "2 h ago"),
        (timedelta(hours=24), "1 d ago"),
        (timedelta(days=29, hours=23), "29 d ago"),
        (timedelta(days=60), "2025-12-31"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(by: timedelta, said: str) -> None:
    assert ago(NOON - by, NOON) == said
