"""What needs a human, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from kbtui.core.importing import ImportProblem, ImportRun, RunState
from kbtui.core.post import PostSummary

Place = tuple[str, str]
"""Source and path of a post or a file."""


class ReviewReason(Enum):
    """Why something waits, the most pressing first; the value is its wording."""

    IMPORT = "import trouble"
    REDLINE = "proposed changes"
    FLAGGED = "needs review"
    DRAFT = "draft"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """What an import said of a place that no later one has looked at again."""

    reason: str
    at: datetime
    """When that import began."""


@dataclass(frozen=True, slots=True)
class WaitingPost:
    """A post that waits, as the store tells of it."""

    id: int
    reasons: tuple[ReviewReason, ...]
    """At least one, the most pressing first."""
    redlines: int = 0
    """Proposed changes that nobody decided on."""


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A post, or a file that is no post, and why it waits."""

    source: str
    path: str
    reasons: tuple[ReviewReason, ...]
    """None of them where nothing waits, the most pressing first."""
    post: PostSummary | None = None
    """None for a file that gave no post."""
    problems: tuple[str, ...] = ()
    """What the last import said of it."""
    redlines: int = 0

    @property
    def name(self) -> str:
        """What it is called on the command line: the slug, else `source/path`."""
        return f"{self.source}/{self.path}" if self.post is None else self.post.slug


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How much waits."""

    total: int
    by_reason: Mapping[ReviewReason, int]
    """For each reason; what waits for several counts for each."""


def open_problems(
    runs: Iterable[ImportRun], problems: Callable[[int], Sequence[ImportProblem]]
) -> dict[Place, tuple[OpenProblem, ...]]:
    """The open problems of each place.

    `runs` are the newest first; `problems` gives those of a run by its number.
    """
    found: dict[Place, tuple[OpenProblem, ...]] = {}
    looked: dict[str, set[str]] = {}
    for run in runs:
        seen = looked.setdefault(run.source, set())
        if "" in seen:
            continue
        told: dict[Place, dict[OpenProblem, None]] = {}
        for problem in problems(run.id) if run.problems else ():
            place = (run.source, problem.path)
            if place not in found and not _is_below(problem.path, seen):
                told.setdefault(place, {})[OpenProblem(problem.reason, run.started_at)] = None
        found |= {place: tuple(said) for place, said in told.items()}
        if run.state is RunState.DONE:
            seen.add(run.under)
    return found


def _is_below(path: str, places: set[str]) -> bool:
    """Whether a path is one of these, lies in one of these folders, or is an item of one of these files."""
    return path in places or any(path[:at] in places for at, letter in enumerate(path) if letter in "/#")
