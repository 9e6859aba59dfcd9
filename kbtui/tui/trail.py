"""Where a reader has been: the way back and forward again, as browsers keep it."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Stop:
    """A place in a post."""

    slug: str
    position: float
    """How far down the page, 0.0 to 1.0."""


@dataclass(frozen=True, slots=True)
class Trail:
    """The places before and behind the present one, the nearest last in both."""

    behind: tuple[Stop, ...] = ()
    ahead: tuple[Stop, ...] = ()

    def onward(self, here: Stop) -> Trail:
        """The trail after leaving `here` for somewhere new."""
        return Trail((*self.behind, here)[-LONGEST:])

    def back(self, here: Stop) -> tuple[Stop, Trail] | None:
        """The last place, and the trail from there; None at the beginning."""
        if not self.behind:
            return None
        return self.behind[-1], Trail(self.behind[:-1], (*self.ahead, here))

    def forward(self, here: Stop) -> tuple[Stop, Trail] | None:
        """The place that one went back from, and the trail from there; None where one did not."""
        if not self.ahead:
            return None
        return self.ahead[-1], Trail((*self.behind, here), self.ahead[:-1])

    def without(self, slug: str) -> Trail:
        """The trail without the places in a post that is gone."""
        return Trail(*(tuple(stop for stop in stops if stop.slug != slug) for stops in (self.behind, self.ahead)))
