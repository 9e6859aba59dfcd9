"""What needs a human, as lines of the screen."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from kbtui.core.badges import Badge
from kbtui.core.review import ReviewCounts, ReviewItem, ReviewReason
from kbtui.core.text import one_line, shorten
from kbtui.tui.presentation import BOLD, COLOURS, DIM, LEAST_TITLE, TITLE_LENGTH, fitted

REASON_COLOURS = {
    ReviewReason.IMPORT: "$error",
    ReviewReason.REDLINE: "$accent",
    ReviewReason.FLAGGED: COLOURS[Badge.NEEDS_REVIEW],
    ReviewReason.DRAFT: COLOURS[Badge.DRAFT],
    ReviewReason.STALE: COLOURS[Badge.STALE],
}
BETWEEN = "  "


def review_row(item: ReviewItem, width: int) -> Content:
    """Two lines of `width` columns: what waits and why, and below that what is known of it."""
    marks = [(reason.value, REASON_COLOURS[reason]) for reason in item.reasons]
    while len(marks) > 1 and width - _width(marks) < LEAST_TITLE:
        marks.pop()
    room = max(1, width - _width(marks))
    title = item.post.title if item.post else item.path
    parts: list[tuple[str, str]] = [part for mark in marks for part in ((BETWEEN, ""), mark)]
    left = Content(set_cell_size(fitted(shorten(title, TITLE_LENGTH), room), room)).stylize(BOLD)
    return Content("\n").join([Content.assemble(left, *parts), Content(fitted(_known(item), width)).stylize(DIM)])


def review_title(counts: ReviewCounts, only: ReviewReason | None) -> Content:
    """The two lines over the queue: how much waits, and what for."""
    said = [f"{reason.value} {counts.by_reason[reason]:,}" for reason in ReviewReason if counts.by_reason[reason]]
    below = " · ".join(said) or "nothing waits for a human"
    shown = "" if only is None else f"  only {only.value}: {counts.by_reason[only]:,} · escape shows all"
    return Content.assemble(
        ("Review", BOLD), (f"  {counts.total:,}", BOLD), (shown, "$text-primary"), "\n", (below, DIM)
    )


def _known(item: ReviewItem) -> str:
    """Where the post or file comes from, and what is behind the reasons."""
    known = item.post.known_good if item.post else None
    proposed = f"{item.redlines} proposed" if item.redlines else ""
    told = (f"{item.source}/{item.path}", *item.problems, proposed, known.evidence if known else "")
    return " · ".join(one_line(part) for part in told if part)


def _width(marks: list[tuple[str, str]]) -> int:
    return sum(len(BETWEEN) + cell_len(words) for words, _ in marks)
