"""What needs a human."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime

    from kbtui.core.review import Place, ReviewCounts, ReviewReason, WaitingPost


@dataclass(frozen=True, slots=True)
class Judgement:
    """By what it is judged whether a post waits."""

    first_fresh: date
    """What was last known to be good before this day is stale."""
    troubled: frozenset[int] = frozenset()
    """The posts that an import had trouble with."""


class ReviewStore(Protocol):
    """The posts that need a human, and the troubles of imports that one has looked at. Never reads bodies."""

    def waiting(
        self, by: Judgement, reasons: Collection[ReviewReason], limit: int, offset: int = 0
    ) -> list[WaitingPost]:
        """Posts that wait for one of these reasons: the most pressing first, then the longest not reviewed."""
        ...

    def one(self, by: Judgement, post_id: int) -> WaitingPost | None:
        """Why this post waits; None where it does not."""
        ...

    def counts(self, by: Judgement) -> ReviewCounts:
        """How many posts wait."""
        ...

    def posts_at(self, places: Collection[Place]) -> dict[Place, int]:
        """The ids of the posts at these places; places without one are left out."""
        ...

    def accept(self, problems: Iterable[tuple[Place, str]], at: datetime, who: str, why: str) -> None:
        """Note that these problems of imports were looked at."""
        ...

    def accepted(self) -> dict[tuple[Place, str], datetime]:
        """All problems that were looked at, and when each was last."""
        ...
