"""Values of foreign metadata: made safe to store, and read as the types that a post's fields have."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from kbtui.core.post import Json
from kbtui.core.text import storable

_INT_DIGITS = 18
_BIGGEST = 2**63 - 1


class WrittenFloat(float):
    """A number that still knows how it was written, so that a version 1.10 does not become 1.1."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> WrittenFloat:
        number = super().__new__(cls, text)
        number.text = text
        return number


def written_float(text: str) -> Json:
    """A parser's float; a string where JSON has no such number (1e999)."""
    number = WrittenFloat(text)
    return number if math.isfinite(number) else text


def written_int(text: str) -> Json:
    """A parser's integer; the string as written where 64 bits cannot hold it."""
    if len(text) <= _INT_DIGITS:
        return int(text)
    return int(text) if len(text) <= _INT_DIGITS + 2 and abs(int(text)) <= _BIGGEST else text


def deeper_than(value: Json, levels: int) -> bool:
    """Whether lists and objects are nested deeper than this."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if levels == 0:
        return isinstance(value, dict | list)
    return any(deeper_than(item, levels - 1) for item in inner if isinstance(item, dict | list))


def storable_json(value: Json) -> Json:
    """The value with every text in it storable, keys too."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(key): storable_json(item) for key, item in value.items()}
    return [storable_json(item) for item in value] if isinstance(value, list) else value


def as_text(value: Json) -> str | None:
    """A string, or a number or truth value as it was written; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, WrittenFloat):
        return value.text
    return str(value) if isinstance(value, int | float) else None


def as_line(value: Json) -> str | None:
    """`as_text` on one line, without white space around it."""
    text = as_text(value)
    return None if text is None else " ".join(text.split())


_NUMBER = re.compile(r"\+?\d{1,19}|\d{1,3}(?:,\d{3}){1,5}", re.ASCII)


def as_count(value: Json) -> int | None:
    """A whole number from 0 up that fits into 64 bits, also written as "15" or "276,748"; else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value <= _BIGGEST else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and 0 <= value < _BIGGEST else None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        number = int(value.replace(",", ""))
        return number if number <= _BIGGEST else None
    return None


_MINUTES = re.compile(r"~?\s*(\d{1,6})\s*(?:m|min|mins|minutes?)\b\.?(?:\s+read)?", re.ASCII | re.IGNORECASE)


def as_minutes(value: Json) -> int | None:
    """A number of minutes: 15, "15", "15 min", "15 minutes read"."""
    if isinstance(value, str) and (match := _MINUTES.fullmatch(value.strip())):
        return int(match.group(1))
    return as_count(value)


_TRUTH = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)


def as_truth(value: Json) -> bool | None:
    """A truth value, also written as 1, "yes", "off"; else None."""
    if isinstance(value, bool):
        return value
    text = as_text(value)
    return None if text is None else _TRUTH.get(text.strip().casefold())


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:$|[T ]\d{1,2}:)", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20|21)\d\d\b", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_LONGEST_DATE = 40


def as_date(value: Json) -> date | None:
    """The day that a text names beyond doubt, as written there; None for "2019", "1.9.14" or "03/04/2019"."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    found = _numeric_date(text) or _worded_date(text)
    return found if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _numeric_date(text: str) -> date | None:
    if match := _ISO.match(text):
        year, month, day = match.groups()
    elif match := _YEAR_FIRST.fullmatch(text):
        year, _, month, day = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _worded_date(text: str) -> date | None:
    """A date with the month as a word: "7 March 2017", "Tue, 07 Mar 2017 10:00:00 GMT"."""
    if len(text) > _LONGEST_DATE or not _MONTH.search(text) or not _YEAR.search(text):
        return None
    # Imported here: it takes longer to load than most files take to read, and few of them need it.
    from dateutil import parser

    try:
        # What the text does not say comes from the default: two of them show whether it says everything.
        one, other = (
            parser.parse(text, default=datetime(year, month, day), ignoretz=True).date()
            for year, month, day in ((1901, 1, 1), (1902, 2, 2))
        )
    except (ValueError, OverflowError, TypeError, ArithmeticError, AttributeError):
        return None
    return one if one == other else None
