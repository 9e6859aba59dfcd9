"""What needs a human, and what becomes of it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from kbtui.core.badges import badges
from kbtui.core.errors import PostNotFoundError, UsageError
from kbtui.core.importing import ImportRequest
from kbtui.core.post import summary_of
from kbtui.core.review import ReviewReason
from kbtui.core.revisions import Origin
from kbtui.library import Library
from tests.conftest import OpenLibrary
from tests.factories import FixedClock

DAYS = 365
OLD = "---\ntitle: Old\nrevision: {status: draft, last_reviewed: 2020-01-01}\nflags: {needs_human_review: true}\n---\n"
STEPS = "- [ ] look\n- [ ] restart\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "old.md").write_text(OLD + STEPS)
    (folder / "fine.md").write_text("# Fine\n")
    (folder / "picture.md").write_bytes(b"\x00\x01\x02")
    (folder / "odd.md").write_text("---\ntitle: [a\n---\n# Odd\n")
    return folder


@pytest.fixture
def filled(library: Library, notes: Path) -> Library:
    library.importing.run(ImportRequest(notes))
    library.indexing.bring_up_to_date()
    return library


def waiting(library: Library, *reasons: ReviewReason) -> dict[str, tuple[ReviewReason, ...]]:
    items = library.reviews.page(DAYS, reasons or tuple(ReviewReason))
    return {item.name: item.reasons for item in items}


def found(library: Library, query: str) -> list[str]:
    return [hit.post.slug for hit in library.search(query).hits]


def test_files_and_posts_wait_with_their_reasons(filled: Library) -> None:
    assert waiting(filled) == {
        "notes/picture.md": (ReviewReason.IMPORT,),
        "odd": (ReviewReason.IMPORT,),
        "old": (ReviewReason.FLAGGED, ReviewReason.DRAFT, ReviewReason.STALE),
    }
    picture, odd = filled.reviews.page(DAYS, limit=2)
    assert (picture.post, picture.source, picture.path) == (None, "notes", "picture.md")
    assert "binary" in picture.problems[0]
    assert "front matter" in odd.problems[0]
    counts = filled.reviews.counts(DAYS)
    assert (counts.total, counts.by_reason[ReviewReason.IMPORT], counts.by_reason[ReviewReason.STALE]) == (3, 2, 1)
    assert list(waiting(filled, ReviewReason.DRAFT)) == ["old"]


def test_pages_go_on_from_files_to_posts(filled: Library) -> None:
    pages = [filled.reviews.page(DAYS, limit=1, offset=n) for n in range(4)]
    assert [item.name for page in pages for item in page] == ["notes/picture.md", "odd", "old"]
    assert [item.name for item in filled.reviews.page(DAYS, limit=5, offset=1)] == ["odd", "old"]


def test_a_review_is_a_revision_that_says_who_and_why(filled: Library, clock: FixedClock) -> None:
    before = filled.posts.get("old")
    marked = filled.reviews.mark_reviewed("old", " tried it on staging ")
    post = filled.posts.get("old")
    assert (marked.slug, marked.revision, marked.is_local, post.saves) == ("old", 2, True, 2)
    assert (post.revision.status, post.revision.last_reviewed) == ("reviewed", clock().date())
    assert (post.needs_review, post.body, post.title) == (False, before.body, before.title)
    assert badges(summary_of(post), clock().date(), DAYS) == []
    assert "old" not in waiting(filled)
    current, first = filled.revisions.of("old")
    assert (current.origin, current.why, first.origin, first.why) == (
        *(Origin.REVIEW, "tried it on staging"),
        *(Origin.IMPORT, ""),
    )
    assert current.who
    assert filled.revisions.get("old", 1).revision == before.revision
    assert found(filled, "is:stale") == []
    assert found(filled, "status:reviewed") == ["old"]


def test_every_review_is_kept_also_the_second_of_a_day(filled: Library, clock: FixedClock) -> None:
    for reason in ("one", "two"):
        filled.reviews.mark_reviewed("old", reason)
    filled.editing.save("old", filled.editing.text(filled.posts.get("old")) + "more\n", 3)
    assert [(each.number, each.why) for each in filled.revisions.of("old")] == [
        (4, ""),
        (3, "two"),
        (2, "one"),
        (1, ""),
    ]


def test_no_import_takes_a_review_back_in_silence(filled: Library, notes: Path, clock: FixedClock) -> None:
    filled.reviews.mark_reviewed("old", "read")
    filled.importing.run(ImportRequest(notes))
    assert filled.posts.get("old").revision.status == "reviewed"
    for change in ("changed\n", "changed again\n"):
        clock.forward(hours=1)
        (notes / "old.md").write_text(OLD + STEPS + change)
        filled.importing.run(ImportRequest(notes))
        assert filled.posts.get("old").revision.status == "reviewed"
        (problem,) = filled.reviews.get("old", DAYS).problems
        assert "local version" in problem
        clock.forward(hours=1)
        filled.reviews.mark_reviewed("old", "mine is better")
        assert "old" not in waiting(filled)
    filled.editing.release("old")
    assert filled.posts.get("old").revision.status == "draft"
    assert filled.revisions.of("old")[1].why == "mine is better"


def test_a_post_that_was_written_here_is_no_local_version(filled: Library) -> None:
    slug = filled.editing.create("# Mine\n", "Mine").slug
    assert not filled.reviews.mark_reviewed(slug, "read").is_local
    assert filled.editing.home(filled.posts.get(slug)).local_since is None


def test_trouble_that_was_looked_at_waits_again_where_it_is_another(filled: Library, notes: Path) -> None:
    filled.reviews.mark_reviewed("odd", "meant so")
    filled.reviews.accept_file("notes", "picture.md", "no page")
    filled.importing.run(ImportRequest(notes))
    assert list(waiting(filled)) == ["old"]
    os.truncate(notes / "picture.md", 60_000_000)
    report = filled.importing.run(ImportRequest(notes))
    assert [problem.path for problem in report.refused] == ["picture.md"]
    assert "notes/picture.md" in waiting(filled)
    with pytest.raises(PostNotFoundError):
        filled.reviews.accept_file("notes", "nothing.md", "x")


def test_a_file_that_was_mended_or_is_gone_does_not_wait(filled: Library, notes: Path) -> None:
    (notes / "odd.md").write_text("# Odd\n")
    (notes / "picture.md").unlink()
    filled.importing.run(ImportRequest(notes / "odd.md"))
    assert list(waiting(filled)) == ["notes/picture.md", "old"]
    filled.importing.run(ImportRequest(notes))
    assert list(waiting(filled)) == ["old"]


def test_a_run_that_went_well_beats_the_date(filled: Library, clock: FixedClock) -> None:
    assert found(filled, "is:stale") == ["old"]
    run_id = filled.checklists.start("old").info.id
    filled.checklists.done(run_id, 1)
    filled.checklists.skip(run_id, 2, "not now")
    filled.checklists.finish(run_id)
    known = filled.posts.get("old").known_good
    assert known is not None
    assert (known.since, known.evidence.partition(" by ")[0]) == (clock().date(), "run finished 2026-03-01")
    assert waiting(filled)["old"] == (ReviewReason.FLAGGED, ReviewReason.DRAFT)
    assert found(filled, "is:stale") == []
    assert [post.known_good for post in filled.posts.page() if post.slug == "old"] == [known]
    clock.forward(days=DAYS + 1)
    assert found(filled, "is:stale") == ["old"]
    assert ReviewReason.STALE in waiting(filled)["old"]


def test_a_post_that_comes_back_keeps_the_evidence_of_its_runs(filled: Library, notes: Path) -> None:
    run_id = filled.checklists.start("old").info.id
    for step in (1, 2):
        filled.checklists.done(run_id, step)
    filled.checklists.finish(run_id)
    (notes / "old.md").unlink()
    filled.importing.run(ImportRequest(notes, prune=True))
    (notes / "old.md").write_text(OLD + STEPS)
    filled.importing.run(ImportRequest(notes))
    good_run = filled.posts.get("old").good_run
    assert good_run is not None
    assert good_run.on == date(2026, 3, 1)
    assert found(filled, "is:stale") == []


def test_proposed_changes_wait_until_they_are_decided(filled: Library) -> None:
    run_id = filled.checklists.start("old").info.id
    numbers = [filled.redlines.propose(run_id, 1, text).number for text in ("a", "b")]
    item = filled.reviews.get("old", DAYS)
    assert (item.reasons[0], item.redlines) == (ReviewReason.REDLINE, 2)
    filled.reviews.mark_reviewed("old", "read")
    assert waiting(filled)["old"] == (ReviewReason.REDLINE,)
    for number in numbers:
        filled.redlines.decline(run_id, number, "no")
    assert "old" not in waiting(filled)


@pytest.mark.parametrize("reason", ["", " \n\t", "x" * 10_001])
def test_a_reason_must_say_something(filled: Library, reason: str) -> None:
    for mark in (
        lambda: filled.reviews.mark_reviewed("old", reason),
        lambda: filled.reviews.accept_file("notes", "picture.md", reason),
    ):
        with pytest.raises(UsageError, match="reason"):
            mark()
    assert filled.posts.get("old").saves == 1
    assert len(waiting(filled)) == 3


def test_one_thing_by_its_name(filled: Library) -> None:
    assert filled.reviews.get("fine", DAYS).reasons == ()
    assert filled.reviews.get("notes/picture.md", DAYS).post is None
    for name in ("fin", "notes/fine.md"):
        with pytest.raises(PostNotFoundError):
            filled.reviews.get(name, DAYS)
    with pytest.raises(PostNotFoundError, match="fine"):
        filled.reviews.mark_reviewed("fin", "x")


def test_another_process_sees_the_review(filled: Library, opened: OpenLibrary, tmp_path: Path) -> None:
    filled.reviews.mark_reviewed("old", "read")
    assert "old" not in waiting(opened(tmp_path / "library"))
