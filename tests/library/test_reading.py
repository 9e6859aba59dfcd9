"""What a reader leaves at posts."""

from __future__ import annotations

import pytest

from kbtui.core.post import Post
from kbtui.library import Library
from kbtui.library.reading import VALUE_LENGTH
from tests.factories import FixedClock, a_post


@pytest.fixture
def post(library: Library) -> Post:
    library.importing.save([a_post(title="One"), a_post(title="Two")], "made")
    return library.posts.get("one")


def test_bookmarks(library: Library, post: Post, clock: FixedClock) -> None:
    assert not library.reading.is_bookmarked(post)
    library.reading.bookmark(post)
    clock.forward(minutes=1)
    library.reading.bookmark(library.posts.get("two"))
    assert [each.slug for each in library.reading.bookmarks()] == ["two", "one"]
    library.reading.unbookmark(post)
    assert [each.slug for each in library.reading.bookmarks()] == ["two"]


@pytest.mark.parametrize(
    "name", ["password", "DB_PASSWORD", "passwd", "api_token", "TOKEN", "client-secret", "apiKey", "ssh_key", "pin"]
)
def test_what_may_be_a_secret_is_never_kept(library: Library, post: Post, name: str) -> None:
    library.reading.remember_placeholders(post, {name: "hunter2", "pod": "web-1"})
    assert library.reading.placeholder_values(post) == {"pod": "web-1"}
    library.reading.remember_placeholders(post, {name: "hunter2"})
    assert library.reading.placeholder_values(post) == {"pod": "web-1"}


def test_what_looks_like_a_secret_is_never_kept_whatever_it_is_called(library: Library, post: Post) -> None:
    token = "ghp_" + "aB3dE5fG7hJ9" * 3
    library.reading.remember_placeholders(post, {"header": f"Authorization: Bearer {token}", "pod": "web-1"})
    assert library.reading.placeholder_values(post) == {"pod": "web-1"}


def test_values_are_replaced_forgotten_and_of_some_length(library: Library, post: Post) -> None:
    library.reading.remember_placeholders(post, {"pod": "web-1", "ns": "prod", "long": "x" * VALUE_LENGTH})
    library.reading.remember_placeholders(post, {"pod": "web-2", "ns": "", "long": "x" * (VALUE_LENGTH + 1)})
    assert library.reading.placeholder_values(post) == {"pod": "web-2", "long": "x" * VALUE_LENGTH}
    assert library.reading.placeholder_values(library.posts.get("two")) == {}
