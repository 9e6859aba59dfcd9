"""A comparison of two texts as lines of the screen."""

from __future__ import annotations

from collections.abc import Iterable

from kbtui.core.text import clean, visible
from kbtui.tui.widgets.lines_view import Line, Look

_LOOKS = {"@": Look.PLACE, "+": Look.ADDED, "-": Look.REMOVED}


def diff_lines(lines: Iterable[str]) -> list[Line]:
    """The lines of a unified comparison, safe to show."""
    return [((clean(line.replace("\r", visible("\r"))), _look(line, at)),) for at, line in enumerate(lines)]


def _look(line: str, at: int) -> Look:
    # Only the first two lines are names: one that was removed may begin with hyphens of its own.
    return Look.HEAD if at < 2 else _LOOKS.get(line[:1], Look.PLAIN)
