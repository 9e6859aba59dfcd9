"""Samples for tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from kbtui.core.measuring.measurement import METRICS, Phase, Sample
from tests.factories import NOON

RESPONSE_TIME = METRICS["response time"]


def a_sample(phase: Phase, value: float | None, **fields: Any) -> Sample:
    """A sample of the response time, taken by a command at noon."""
    given: dict[str, Any] = {"metric": RESPONSE_TIME, "at": NOON, "host": "web1", "command": "curl x"}
    return Sample(phase=phase, value=value, **{**given, **fields})


def taken(phase: Phase, values: Iterable[float | None], start: datetime | None = None, **fields: Any) -> list[Sample]:
    """Samples one second after the other; those of after an hour later."""
    begin = start or NOON + timedelta(hours=phase is Phase.AFTER)
    return [a_sample(phase, value, at=begin + timedelta(seconds=n), **fields) for n, value in enumerate(values)]


def before_and_after(before: Iterable[float | None], after: Iterable[float | None], **fields: Any) -> list[Sample]:
    """Samples of both."""
    return [*taken(Phase.BEFORE, before, **fields), *taken(Phase.AFTER, after, **fields)]
