"""Measuring a change: samples are taken, kept and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kbtui.core.measurement import Comparison, Metric, Phase, Sample

DEFAULT_TIMEOUT = 60.0
"""Seconds that one run of a command may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to measure with a command."""

    arguments: tuple[str, ...]
    """The command; with `shell` one line for the user's shell."""
    metric: Metric
    phase: Phase
    count: int = 10
    warm_ups: int = 0
    regex: str = ""
    """The value is the first group, or the whole match, in standard output."""
    json_path: str = ""
    """The value is at this path in standard output: `.a.b[0]`. With neither, it is the wall time in milliseconds."""
    timeout: float = DEFAULT_TIMEOUT
    shell: bool = False


class Measuring:
    """Takes samples for change notes. Each sample is on disk before the next is taken."""

    def run(self, note_id: str, plan: Plan, told: Callable[[Sample], None] | None = None) -> list[Sample]:
        """Run the command `warm_ups` + `count` times. A try that fails is a sample without a value; `told` is
        given each when it is kept.

        Raises `NoteNotFoundError`, `UsageError` for a wrong expression, `CommandError` where it cannot be started.
        """
        raise NotImplementedError

    def add(self, note_id: str, metric: Metric, phase: Phase, values: Iterable[str]) -> list[Sample]:
        """Keep numbers that were typed or piped in. Raises `UsageError`, which names the first that is no number, and
        then keeps none."""
        raise NotImplementedError

    def samples(self, note_id: str) -> list[Sample]:
        """All samples of a note, in order."""
        raise NotImplementedError

    def compare(self, note_id: str) -> list[Comparison]:
        """What moved, a comparison for each metric."""
        raise NotImplementedError


def metric_named(name: str, unit: str = "", better: str = "") -> Metric:
    """The built-in metric of this name, or a free one. Raises `UsageError` where it contradicts a built-in one."""
    raise NotImplementedError
