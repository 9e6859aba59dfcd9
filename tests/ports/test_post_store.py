"""What every `PostStore` promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.core.index_document import document_key
from kbtui.core.listing import SORTS
from kbtui.core.ports import IndexQueue, PostStore
from kbtui.core.post import FACETS, Post, Revision, Score
from kbtui.core.searching.clauses import Filter
from kbtui.core.searching.results import FacetCount
from kbtui.core.text import slugify
from tests.factories import NOON, a_post, full_post, posts
from tests.ports.conftest import Ports


def save(store: PostStore, *given: Post, at: datetime = NOON) -> list[int]:
    return [saved.id for saved in store.save(given, at)]


def bare(post: Post | None) -> Post:
    """A post without what the library itself keeps about it."""
    assert post is not None
    return replace(post, id=0, slug="", saves=0, created_at=None, updated_at=None)


def titles(store: PostStore, *filters: Filter, sort: str = "title") -> list[str]:
    return [post.title for post in store.page(sort=sort, filters=filters, limit=100, offset=0)]


# Saving


def test_a_saved_post_is_found_as_it_was(store: PostStore) -> None:
    (saved,) = store.save([full_post()], NOON)
    assert (saved.slug, saved.outcome) == ("nginx-502", "added")
    expected = replace(full_post(), id=saved.id, saves=1, created_at=NOON, updated_at=NOON)
    assert store.find("nginx-502") == expected
    assert store.many([saved.id, 999]) == [expected]
    assert store.all_after(0, 10) == [expected]
    assert store.texts([saved.id, 999]) == {saved.id: expected.body}
    assert store.find("nothing") is None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(post=posts())
def test_any_post_survives_the_store(ports: Ports, post: Post) -> None:
    store = ports[0]
    assert store.compare([post])[0].outcome in {"added", "updated", "unchanged"}
    (saved,) = store.save([post], NOON)
    assert bare(store.find(saved.slug)) == bare(post)
    assert store.save([post], NOON)[0].outcome == "unchanged"
    assert store.compare([post])[0].outcome == "unchanged"
    assert list(store.damaged()) == []


def test_a_lone_surrogate_is_repaired_and_the_post_is_sound(store: PostStore) -> None:
    bad = a_post(title="caf\udce9", body="\ud800", extra={"k\ud800": ["\udfff"]})
    (saved,) = store.save([bad], NOON)
    found = store.find(saved.slug)
    assert found is not None
    assert (found.title, found.body, found.extra) == ("caf\ufffd", "\ufffd", {"k\ufffd": ["\ufffd"]})
    assert store.save([bad], NOON)[0].outcome == store.compare([bad])[0].outcome == "unchanged"
    assert list(store.damaged()) == []


def test_lone_surrogates_in_what_is_asked_find_nothing(store: PostStore) -> None:
    save(store, a_post())
    assert store.find("\ud800") is None
    assert store.slugs_like("\ud800", 5) == []
    assert store.containing(["\ud800"], (), 5) == []
    assert store.count([Filter("tool", ("\ud800",))]) == 0


def test_outcomes_and_the_count_of_saves(store: PostStore) -> None:
    first = a_post(body="one")
    assert store.compare([first])[0].outcome == "added"
    assert store.find("restart-the-ingress") is None
    save(store, first)
    assert store.compare([first])[0].outcome == "unchanged"
    later = NOON + timedelta(hours=1)
    assert store.save([first], later)[0].outcome == "unchanged"
    changed = replace(first, body="two")
    assert store.compare([changed])[0].outcome == "updated"
    assert store.save([changed], later)[0].outcome == "updated"
    found = store.find("restart-the-ingress")
    assert found is not None
    assert (found.saves, found.created_at, found.updated_at, found.body) == (2, NOON, later, "two")


def test_a_post_twice_in_one_save_is_one_post(store: PostStore) -> None:
    saved = store.save([a_post(body="one"), a_post(body="two")], NOON)
    assert [s.outcome for s in saved] == ["added", "updated"]
    assert store.count() == 1


def test_a_save_that_fails_leaves_nothing(store: PostStore, queue: IndexQueue) -> None:
    def broken() -> Any:
        yield a_post(title="one")
        yield a_post(title="two")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.save(broken(), NOON)
    assert (store.count(), queue.pending(), queue.newest()) == (0, 0, 0)
    assert save(store, a_post())


def test_every_change_is_queued(store: PostStore, queue: IndexQueue) -> None:
    one, two = save(store, a_post(title="one"), a_post(title="two"))
    save(store, a_post(title="one"))
    assert queue.next_batch(10) == ([document_key(one), document_key(two)], 2)
    save(store, a_post(title="one", body="new"))
    store.remove([two])
    assert queue.next_batch(10) == ([document_key(one), document_key(two)], 4)


def test_slugs_are_unique_told_apart_and_kept(store: PostStore) -> None:
    wished = [
        a_post(title="Nginx", path="nginx.md"),
        a_post(title="nginx", path="web/nginx.md"),
        a_post(title="NGINX!", path="proxy/nginx.md"),
        a_post(title="Nginx", path="web/old/web/nginx.md"),
        a_post(title="Nginx", path="x/web/nginx.md", source="other"),
    ]
    slugs = [saved.slug for saved in store.save(wished, NOON)]
    assert slugs == ["nginx", "nginx-web", "nginx-proxy", "nginx-notes", "nginx-other"]
    many = [a_post(title="Nginx", path=f"web/{n}/web/n.md") for n in range(30)]
    slugs += [saved.slug for saved in store.save(many, NOON)]
    assert len(set(slugs)) == 35
    renamed = store.save([replace(wished[1], title="Apache", slug="apache")], NOON)
    assert (renamed[0].slug, renamed[0].outcome) == ("nginx-web", "updated")


def test_a_post_without_any_letter_has_a_slug(store: PostStore) -> None:
    slugs = [saved.slug for saved in store.save([a_post(title=t, path=t + "x") for t in ("", " ", "[[", "\x00")], NOON)]
    assert len(set(slugs)) == 4
    assert all(slugs)


def test_removing(store: PostStore) -> None:
    one, two, three = save(store, *(a_post(title=t, tools=("redis",)) for t in ("one", "two", "three")))
    assert store.remove([one, three, 999]) == 2
    assert store.remove([one]) == 0
    assert store.remove([]) == 0
    assert titles(store) == ["two"]
    assert store.facet_counts(["tool"], within=None, limit=5) == {"tool": [FacetCount("redis", 1)]}
    assert save(store, a_post(title="one")) > [three]
    assert two


# Lists


def library_of(count: int) -> list[Post]:
    return [
        a_post(
            title=f"Title {n % 7}",
            path=f"{n}.md",
            views=None if n % 3 == 0 else n % 5,
            score=Score(quality=None if n % 4 == 0 else n % 3),
            revision=Revision("draft" if n % 2 else "", "", None if n % 5 == 0 else date(2026, 1, 1 + n % 4)),
            tools=tuple(t for t, every in (("redis", 2), ("psql", 3)) if n % every == 0),
            topic="web" if n % 4 else "",
        )
        for n in range(count)
    ]


KEYS: dict[str, Callable[[Any], Any]] = {
    "title": lambda s: s.title.casefold(),
    "updated": lambda s: -s.updated_at.timestamp(),
    "reviewed": lambda s: -(s.last_reviewed or date.min).toordinal(),
    "views": lambda s: -(-1 if s.views is None else s.views),
    "quality": lambda s: -(-1 if s.quality is None else s.quality),
}


@pytest.mark.parametrize("sort", sorted(SORTS))
@pytest.mark.parametrize("filters", [(), (Filter("tool", ("redis",)),), (Filter("topic", ("web",), excluded=True),)])
def test_pages_are_in_order_stable_and_complete(store: PostStore, sort: str, filters: Sequence[Filter]) -> None:
    for number, post in enumerate(library_of(60)):
        store.save([post], NOON + timedelta(minutes=number % 6))
    whole = store.page(sort=sort, filters=filters, limit=100, offset=0)
    assert whole == sorted(sorted(whole, key=lambda s: s.id), key=KEYS[sort])
    assert len(whole) == store.count(filters) > 0
    paged = [s for at in range(0, 70, 7) for s in store.page(sort=sort, filters=filters, limit=7, offset=at)]
    assert paged == whole


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ids=st.one_of(st.sets(st.integers(0, 130)), st.just(set(range(1, 121))), st.lists(st.integers(1, 120))),
    limit=st.integers(0, 40),
    offset=st.integers(0, 130),
)
def test_a_page_of_some_posts_by_title(ports: Ports, ids: Collection[int], limit: int, offset: int) -> None:
    store = ports[0]
    if store.count() == 0:
        save(store, *library_of(120))
    whole = [post.id for post in store.page(sort="title", filters=(), limit=200, offset=0) if post.id in set(ids)]
    assert store.by_title(ids, limit, offset) == whole[offset : offset + limit]


def test_pages_by_title_of_many_posts_are_exact_wherever_they_lie(store: PostStore) -> None:
    save(store, *(a_post(title=f"{n * 7919 % 3_000:04}", path=f"{n}.md") for n in range(3_000)))
    by_title = [post.id for post in store.page(sort="title", filters=(), limit=3_000, offset=0)]
    for chosen in (by_title, by_title[1_500:], by_title[::2], by_title[:40] + by_title[-1_000:], by_title[-30:]):
        for offset in (0, 20, len(chosen) // 2, len(chosen) - 10, len(chosen), len(chosen) + 10):
            assert store.by_title(frozenset(chosen), 20, offset) == chosen[offset : offset + 20]


def test_a_filter_that_names_no_value_takes_those_that_hold_it_as_words(store: PostStore) -> None:
    topics = ("redis / memory", "redis", "redistribution", "bad gateway / nginx", "disk c++")
    save(store, *(a_post(title=topic, topic=topic) for topic in topics))

    def found(*values: str, typed: bool = False, excluded: bool = False) -> list[str]:
        wanted = Filter("topic", values, excluded=excluded, typed=typed)
        assert store.count([wanted]) == len(titles(store, wanted))
        return titles(store, wanted)

    assert found("redis") == ["redis"]
    assert found("memory") == ["redis / memory"]
    assert found("bad gateway", "memory") == ["bad gateway / nginx", "redis / memory"]
    assert found("c++") == ["disk c++"]
    assert found("gate") == found("edis") == []
    assert found("redis", typed=True) == ["redis", "redis / memory", "redistribution"]
    assert found("memory", "red", typed=True) == ["redis", "redis / memory", "redistribution"]
    assert found("memory", "di", typed=True, excluded=True) == ["bad gateway / nginx", "redis", "redistribution"]


def test_filters_together_and_apart(store: PostStore) -> None:
    save(store, *library_of(60))

    def numbers(*filters: Filter) -> set[int]:
        found = store.page(sort="title", filters=filters, limit=100, offset=0)
        assert store.count(filters) == len(found)
        return {int(post.path.removesuffix(".md")) for post in found}

    redis, psql = Filter("tool", ("redis",)), Filter("tool", ("psql",))
    assert numbers(redis, psql) == set(range(0, 60, 6))
    assert numbers(Filter("tool", ("redis", "psql"))) == {n for n in range(60) if n % 2 == 0 or n % 3 == 0}
    assert numbers(redis, replace(psql, excluded=True)) == {n for n in range(60) if n % 2 == 0 and n % 3}
    assert numbers(Filter("tool", ("redis", "psql"), excluded=True)) == {n for n in range(60) if n % 2 and n % 3}
    assert numbers(Filter("tool", ("nothing",))) == set()
    assert numbers(Filter("tool", ("nothing",), excluded=True)) == set(range(60))
    assert numbers(Filter("tool", ("redis",)), Filter("status", ("draft",))) == set()


def test_a_summary_has_what_a_list_shows(store: PostStore) -> None:
    (post_id,) = save(store, full_post())
    summary = store.summaries([post_id, 99])[post_id]
    assert store.page(sort="title", filters=(), limit=1, offset=0) == [summary]
    assert (summary.slug, summary.source, summary.path) == ("nginx-502", "runbooks", "web/nginx-502.md")
    assert (summary.stack, summary.tools, summary.language) == (("linux", "nginx"), ("curl", "kubectl"), "bash")
    assert (summary.status, summary.last_reviewed, summary.needs_review) == ("reviewed", date(2026, 1, 2), True)
    assert (summary.checklist_items, summary.views, summary.quality, summary.minutes) == (2, 120, 80, 7)


def test_all_after_walks_the_library(store: PostStore) -> None:
    ids = save(store, *library_of(25))
    walked, last = [], 0
    while batch := store.all_after(last, 4):
        walked += [post.id for post in batch]
        last = batch[-1].id
    assert walked == ids


def test_facet_counts_within_and_without(store: PostStore) -> None:
    ids = save(store, *library_of(60))
    whole = store.facet_counts(FACETS, within=None, limit=50)
    assert whole["tool"] == [FacetCount("redis", 30), FacetCount("psql", 20)]
    assert store.facet_counts(FACETS, within=ids, limit=50) == whole
    assert store.facet_counts(["tool"], within=ids[:6], limit=1) == {"tool": [FacetCount("redis", 3)]}
    assert store.facet_counts(["tool", "owner"], within=[], limit=5) == {"tool": [], "owner": []}
    assert store.facet_counts(["tool"], within=None, limit=1) == {"tool": [FacetCount("redis", 30)]}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(st.lists(posts(), min_size=1, max_size=3), st.integers(0, 9)), max_size=8))
def test_facet_counts_are_a_recount_after_any_saves_and_removals(ports: Ports, steps: list[list[Post] | int]) -> None:
    store = ports[0]
    for step in steps:
        there = [post.id for post in store.all_after(0, 100)]
        if isinstance(step, list):
            store.save(step, NOON)
        elif there:
            store.remove([there[step % len(there)]])
        all_posts = store.all_after(0, 100)
        recount = Counter(pair for post in all_posts for pair in post.facets())
        kept = store.facet_counts(FACETS, within=None, limit=1_000)
        assert {(facet, c.value): c.count for facet, counts in kept.items() for c in counts} == recount
        assert store.count() == len(all_posts)


def test_similar_slugs(store: PostStore) -> None:
    save(store, *(a_post(title=t) for t in ("Nginx reload", "Nginx", "Percent 100% sure", "Under_score")))
    assert store.slugs_like("nginx", 5) == ["nginx", "nginx-reload"]
    assert store.slugs_like("nginx", 1) == ["nginx"]
    assert store.slugs_like("%", 5) == store.slugs_like("_", 5) == store.slugs_like("\\", 5) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ingress"], ["Restart the ingress"]),
        (["INGRESS", "pod"], ["Restart the ingress"]),
        (["überlauf"], ["Überlauf"]),
        (["Überlauf"], ["Überlauf"]),
        (["100%"], ["Überlauf"]),
        (["ingress", "überlauf"], []),
        ([], ["Restart the ingress", "Überlauf"]),
    ],
)
def test_containing_compares_words_in_any_case(store: PostStore, words: list[str], expected: list[str]) -> None:
    save(store, a_post(body="the Pod"), a_post(title="Überlauf", body="100% voll", path="u.md", tools=("df",)))
    found = store.summaries(store.containing(words, (), 10))
    assert sorted(post.title for post in found.values()) == expected
    assert store.containing(words, [Filter("tool", ("nothing",))], 10) == []


def test_by_path_is_below_not_beside(store: PostStore) -> None:
    save(store, *(a_post(title=p, path=p) for p in ("a.md", "a/b.md", "a/c.jsonl#1", "a/c.jsonl#2", "ab/d.md")))
    save(store, a_post(title="x", path="a/x.md", source="other"))

    def below(under: str) -> list[str]:
        return [path for _, path in store.by_path("notes", under)]

    assert below("") == ["a.md", "a/b.md", "a/c.jsonl#1", "a/c.jsonl#2", "ab/d.md"]
    assert below("a") == ["a/b.md", "a/c.jsonl#1", "a/c.jsonl#2"]
    assert below("a/c.jsonl") == ["a/c.jsonl#1", "a/c.jsonl#2"]
    assert below("a.md") == ["a.md"]
    assert below("nothing") == []


def test_reading_is_remembered(store: PostStore) -> None:
    one, two = save(store, a_post(title="one"), a_post(title="two"))
    assert store.recent(5) == []
    assert store.position(one) == 0.0
    store.record_opened(one, NOON)
    store.record_opened(two, NOON + timedelta(seconds=1))
    store.set_position(one, 0.25)
    store.record_opened(one, NOON + timedelta(seconds=2))
    store.record_opened(999, NOON)
    assert [post.title for post in store.recent(5)] == ["one", "two"]
    assert [post.title for post in store.recent(1)] == ["one"]
    assert store.last_opened([one, 999]) == {one: NOON + timedelta(seconds=2)}
    assert store.position(one) == 0.25
    save(store, a_post(title="one", body="changed"))
    assert store.position(one) == 0.25
    store.remove([one])
    assert [post.title for post in store.recent(5)] == ["two"]
    assert store.position(one) == 0.0


def test_the_most_opened_come_first(store: PostStore) -> None:
    one, two, three, _ = save(store, *(a_post(title=title) for title in ("one", "two", "three", "never")))
    assert store.most_opened(5) == []
    for minute, post_id in enumerate((two, two, three, one)):
        store.record_opened(post_id, NOON + timedelta(minutes=minute))
    assert [post.title for post in store.most_opened(5)] == ["two", "one", "three"]
    assert [post.title for post in store.most_opened(1)] == ["two"]
    store.remove([two])
    assert [post.title for post in store.most_opened(5)] == ["one", "three"]


def test_the_slug_of_a_title_is_its_slug(store: PostStore) -> None:
    (saved,) = store.save([a_post(title="Größe ändern")], NOON)
    assert saved.slug == slugify("Größe ändern") == "grosse-andern"
