"""What a reader should be wary of before relying on a post."""

from __future__ import annotations

from datetime import date
from enum import Enum

from kbtui.core.post import PostSummary


class Badge(Enum):
    """A warning beside a title; the value is its wording."""

    NEEDS_REVIEW = "needs review"
    DRAFT = "draft"
    STALE = "stale"


def badges(post: PostSummary, today: date, stale_after_days: int) -> list[Badge]:
    """The warnings for a post. Stale is what was last known to be good longer ago than `stale_after_days`."""
    known = post.known_good
    found = {
        Badge.NEEDS_REVIEW: post.needs_review,
        Badge.DRAFT: post.status.casefold() == "draft",
        Badge.STALE: known is not None and known.is_stale(today, stale_after_days),
    }
    return [badge for badge, holds in found.items() if holds]
