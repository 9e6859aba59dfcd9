"""A small picture of before and after, in characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kbtui.core.measuring.measurement import Comparison, Phase
from kbtui.core.measuring.median_interval import median
from kbtui.core.measuring.quantities import decimals_for, number_text
from kbtui.core.text import shorten

LEAST_WIDTH = 20
"""Cells that a picture needs to tell anything."""


@dataclass(frozen=True, slots=True)
class PlotRow:
    """A row of the picture."""

    label: str
    cells: str
    """As many characters as the picture is wide, each one cell wide."""
    phase: Phase | None
    """What it shows; None for the axis."""


@dataclass(frozen=True, slots=True)
class _Signs:
    one: str
    few: str
    many: str
    line: str
    least: str
    most: str
    box: str
    middle: str


_UNICODE = _Signs("·", "•", "●", "─", "├", "┤", "█", "┃")
_ASCII = _Signs(".", "o", "@", "-", "|", "|", "=", "#")
_FEW = 4
"""Samples in one cell, from which on they are many."""


def comparison_plot(comparison: Comparison, width: int, *, ascii_only: bool = False) -> tuple[PlotRow, ...]:
    """Five rows of `width` cells, no less than 20: for before and for after the samples and under them their box, then
    the axis. Sides without a value are left out, and without any there are no rows.

    A sample is a dot, a larger one where two or three, or more, fall into a cell. The box reaches from the first to the
    third quartile with the median in it, its lines to the least and the greatest value. The scale is linear and goes
    from the least to the greatest of all values, which the axis names.
    """
    values = (*comparison.before, *comparison.after)
    if not values:
        return ()
    signs, width = _ASCII if ascii_only else _UNICODE, max(width, LEAST_WIDTH)
    scale = _Scale(min(values), max(values), width)
    rows: list[PlotRow] = []
    for phase, side in ((Phase.BEFORE, comparison.before), (Phase.AFTER, comparison.after)):
        if side:
            rows.append(PlotRow(phase.value, _strip(side, scale, signs), phase))
            rows.append(PlotRow("", _box(side, scale, signs), phase))
    return (*rows, PlotRow(shorten(comparison.metric.unit, 10), _axis(scale), None))


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    width: int

    def cell(self, value: float) -> int:
        """Where a value stands; in the middle where all are equal."""
        if self.high == self.low:
            return self.width // 2
        return round((value - self.low) / (self.high - self.low) * (self.width - 1))


def _strip(values: Sequence[float], scale: _Scale, signs: _Signs) -> str:
    counts = Counter(map(scale.cell, values))

    def sign(count: int) -> str:
        if count == 0:
            return " "
        return signs.one if count == 1 else signs.few if count < _FEW else signs.many

    return "".join(sign(counts[cell]) for cell in range(scale.width))


def _box(values: Sequence[float], scale: _Scale, signs: _Signs) -> str:
    low, first, middle, third, high = map(scale.cell, five_numbers(values))
    cells = [" "] * scale.width
    cells[low : high + 1] = signs.line * (high + 1 - low)
    cells[low], cells[high] = signs.least, signs.most
    cells[first : third + 1] = signs.box * (third + 1 - first)
    cells[middle] = signs.middle
    return "".join(cells)


def _axis(scale: _Scale) -> str:
    decimals = decimals_for(scale.high - scale.low)
    low, high = number_text(scale.low, decimals), number_text(scale.high, decimals)
    if len(low) + len(high) >= scale.width:
        # As two numbers with all their places do not fit, each comes with three.
        low, high = f"{scale.low:.3g}", f"{scale.high:.3g}"
    return low.center(scale.width) if low == high else low + high.rjust(scale.width - len(low))


def five_numbers(values: Sequence[float]) -> tuple[float, float, float, float, float]:
    """The least, the first quartile, the median, the third quartile and the greatest.

    The quartiles are the medians of the halves, the middle value belonging to both (Tukey's hinges, Exploratory Data
    Analysis, 1977). Raises `ValueError` where there is no value.
    """
    ordered = sorted(values)
    half = (len(ordered) + 1) // 2
    middle = median(ordered)
    return ordered[0], median(ordered[:half]), middle, median(ordered[-half:]), ordered[-1]


def plot_lines(comparison: Comparison, width: int, *, ascii_only: bool = False) -> list[str]:
    """The picture as lines of at most `width` cells, the labels before the rows."""
    indent = max(len(Phase.BEFORE.value), len(shorten(comparison.metric.unit, 10))) + 2
    rows = comparison_plot(comparison, width - indent, ascii_only=ascii_only)
    return [f"{row.label:<{indent}}{row.cells}".rstrip() for row in rows]
