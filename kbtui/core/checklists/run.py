"""Runs of checklists: a record of what was done. The state of a run is what the replay of its events gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from kbtui.core.checklists.checklist import Step


class StepState(Enum):
    """What became of a step so far."""

    TODO = "todo"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class RunState(Enum):
    """Whether a run goes on."""

    OPEN = "open"
    DONE = "done"
    ABANDONED = "abandoned"


class EventKind(Enum):
    """What happened in a run."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNDONE = "undone"
    """The step is to be done again."""
    NOTED = "noted"
    EVIDENCE = "evidence"
    REDLINED = "redlined"
    """A change of the step's text was proposed."""
    TAKEN = "taken"
    """A proposed change went into the post."""
    DECLINED = "declined"
    FINISHED = "finished"
    ABANDONED = "abandoned"


STEP_STATES = {
    EventKind.DONE: StepState.DONE,
    EventKind.SKIPPED: StepState.SKIPPED,
    EventKind.FAILED: StepState.FAILED,
    EventKind.UNDONE: StepState.TODO,
}
"""The state that a step is in after an event."""
RUN_STATES = {EventKind.FINISHED: RunState.DONE, EventKind.ABANDONED: RunState.ABANDONED}
"""The state that a run is in after an event."""
DECISIONS = (EventKind.TAKEN, EventKind.DECLINED)
"""What decides on a proposed change; it may come after the run has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """Something that happened in a run. Kept for ever, in the order in which it came to the disk."""

    number: int = 0
    """From 1, without a gap in its run; 0 before it is stored."""
    kind: EventKind
    at: datetime
    who: str
    host: str = ""
    step: int = 0
    """The number of the step, from 1; 0 where the run as a whole is meant."""
    text: str = ""
    """The reason, the note or the proposed text; of evidence where it came from."""
    refers: int = 0
    """Of a decision: the number of the event that proposed the change."""
    size: int = 0
    """Of evidence: its bytes. The evidence itself is read apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """What a list shows of a run; never holds its steps."""

    id: str
    """A ULID: sorts by the time of the start."""
    slug: str
    title: str
    source: str
    path: str
    """Slug, title and place of the post as they were at the start."""
    revision: int
    content_hash: str
    """Which text the run is about."""
    checklist: str
    """The name of the checklist in its post."""
    section: str = ""
    who: str
    host: str
    started_at: datetime
    steps: int
    """How many there are."""
    done: int = 0
    skipped: int = 0
    failed: int = 0
    state: RunState = RunState.OPEN
    finished_at: datetime | None = None
    """When it was finished or abandoned."""

    @property
    def todo(self) -> int:
        """How many steps are still to be done."""
        return self.steps - self.done - self.skipped - self.failed

    @property
    def is_successful(self) -> bool:
        """Whether it was finished and no step failed."""
        return self.state is RunState.DONE and not self.failed

    def duration(self, now: datetime) -> timedelta:
        """How long it took, or takes until now."""
        return max(timedelta(), (self.finished_at or now) - self.started_at)


class RedlineState(Enum):
    """What became of a proposed change."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Redline:
    """A change of a step's text that was proposed during a run."""

    number: int
    """The number of its event in the run."""
    step: int
    text: str
    at: datetime
    who: str
    state: RedlineState = RedlineState.OPEN
    reason: str = ""
    """Why it was declined."""
    decided_at: datetime | None = None
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class RunStep:
    """A step of a run: as it was copied at the start, and what became of it."""

    number: int
    step: Step
    state: StepState = StepState.TODO
    reason: str = ""
    """Why it was skipped or failed."""
    changed_at: datetime | None = None
    changed_by: str = ""
    """When the state was last changed, and by whom."""
    notes: tuple[RunEvent, ...] = ()
    evidence: tuple[RunEvent, ...] = ()
    redlines: tuple[Redline, ...] = ()


@dataclass(frozen=True, slots=True)
class ChecklistRun:
    """A whole run."""

    info: RunInfo
    steps: tuple[RunStep, ...]
    events: tuple[RunEvent, ...] = ()
    """Everything that happened, in order."""
    reason: str = ""
    """Why it was abandoned."""

    @property
    def version(self) -> int:
        """The number of the last event; another one tells that something happened."""
        return self.events[-1].number if self.events else 0

    @property
    def current(self) -> RunStep | None:
        """The first step that is still to be done."""
        return next((step for step in self.steps if step.state is StepState.TODO), None)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run comes to."""

    done: int
    skipped: int
    failed: int
    todo: int
    duration: timedelta
    slowest: RunStep | None
    """The step that took longest from the one settled before it; None where no step was settled."""
    slowest_took: timedelta


def replay(start: RunInfo, steps: Sequence[Step], events: Iterable[RunEvent]) -> ChecklistRun:
    """The run after these events. `start` is the run without any; events of steps that it has not are passed over."""
    told = _Replay([RunStep(number, step) for number, step in enumerate(steps, 1)], tuple(events))
    for event in told.events:
        told.take(event)
    states = [step.state for step in told.steps]
    info = replace(
        start,
        steps=len(states),
        done=states.count(StepState.DONE),
        skipped=states.count(StepState.SKIPPED),
        failed=states.count(StepState.FAILED),
        state=told.state,
        finished_at=told.ended_at,
    )
    return ChecklistRun(info, tuple(told.steps), told.events, told.reason)


@dataclass(slots=True)
class _Replay:
    """A run while its events are taken one by one."""

    steps: list[RunStep]
    events: tuple[RunEvent, ...]
    state: RunState = RunState.OPEN
    ended_at: datetime | None = None
    reason: str = ""
    proposed: dict[int, int] = field(default_factory=dict)
    """By number of a proposed change: its step."""

    def take(self, event: RunEvent) -> None:
        """Take the next event."""
        if event.kind in RUN_STATES:
            self.state, self.ended_at, self.reason = RUN_STATES[event.kind], event.at, event.text
        elif event.kind in DECISIONS:
            self._decide(event)
        elif 0 < event.step <= len(self.steps):
            self.steps[event.step - 1] = self._changed(self.steps[event.step - 1], event)

    def _changed(self, step: RunStep, event: RunEvent) -> RunStep:
        if event.kind is EventKind.NOTED:
            return replace(step, notes=(*step.notes, event))
        if event.kind is EventKind.EVIDENCE:
            return replace(step, evidence=(*step.evidence, event))
        if event.kind is EventKind.REDLINED:
            self.proposed[event.number] = event.step
            made = Redline(event.number, event.step, event.text, event.at, event.who)
            return replace(step, redlines=(*step.redlines, made))
        state = STEP_STATES[event.kind]
        return replace(step, state=state, reason=event.text, changed_at=event.at, changed_by=event.who)

    def _decide(self, event: RunEvent) -> None:
        number = self.proposed.get(event.refers)
        if number is None:
            return
        state = RedlineState.TAKEN if event.kind is EventKind.TAKEN else RedlineState.DECLINED
        step = self.steps[number - 1]
        redlines = tuple(
            replace(one, state=state, reason=event.text, decided_at=event.at, decided_by=event.who)
            if one.number == event.refers
            else one
            for one in step.redlines
        )
        self.steps[number - 1] = replace(step, redlines=redlines)


def summarise(run: ChecklistRun, now: datetime) -> RunSummary:
    """What the run comes to, at `now` where it goes on."""
    info = run.info
    before, slowest, longest = info.started_at, None, timedelta()
    settled = (step for step in run.steps if step.state is not StepState.TODO)
    for step in sorted(settled, key=lambda one: one.changed_at or info.started_at):
        at = step.changed_at or before
        if slowest is None or at - before > longest:
            slowest, longest = step, at - before
        before = at
    return RunSummary(info.done, info.skipped, info.failed, info.todo, info.duration(now), slowest, longest)
