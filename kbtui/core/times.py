"""Times as people type them to ask what happened: `6h`, `2d`, `yesterday`, `2026-11-01`, `2026-11-01 14:30`."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from kbtui.core.errors import UsageError
from kbtui.core.text import shorten

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(?:[0-9]{1,9}[smhdw])+")
_PART = re.compile(r"([0-9]+)([smhdw])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_NAMED_DAYS = {"today": 0, "yesterday": 1}
_LAST = timedelta(microseconds=1)
_SHOWN = 40


def parse_time(text: str, now: datetime, *, latest: bool = False) -> datetime:
    """The time that is meant, aware.

    A length of time such as `90m` or `1d12h` (s, m for minutes, h, d, w) lies so long before `now`. Days and times
    without a zone are those of this machine's time zone. A day means its first moment, with `latest` its last.
    Raises `UsageError` for anything else.
    """
    said = text.strip().lower().removesuffix(" ago").strip()
    try:
        found = _parsed(said, now, latest=latest)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"{shorten(text, _SHOWN)!r} is no time that there is.") from error
    if found is None:
        raise UsageError(
            f"{shorten(text, _SHOWN)!r} is no time. Times are 90m, 6h, 2d or 1w before now, today, yesterday, 14:30, "
            "2026-11-01 or 2026-11-01T14:30."
        )
    return found


def _parsed(said: str, now: datetime, *, latest: bool) -> datetime | None:
    today = now.astimezone().date()
    if _DURATION.fullmatch(said):
        return now - sum((timedelta(**{_UNITS[unit]: int(n)}) for n, unit in _PART.findall(said)), timedelta())
    if said in _NAMED_DAYS or _DAY.fullmatch(said):
        is_named = said in _NAMED_DAYS
        day = today - timedelta(days=_NAMED_DAYS[said]) if is_named else date.fromisoformat(said)
        return _day(day, latest=latest)
    if clock := _CLOCK.fullmatch(said):
        return datetime.combine(today, time(int(clock[1]), int(clock[2]))).astimezone()
    if _MOMENT.fullmatch(said.upper()):
        return datetime.fromisoformat(said.upper()).astimezone()
    return None


def _day(day: date, *, latest: bool) -> datetime:
    """The first or the last moment of a day where this machine stands."""
    if not latest:
        return datetime.combine(day, time()).astimezone()
    return datetime.combine(day + timedelta(days=1), time()).astimezone() - _LAST
