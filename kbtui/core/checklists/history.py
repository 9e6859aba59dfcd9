"""What is told of the runs of a post: how it stands to a run, what changed since the last one, how runs went."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kbtui.core.checklists.checklist import Difference, StepChange
from kbtui.core.checklists.run import RunInfo


class Standing(Enum):
    """Whether a post is still what a run began with."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class PostStanding:
    """How a post stands to a run of it."""

    standing: Standing
    slug: str = ""
    """The slug of the post by now; empty where it is gone."""
    began_with: int = 0
    revision: int = 0
    """The revision that the run began with, and the one that the post has by now."""

    @property
    def notice(self) -> str:
        """A sentence for whoever goes on with the run; "" where nothing is to be said."""
        if self.standing is Standing.GONE:
            return "The post is no longer in the library; the run stands, with the steps as they were at its start."
        if self.standing is Standing.CHANGED:
            # One that was gone and came back is counted from 1 again.
            which = f" (revision {self.began_with}, now {self.revision})" if self.revision > self.began_with else ""
            return f"The post was changed since this run began{which}; the run keeps the steps as they were."
        return ""


@dataclass(frozen=True, slots=True)
class ChangesSince:
    """What differs between the steps of the last finished run and those of the post by now."""

    last: RunInfo
    steps: tuple[StepChange, ...]
    """Every step of both, in order, those that stayed the same among them."""

    @property
    def changed(self) -> list[StepChange]:
        """The steps that are new, gone or changed."""
        return [change for change in self.steps if change.difference is not Difference.SAME]


@dataclass(frozen=True, slots=True)
class TroubledStep:
    """A step by its text, and how often it was skipped or failed."""

    text: str
    times: int


@dataclass(frozen=True, slots=True)
class RunHistory:
    """The runs of a post that have ended."""

    runs: tuple[RunInfo, ...]
    """The oldest first, as a plot shows them."""
    skipped: tuple[TroubledStep, ...]
    failed: tuple[TroubledStep, ...]
    """The most frequent first."""
