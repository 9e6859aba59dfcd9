"""What every `SearchLog` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.core.ports import SearchLog
from kbtui.core.searching.history import KEPT, TEXT_LENGTH, SavedSearch, SearchMiss, SearchRecord
from tests.factories import NOON, texts
from tests.ports.conftest import Ports


def record(searches: SearchLog, *made: tuple[str, int, bool]) -> list[int]:
    """Note searches of (text, hits, opened), a minute between them."""
    return [
        searches.record(SearchRecord(text, NOON + timedelta(minutes=minute), hits, opened))
        for minute, (text, hits, opened) in enumerate(made)
    ]


# What was searched


def test_recent_searches_are_the_newest_first_each_text_once(searches: SearchLog) -> None:
    assert searches.recent(5) == []
    record(searches, ("nginx", 3, False), ("redis", 0, False), ("nginx", 4, True))
    newest = SearchRecord("nginx", NOON + timedelta(minutes=2), 4, opened=True)
    assert searches.recent(5) == [newest, SearchRecord("redis", NOON + timedelta(minutes=1), 0)]
    assert searches.recent(1) == [newest]


def test_recent_searches_that_begin_with_a_text(searches: SearchLog) -> None:
    record(searches, *((text, 1, False) for text in ("nginx 502", "nginx", "a nginx", "100%", "nginx 502")))
    assert [search.text for search in searches.recent(5, "nginx")] == ["nginx 502", "nginx"]
    assert [search.text for search in searches.recent(5, "%")] == []
    assert [search.text for search in searches.recent(5, "10")] == ["100%"]


def test_a_search_is_amended_in_its_place(searches: SearchLog) -> None:
    first, second = record(searches, ("ngi", 90, False), ("redis", 2, False))
    assert first != second
    amended = SearchRecord("nginx 502", NOON + timedelta(hours=1), 3, opened=True)
    searches.amend(first, amended)
    assert [search.text for search in searches.recent(5)] == ["redis", "nginx 502"]
    assert searches.recent(5, "n") == [amended]
    searches.amend(999, replace(amended, text="nowhere"))
    assert searches.recent(5, "nowhere") == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(texts(50, surrogates=True), st.text("aß", min_size=TEXT_LENGTH - 2, max_size=TEXT_LENGTH + 9)))
def test_any_text_can_be_noted(ports: Ports, text: str) -> None:
    searches = ports[3]
    searches.record(SearchRecord(text, NOON, 1))
    (newest,) = searches.recent(1)
    assert len(newest.text) == min(len(text), TEXT_LENGTH)
    if text.isprintable():
        assert newest.text == text[:TEXT_LENGTH]


def test_the_log_keeps_the_newest(searches: SearchLog) -> None:
    for number in range(KEPT + 7):
        searches.record(SearchRecord(f"search {number}", NOON, 0))
    kept = searches.recent(2 * KEPT)
    assert [search.text for search in kept] == [f"search {n}" for n in range(KEPT + 6, 6, -1)]


# What led nowhere


def test_misses_are_the_most_frequent_first(searches: SearchLog) -> None:
    record(searches, ("b", 0, False), ("a", 2, False), ("c", 0, False), ("A", 1, False), ("d", 5, True))
    minute = timedelta(minutes=1)
    a, b, c = (
        SearchMiss("A", 2, NOON + 3 * minute, 1),
        SearchMiss("b", 1, NOON, 0),
        SearchMiss("c", 1, NOON + 2 * minute, 0),
    )
    assert searches.misses(5) == [a, c, b]
    assert searches.misses(1) == [a]


def test_a_search_of_which_a_hit_was_opened_led_somewhere(searches: SearchLog) -> None:
    record(searches, ("Nginx", 0, False), ("nginx", 3, True), ("redis", 1, True), ("redis", 0, False))
    assert [(miss.text, miss.times) for miss in searches.misses(5)] == [("redis", 1)]


def test_the_newest_search_is_marked_as_one_that_led_somewhere(searches: SearchLog) -> None:
    searches.mark_opened(NOON)
    record(searches, ("old", 3, False), ("new", 3, False))
    searches.mark_opened(NOON + timedelta(minutes=2))
    assert [miss.text for miss in searches.misses(5)] == ["new", "old"]
    searches.mark_opened(NOON + timedelta(minutes=1))
    assert [miss.text for miss in searches.misses(5)] == ["old"]
    assert searches.recent(1)[0].opened
    searches.record(SearchRecord("nothing", NOON + timedelta(hours=1), 0))
    searches.mark_opened(NOON)
    assert not searches.recent(1)[0].opened


# What was given a name


def test_saved_searches_stand_in_the_order_of_their_names(searches: SearchLog) -> None:
    assert searches.saved() == []
    stale = SavedSearch("stale", "is:stale", NOON)
    drafts = SavedSearch("drafts", "is:draft tool:redis", NOON + timedelta(days=1))
    searches.save(stale)
    searches.save(drafts)
    assert searches.saved() == [drafts, stale]
    replaced = SavedSearch("stale", "reviewed:>1y", NOON + timedelta(days=2))
    searches.save(replaced)
    assert searches.saved() == [drafts, replaced]


def test_a_saved_search_is_forgotten(searches: SearchLog) -> None:
    searches.save(SavedSearch("stale", "is:stale", NOON))
    assert not searches.forget("Stale")
    assert searches.forget("stale")
    assert not searches.forget("stale")
    assert searches.saved() == []
    assert not searches.forget("\ud800")


def test_a_saved_search_is_cut_as_any_search(searches: SearchLog) -> None:
    searches.save(SavedSearch("long", "x" * 5_000, NOON))
    assert searches.saved() == [SavedSearch("long", "x" * TEXT_LENGTH, NOON)]
