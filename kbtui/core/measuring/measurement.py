"""What is measured before and after a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType


class Better(Enum):
    """Which way is an improvement."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Phase(Enum):
    """When a sample was taken."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Metric:
    """What a number means."""

    name: str
    unit: str = ""
    better: Better = Better.NEITHER


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            Metric("response time", "ms", Better.LOWER),
            Metric("error rate", "%", Better.LOWER),
            Metric("cache hit ratio", "%", Better.HIGHER),
            Metric("database calls", "calls", Better.LOWER),
            Metric("throughput", "1/s", Better.HIGHER),
            Metric("memory", "MB", Better.LOWER),
            Metric("queue depth", "items", Better.LOWER),
        )
    }
)
"""The built-in ones, by name; any other name is free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One number that was measured, or a failed try to."""

    metric: Metric
    phase: Phase
    value: float | None
    """None where the command failed or printed no number."""
    at: datetime
    host: str = ""
    command: str = ""
    """The command as one would type it; empty where the value was typed or piped in."""
    exit_code: int | None = None
    """None where no command ran, or where it was stopped by the timeout."""
    seconds: float | None = None
    """Wall time of the command."""
    is_warm_up: bool = False
    """Kept, but not counted."""
    problem: str = ""
    """Why there is no value."""


class Movement(Enum):
    """What a comparison says."""

    IMPROVED = "improved"
    WORSE = "worse"
    MOVED = "moved"
    """It differs, and nobody said which way is better."""
    NO_DIFFERENCE = "no difference shown"
    TOO_FEW = "too few samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a metric did between before and after."""

    metric: Metric
    before: tuple[float, ...]
    """The counted values, in the order in which they were taken."""
    after: tuple[float, ...]
    median_before: float | None
    median_after: float | None
    ratio: float | None
    """Median after by median before; None where that cannot be said."""
    interval: tuple[float, float] | None
    """Of the difference of medians, after minus before; None with too few samples."""
    movement: Movement
    failed: int = 0
    """Tries that gave no number."""
    warnings: tuple[str, ...] = ()
    """Whole sentences."""
