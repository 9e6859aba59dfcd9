"""What every `ReadingStore` promises."""

from __future__ import annotations

from datetime import timedelta

from kbtui.core.ports import PostStore, ReadingStore
from tests.factories import NASTY, NOON, a_post


def test_bookmarks_stand_newest_first(reading: ReadingStore, store: PostStore) -> None:
    ids = [saved.id for saved in store.save([a_post(title=t) for t in ("one", "two", "three")], NOON)]
    for minutes, post_id in enumerate((ids[0], ids[2], ids[0], 999)):
        reading.bookmark(post_id, NOON + timedelta(minutes=minutes))
    assert [post.id for post in reading.bookmarks(9)] == [ids[2], ids[0]]
    assert [post.id for post in reading.bookmarks(1)] == [ids[2]]
    assert [reading.is_bookmarked(post_id) for post_id in (*ids, 999)] == [True, False, True, False]
    reading.unbookmark(ids[2])
    reading.unbookmark(ids[2])
    store.remove([ids[0]])
    assert reading.bookmarks(9) == []


def test_values_are_kept_for_each_post(reading: ReadingStore, store: PostStore) -> None:
    one, two = [saved.id for saved in store.save([a_post(title=t) for t in ("one", "two")], NOON)]
    assert reading.placeholder_values(one) == {}
    reading.remember_placeholders(one, {"pod": "web-1", "ns": "prod", "gone": ""})
    reading.remember_placeholders(two, {"pod": "db-1"})
    reading.remember_placeholders(one, {"pod": "web-2", "ns": ""})
    reading.remember_placeholders(999, {"pod": "x"})
    assert reading.placeholder_values(one) == {"pod": "web-2"}
    assert reading.placeholder_values(two) == {"pod": "db-1"}
    assert reading.placeholder_values(999) == {}
    store.remove([two])
    assert reading.placeholder_values(two) == {}


def test_odd_names_and_values_are_kept_as_they_can_be_stored(reading: ReadingStore, store: PostStore) -> None:
    (saved,) = store.save([a_post()], NOON)
    reading.remember_placeholders(saved.id, {text: text for text in (*NASTY, "\ud800")})
    assert reading.placeholder_values(saved.id)["'; DROP TABLE posts; --"] == "'; DROP TABLE posts; --"
    assert reading.placeholder_values(saved.id)["\ufffd"] == "\ufffd"
