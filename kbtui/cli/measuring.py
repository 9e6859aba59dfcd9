"""`measure`: numbers before and after a change, and what they say."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

from kbtui.cli import comparison_output, narration
from kbtui.cli.session import InterruptedWorkError, Session, bring_up_to_date, given, pass_session
from kbtui.core.errors import EXIT_FAILED, UsageError
from kbtui.core.measuring.measurement import Better, Phase, Sample
from kbtui.library import Library
from kbtui.library.measuring import DEFAULT_TIMEOUT, Plan, metric_named

DEFAULT_METRIC = "response time"
MOST_SAMPLES = 10_000
LONGEST_TIMEOUT = 86_400.0
STDIN_LIMIT = 1_000_000
"""Bytes of numbers on standard input."""

_COMMAND = "kbtui.measure.command"


class MeasureCommand(click.Command):
    """What follows the first `--` is the command to measure, whatever it looks like; None where there is no `--`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = args.index("--") if "--" in args else None
        ctx.meta[_COMMAND] = None if at is None else tuple(args[at + 1 :])
        return super().parse_args(ctx, args[:at])


@click.command(cls=MeasureCommand)
@click.argument("words", nargs=-1, metavar="[NOTE] [-] [-- COMMAND...]")
@click.option("--before", "phase", flag_value=Phase.BEFORE.value, help="The numbers are from before the change.")
@click.option("--after", "phase", flag_value=Phase.AFTER.value, help="The numbers are from after it.")
@click.option("-n", "count", metavar="N", type=click.IntRange(1, MOST_SAMPLES), default=10, help="Samples (10).")
@click.option(
    "--warm-up",
    metavar="N",
    type=click.IntRange(0, MOST_SAMPLES),
    default=0,
    help="Runs before them, kept but not counted.",
)
@click.option("--metric", "name", metavar="NAME", default=DEFAULT_METRIC, help=f"What is measured ({DEFAULT_METRIC}).")
@click.option("--unit", metavar="UNIT", default="", help="Its unit, for a metric of your own.")
@click.option(
    "--better", type=click.Choice([Better.LOWER.value, Better.HIGHER.value]), help="Which way is an improvement."
)
@click.option("--regex", metavar="RE", default="", help="Take the number from the output: first group, or whole match.")
@click.option("--json-path", metavar="PATH", default="", help="Take it from JSON in the output: .runs[0].mean")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(0, LONGEST_TIMEOUT, min_open=True),
    default=DEFAULT_TIMEOUT,
    help=f"For one run of the command ({DEFAULT_TIMEOUT:g}).",
)
@click.option("--shell", is_flag=True, help="COMMAND is a line for your shell.")
@click.option(
    "--value", "values", metavar="NUMBER", multiple=True, help="A number measured elsewhere; may be repeated."
)
@click.option("--json", "as_json", is_flag=True, help="The comparisons as one array of objects.")
@pass_session
@click.pass_context
def measure(
    ctx: click.Context,
    session: Session,
    words: tuple[str, ...],
    phase: str | None,
    values: tuple[str, ...],
    *,
    count: int,
    warm_up: int,
    name: str,
    unit: str,
    better: str | None,
    regex: str,
    json_path: str,
    timeout: float,
    shell: bool,
    as_json: bool,
) -> None:
    """Measure before and after a change, and compare.

    NOTE is the id of a change note or its beginning; without it the newest is meant. COMMAND is run as it is given,
    without a shell, standard input or terminal; what it started is ended with it. The number is its wall time, or is
    found in what it prints. Numbers measured elsewhere come by --value, or a line each on standard input for -. Each is
    kept as soon as it is there; a unit is converted (1.2 s, 850ms).

    What is known by then is told: the medians, a 95 % interval of their difference, and whether that is an improvement.
    In a pipe each metric is one line: metric, unit, median before, median after, ratio, ends of the interval, counts
    before and after, failed tries and verdict.

    \b
    Metrics: response time, error rate, cache hit ratio, database calls,
    throughput, memory, queue depth; any other name, with --unit and --better.

    \b
    Examples:
      kbtui measure --before -n 10 -- curl -sS -o /dev/null https://app.example.com/
      kbtui measure 01JD --after --warm-up 2 -- curl -sS -o /dev/null https://app.example.com/
      kbtui measure --after --metric 'database calls' --json-path .db.calls -- ./probe
      kbtui measure --before --metric 'queue depth' --value 1,200 --value 1,350
      kbtui measure 01JD

    \b
    Exit codes: 0 every try gave a number; 1 some gave none, or nothing was
    measured yet; 2 the command cannot be started, or wrong usage.
    """
    command: tuple[str, ...] | None = ctx.meta[_COMMAND]
    note, is_piped = _note_and_pipe(words)
    sources = (command is not None) + bool(values) + is_piped
    _require_one_source(sources, phase)
    with session.open() as library:
        found = library.changes.resolve(given(note))
        samples: list[Sample] = []
        if phase is not None:
            plan = Plan(
                arguments=command or (),
                metric=metric_named(given(name), given(unit), better or ""),
                phase=Phase(phase),
                count=count,
                warm_ups=warm_up,
                regex=given(regex),
                json_path=given(json_path),
                timeout=timeout,
                shell=shell,
            )
            if command is None:
                samples = _add(library, found, plan, values or _standard_input())
            else:
                samples = _run(library, found, plan)
            bring_up_to_date(library)
        comparisons = library.measuring.compare(found)
    comparison_output.write(comparisons, as_json=as_json)
    if not comparisons:
        narration.say("Nothing was measured for this note yet; `kbtui measure --help` shows how.")
    if not comparisons or any(sample.value is None and not sample.is_warm_up for sample in samples):
        ctx.exit(EXIT_FAILED)


def _note_and_pipe(words: tuple[str, ...]) -> tuple[str, bool]:
    """The note that is named, "" for the newest, and whether numbers come on standard input."""
    notes = [word for word in words if word != "-"]
    if len(notes) > 1:
        raise UsageError(f"Write -- before the command to measure: {notes[0]} -- {' '.join(notes[1:])}")
    return (notes[0] if notes else ""), "-" in words


def _require_one_source(sources: int, phase: str | None) -> None:
    if sources > 1:
        raise UsageError("Give one: a COMMAND after --, --value, or - for standard input.")
    if sources and phase is None:
        raise UsageError("Say when this is measured: --before or --after the change.")
    if phase is not None and not sources:
        raise UsageError("Say what to measure: -- COMMAND, --value NUMBER, or - for standard input.")


def _run(library: Library, note: str, plan: Plan) -> list[Sample]:
    total = plan.warm_ups + plan.count
    kept: list[Sample] = []
    with narration.progress(after=0) as progress:

        def tell(sample: Sample) -> None:
            kept.append(sample)
            progress(f"Measuring {sample.phase.value}", len(kept), total)
            if sample.value is None:
                narration.say(f"Try {len(kept)} of {total} gave no number: {sample.problem}.")

        progress(f"Measuring {plan.phase.value}", 0, total)
        try:
            with _ending_with_this():
                return library.measuring.run(note, plan, tell)
        except KeyboardInterrupt as error:
            taken = narration.count(len(kept), "sample")
            raise InterruptedWorkError(f"Interrupted; the command was ended. {taken} of {total} kept.") from error


@contextmanager
def _ending_with_this() -> Iterator[None]:
    """While a command runs apart from the terminal, what would end this process ends the command first."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), interrupt) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _add(library: Library, note: str, plan: Plan, values: tuple[str, ...]) -> list[Sample]:
    samples = library.measuring.add(note, plan.metric, plan.phase, [given(value) for value in values])
    narration.say(f"Kept {narration.count(len(samples), 'number')} {plan.phase.value} the change.")
    return samples


def _standard_input() -> tuple[str, ...]:
    """The lines that hold something."""
    data = sys.stdin.buffer.read(STDIN_LIMIT + 1)
    if len(data) > STDIN_LIMIT:
        raise UsageError(f"More than {STDIN_LIMIT:,} bytes of numbers stand on standard input; none was kept.")
    lines = data.decode("utf-8", "replace").splitlines()
    return tuple(line.strip() for line in lines if line.strip())
