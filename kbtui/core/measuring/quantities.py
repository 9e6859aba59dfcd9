"""Numbers with units, as people and programs write them: `1,234.5`, `12ms`, `1.2 s`, `1e3`, `99.9 %`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType

LARGEST = 1e100
"""Beyond it differences and ratios would leave what a float can hold."""

_LONGEST = 100
_SHOWN = 40
_QUANTITY = re.compile(
    r"([+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?:(?:\s+|(?![\d.,_+-]))(\S(?:.*\S)?))?",
    re.ASCII,
)

# What each is in the first unit of its kind. Left out is what two people read differently: `m`, `K`, `KB`, `Mb`.
_KINDS: tuple[Mapping[str, float], ...] = (
    MappingProxyType({"ms": 1.0, "s": 1e3, "sec": 1e3, "us": 1e-3, "µs": 1e-3, "μs": 1e-3, "ns": 1e-6})
    | MappingProxyType({"min": 60e3, "h": 3_600e3}),
    MappingProxyType({"MB": 1.0, "B": 1e-6, "bytes": 1e-6, "kB": 1e-3, "GB": 1e3, "TB": 1e6})
    | MappingProxyType({"KiB": 2**10 / 1e6, "MiB": 2**20 / 1e6, "GiB": 2**30 / 1e6, "TiB": 2**40 / 1e6}),
    MappingProxyType({"1/s": 1.0, "/s": 1.0, "req/s": 1.0, "requests/s": 1.0, "rps": 1.0, "ops/s": 1.0}),
)


def read_quantity(text: str, unit: str = "") -> float:
    """The number that a text says, in `unit`. A text without a unit means `unit`.

    Raises `ValueError` with the end of a sentence (`'12 apples' is in apples, not in ms`) for what is no number, is not
    finite, or has a unit that is not plainly the same kind.
    """
    shown = repr(text.strip()[:_SHOWN])
    found = _QUANTITY.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        hint = "; write a decimal point" if re.fullmatch(r"[\d.]*,\d+\D*", text.strip()[:_LONGEST]) else ""
        raise ValueError(f"{shown} is no number{hint}")
    value = float(found[1].replace(",", ""))
    if found[2] and found[2] != unit:
        factor = _factor(found[2], unit)
        if factor is None:
            raise ValueError(f"{shown} is in {found[2][:_SHOWN]}, not in {unit or 'a plain number'}")
        value *= factor
    if abs(value) > LARGEST:
        raise ValueError(f"{shown} is too large")
    return value


def convert(value: float, unit: str, wanted: str) -> float | None:
    """A number in another unit; None where they are not plainly of one kind."""
    factor = 1.0 if unit == wanted else _factor(unit, wanted)
    return None if factor is None else value * factor


def _factor(unit: str, wanted: str) -> float | None:
    for kind in _KINDS:
        if unit in kind and wanted in kind:
            return kind[unit] / kind[wanted]
    return 1.0 if wanted in (unit + "s", unit + "es") else None


def number_text(value: float, decimals: int | None = None) -> str:
    """A number for people, with thousands separated: four significant digits, or so many decimals at most."""
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    decimals = max(0, 3 - magnitude) if decimals is None else decimals
    if magnitude >= 15 or decimals > 9:
        return f"{value:.4g}"
    written = f"{value:,.{decimals}f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written == "-0" else written


def decimals_for(difference: float) -> int | None:
    """The decimals that show a difference with two significant digits; None where there is no difference."""
    return max(0, 1 - math.floor(math.log10(abs(difference)))) if difference else None


def with_unit(number: str, unit: str) -> str:
    """`420 ms`, `12 %`; the number alone where there is no unit."""
    return f"{number} {unit}" if unit else number
