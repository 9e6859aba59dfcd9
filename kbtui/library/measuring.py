"""Measuring a change: samples are taken, kept and compared."""

from __future__ import annotations

import re
import shlex
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from kbtui.core.actor import Actor
from kbtui.core.errors import NoteNotFoundError, UsageError
from kbtui.core.measuring.comparison import compare
from kbtui.core.measuring.json_path import Step, read_json_path, value_at
from kbtui.core.measuring.measurement import METRICS, Better, Comparison, Metric, Phase, Sample
from kbtui.core.measuring.quantities import convert, read_quantity
from kbtui.core.ports import Clock, CommandRunner, NoteStore
from kbtui.core.secrets.scanning import mask_secrets
from kbtui.core.text import one_line, shorten, storable
from kbtui.core.workplace import CommandResult

DEFAULT_TIMEOUT = 60.0
"""Seconds that one run of a command may take."""

_MILLISECONDS = "ms"
_LONGEST_NAME = 60
_LONGEST_PROBLEM = 200
_LONGEST_COMMAND = 10_000


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

    def __init__(self, *, store: NoteStore, runner: CommandRunner, clock: Clock, actor: Callable[[], Actor]) -> None:
        self._store = store
        self._runner = runner
        self._clock = clock
        self._actor = actor

    def run(self, note_id: str, plan: Plan, told: Callable[[Sample], None] | None = None) -> list[Sample]:
        """Run the command `warm_ups` + `count` times. A try that fails is a sample without a value; `told` is
        given each when it is kept.

        Raises `NoteNotFoundError`, `UsageError` for a wrong expression, `CommandError` where it cannot be started.
        """
        self._require(note_id)
        metric, steps = _checked(plan)
        host = self._actor().host
        command = mask_secrets(storable(_as_typed(plan))[:_LONGEST_COMMAND])
        samples: list[Sample] = []
        for number in range(plan.warm_ups + plan.count):
            at = self._clock()
            result = self._runner.run(plan.arguments, timeout=plan.timeout, shell=plan.shell)
            value, problem = self._value(plan, metric, steps, result)
            sample = Sample(
                metric=metric,
                phase=plan.phase,
                value=value,
                at=at,
                host=host,
                command=command,
                exit_code=result.exit_code,
                seconds=result.seconds,
                is_warm_up=number < plan.warm_ups,
                problem=problem,
            )
            self._store.add_samples(note_id, [sample])
            samples.append(sample)
            if told is not None:
                told(sample)
        return samples

    def _value(
        self, plan: Plan, metric: Metric, steps: tuple[Step, ...], result: CommandResult
    ) -> tuple[float | None, str]:
        """The value, or why there is none."""
        if result.exit_code != 0:
            return None, _failure(plan, result)
        if not plan.regex and not plan.json_path:
            return convert(result.seconds * 1000, _MILLISECONDS, metric.unit), ""
        try:
            return self._read(plan, metric, steps, result.output), ""
        except (ValueError, LookupError, TimeoutError) as error:
            cut = f" (only its first {len(result.output):,} characters were looked at)" if result.is_cut else ""
            return None, _problem(f"{error.args[0] if error.args else error}{cut}")

    def _read(self, plan: Plan, metric: Metric, steps: tuple[Step, ...], output: str) -> float:
        """The number in the output. Raises `ValueError`, `LookupError` or `TimeoutError`, which say why not."""
        if plan.regex:
            found = self._runner.search(plan.regex, output)
            if found is None:
                raise LookupError("the expression found nothing in the output")
            return read_quantity(found, metric.unit)
        value = value_at(output, steps)
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return read_quantity(str(value), metric.unit)
        raise LookupError(f"there is no number at {plan.json_path}")

    def add(self, note_id: str, metric: Metric, phase: Phase, values: Iterable[str]) -> list[Sample]:
        """Keep numbers that were typed or piped in. Raises `UsageError`, which names the first that is no number, and
        then keeps none."""
        self._require(note_id)
        now = self._clock()
        samples = [
            Sample(metric=metric, phase=phase, value=_typed(text, number, metric), at=now)
            for number, text in enumerate(values, start=1)
        ]
        if not samples:
            raise UsageError("There is no number to keep.")
        self._store.add_samples(note_id, samples)
        return samples

    def samples(self, note_id: str) -> list[Sample]:
        """All samples of a note, in order."""
        return self._store.samples(note_id)

    def compare(self, note_id: str) -> list[Comparison]:
        """What moved, a comparison for each metric. Raises `NoteNotFoundError`."""
        note = self._store.find(note_id)
        if note is None:
            raise _unknown(note_id)
        return compare(self._store.samples(note_id), note.content.files, note.content.commands)

    def _require(self, note_id: str) -> None:
        if self._store.find(note_id) is None:
            raise _unknown(note_id)


def metric_named(name: str, unit: str = "", better: str = "") -> Metric:
    """The built-in metric of this name, or a free one. Raises `UsageError` where it contradicts a built-in one."""
    name, unit = one_line(name), one_line(unit)
    if not name or len(name) > _LONGEST_NAME or len(unit) > _LONGEST_NAME:
        raise UsageError(f"The name of a metric, and its unit, have up to {_LONGEST_NAME} characters.")
    ways = [way.value for way in Better]
    if better and better not in ways:
        raise UsageError(f"{better!r} is none of {', '.join(ways)}.")
    known = METRICS.get(name.casefold())
    if known is None:
        return Metric(name, unit, Better(better) if better else Better.NEITHER)
    if unit not in ("", known.unit):
        raise UsageError(f"The metric {known.name!r} is in {known.unit}, not in {unit}; give yours another name.")
    if better not in ("", known.better.value):
        raise UsageError(f"Of the metric {known.name!r} {known.better.value} is better; give yours another name.")
    return known


def _unknown(note_id: str) -> NoteNotFoundError:
    return NoteNotFoundError(f"There is no change note {note_id!r}; `kbtui note list` shows what there is.")


def _checked(plan: Plan) -> tuple[Metric, tuple[Step, ...]]:
    """The metric with its unit, and the steps of the path, before anything is run. Raises `UsageError`."""
    if plan.regex and plan.json_path:
        raise UsageError("The number is found by a regular expression or by a path in JSON, not by both.")
    if plan.count < 1 or plan.warm_ups < 0 or not plan.timeout > 0:
        raise UsageError("There is nothing to measure: at least one sample, and some time for it.")
    if plan.regex:
        try:
            re.compile(plan.regex)
        except (re.error, OverflowError, RecursionError, ValueError) as error:
            raise UsageError(f"The regular expression {plan.regex!r} is not understood: {error}.") from error
        return plan.metric, ()
    if plan.json_path:
        try:
            return plan.metric, read_json_path(plan.json_path)
        except ValueError as error:
            raise UsageError(f"The path {plan.json_path!r} {error}.") from error
    metric = plan.metric if plan.metric.unit else replace(plan.metric, unit=_MILLISECONDS)
    if convert(1, _MILLISECONDS, metric.unit) is None:
        raise UsageError(
            f"The metric {metric.name!r} is in {metric.unit}, which is no time: say where the number is in the output, "
            "by a regular expression or a path in JSON."
        )
    return metric, ()


def _as_typed(plan: Plan) -> str:
    return " ".join(plan.arguments) if plan.shell else shlex.join(plan.arguments)


def _failure(plan: Plan, result: CommandResult) -> str:
    """Why a command gave nothing: how it ended, and the last line of its standard error."""
    if result.exit_code is None:
        how = f"stopped after {plan.timeout:g} s"
    elif result.exit_code < 0:
        how = f"ended by {_signal_name(-result.exit_code)}"
    else:
        how = f"exit code {result.exit_code}"
    lines = result.errors.strip().splitlines()
    return _problem(f"{how}: {mask_secrets(lines[-1])}" if lines else how)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _problem(text: str) -> str:
    return shorten(storable(text), _LONGEST_PROBLEM)


def _typed(text: str, number: int, metric: Metric) -> float:
    try:
        return read_quantity(text, metric.unit)
    except ValueError as error:
        raise UsageError(f"Value {number}: {error}. None was kept.") from error
