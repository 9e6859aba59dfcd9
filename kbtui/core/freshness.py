"""Since when a post is known to be good, and by what: a review that somebody dated, or a run that went well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class GoodRun:
    """The run of a post's checklists that was last finished without a failed step."""

    on: date
    """The day, in UTC, on which it was finished."""
    who: str


@dataclass(frozen=True, slots=True)
class KnownGood:
    """The last evidence that a post is right."""

    since: date
    run: GoodRun | None = None
    """The run that shows it; None where a review says so."""

    @property
    def evidence(self) -> str:
        """`run finished 2026-11-03 by ana` or `reviewed 2026-02-01`; the name was not cleaned."""
        return f"reviewed {self.since}" if self.run is None else f"run finished {self.since} by {self.run.who}"

    def is_stale(self, today: date, after_days: int) -> bool:
        """Whether that is longer ago than so many days."""
        return today - self.since > timedelta(days=after_days)


def known_good(last_reviewed: date | None, run: GoodRun | None) -> KnownGood | None:
    """The later of both, on one day the run; None where there is neither."""
    if run is not None and (last_reviewed is None or run.on >= last_reviewed):
        return KnownGood(run.on, run)
    return None if last_reviewed is None else KnownGood(last_reviewed)


def first_fresh_day(today: date, after_days: int) -> date:
    """The earliest day that is not longer ago than so many days."""
    return date.fromordinal(max(1, today.toordinal() - after_days))
