"""What speaks against believing a comparison, in whole sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kbtui.core.measuring.measurement import Better, Metric, Phase, Sample
from kbtui.core.measuring.quantities import number_text, with_unit
from kbtui.core.text import shorten

LEAST_FOR_FIRST = 5
"""Values after the change before the first of them can be said to stand out."""
LEAST_FOR_DRIFT = 8

_NORMAL_99 = 2.576
_SHOWN = 60


def warnings_of(
    group: Sequence[Sample], everything: Sequence[Sample], files: Sequence[str], commands: Sequence[str]
) -> tuple[str, ...]:
    """The warnings for the samples of one metric and unit, among all samples of a note."""
    counted = [sample for sample in group if not sample.is_warm_up]
    valid = [sample for sample in counted if sample.value is not None]
    sides = {phase: [sample for sample in valid if sample.phase is phase] for phase in Phase}
    before, after = sides[Phase.BEFORE], sides[Phase.AFTER]
    found = [
        _failed(counted),
        _other_metric(group[-1].metric, sides, everything),
        _many_changes(files, commands) if before and after else "",
        _other_command(before, after),
        _other_host(before, after),
        _wrong_order(before, after),
        _first_stands_out(after),
        *(_drift(side, phase) for phase, side in sides.items()),
        *(_all_equal(side, phase) for phase, side in sides.items()),
    ]
    return tuple(sentence for sentence in found if sentence)


def _failed(counted: Sequence[Sample]) -> str:
    parts = []
    for phase in Phase:
        side = [sample for sample in counted if sample.phase is phase]
        if failed := sum(sample.value is None for sample in side):
            parts.append(f"{failed:,} of {len(side):,} tries {phase.value}")
    return f"{' and '.join(parts)} gave no number: the medians leave them out." if parts else ""


def _other_metric(metric: Metric, sides: dict[Phase, list[Sample]], everything: Sequence[Sample]) -> str:
    units = {s.metric.unit for s in everything if s.metric.name == metric.name} - {metric.unit}
    if units:
        others = " and ".join(sorted(shorten(unit, _SHOWN) or "no unit" for unit in units))
        return f"{_name(metric)} was also measured in {others}; that is compared apart."
    for phase, other in ((Phase.BEFORE, Phase.AFTER), (Phase.AFTER, Phase.BEFORE)):
        names = {s.metric.name for s in everything if s.phase is other and s.metric.name != metric.name}
        if sides[phase] and not sides[other] and names:
            instead = shorten(", ".join(sorted(names)), _SHOWN)
            return f"{_name(metric)} was measured only {phase.value} the change; {other.value} it: {instead}."
    return ""


def _many_changes(files: Sequence[str], commands: Sequence[str]) -> str:
    named = [
        f"{len(things):,} {noun}{'' if len(things) == 1 else 's'}"
        for things, noun in ((files, "file"), (commands, "command"))
        if things
    ]
    if len(files) < 2 and len(commands) < 2:
        return ""
    return f"The note names {' and '.join(named)}: numbers cannot tell which of them made a difference."


def _other_command(before: Sequence[Sample], after: Sequence[Sample]) -> str:
    first, second = ({sample.command for sample in side} for side in (before, after))
    if not first or not second or first == second:
        return ""
    return f"Measured in different ways: before {_listed(first)}, after {_listed(second)}."


def _other_host(before: Sequence[Sample], after: Sequence[Sample]) -> str:
    first, second = ({sample.host for sample in side if sample.host} for side in (before, after))
    if not first or not second or first == second:
        return ""
    return f"Measured on different hosts: before {_listed(first)}, after {_listed(second)}."


def _listed(texts: set[str]) -> str:
    shown = [f"`{shorten(text, _SHOWN)}`" if text else "values given by hand" for text in sorted(texts)[:3]]
    return " and ".join(shown) + (f" and {len(texts) - 3:,} more" if len(texts) > 3 else "")


def _wrong_order(before: Sequence[Sample], after: Sequence[Sample]) -> str:
    """Only where a command was run: of a number that was typed nobody knows when it was measured."""
    befores = [sample.at for sample in before if sample.command]
    afters = [sample.at for sample in after if sample.command]
    late = sum(at > min(afters) for at in befores) if afters else 0
    if not late:
        return ""
    return f"{late:,} of {len(before):,} values before the change were taken later than the first after it."


def _first_stands_out(after: Sequence[Sample]) -> str:
    """Where the first is farther from all others than they are from each other.

    With ten values of one distribution that says so wrongly in 0.3 % (normal) to 4 % (with far outliers) of cases.
    """
    values = _numbers(after)
    if len(values) < LEAST_FOR_FIRST:
        return ""
    first, low, high = values[0], min(values[1:]), max(values[1:])
    if low - (high - low) <= first <= high + (high - low):
        return ""
    metric = after[-1].metric
    is_lucky = metric.better is not Better.NEITHER and (first < low) == (metric.better is Better.LOWER)
    cache = "a cache that happened to be warm" if is_lucky else "a cold cache"
    return (
        f"The first value after the change ({_written(first, metric)}) stands apart from the others "
        f"({number_text(low)} to {_written(high, metric)}), as with {cache}: take a warm-up first."
    )


def _drift(side: Sequence[Sample], phase: Phase) -> str:
    """Where Spearman's rank correlation of value and order is one that chance gives less than once in a hundred.

    By the normal approximation rho * sqrt(n - 1), which is on the safe side for few values (Kendall and Gibbons, Rank
    Correlation Methods, 1990, chapter 4). Only where commands were run: typed numbers have no order in time.
    """
    values = _numbers([sample for sample in side if sample.command])
    if len(values) < LEAST_FOR_DRIFT:
        return ""
    correlation = _rank_correlation(values)
    if abs(correlation) * math.sqrt(len(values) - 1) <= _NORMAL_99:
        return ""
    way = "rose" if correlation > 0 else "fell"
    return f"The values {phase.value} the change {way} while they were taken: the system had not settled."


def _rank_correlation(values: Sequence[float]) -> float:
    """Spearman's rank correlation of the values with their order, equal ones sharing a rank; 0 where all are equal."""
    count = len(values)
    order = sorted(range(count), key=values.__getitem__)
    ranks = [0.0] * count
    start = 0
    while start < count:
        end = start
        while end + 1 < count and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            ranks[place] = (start + end) / 2
        start = end + 1
    middle = (count - 1) / 2
    together = sum((rank - middle) * (place - middle) for place, rank in enumerate(ranks))
    spread = sum((rank - middle) ** 2 for rank in ranks) * sum((place - middle) ** 2 for place in range(count))
    return together / math.sqrt(spread) if spread else 0.0


def _all_equal(side: Sequence[Sample], phase: Phase) -> str:
    values = _numbers(side)
    if len(values) < 2 or min(values) != max(values):
        return ""
    written = _written(values[0], side[-1].metric)
    return f"All {len(values):,} values {phase.value} the change are {written}, so the interval knows no chance there."


def _numbers(samples: Sequence[Sample]) -> list[float]:
    return [sample.value for sample in samples if sample.value is not None]


def _written(value: float, metric: Metric) -> str:
    return with_unit(number_text(value), shorten(metric.unit, 20))


def _name(metric: Metric) -> str:
    name = shorten(metric.name, _SHOWN)
    return name[:1].upper() + name[1:]
