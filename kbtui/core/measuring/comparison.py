"""What a metric did between before and after, and in a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kbtui.core.errors import UsageError
from kbtui.core.measuring.measurement import Better, Comparison, Metric, Movement, Phase, Sample
from kbtui.core.measuring.median_interval import CONFIDENCE, median, median_difference_interval
from kbtui.core.measuring.quantities import LARGEST, decimals_for, number_text, with_unit
from kbtui.core.measuring.warnings import warnings_of
from kbtui.core.text import one_line, shorten

MIN_SAMPLES = 5
"""On each side, before anything is said: with four the interval is held too narrow (see `median_interval`)."""

_NAME_LENGTH = 60


def compare(samples: Sequence[Sample], files: Sequence[str] = (), commands: Sequence[str] = ()) -> list[Comparison]:
    """A comparison for each metric and unit, in the order in which they were first measured.

    Warm-ups and tries without a number do not count. A difference is said to be one where the 95 % interval of the
    difference of medians leaves zero out. `files` and `commands` are what the note says was changed: the warnings tell
    where that is more than one thing. Raises `UsageError` for a value that is not finite.
    """
    groups: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        _refuse_endless(sample)
        groups.setdefault((sample.metric.name, sample.metric.unit), []).append(sample)
    return [_compared(group, samples, files, commands) for group in groups.values()]


def _refuse_endless(sample: Sample) -> None:
    if sample.value is not None and not abs(sample.value) <= LARGEST:
        name = shorten(sample.metric.name, _NAME_LENGTH)
        raise UsageError(f"A sample of {name} is {sample.value}, which cannot be compared.")


def _compared(
    group: Sequence[Sample], everything: Sequence[Sample], files: Sequence[str], commands: Sequence[str]
) -> Comparison:
    counted = [sample for sample in group if not sample.is_warm_up]
    before = _values(counted, Phase.BEFORE)
    after = _values(counted, Phase.AFTER)
    metric = group[-1].metric
    middle_before = median(before) if before else None
    middle_after = median(after) if after else None
    enough = min(len(before), len(after)) >= MIN_SAMPLES
    interval = median_difference_interval(before, after) if enough else None
    return Comparison(
        metric=metric,
        before=before,
        after=after,
        median_before=middle_before,
        median_after=middle_after,
        ratio=_ratio(middle_before, middle_after),
        interval=interval,
        movement=_movement(metric, interval),
        failed=sum(sample.value is None for sample in counted),
        warnings=warnings_of(group, everything, files, commands),
    )


def _values(samples: Sequence[Sample], phase: Phase) -> tuple[float, ...]:
    return tuple(sample.value for sample in samples if sample.phase is phase and sample.value is not None)


def _ratio(before: float | None, after: float | None) -> float | None:
    """None where there is nothing to divide by, or where one is below zero: that would say nothing."""
    if before is None or after is None or before <= 0 or after < 0:
        return None
    ratio = after / before
    return ratio if math.isfinite(ratio) else None


def _movement(metric: Metric, interval: tuple[float, float] | None) -> Movement:
    if interval is None:
        return Movement.TOO_FEW
    low, high = interval
    if low <= 0 <= high:
        return Movement.NO_DIFFERENCE
    if metric.better is Better.NEITHER:
        return Movement.MOVED
    return Movement.IMPROVED if (high < 0) == (metric.better is Better.LOWER) else Movement.WORSE


def comparison_sentence(comparison: Comparison) -> str:
    """What it says, in one sentence that is safe to show.

    `Response time fell from 420 ms to 181 ms (median, 10 and 10 samples; 95 % interval of the difference -260 to
    -214 ms): improved.`
    """
    name = shorten(comparison.metric.name, _NAME_LENGTH) or "The metric"
    name = name[0].upper() + name[1:]
    return f"{name} {_what_it_did(comparison)} ({_grounds(comparison)}): {comparison.movement.value}."


def _what_it_did(comparison: Comparison) -> str:
    before, after = comparison.median_before, comparison.median_after
    decimals = None if before is None or after is None else decimals_for(after - before)
    unit = _unit(comparison)

    def written(value: float | None) -> str:
        return "not measured" if value is None else with_unit(number_text(value, decimals), unit)

    if before is None or after is None or comparison.movement in (Movement.TOO_FEW, Movement.NO_DIFFERENCE):
        return f"was {written(before)} before and {'' if after is None else 'is '}{written(after)} after"
    return f"{'fell' if after < before else 'rose'} from {written(before)} to {written(after)}"


def _grounds(comparison: Comparison) -> str:
    counts = f"median, {len(comparison.before):,} and {len(comparison.after):,} samples"
    if comparison.interval is None:
        return f"{counts}; at least {MIN_SAMPLES} of each are needed"
    low, high = comparison.interval
    decimals = decimals_for(max(abs(low), abs(high)))
    until = with_unit(f"{number_text(low, decimals)} to {number_text(high, decimals)}", _unit(comparison))
    return f"{counts}; {CONFIDENCE:.0%} interval of the difference {until}".replace("%", " %", 1)


def _unit(comparison: Comparison) -> str:
    return shorten(one_line(comparison.metric.unit), 20)
