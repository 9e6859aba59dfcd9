"""How long ago something was, in a word or two."""

from __future__ import annotations

from datetime import datetime

_UNITS = ((60, "min"), (60 * 60, "h"), (24 * 60 * 60, "d"))
_LONGEST_DAYS = 30


def ago(then: datetime, now: datetime) -> str:
    """`just now`, `5 min ago`, `2 h ago`, `3 d ago`; the day of what is longer ago than a month."""
    seconds = (now - then).total_seconds()
    if seconds < _UNITS[0][0]:
        return "just now"
    if seconds >= _LONGEST_DAYS * _UNITS[-1][0]:
        return f"{then.astimezone():%Y-%m-%d}"
    size, unit = max(each for each in _UNITS if each[0] <= seconds)
    return f"{seconds // size:.0f} {unit} ago"
