"""What stands behind `field:` in a query, read into a clause: values, dates, ages, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from kbtui.core.index_document import HAS_VALUES, IS_VALUES
from kbtui.core.post import FACETS, facet_value
from kbtui.core.searching.clauses import DATE_FIELDS, KNOWN_GOOD, RANGE_FIELDS, Age, Bound, Clause, Filter, Group, Range

FACET_NAMES = {**{name: name for name in FACETS}, "lang": "language", "tools": "tool", "tags": "tag"}
"""How a facet may be written, and the facet."""

FIELD_NAMES = {
    **FACET_NAMES,
    **{name: name for name in ("title", "kind", "file", "command", "flag", "has", "is", *RANGE_FIELDS)},
}
"""What may stand before the colon, and the field that it names; `meta.KEY` may as well."""

MAX_VALUES = 64
"""How many values of one filter are read."""

META = "meta."


def field_named(name: str) -> str | None:
    """The field that is written so, in any case."""
    folded = name.casefold()
    if folded.startswith(META):
        return META + facet_value(folded.removeprefix(META))
    return FIELD_NAMES.get(folded)


class UnreadableValueError(ValueError):
    """A value that its field does not know. The message ends the sentence `x is searched as text: `."""


@dataclass(frozen=True, slots=True)
class FieldValues:
    """A field and what stands behind it, as it was written."""

    field: str
    values: tuple[str, ...]
    excluded: bool = False
    typed: bool = False
    """Whether the last value is still being typed."""


def field_clause(given: FieldValues, stale_after_days: int) -> Clause | None:
    """The clause, or None where what is being typed asks for nothing yet. Raises `UnreadableValueError`."""
    values = tuple(folded for value in given.values[:MAX_VALUES] if (folded := facet_value(value)))
    if not values:
        return None
    if given.field in RANGE_FIELDS:
        return _either(_ranges(given.field, values, given.typed), given.excluded)
    if given.field == "has":
        return Filter("has", _known("has", values, _HAS, given.typed), given.excluded, given.typed)
    if given.field == "is":
        return _states(_known("is", values, _IS, given.typed), given, stale_after_days)
    return Filter(given.field, tuple(dict.fromkeys(values)), given.excluded, given.typed)


def _either(clauses: Sequence[Filter | Range], excluded: bool) -> Clause | None:
    if not clauses:
        return None
    if len(clauses) > 1:
        return Group(tuple(clauses), any=True, excluded=excluded)
    (only,) = clauses
    if isinstance(only, Range):
        return Range(only.field, only.low, only.high, excluded)
    return Filter(only.field, only.values, excluded, only.typed)


# --- has: and is: ---


def _plural(word: str) -> str:
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("s") else "s")


_HAS = {
    **{name: name for name in HAS_VALUES},
    **{_plural(name): name for name in HAS_VALUES},
    "picture": "image",
    "pictures": "image",
    "task": "checklist",
    "tasks": "checklist",
}
_IS = {**{name: name for name in IS_VALUES}, "review": "needs-review"}


def _known(field: str, values: Sequence[str], names: Mapping[str, str], typed: bool) -> tuple[str, ...]:
    """The values as the index has them. One that is being typed stands for all that begin so."""
    found: dict[str, None] = {}
    for place, value in enumerate(values):
        name = re.sub("[_ ]", "-", value)
        if name in names:
            found[names[name]] = None
            continue
        is_typed = typed and place == len(values) - 1
        begun = dict.fromkeys(target for known, target in names.items() if is_typed and known.startswith(name))
        if not begun:
            raise UnreadableValueError(f"{field}: knows {', '.join(dict.fromkeys(names.values()))}")
        found.update(begun)
    return tuple(found)


def _states(values: Sequence[str], given: FieldValues, stale_after_days: int) -> Clause | None:
    held = tuple(value for value in values if value != "stale")
    clauses: list[Filter | Range] = [Filter("is", held, typed=given.typed)] if held else []
    if "stale" in values:
        # The same days as in `core.badges`.
        clauses.append(Range(KNOWN_GOOD, high=Age(stale_after_days + 1)))
    return _either(clauses, given.excluded)


# --- days, ages and numbers ---

_COMPARED = re.compile(r"(<=|>=|<|>|=|)(.*)", re.DOTALL)
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "": ">="}
_AGE = re.compile(r"([0-9]{1,4})([dwmy])")
_DAYS_IN = {"d": 1, "w": 7, "m": 30, "y": 365}
_NAMED_DAYS = {"today": 0, "yesterday": 1}
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_NUMBER = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,6}))?([km]?)")
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}
_UNFINISHED_DAY = re.compile(r"[0-9]{0,4}|[0-9]{4}-[01]?|[0-9]{4}-[0-9]{1,2}-[0-3]?")

_NO_DAY = "that is no date; dates are 2025, 2025-01, 2025-01-05, 2024..2025, today or an age such as >90d"
_NO_NUMBER = "that is no number; numbers are 100, >1.5k, <=20 or 100..200"


class _Scale(Enum):
    NUMBER = "number"
    DAY = "day"
    AGO = "ago"


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch on a scale, both ends included: numbers, days as ordinals, or days before today below zero."""

    scale: _Scale
    first: int
    last: int
    is_length: bool = False
    """Whether it is a length of time (`90d`), of which more lies further back."""


def _ranges(field: str, values: Sequence[str], typed: bool) -> list[Range]:
    found = []
    for place, value in enumerate(values):
        try:
            found.append(_range(field, value))
        except UnreadableValueError:
            if not (typed and place == len(values) - 1 and _may_go_on(field, value)):
                raise
    return found


def _range(field: str, text: str) -> Range:
    start, dots, stop = text.partition("..")
    if dots:
        return _between(field, start, stop)
    operator, text = _COMPARED.fullmatch(text).groups()  # type: ignore[union-attr]  # it matches any text
    place = _place(field, text)
    if place.is_length:
        operator = _FLIPPED.get(operator, operator)
    low = {">": place.last + 1, ">=": place.first, "=": place.first, "": place.first}.get(operator)
    high = {"<": place.first - 1, "<=": place.last, "=": place.last, "": place.last}.get(operator)
    return Range(field, _bound(place, low), _bound(place, high))


def _between(field: str, start: str, stop: str) -> Range:
    low = _place(field, start) if start else None
    high = _place(field, stop) if stop else None
    if low is not None and high is not None and low.scale is high.scale and low.first > high.first:
        low, high = high, low
    if low is None and high is None:
        raise UnreadableValueError(_NO_DAY if field in DATE_FIELDS else _NO_NUMBER)
    first = None if low is None else _bound(low, low.first)
    return Range(field, first, None if high is None else _bound(high, high.last))


def _place(field: str, text: str) -> _Place:
    place = _day(text) if field in DATE_FIELDS else _number(text)
    if place is None:
        raise UnreadableValueError(_NO_DAY if field in DATE_FIELDS else _NO_NUMBER)
    return place


def _day(text: str) -> _Place | None:
    if text in _NAMED_DAYS:
        return _Place(_Scale.AGO, -_NAMED_DAYS[text], -_NAMED_DAYS[text])
    if age := _AGE.fullmatch(text):
        days = int(age[1]) * _DAYS_IN[age[2]]
        return _Place(_Scale.AGO, -days, -days, is_length=True)
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day)
        last = _last_day(first.year, month or 12) if day is None else first
    except ValueError:
        return None
    return _Place(_Scale.DAY, first.toordinal(), last.toordinal())


def _last_day(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)


def _number(text: str) -> _Place | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    whole, fraction, suffix = match.groups(default="")
    scaled, parts = int(whole + fraction) * _TIMES[suffix], 10 ** len(fraction)
    # Between two whole numbers the stretch is empty: its first is above its last.
    return _Place(_Scale.NUMBER, -(-scaled // parts), scaled // parts)


def _bound(place: _Place, position: int | None) -> Bound | None:
    if position is None or place.scale is _Scale.NUMBER:
        return position
    if place.scale is _Scale.AGO:
        return Age(-position)
    try:
        return date.fromordinal(position)
    except ValueError:
        raise UnreadableValueError(_NO_DAY) from None


def _may_go_on(field: str, text: str) -> bool:
    """Whether more letters may make a date or number of it."""
    text = text.lstrip("<>=").rpartition("..")[2].removesuffix(".")
    if field in DATE_FIELDS and (_UNFINISHED_DAY.fullmatch(text) or any(name.startswith(text) for name in _NAMED_DAYS)):
        return True
    return not text or (_day(text) if field in DATE_FIELDS else _number(text)) is not None
