"""Changes that were proposed during a run, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kbtui.core.checklists.finding import find_checklists
from kbtui.core.checklists.run import RedlineState
from kbtui.core.errors import (
    EditNotSavedError,
    PostNotFoundError,
    RedlineError,
    RunNotFoundError,
    StepNotFoundError,
    UsageError,
)
from kbtui.core.importing import ImportRequest
from kbtui.library import Library

BODY = "# Release\n\n## Before\n\n- [ ] Tag **it**\n- [ ] Tell Ben\n\n## After\n\n- [ ] Tell Ben\n"


@pytest.fixture
def filled(library: Library, tmp_path: Path) -> Library:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "release.md").write_text(BODY)
    (folder / "field.md").write_text("---\nchecklist: [look, leave]\n---\n# Field\n\ntext\n")
    library.importing.run(ImportRequest(folder))
    return library


@pytest.fixture
def run_id(filled: Library) -> str:
    return filled.checklists.start("release").info.id


def steps(library: Library, slug: str = "release") -> list[str]:
    return [step.text for step in find_checklists(library.posts.get(slug))[0].steps]


def redline_states(library: Library, run_id: str) -> list[str]:
    return [redline.state.value for step in library.checklists.run(run_id).steps for redline in step.redlines]


def test_a_proposal_waits_until_it_is_taken(filled: Library, run_id: str) -> None:
    number = filled.redlines.propose(run_id, 1, " Tag it and **sign** it ").number
    ((info, redline),) = filled.redlines.open(filled.posts.get("release"))
    assert (info.id, redline.number, redline.step, redline.text) == (run_id, number, 1, "Tag it and **sign** it")
    saved = filled.redlines.take(run_id, number)
    assert (saved.slug, saved.outcome) == ("release", "updated")
    post = filled.posts.get("release")
    assert post.body == BODY.replace("Tag **it**", "Tag it and **sign** it")
    assert post.checklist[0] == "Tag it and sign it"
    assert post.saves == 2
    assert filled.redlines.open() == []
    assert redline_states(filled, run_id) == ["taken"]
    assert filled.checklists.run(run_id).steps[0].step.text == "Tag it"


def test_the_same_text_in_another_section_is_left_alone(filled: Library, run_id: str) -> None:
    filled.redlines.take(run_id, filled.redlines.propose(run_id, 3, "Tell Ann").number)
    assert steps(filled) == ["Tag it", "Tell Ben", "Tell Ann"]
    post = filled.posts.get("release")
    assert post.checklist == ("Tag it", "Tell Ben", "Tell Ann")
    assert "checklist" not in filled.editing.text(post)


def test_a_step_of_the_metadata_is_changed_there(filled: Library) -> None:
    run_id = filled.checklists.start("field").info.id
    filled.redlines.take(run_id, filled.redlines.propose(run_id, 2, "stay").number)
    assert filled.posts.get("field").checklist == ("look", "stay")


def test_a_proposal_is_declined_with_a_reason_also_when_the_run_has_ended(filled: Library, run_id: str) -> None:
    number = filled.redlines.propose(run_id, 1, "x").number
    filled.checklists.abandon(run_id, "late")
    with pytest.raises(UsageError):
        filled.redlines.decline(run_id, number, " ")
    filled.redlines.decline(run_id, number, "no")
    assert redline_states(filled, run_id) == [RedlineState.DECLINED.value]
    for decide in (lambda: filled.redlines.take(run_id, number), lambda: filled.redlines.decline(run_id, number, "no")):
        with pytest.raises(RedlineError, match="declined already"):
            decide()
    assert filled.posts.get("release").saves == 1


def test_a_proposal_is_changed_further_before_it_is_taken(filled: Library, run_id: str) -> None:
    number = filled.redlines.propose(run_id, 1, "Tag").number
    edit = filled.redlines.edit(run_id, number)
    assert "- [ ] Tag\n" in edit.text
    filled.redlines.take(run_id, number, replace(edit, text=edit.text.replace("- [ ] Tag\n", "- [ ] Tag and push\n")))
    assert steps(filled)[0] == "Tag and push"


def test_a_post_that_was_saved_meanwhile_keeps_the_proposal_open(filled: Library, run_id: str) -> None:
    number = filled.redlines.propose(run_id, 1, "Tag").number
    edit = filled.redlines.edit(run_id, number)
    filled.editing.save("release", BODY + "more\n", 1)
    with pytest.raises(EditNotSavedError):
        filled.redlines.take(run_id, number, edit)
    assert redline_states(filled, run_id) == ["open"]
    filled.redlines.take(run_id, number)
    assert filled.posts.get("release").body.endswith("more\n")


def test_what_stands_in_the_post_already_is_taken_without_a_revision(filled: Library, run_id: str) -> None:
    number = filled.redlines.propose(run_id, 1, "Tag it twice").number
    filled.editing.save("release", BODY.replace("Tag **it**", "Tag it twice"), 1)
    filled.redlines.take(run_id, number)
    assert (filled.posts.get("release").saves, redline_states(filled, run_id)) == (2, ["taken"])


def test_what_cannot_be_placed_is_told(filled: Library, run_id: str) -> None:
    number = filled.redlines.propose(run_id, 1, "<!--").number
    filled.editing.save("release", BODY.replace("Tag **it**", "Something else"), 1)
    with pytest.raises(RedlineError, match="no such step any more"):
        filled.redlines.take(run_id, number)
    with pytest.raises(RedlineError, match="no proposed change 9"):
        filled.redlines.take(run_id, 9)
    with pytest.raises(RunNotFoundError):
        filled.redlines.take("01", 1)
    for text in ("", " \n", "x" * 10_001):
        with pytest.raises(UsageError):
            filled.redlines.propose(run_id, 1, text)


def test_a_proposal_for_a_post_that_is_gone(filled: Library, run_id: str, tmp_path: Path) -> None:
    number = filled.redlines.propose(run_id, 1, "x").number
    (tmp_path / "notes" / "release.md").unlink()
    filled.importing.run(ImportRequest(tmp_path / "notes", prune=True))
    with pytest.raises(PostNotFoundError):
        filled.redlines.take(run_id, number)
    filled.redlines.decline(run_id, number, "the post is gone")
    assert filled.redlines.open() == []


def test_open_proposals_are_counted(filled: Library, run_id: str) -> None:
    release, field = map(filled.posts.get, ("release", "field"))
    first, _ = (filled.redlines.propose(run_id, step, "x").number for step in (1, 2))
    filled.redlines.propose(filled.checklists.start("field").info.id, 1, "x")
    assert [filled.redlines.count(post) for post in (None, release, field)] == [3, 2, 1]
    filled.redlines.decline(run_id, first, "no")
    assert [filled.redlines.count(post) for post in (None, release, field)] == [2, 1, 1]


def test_the_difference_is_shown_before_it_is_made(filled: Library, run_id: str) -> None:
    number = filled.redlines.propose(run_id, 1, "Tag it and **sign** it").number
    edit = filled.redlines.edit(run_id, number)
    assert [line for line in edit.difference() if line[0] in "+-"] == [
        "--- release (revision 1)",
        "+++ release (with the change)",
        "-- [ ] Tag **it**",
        "+- [ ] Tag it and **sign** it",
    ]
    filled.redlines.take(run_id, number, edit)
    assert filled.posts.get("release").body == BODY.replace("Tag **it**", "Tag it and **sign** it")


def test_a_post_that_is_too_long_is_not_compared(filled: Library, run_id: str) -> None:
    filled.editing.save("release", BODY + "x\n" * 6_000, 1)
    edit = filled.redlines.edit(run_id, filled.redlines.propose(run_id, 1, "Tag").number)
    with pytest.raises(RedlineError, match="too long to be compared"):
        edit.difference()


def test_a_post_that_says_so_already_has_no_difference(filled: Library, run_id: str) -> None:
    number = filled.redlines.propose(run_id, 1, "Tag it twice").number
    filled.editing.save("release", BODY.replace("Tag **it**", "Tag it twice"), 1)
    assert filled.redlines.edit(run_id, number).difference() == []


def test_a_proposal_begins_with_what_the_post_says(filled: Library, run_id: str) -> None:
    assert filled.redlines.beginning(run_id, 1) == "Tag **it**"
    assert filled.redlines.beginning(filled.checklists.start("field").info.id, 2) == "leave"
    filled.editing.save("release", BODY.replace("Tag **it**", "Something else"), 1)
    assert filled.redlines.beginning(run_id, 1) == "Tag it"
    for step in (0, 4):
        with pytest.raises(StepNotFoundError):
            filled.redlines.beginning(run_id, step)


def test_a_step_of_several_lines_begins_on_one(filled: Library) -> None:
    filled.editing.create("# Long\n\n> 1. [ ] read\n>    *all* of it\n> 2. [x] leave `it`\n\n- [ ] **look**\n  twice\n")
    run_id = filled.checklists.start("long").info.id
    begun = [filled.redlines.beginning(run_id, step) for step in (1, 2, 3)]
    assert begun == ["read all of it", "leave `it`", "**look** twice"]
