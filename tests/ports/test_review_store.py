"""What every `ReviewStore` promises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.core.badges import Badge, badges
from kbtui.core.checklists.run import EventKind
from kbtui.core.freshness import GoodRun, first_fresh_day
from kbtui.core.index_document import document_key
from kbtui.core.ports import ChecklistStore, IndexQueue, Judgement, PostStore, ReviewStore
from kbtui.core.post import Post, Revision
from kbtui.core.review import ReviewReason, WaitingPost
from kbtui.core.ulid import new_ulid
from tests.factories import NASTY, NOON, a_post
from tests.ports.conftest import Ports
from tests.runs import STEPS, a_run, an_event

TODAY, DAYS = date(2026, 3, 1), 365
BY = Judgement(first_fresh_day(TODAY, DAYS))
OLD, NEW = date(2020, 1, 1), date(2026, 1, 1)
EVERY = tuple(ReviewReason)


def a_page(title: str, status: str = "", reviewed: date | None = None, *, flagged: bool = False) -> Post:
    return a_post(title=title, revision=Revision(status, "", reviewed), flags={"needs_human_review": flagged})


def run_of(runs: ChecklistStore, title: str, day: date, *events: EventKind) -> str:
    """A run of a post in which these things happened to the first step, and that finished on this day."""
    at = NOON.replace(year=day.year, month=day.month, day=day.day)
    info = a_run(id=new_ulid(at), path=f"{title}.md", started_at=at)
    runs.start(info, STEPS)
    minutes = round((at - NOON).total_seconds() / 60)
    for number in range(1, len(STEPS) + 1):
        for kind in events if number == 1 else (EventKind.DONE,):
            runs.append(info.id, an_event(kind, number, "why", minute=minutes))
    if EventKind.REDLINED not in events:
        runs.append(info.id, an_event(EventKind.FINISHED, minute=minutes))
    return info.id


def slugs(store: PostStore, found: Sequence[WaitingPost]) -> list[str]:
    summaries = store.summaries([one.id for one in found])
    return [summaries[one.id].slug for one in found]


def test_each_reason_by_itself_the_most_pressing_first(
    store: PostStore, runs: ChecklistStore, reviews: ReviewStore
) -> None:
    saved = store.save(
        [
            a_page("fine", "reviewed", NEW),
            a_page("plain"),
            a_page("stale", "reviewed", OLD),
            a_page("staler", "reviewed", OLD - timedelta(days=1)),
            a_page("draft", "Draft", NEW),
            a_page("flagged", "published", NEW, flagged=True),
            a_page("proposed", "", NEW),
            a_page("troubled", "", NEW),
            a_page("several", "draft", OLD, flagged=True),
        ],
        NOON,
    )
    ids = {one.slug: one.id for one in saved}
    run_of(runs, "proposed", OLD, EventKind.REDLINED, EventKind.REDLINED)
    by = Judgement(BY.first_fresh, frozenset({ids["troubled"]}))
    found = reviews.waiting(by, EVERY, 20)
    assert slugs(store, found) == [
        *("troubled", "proposed", "several", "flagged", "draft", "staler", "stale"),
    ]
    assert found[1] == WaitingPost(ids["proposed"], (ReviewReason.REDLINE,), 2)
    assert found[2].reasons == (ReviewReason.FLAGGED, ReviewReason.DRAFT, ReviewReason.STALE)
    assert reviews.one(by, ids["several"]) == found[2]
    assert reviews.one(by, ids["fine"]) is None
    assert slugs(store, reviews.waiting(by, [ReviewReason.STALE], 20)) == ["several", "staler", "stale"]
    assert slugs(store, reviews.waiting(by, [ReviewReason.STALE, ReviewReason.IMPORT], 2, 1)) == ["several", "staler"]
    assert reviews.waiting(by, [], 20) == []
    counts = reviews.counts(by)
    assert counts.total == 7
    assert [counts.by_reason[reason] for reason in ReviewReason] == [1, 1, 2, 2, 3]


def test_a_decided_proposal_does_not_wait(store: PostStore, runs: ChecklistStore, reviews: ReviewStore) -> None:
    store.save([a_page("page")], NOON)
    run_id = run_of(runs, "page", OLD, EventKind.REDLINED)
    assert len(reviews.waiting(BY, EVERY, 5)) == 1
    runs.append(run_id, an_event(EventKind.DECLINED, text="no", refers=1))
    assert reviews.waiting(BY, EVERY, 5) == []


def test_a_run_that_went_well_is_evidence(
    store: PostStore, runs: ChecklistStore, reviews: ReviewStore, queue: IndexQueue
) -> None:
    (saved,) = store.save([a_page("page", "reviewed", OLD)], NOON)
    queue.drained(queue.newest())
    run_of(runs, "page", NEW, EventKind.FAILED)
    assert [one.reasons for one in reviews.waiting(BY, EVERY, 5)] == [(ReviewReason.STALE,)]
    assert queue.pending() == 0
    run_of(runs, "page", NEW, EventKind.SKIPPED)
    run_of(runs, "page", OLD, EventKind.DONE)
    assert reviews.waiting(BY, EVERY, 5) == []
    assert queue.next_batch(9)[0] == [document_key(saved.id)]
    for post in (store.find("page"), store.summaries([saved.id])[saved.id], *store.many([saved.id])):
        assert post is not None
        assert post.good_run == GoodRun(NEW, "ann")


def test_an_old_run_alone_makes_a_post_stale(store: PostStore, runs: ChecklistStore, reviews: ReviewStore) -> None:
    store.save([a_page("page")], NOON)
    assert reviews.waiting(BY, EVERY, 5) == []
    run_of(runs, "page", OLD, EventKind.DONE)
    assert [one.reasons for one in reviews.waiting(BY, EVERY, 5)] == [(ReviewReason.STALE,)]


STATUSES = st.sampled_from(["", "draft", "DRAFT", " draft", "drafts", "reviewed", "ﬀ"])
DAYS_AROUND = st.none() | st.integers(-800, 10).map(lambda days: TODAY + timedelta(days=days))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(STATUSES, DAYS_AROUND, st.booleans(), DAYS_AROUND), min_size=1, max_size=4))
def test_what_waits_is_what_has_a_badge(ports: Ports, pages: list[tuple[str, date | None, bool, date | None]]) -> None:
    store, runs, reviews = ports[0], ports[7], ports[9]
    store.remove([id for id, _ in store.by_path("notes", "")])
    for number, (status, reviewed, flagged, ran) in enumerate(pages):
        # Runs outlive their posts, so that each post needs a place of its own.
        title = new_ulid(NOON).lower() + str(number)
        store.save([a_page(title, status, reviewed, flagged=flagged)], NOON)
        if ran is not None:
            run_of(runs, title, ran, EventKind.DONE)
    waiting = {one.id: one.reasons for one in reviews.waiting(BY, EVERY, 99)}
    posts = store.page(sort="title", filters=(), limit=99, offset=0)
    words = {Badge.NEEDS_REVIEW: ReviewReason.FLAGGED, Badge.DRAFT: ReviewReason.DRAFT, Badge.STALE: ReviewReason.STALE}
    warned = {post.id: tuple(words[badge] for badge in badges(post, TODAY, DAYS)) for post in posts}
    assert waiting == {post_id: reasons for post_id, reasons in warned.items() if reasons}
    assert reviews.counts(BY).total == len(waiting)


def test_posts_at_places(store: PostStore, reviews: ReviewStore) -> None:
    (saved,) = store.save([a_page("page")], NOON)
    assert reviews.posts_at([("notes", "page.md"), ("notes", "x"), ("x", "page.md")]) == {
        ("notes", "page.md"): saved.id
    }
    assert reviews.posts_at([]) == {}


@pytest.mark.parametrize("text", [text for text in NASTY if "\x00" not in text])
def test_accepted_problems_are_kept(reviews: ReviewStore, text: str) -> None:
    problem = (("notes", f"a{text}.md"), f"bad{text}")
    assert reviews.accepted() == {}
    for hours in (0, 1):
        reviews.accept([problem, problem], NOON + timedelta(hours=hours), "ann", text)
        reviews.accept([], NOON, "ann", text)
        assert reviews.accepted() == {problem: NOON + timedelta(hours=hours)}
