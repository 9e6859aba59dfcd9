"""Working through the checklists of a library."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kbtui.bootstrap import open_library
from kbtui.core.checklists.checklist import Difference
from kbtui.core.checklists.history import Standing
from kbtui.core.checklists.run import ChecklistRun, RunState, StepState
from kbtui.core.errors import (
    EvidenceTooLargeError,
    NoChecklistError,
    PostNotFoundError,
    RunClosedError,
    RunNotFoundError,
    RunUnfinishedError,
    StepNotFoundError,
    UsageError,
)
from kbtui.core.importing import ImportRequest
from kbtui.library import Library
from tests.conftest import OpenLibrary
from tests.factories import FixedClock

BODY = "# Release\n\n- [ ] Tag it\n\n  ```sh\n  git tag x\n  ```\n- [ ] Verify the tag\n- [ ] Tell Ben\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "release.md").write_text(BODY)
    (folder / "plain.md").write_text("# Plain\n\n1. a\n2. b\n\n## Later\n\n- c\n- d\n")
    (folder / "one.md").write_text("# One\n\n1. a\n2. b\n")
    (folder / "none.md").write_text("# None\n\ntext\n")
    return folder


@pytest.fixture
def filled(library: Library, notes: Path) -> Library:
    library.importing.run(ImportRequest(notes))
    return library


@pytest.fixture
def begun(filled: Library) -> ChecklistRun:
    return filled.checklists.start("release")


def again(library: Library, notes: Path, body: str | None) -> None:
    """Import the folder again, with another text of the post or without it."""
    if body is None:
        (notes / "release.md").unlink()
    else:
        (notes / "release.md").write_text(body)
    library.importing.run(ImportRequest(notes, prune=True))


def finish(library: Library, run_id: str, clock: FixedClock, *failed: int) -> None:
    for step in library.checklists.run(run_id).steps:
        clock.forward(minutes=1)
        if step.number in failed:
            library.checklists.fail(run_id, step.number, "broken")
        else:
            library.checklists.done(run_id, step.number)
    library.checklists.finish(run_id)


# Beginning


def test_a_run_copies_the_steps_and_names_its_text(filled: Library, begun: ChecklistRun, clock: FixedClock) -> None:
    info, post = begun.info, filled.posts.get("release")
    assert (info.slug, info.title, info.revision, info.checklist) == ("release", "Release", post.saves, "tasks")
    assert (info.steps, info.started_at, info.state) == (3, clock(), RunState.OPEN)
    assert info.who
    assert info.host
    assert begun.steps[0].step.commands[0].text == "git tag x"
    assert filled.checklists.open_runs() == [info]
    assert filled.checklists.run(info.id) == begun


def test_a_plain_list_becomes_a_run_on_request(filled: Library) -> None:
    assert filled.checklists.start("plain", "list-2").info.section == "Later"
    assert filled.checklists.start("one").info.steps == 2
    with pytest.raises(NoChecklistError, match=r"list-1 \(2 steps\); list-2 \(2 steps, 'Later'\)"):
        filled.checklists.start("plain")
    with pytest.raises(NoChecklistError, match="no checklist 'field'"):
        filled.checklists.start("plain", "field")
    with pytest.raises(NoChecklistError, match="no list that could be made one"):
        filled.checklists.start("none")
    with pytest.raises(PostNotFoundError):
        filled.checklists.start("nothing")


# Working


def test_a_run_is_taken_up_where_it_was_left(
    filled: Library, begun: ChecklistRun, opened: OpenLibrary, tmp_path: Path
) -> None:
    run_id = begun.info.id
    filled.checklists.done(run_id, 1)
    filled.close()
    other = opened(tmp_path / "library")
    run = other.checklists.run(other.checklists.resolve())
    assert [step.state for step in run.steps] == [StepState.DONE, StepState.TODO, StepState.TODO]
    assert run.current == run.steps[1]


def test_two_terminals_see_each_other(
    filled: Library, begun: ChecklistRun, opened: OpenLibrary, tmp_path: Path
) -> None:
    other, run_id = opened(tmp_path / "library"), begun.info.id
    filled.checklists.done(run_id, 1)
    seen = other.checklists.version(run_id)
    other.checklists.skip(run_id, 3, "Ben is away")
    assert filled.checklists.version(run_id) == seen + 1
    assert [step.state.value for step in filled.checklists.run(run_id).steps] == ["done", "todo", "skipped"]
    assert filled.checklists.run(run_id) == other.checklists.run(run_id)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nothing_is_skipped_without_a_reason(filled: Library, begun: ChecklistRun, reason: str) -> None:
    run_id = begun.info.id
    for change in (filled.checklists.skip, filled.checklists.fail, filled.checklists.note, filled.checklists.evidence):
        with pytest.raises(UsageError, match="empty"):
            change(run_id, 1, reason)
    with pytest.raises(UsageError, match="empty"):
        filled.checklists.abandon(run_id, reason)
    assert filled.checklists.run(run_id) == begun


def test_evidence_beyond_the_limit_is_refused(filled: Library, begun: ChecklistRun, tmp_path: Path) -> None:
    run_id = begun.info.id
    for text in ("x" * 20_000_000, "é" * 600_000):
        with pytest.raises(EvidenceTooLargeError, match=r"larger than 1 MB .* evidence_limit_mb"):
            filled.checklists.evidence(run_id, 1, text)
    filled.checklists.evidence(run_id, 1, "x" * 1_000_000, "log.txt")
    with open_library(tmp_path / "library", evidence_mb=2) as other:
        event = other.checklists.evidence(run_id, 1, "é" * 1_000_000)
        assert event is not None
        assert event.size == 2_000_000
        assert other.checklists.evidence_text(run_id, event.number) == "é" * 1_000_000


def test_steps_are_named_by_number_or_text(filled: Library, begun: ChecklistRun) -> None:
    step = filled.checklists.step
    assert [step(begun, text).number for text in ("2", "tag it", "VERIFY", "Ben")] == [2, 1, 2, 3]
    for text, said in (
        ("tag", "Several steps are 'tag': 1, 2"),
        ("4", "1 to 3"),
        ("0", "1 to 3"),
        ("", "No step"),
        ("²", "No"),
    ):
        with pytest.raises(StepNotFoundError, match=said):
            step(begun, text)


def test_a_number_is_never_a_part_of_a_text(filled: Library, tmp_path: Path) -> None:
    (tmp_path / "ports.md").write_text("# Ports\n\n- [ ] open 5432\n- [ ] close 22\n")
    filled.importing.run(ImportRequest(tmp_path / "ports.md"))
    run = filled.checklists.start("ports")
    for number in ("5", "22", "0"):
        with pytest.raises(StepNotFoundError, match="its steps are 1 to 2"):
            filled.checklists.step(run, number)
    assert filled.checklists.step(run, "open 5432").number == 1


def test_runs_are_named_by_how_they_begin(filled: Library, begun: ChecklistRun, clock: FixedClock) -> None:
    run_id = begun.info.id
    assert filled.checklists.resolve() == run_id
    assert filled.checklists.resolve(run_id[:12].lower()) == run_id
    clock.forward(days=400)
    other = filled.checklists.start("one").info.id
    with pytest.raises(RunNotFoundError, match=f"More than one run is open: {other}, {run_id}"):
        filled.checklists.resolve()
    with pytest.raises(RunNotFoundError, match="More than one run begins with '01'"):
        filled.checklists.resolve("01")
    with pytest.raises(RunNotFoundError, match="No run begins with 'zz'"):
        filled.checklists.resolve("zz")
    filled.checklists.abandon(other, "x")
    assert filled.checklists.resolve() == run_id


def test_a_run_ends_when_every_step_is_settled(filled: Library, begun: ChecklistRun, clock: FixedClock) -> None:
    run_id = begun.info.id
    clock.forward(minutes=2)
    filled.checklists.done(run_id, 1)
    with pytest.raises(RunUnfinishedError):
        filled.checklists.finish(run_id)
    clock.forward(minutes=5)
    filled.checklists.fail(run_id, 2, "no tag")
    filled.checklists.skip(run_id, 3, "away")
    summary = filled.checklists.finish(run_id)
    assert (summary.done, summary.skipped, summary.failed, summary.duration) == (1, 1, 1, timedelta(minutes=7))
    assert summary.slowest is not None
    assert summary.slowest.number == 2
    with pytest.raises(RunClosedError):
        filled.checklists.undo(run_id, 1)


def test_values_of_placeholders_that_may_be_secret_are_not_kept(filled: Library, begun: ChecklistRun) -> None:
    filled.checklists.remember_values(begun.info.id, {"pod": "web-1", "api_token": "s3cret"})
    assert filled.checklists.values(begun.info.id) == {"pod": "web-1"}


# Posts that change


def test_a_run_stands_when_its_post_changes_goes_and_comes_back(
    filled: Library, begun: ChecklistRun, notes: Path
) -> None:
    run_id, standing = begun.info.id, filled.checklists.standing
    assert (standing(begun.info).standing, standing(begun.info).notice) == (Standing.SAME, "")
    again(filled, notes, BODY + "\nmore\n")
    assert "(revision 1, now 2)" in standing(begun.info).notice
    again(filled, notes, None)
    assert standing(begun.info).standing is Standing.GONE
    assert "no longer in the library" in standing(begun.info).notice
    filled.checklists.done(run_id, 1)
    assert filled.checklists.run(run_id).steps[1].step.text == "Verify the tag"
    assert "no longer in the library" in filled.checklists.markdown(run_id)
    again(filled, notes, BODY + "\nless\n")
    assert "changed since this run began; the run keeps" in standing(begun.info).notice
    again(filled, notes, None)
    again(filled, notes, BODY)
    assert standing(begun.info).standing is Standing.SAME
    assert filled.checklists.runs(filled.posts.get("release"))[0].id == run_id


def test_what_changed_since_the_last_finished_run(filled: Library, notes: Path, clock: FixedClock) -> None:
    def changes() -> list[tuple[Difference, str]]:
        post = filled.posts.get("release")
        found = filled.checklists.changes_since_last(post, filled.checklists.choose(post))
        steps = [] if found is None else [(c.difference, c.after or c.before) for c in found.changed]
        return [(difference, step.text) for difference, step in steps if step]

    filled.checklists.start("release")
    again(filled, notes, BODY.replace("Tell Ben", "Tell Ben and Ann"))
    assert changes() == []
    finish(filled, filled.checklists.resolve(), clock)
    again(filled, notes, BODY.replace("git tag x", "git tag y") + "- [ ] Sleep\n")
    # The run has the steps of its start, not those that the post had when it was finished.
    assert changes() == [(Difference.CHANGED, "Tag it"), (Difference.ADDED, "Sleep")]
    again(filled, notes, BODY)
    assert changes() == []


# What runs tell


def test_history_and_the_last_successful_run(filled: Library, clock: FixedClock) -> None:
    post = filled.posts.get("release")
    assert filled.checklists.last_successful_run(post) is None
    ids = []
    for failed in ((), (2,), (2, 3)):
        ids.append(filled.checklists.start("release").info.id)
        finish(filled, ids[-1], clock, *failed)
        clock.forward(days=1)
    ids.append(filled.checklists.start("release").info.id)
    filled.checklists.skip(ids[-1], 1, "x")
    filled.checklists.abandon(ids[-1], "called off")
    filled.checklists.start("release")
    told = filled.checklists.history(post)
    assert [run.id for run in told.runs] == ids
    assert [run.duration(clock()) for run in told.runs] == [timedelta(minutes=3)] * 3 + [timedelta()]
    assert [(step.text, step.times) for step in told.failed] == [("Verify the tag", 2), ("Tell Ben", 1)]
    assert [(step.text, step.times) for step in told.skipped] == [("Tag it", 1)]
    last = filled.checklists.last_successful_run(post)
    assert last is not None
    assert last.id == ids[0]
    assert len(filled.checklists.history(post, limit=2).runs) == 2


def test_a_run_is_exported_with_its_evidence(filled: Library, begun: ChecklistRun) -> None:
    run_id = begun.info.id
    filled.checklists.evidence(run_id, 1, "v1.2.3\x1b[31m\n", "git tag")
    told = filled.checklists.markdown(run_id)
    assert "  ```sh\n  git tag x\n  ```\n" in told
    assert "Evidence from git tag" in told
    assert "v1.2.3␛[31m" in told
    with pytest.raises(RunNotFoundError):
        filled.checklists.markdown("01")
