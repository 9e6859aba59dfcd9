"""Searches that are kept: as history, under names, and as what nobody found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kbtui.core.errors import UsageError
from kbtui.core.searching.history import SavedSearch, SearchMiss, SearchRecord
from kbtui.library.history import NAME_LENGTH, OPENED_WITHIN, History
from kbtui.storage.connection import Connection
from kbtui.storage.searches import SqliteSearchLog
from tests.factories import NOON, FixedClock


@pytest.fixture
def history(connection: Connection, clock: FixedClock) -> History:
    return History(SqliteSearchLog(connection), clock)


def test_a_search_is_noted_without_what_makes_no_difference(history: History) -> None:
    history.record("  nginx   502\n", 3)
    assert history.recent() == [SearchRecord("nginx 502", NOON, 3)]
    assert history.recent(start="redis") == []


def test_a_search_goes_on_in_its_place(history: History, clock: FixedClock) -> None:
    number = history.record("nginx", 90)
    clock.forward(seconds=5)
    history.amend(number, "nginx 502", 3, opened=True)
    assert history.recent() == [SearchRecord("nginx 502", clock(), 3, opened=True)]
    assert history.misses() == []


def test_what_nobody_found(history: History, clock: FixedClock) -> None:
    history.record("kafka lag", 0)
    last = clock.forward(days=1)
    history.record("Kafka lag", 2)
    history.record("nginx 502", 3, opened=True)
    assert history.misses() == [SearchMiss("Kafka lag", 2, last, 2)]
    assert history.misses(0) == []


def test_a_post_opened_a_moment_later_was_found(history: History, clock: FixedClock) -> None:
    history.record("nginx 502", 3)
    clock.forward(minutes=1)
    history.opened()
    assert history.misses() == []
    history.record("redis", 3)
    clock.at += OPENED_WITHIN + timedelta(seconds=1)
    history.opened()
    assert [miss.text for miss in history.misses()] == ["redis"]


def test_a_search_under_a_name(history: History, clock: FixedClock) -> None:
    history.save(" my drafts ", "is:draft   owner:sre")
    expected = SavedSearch("my drafts", "is:draft owner:sre", NOON)
    assert history.find("my drafts") == history.find(" my drafts") == expected
    clock.forward(days=1)
    history.save("my drafts", "is:draft")
    assert history.saved() == [SavedSearch("my drafts", "is:draft", clock())]
    history.forget("my drafts")
    assert history.saved() == []


@pytest.mark.parametrize("name", ["", " \t", "two\nlines", "a\u202eb", "x" * (NAME_LENGTH + 1)])
def test_what_is_no_name(history: History, name: str) -> None:
    with pytest.raises(UsageError, match="1 to 60 characters"):
        history.save(name, "nginx")
    assert history.saved() == []


def test_a_name_that_is_not_there_is_answered_with_the_nearest(history: History) -> None:
    with pytest.raises(UsageError, match="none was saved yet"):
        history.find("drafts")
    for name in ("drafts", "stale pages", "my drafts", "oncall"):
        history.save(name, "nginx")
    for ask in (history.find, history.forget):
        with pytest.raises(UsageError, match="'drfts'; the nearest: 'drafts', 'my drafts'"):
            ask("drfts")
    assert len(history.saved()) == 4
