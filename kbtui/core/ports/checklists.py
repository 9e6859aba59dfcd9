"""Runs of checklists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kbtui.core.checklists.checklist import Step
    from kbtui.core.checklists.run import ChecklistRun, Redline, RunEvent, RunInfo, RunState, StepState

Place = tuple[str, str]
"""Source and path of a post: what it is known by even when it is gone or comes back."""


@dataclass(frozen=True, slots=True)
class PostAt:
    """The post that a library has at a place."""

    slug: str
    revision: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A step that was skipped or failed in runs that have ended."""

    text: str
    state: StepState
    times: int


class ChecklistStore(Protocol):
    """Runs of checklists. They outlive their posts, and nothing of them is ever changed or deleted, only added to."""

    def post_at(self, place: Place) -> PostAt | None:
        """The post at a place; None where there is none."""
        ...

    def start(self, run: RunInfo, steps: Sequence[Step]) -> None:
        """Keep a new run with its steps."""
        ...

    def append(self, run_id: str, event: RunEvent, evidence: str = "") -> RunEvent | None:
        """Add an event; it is on disk, with the number that it was given. None where it would change nothing.

        Where it finishes a run without a failed step, the post of the run waits to be indexed again: it is known to be
        good since then.

        Raises `RunNotFoundError`, `StepNotFoundError`, `RunClosedError`, `RunUnfinishedError`, `StepSettledError` where
        a step that is to be settled is settled otherwise, or `RedlineError` where there is no such proposed change or
        it is decided.
        """
        ...

    def find(self, run_id: str) -> ChecklistRun | None:
        """The whole run with this id."""
        ...

    def version(self, run_id: str) -> int:
        """The number of the last event of a run; 0 where there is none."""
        ...

    def beginning_with(self, start: str, limit: int) -> list[str]:
        """Ids that begin so, in order."""
        ...

    def page(
        self, *, states: Collection[RunState], place: Place | None = None, limit: int, offset: int = 0
    ) -> list[RunInfo]:
        """Runs in one of these states, of all posts or of one: open ones first, and of those alike the last started."""
        ...

    def last_successful(self, place: Place, checklist: str | None = None) -> RunInfo | None:
        """The run of a post that was last finished without a failed step."""
        ...

    def last_finished(self, place: Place, checklist: str) -> RunInfo | None:
        """The run of a checklist that was last finished."""
        ...

    def troubles(self, place: Place, limit: int) -> list[Trouble]:
        """The steps most often skipped or failed in the runs of a post that have ended."""
        ...

    def open_redlines(self, place: Place | None, limit: int) -> list[tuple[RunInfo, Redline]]:
        """Proposed changes that nobody decided on, of all posts or of one: the oldest first."""
        ...

    def count_open_redlines(self, place: Place | None) -> int:
        """How many proposed changes nobody decided on, of all posts or of one."""
        ...

    def evidence(self, run_id: str, number: int) -> str | None:
        """The evidence of an event."""
        ...

    def values(self, run_id: str) -> dict[str, str]:
        """What was filled in for placeholders in this run."""
        ...

    def remember_values(self, run_id: str, values: Mapping[str, str]) -> None:
        """Keep these values in the place of those for the same names; an empty one is forgotten."""
        ...
