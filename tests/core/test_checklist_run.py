"""The state of a run is the replay of its events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.checklists.run import (
    STEP_STATES,
    ChecklistRun,
    EventKind,
    RedlineState,
    RunEvent,
    RunState,
    StepState,
    replay,
    summarise,
)
from tests.factories import NOON
from tests.linear import assert_linear
from tests.runs import STEPS, a_run, an_event, changes

histories = st.lists(changes(), max_size=30)


def numbered(events: Sequence[RunEvent]) -> list[RunEvent]:
    return [replace(event, number=number) for number, event in enumerate(events, 1)]


def after(*events: RunEvent) -> ChecklistRun:
    return replay(a_run(), STEPS, numbered(events))


def test_a_run_begins_with_everything_to_do() -> None:
    run = after()
    assert [step.state for step in run.steps] == [StepState.TODO] * 3
    assert (run.info, run.version, run.current) == (a_run(), 0, run.steps[0])


def test_marks_notes_evidence_and_reasons() -> None:
    run = after(
        an_event(EventKind.DONE, 1, minute=1),
        an_event(EventKind.FAILED, 2, "no mount", minute=2),
        an_event(EventKind.NOTED, 2, "odd", minute=3),
        an_event(EventKind.EVIDENCE, 1, "df.txt", size=9),
    )
    first, second, third = run.steps
    assert (first.state, first.changed_at, first.changed_by) == (StepState.DONE, NOON + timedelta(minutes=1), "ann")
    assert [(one.number, one.text, one.size) for one in first.evidence] == [(4, "df.txt", 9)]
    assert (second.state, second.reason, [note.text for note in second.notes]) == (
        StepState.FAILED,
        "no mount",
        ["odd"],
    )
    assert (run.current, run.version) == (third, 4)
    assert (run.info.done, run.info.failed, run.info.todo) == (1, 1, 1)


def test_what_is_taken_back_stays_visible() -> None:
    run = after(an_event(EventKind.FAILED, 1, "oops"), an_event(EventKind.UNDONE, 1))
    assert (run.steps[0].state, run.steps[0].reason) == (StepState.TODO, "")
    assert [event.kind for event in run.events] == [EventKind.FAILED, EventKind.UNDONE]


def test_proposed_changes_are_decided_on_even_later() -> None:
    run = after(
        an_event(EventKind.REDLINED, 1, "look twice"),
        an_event(EventKind.REDLINED, 1, "look away"),
        an_event(EventKind.ABANDONED, text="fire", minute=5),
        an_event(EventKind.DECLINED, text="no", refers=2, minute=9),
        an_event(EventKind.TAKEN, refers=1),
        an_event(EventKind.TAKEN, refers=77),
    )
    one, two = run.steps[0].redlines
    assert (one.state, one.text) == (RedlineState.TAKEN, "look twice")
    assert (two.state, two.reason, two.decided_by) == (RedlineState.DECLINED, "no", "ann")
    assert (run.info.state, run.reason) == (RunState.ABANDONED, "fire")
    assert run.info.finished_at == NOON + timedelta(minutes=5)


@given(histories)
def test_each_step_is_what_its_last_mark_says(events: list[RunEvent]) -> None:
    run = after(*events)
    for step in run.steps:
        marks = [event for event in events if event.kind in STEP_STATES and event.step == step.number]
        assert step.state is (STEP_STATES[marks[-1].kind] if marks else StepState.TODO)
        assert [note.text for note in step.notes] == [
            event.text for event in events if event.kind is EventKind.NOTED and event.step == step.number
        ]
    counted = [step.state for step in run.steps]
    info = run.info
    assert [info.todo, info.done, info.skipped, info.failed] == [counted.count(state) for state in StepState]


@given(histories, st.integers(0, 30))
def test_a_replay_may_be_taken_up_anywhere(events: list[RunEvent], cut: int) -> None:
    whole = numbered(events)
    part = replay(a_run(), STEPS, whole[:cut])
    assert replay(a_run(), STEPS, [*part.events, *whole[cut:]]) == replay(a_run(), STEPS, whole)


@given(histories)
def test_events_of_different_steps_may_change_places(events: list[RunEvent]) -> None:
    marks = [event for event in events if event.kind in STEP_STATES and 0 < event.step <= len(STEPS)]
    by_step = sorted(marks, key=lambda event: event.step)
    assert [s.state for s in after(*marks).steps] == [s.state for s in after(*by_step).steps]


def test_the_summary_names_the_step_that_took_longest() -> None:
    run = after(
        an_event(EventKind.DONE, 2, minute=2),
        an_event(EventKind.DONE, 1, minute=12),
        an_event(EventKind.SKIPPED, 3, "not here", minute=13),
        an_event(EventKind.FINISHED, minute=20),
    )
    summary = summarise(run, NOON + timedelta(days=9))
    assert (summary.done, summary.skipped, summary.failed, summary.todo) == (2, 1, 0, 0)
    assert summary.duration == timedelta(minutes=20)
    assert summary.slowest is run.steps[0]
    assert summary.slowest_took == timedelta(minutes=10)
    assert run.info.is_successful


def test_a_run_without_settled_steps_has_no_slowest() -> None:
    summary = summarise(after(), NOON + timedelta(minutes=3))
    assert (summary.slowest, summary.duration) == (None, timedelta(minutes=3))


def test_the_time_of_a_replay_grows_with_the_events() -> None:
    def events(count: int) -> list[RunEvent]:
        return numbered([an_event(EventKind.DONE if n % 2 else EventKind.UNDONE, 1 + n % 3) for n in range(count)])

    assert_linear(lambda given: replay(a_run(), STEPS, given), events, 1_000)
