"""What a search of the library gives."""

from __future__ import annotations

import pytest

from kbtui.core.searching.query import parse_query
from kbtui.core.searching.results import FacetCount
from kbtui.library import Library
from tests.factories import FixedClock, a_post, full_post


@pytest.fixture
def filled(library: Library) -> Library:
    posts = [
        a_post(
            title=f"Page {n:02}",
            body=f"Filler before. The disk of host{n} is full.\n\nMore filler after it. " * 5,
            tools=("df",) if n % 2 else ("du",),
            topic="storage",
        )
        for n in range(25)
    ]
    library.importing.save([*posts, full_post()], "made")
    return library


@pytest.mark.parametrize("indexed", [True, False])
def test_pages_facets_and_snippets(filled: Library, indexed: bool) -> None:
    if indexed:
        filled.indexing.bring_up_to_date()
    query = parse_query("disk full")
    first = filled.searching.search(query, limit=10, facets=("tool", "topic"))
    assert (len(first), first.total) == (10, 25)
    assert first.facets == {"tool": [FacetCount("du", 13), FacetCount("df", 12)], "topic": [FacetCount("storage", 25)]}
    assert bool(first.notice) != indexed
    slugs = [hit.post.slug for at in range(0, 40, 10) for hit in filled.searching.search(query, limit=10, offset=at)]
    assert len(slugs) == len(set(slugs)) == 25
    for hit in first:
        marked = {hit.snippet.text[a:b].casefold() for a, b in hit.snippet.marks}
        assert marked == {"disk", "full"}


@pytest.mark.parametrize("indexed", [True, False])
def test_filters_exclusions_and_nothing(filled: Library, indexed: bool) -> None:
    if indexed:
        filled.indexing.bring_up_to_date()

    def total(text: str) -> int:
        return filled.searching.search(parse_query(text), facets=("tool",)).total

    assert total("tool:df") == 12
    assert total("disk tool:df,du") == 25
    assert total("disk -tool:df") == 13
    assert total("disk -host3") == 24
    assert total("-disk") == 1
    assert total("tool:nothing") == total("nosuchword") == total("disk tool:nothing") == 0


def test_without_the_index_exclusions_hold_beyond_the_limit(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbtui.library.searching.FALLBACK_LIMIT", 5)
    decoys = [a_post(title=f"a{n}", body="docker") for n in range(20)]
    library.importing.save([*decoys, a_post(title="z1", body="disk docker"), a_post(title="z2", body="disk")], "made")
    results = library.searching.search(parse_query("disk -docker"))
    assert [hit.post.title for hit in results] == ["z2"]


def test_the_snippet_of_a_match_outside_the_body(filled: Library) -> None:
    filled.indexing.bring_up_to_date()
    (hit,) = filled.searching.search(parse_query("what to do"), limit=1)
    assert hit.post.slug == "nginx-502"
    assert hit.snippet.text == "What to do about a 502."


def test_the_empty_query_shows_recent_posts_then_the_list(filled: Library, clock: FixedClock) -> None:
    for slug in ("page-07", "page-20"):
        clock.forward(seconds=1)
        filled.posts.opened(filled.posts.get(slug))
    query = parse_query("  ")
    first = filled.searching.search(query, limit=10, facets=("tool",))
    assert [hit.post.slug for hit in first][:4] == ["page-20", "page-07", "nginx-502", "page-00"]
    assert first.total == 26
    assert first.facets["tool"][0] == FacetCount("du", 13)
    assert first.hits[2].snippet.text == "What to do about a 502."


@pytest.mark.parametrize("limit", [1, 4, 10, 26, 50])
@pytest.mark.parametrize("read", [(), ("page-07",), ("page-24", "page-00", "page-13", "nginx-502", "page-12")])
def test_the_pages_of_the_empty_query_are_complete(
    filled: Library, clock: FixedClock, limit: int, read: tuple[str, ...]
) -> None:
    for slug in read:
        clock.forward(seconds=1)
        filled.posts.opened(filled.posts.get(slug))
    query = parse_query("")
    slugs = [
        hit.post.slug for at in range(0, 30, limit) for hit in filled.searching.search(query, limit=limit, offset=at)
    ]
    assert len(slugs) == len(set(slugs)) == 26
    assert slugs[: len(read)] == list(reversed(read))
    assert slugs[len(read) :] == sorted(slugs[len(read) :])


def test_odd_queries_are_answered_with_and_without_an_index(filled: Library) -> None:
    odd = ["\ud800", "\x00", "'", '"', "%", "_", "*", "-", "tool:\ud800", "NEAR(", "a" * 3_000, "[", "\\"]
    for text in odd:
        filled.searching.search(parse_query(text), facets=("tool",))
    filled.indexing.bring_up_to_date()
    for text in odd:
        assert "without" not in filled.searching.search(parse_query(text), facets=("tool",)).notice
