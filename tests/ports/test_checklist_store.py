"""What every `ChecklistStore` promises."""

from __future__ import annotations

import itertools
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.core.checklists.checklist import Step, StepCode
from kbtui.core.checklists.run import EventKind, RunEvent, RunInfo, RunState, StepState, replay
from kbtui.core.errors import (
    KbtuiError,
    RedlineError,
    RunClosedError,
    RunNotFoundError,
    RunUnfinishedError,
    StepNotFoundError,
    StepSettledError,
)
from kbtui.core.ports import ChecklistStore, PostStore
from kbtui.core.text import storable
from kbtui.core.ulid import new_ulid
from tests.factories import NASTY, NOON, a_post
from tests.runs import STEPS, a_run, an_event, changes

RUN = a_run().id


@pytest.fixture
def started(runs: ChecklistStore) -> ChecklistStore:
    runs.start(a_run(), STEPS)
    return runs


def states(store: ChecklistStore, run_id: str = RUN) -> list[StepState]:
    run = store.find(run_id)
    assert run is not None
    return [step.state for step in run.steps]


def settle(store: ChecklistStore, run_id: str, *kinds: EventKind, ended: EventKind | None = EventKind.FINISHED) -> None:
    """Mark the steps one by one, and end the run."""
    for number, kind in enumerate(kinds, 1):
        store.append(run_id, an_event(kind, number, "why", minute=number))
    if ended is not None:
        store.append(run_id, an_event(ended, minute=10))


def test_a_run_is_kept_with_its_steps(started: ChecklistStore) -> None:
    assert started.find(RUN) == replay(a_run(), STEPS, [])
    assert started.find("01JD") is None
    assert started.version(RUN) == started.version("other") == 0


def test_every_change_is_an_event(started: ChecklistStore) -> None:
    given = [
        an_event(EventKind.DONE, 1, minute=1, host="web-1"),
        an_event(EventKind.UNDONE, 1, minute=2),
        an_event(EventKind.FAILED, 1, "no room", minute=3),
        an_event(EventKind.NOTED, 2, "odd", minute=4),
    ]
    kept = [started.append(RUN, event) for event in given]
    assert kept == [replace(event, number=number) for number, event in enumerate(given, 1)]
    run = started.find(RUN)
    assert run is not None
    assert list(run.events) == kept
    assert states(started) == [StepState.FAILED, StepState.TODO, StepState.TODO]
    assert started.version(RUN) == 4


def test_what_is_so_already_changes_nothing(started: ChecklistStore) -> None:
    assert started.append(RUN, an_event(EventKind.UNDONE, 1)) is None
    started.append(RUN, an_event(EventKind.SKIPPED, 1, "first"))
    assert started.append(RUN, an_event(EventKind.SKIPPED, 1, "second")) is None
    assert started.version(RUN) == 1


@pytest.mark.parametrize(
    ("first", "second"), itertools.permutations([EventKind.DONE, EventKind.SKIPPED, EventKind.FAILED], 2)
)
def test_a_settled_step_is_not_overwritten(started: ChecklistStore, first: EventKind, second: EventKind) -> None:
    started.append(RUN, an_event(first, 2, "x"))
    with pytest.raises(StepSettledError, match=f"Step 2 was marked {first.value} by ann at 2026-03-01 12:00:00Z"):
        started.append(RUN, an_event(second, 2, "y"))
    started.append(RUN, an_event(EventKind.UNDONE, 2))
    assert started.append(RUN, an_event(second, 2, "y")) is not None


def test_what_cannot_be_changed_is_told(started: ChecklistStore) -> None:
    with pytest.raises(RunNotFoundError):
        started.append("other", an_event(EventKind.DONE, 1))
    for step in (0, 4, -1):
        with pytest.raises(StepNotFoundError, match="1 to 3"):
            started.append(RUN, an_event(EventKind.NOTED, step, "x"))
    started.append(RUN, an_event(EventKind.DONE, 1))
    with pytest.raises(RunUnfinishedError, match="2 steps are still to be done"):
        started.append(RUN, an_event(EventKind.FINISHED))
    settle(started, RUN, EventKind.DONE, EventKind.FAILED, EventKind.SKIPPED)
    for kind in (EventKind.UNDONE, EventKind.NOTED, EventKind.FINISHED, EventKind.ABANDONED):
        with pytest.raises(RunClosedError, match="was finished"):
            started.append(RUN, an_event(kind, 1, "x"))


def test_proposed_changes(started: ChecklistStore) -> None:
    for step, text in ((1, "look twice"), (3, "restart once")):
        started.append(RUN, an_event(EventKind.REDLINED, step, text))
    started.append(RUN, an_event(EventKind.NOTED, 3, "x"))
    place = (a_run().source, a_run().path)
    assert [(run.id, one.number, one.step, one.text) for run, one in started.open_redlines(place, 9)] == [
        (RUN, 1, 1, "look twice"),
        (RUN, 2, 3, "restart once"),
    ]
    started.append(RUN, an_event(EventKind.ABANDONED, text="x"))
    decided = started.append(RUN, an_event(EventKind.DECLINED, text="no", refers=2))
    assert decided is not None
    assert decided.step == 3
    assert [one.number for _, one in started.open_redlines(None, 9)] == [1]
    assert started.open_redlines(("notes", "other.md"), 9) == []
    assert [started.count_open_redlines(at) for at in (None, place, ("notes", "other.md"))] == [1, 1, 0]
    for number, said in ((2, "declined already"), (3, "no proposed change 3"), (0, "no proposed change")):
        with pytest.raises(RedlineError, match=said):
            started.append(RUN, an_event(EventKind.TAKEN, refers=number))


def test_runs_are_listed_open_first_then_the_last_started(runs: ChecklistStore) -> None:
    made = [a_run(id=f"01{letter}", path=path) for letter, path in zip("ABCDE", "xyxyx", strict=True)]
    for run in made:
        runs.start(run, STEPS)
    settle(runs, "01C", *[EventKind.DONE] * 3)
    settle(runs, "01D", ended=EventKind.ABANDONED)

    def ids(*chosen: RunState, path: str = "", limit: int = 9, offset: int = 0) -> str:
        place = ("notes", path) if path else None
        found = runs.page(states=chosen or tuple(RunState), place=place, limit=limit, offset=offset)
        return "".join(run.id[-1] for run in found)

    assert ids() == "EBADC"
    assert ids(limit=2, offset=1) == "BA"
    assert ids(limit=2, offset=3) == "DC"
    assert ids(path="x") == "EAC"
    assert ids(RunState.ABANDONED, RunState.DONE, path="y") == "D"
    assert runs.page(states=(), limit=9) == []
    assert runs.beginning_with("01", 3) == ["01A", "01B", "01C"]
    assert runs.beginning_with("01E", 3) == ["01E"]
    assert runs.beginning_with("02", 3) == []


def test_the_last_run_that_was_finished_or_went_well(runs: ChecklistStore) -> None:
    place = (a_run().source, a_run().path)
    assert runs.last_finished(place, "tasks") is None
    assert runs.last_successful(place) is None
    for letter, kind, checklist in (
        ("A", EventKind.DONE, "tasks"),
        ("B", EventKind.FAILED, "tasks"),
        ("C", EventKind.SKIPPED, "field"),
    ):
        runs.start(a_run(id=f"01{letter}", checklist=checklist), STEPS)
        settle(runs, f"01{letter}", EventKind.DONE, kind, EventKind.DONE, ended=None)
        runs.append(f"01{letter}", an_event(EventKind.FINISHED, minute=20 + ord(letter)))
    runs.start(a_run(id="01D"), STEPS)

    def last(run: RunInfo | None) -> str:
        return "" if run is None else run.id

    assert last(runs.last_finished(place, "tasks")) == "01B"
    assert last(runs.last_successful(place)) == "01C"
    assert last(runs.last_successful(place, "tasks")) == "01A"
    assert last(runs.last_successful(("notes", "other.md"))) == ""


def test_steps_that_are_skipped_or_fail_are_counted_by_what_they_end_as(runs: ChecklistStore) -> None:
    for letter, second in (("A", EventKind.FAILED), ("B", EventKind.FAILED), ("C", EventKind.DONE)):
        runs.start(a_run(id=f"01{letter}"), STEPS)
        runs.append(f"01{letter}", an_event(EventKind.FAILED, 1, "x"))
        runs.append(f"01{letter}", an_event(EventKind.UNDONE, 1))
        settle(runs, f"01{letter}", EventKind.DONE, second, EventKind.SKIPPED)
    runs.start(a_run(id="01D"), STEPS)
    runs.append("01D", an_event(EventKind.FAILED, 1, "x"))
    told = [(one.text, one.state, one.times) for one in runs.troubles((a_run().source, a_run().path), 9)]
    assert told == [("restart", StepState.SKIPPED, 3), ("verify the mount", StepState.FAILED, 2)]


def test_evidence_is_kept_apart(started: ChecklistStore) -> None:
    event = started.append(RUN, an_event(EventKind.EVIDENCE, 2, "plan.txt", size=7), "a\x00b\ud800 …")
    assert event is not None
    assert started.evidence(RUN, event.number) == storable("a\x00b\ud800 …")
    assert started.evidence(RUN, 9) is None
    assert started.evidence("other", 1) is None


def test_values_of_placeholders_belong_to_a_run(started: ChecklistStore) -> None:
    started.remember_values(RUN, {"pod": "web-1", "ns": "prod"})
    started.remember_values(RUN, {"pod": "web-2", "ns": ""})
    started.remember_values("other", {"pod": "x"})
    assert started.values(RUN) == {"pod": "web-2"}
    assert started.values("other") == {}


def test_a_run_stands_when_its_post_goes_and_comes_back(runs: ChecklistStore, store: PostStore) -> None:
    (saved,) = store.save([a_post(title="disk full")], NOON)
    place = ("notes", "disk-full.md")
    at = runs.post_at(place)
    assert at is not None
    assert (at.slug, at.revision, len(at.content_hash)) == (saved.slug, 1, 64)
    runs.start(a_run(path="disk-full.md"), STEPS)
    runs.append(RUN, an_event(EventKind.DONE, 1))
    store.remove([saved.id])
    assert runs.post_at(place) is None
    assert states(runs)[0] is StepState.DONE
    assert runs.append(RUN, an_event(EventKind.DONE, 2)) is not None
    store.save([a_post(title="disk full", body="new")], NOON)
    again = runs.post_at(place)
    assert again is not None
    assert again.content_hash != at.content_hash
    assert [run.id for run in runs.page(states=tuple(RunState), place=place, limit=9)] == [RUN]


@pytest.mark.parametrize("text", [*NASTY, "\ud800"])
def test_odd_texts_are_kept_as_they_can_be_stored(runs: ChecklistStore, text: str) -> None:
    step = Step(text or "x", text, (StepCode(text, text),), text)
    run = a_run(title=text, slug=text, who=text, host=text, section=text, path=text)
    runs.start(run, [step])
    runs.append(RUN, replace(an_event(EventKind.FAILED, 1, text), who=text))
    found = runs.find(RUN)
    assert found is not None
    assert (found.info.title, found.info.who) == (storable(text), storable(text))
    assert [storable(code.text) for code in found.steps[0].step.commands] == [storable(text)]
    assert (found.steps[0].reason, found.steps[0].changed_by) == (storable(text), storable(text))
    assert [one.id for one in runs.page(states=[RunState.OPEN], place=(run.source, text), limit=9)] == [RUN]


def test_a_run_of_many_steps(runs: ChecklistStore) -> None:
    steps = [Step(f"step {number}") for number in range(10_000)]
    runs.start(a_run(), steps)
    assert runs.append(RUN, an_event(EventKind.DONE, 10_000)) is not None
    (run,) = runs.page(states=[RunState.OPEN], limit=9)
    assert (run.steps, run.done, run.todo) == (10_000, 1, 9_999)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(changes(), max_size=20))
def test_lists_say_what_the_replay_of_the_events_says(runs: ChecklistStore, events: list[RunEvent]) -> None:
    run_id = new_ulid(NOON)
    start = a_run(id=run_id, path=run_id)
    runs.start(start, STEPS)
    kept = []
    for event in events:
        with suppress(KbtuiError):
            kept.append(runs.append(run_id, event))
    run = runs.find(run_id)
    assert run is not None
    assert [event.number for event in run.events] == list(range(1, len(run.events) + 1))
    assert run.events == tuple(event for event in kept if event is not None)
    assert run == replay(start, STEPS, run.events)
    assert runs.page(states=tuple(RunState), place=("notes", run_id), limit=9) == [run.info]
    assert runs.version(run_id) == run.version


def test_times_are_kept_to_the_microsecond(started: ChecklistStore) -> None:
    at = NOON + timedelta(microseconds=123_456)
    started.append(RUN, replace(an_event(EventKind.DONE, 1), at=at))
    run = started.find(RUN)
    assert run is not None
    assert run.steps[0].changed_at == at
