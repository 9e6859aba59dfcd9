"""Reading and listing posts."""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import ProgrammingError

import pytest

from kbtui.core.errors import PostNotFoundError, UsageError
from kbtui.core.listing import SORTS
from kbtui.core.searching.clauses import Filter
from kbtui.core.searching.query import parse_query
from kbtui.library import Library
from tests.factories import FixedClock, a_post


@pytest.fixture
def filled(library: Library) -> Library:
    library.importing.save([a_post(title=t, tools=("redis",)) for t in ("Nginx reload", "Nginx logs", "Redis")], "made")
    return library


SOUGHT: dict[str, Callable[[Library, str], object]] = {
    "read": lambda library, slug: library.posts.get(slug),
    "similar": lambda library, slug: library.searching.similar(slug),
    "explained": lambda library, slug: library.searching.explain(parse_query("x"), slug),
    "history": lambda library, slug: library.revisions.of(slug),
    "restored": lambda library, slug: library.editing.restore(slug, 1),
    "run": lambda library, slug: library.checklists.start(slug),
    "reviewed": lambda library, slug: library.reviews.mark_reviewed(slug, "read"),
}


@pytest.mark.parametrize("name", SOUGHT)
def test_whoever_seeks_a_missing_post_is_told_the_nearest(filled: Library, name: str) -> None:
    with pytest.raises(PostNotFoundError) as caught:
        SOUGHT[name](filled, "nginx-relaod")
    assert caught.value.nearest[0] == "nginx-reload"


def test_no_slug_is_too_odd_to_be_missing(filled: Library) -> None:
    for odd in ("", "%", "\ud800", "x" * 10_000):
        with pytest.raises(PostNotFoundError):
            filled.posts.get(odd)


def test_lists_counts_and_facets(filled: Library) -> None:
    for sort in SORTS:
        assert len(filled.posts.page(sort=sort)) == 3
    with pytest.raises(UsageError, match="title"):
        filled.posts.page(sort="size")
    assert filled.posts.count([Filter("tool", ("redis",))]) == filled.posts.count() == 3
    assert filled.posts.facets(["tool"])["tool"][0].count == 3


def test_reading_goes_on_where_it_was_left(filled: Library, clock: FixedClock) -> None:
    post = filled.posts.get("redis")
    assert filled.posts.position(post) == 0.0
    filled.posts.opened(post)
    filled.posts.left_at(post, 7.5)
    clock.forward(hours=1)
    filled.posts.opened(post)
    assert filled.posts.position(post) == 1.0
    assert [p.slug for p in filled.posts.recent()] == ["redis"]


def test_closing_twice_is_allowed(filled: Library) -> None:
    filled.close()
    filled.close()
    with pytest.raises(ProgrammingError):
        filled.posts.count()
