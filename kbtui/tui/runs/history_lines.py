"""How the runs of a post went, as lines of the screen: durations as a plot, what came out, what gave trouble."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual.content import Content

from kbtui.core.checklists.document import duration_text
from kbtui.core.checklists.history import RunHistory, TroubledStep
from kbtui.core.checklists.run import RunInfo, RunState
from kbtui.core.text import one_line, shorten
from kbtui.tui.ages import ago
from kbtui.tui.presentation import BOLD, DIM, fitted
from kbtui.tui.runs.lines import time_text, wrapped
from kbtui.tui.widgets.lines_view import Line, Look

TEXT_LENGTH = 200
BLOCKS = " ▁▂▃▄▅▆▇█"
STEPS = len(BLOCKS) - 1
PLOTTED = 30
PLOT_HEIGHT = 4
COLUMN_WIDTH = 2
RUNS_LISTED = 5
TROUBLES_LISTED = 3
TROUBLES_TOLD = 8


def history_lines(history: RunHistory, now: datetime, width: int) -> list[Line]:
    """The short form, before a run: durations, the last runs, the steps that gave trouble; empty without runs."""
    if not history.runs:
        return []
    count = len(history.runs)
    (plot,) = _columns([_seconds(run, now) for run in history.runs[-PLOTTED:]], 1)
    lines: list[Line] = [((f"Run {count} time{_s(count)} before  ", Look.HEAD), ("".join(plot), Look.PLACE))]
    for run in reversed(history.runs[-RUNS_LISTED:]):
        took = duration_text(run.duration(now))
        ended = "" if run.state is RunState.DONE else f"{run.state.value}, "
        text = f"  {time_text(run.started_at)}  {took:>12}  {ended}{counts_text(run)} · {one_line(run.who)}"
        lines += wrapped(text, width)
    lines += _troubles("skipped", history.skipped[:TROUBLES_LISTED], width)
    return lines + _troubles("failed", history.failed[:TROUBLES_LISTED], width)


def past_lines(history: RunHistory, last_successful: RunInfo | None, now: datetime, width: int) -> list[Line]:
    """The long form: when it last went well, durations over time, the steps most often skipped or failed."""
    if last_successful is None:
        lines = wrapped("No run was finished yet without a failed step.", width, Look.OPEN)
    else:
        ended = last_successful.finished_at or last_successful.started_at
        took = duration_text(last_successful.duration(now))
        text = f"Last successful run: {time_text(ended)} ({ago(ended, now)}) by {last_successful.who}, {took}"
        lines = wrapped(text, width, Look.ADDED)
    if history.runs:
        lines += [(), *_chart(history.runs[-max(1, width // COLUMN_WIDTH) :], now, width)]
    for what, troubles in (("skipped", history.skipped), ("failed", history.failed)):
        if troubles:
            head: Line = ((f"Most often {what}", Look.HEAD),)
            lines += [(), head, *_troubles("", troubles[:TROUBLES_TOLD], width)]
    return lines


def past_row(run: RunInfo, now: datetime, width: int) -> Content:
    """The row of a run in the list of a post's runs."""
    left = f"{time_text(run.started_at)}  {duration_text(run.duration(now)):>12}  {run.state.value:<9}  "
    right = fitted(f"{counts_text(run)} · {one_line(run.who)}", max(1, width - len(left)))
    return Content.assemble((left, BOLD if run.state is RunState.OPEN else ""), (right, DIM))


def counts_text(run: RunInfo) -> str:
    """What became of the steps of a run."""
    counts = ((run.done, "done"), (run.skipped, "skipped"), (run.failed, "failed"), (run.todo, "to do"))
    return ", ".join(f"{number} {word}" for number, word in counts if number) or "no steps"


def _chart(runs: Sequence[RunInfo], now: datetime, width: int) -> list[Line]:
    """A column a run, as high as it took long, and under each how it ended."""
    longest = max(runs, key=lambda run: run.duration(now))
    took = duration_text(longest.duration(now))
    head = f"Last {len(runs)} runs, longest {took}" if len(runs) > 1 else f"The only run so far, {took}"
    looks = [_ended(run)[1] for run in runs]

    def line(pieces: Sequence[str]) -> Line:
        return tuple((f"{piece} ", look) for piece, look in zip(pieces, looks, strict=True))

    lines = wrapped(f"{head}:  ✓ successful  ✗ failed  – abandoned", width, Look.HEAD)
    lines += map(line, _columns([_seconds(run, now) for run in runs], PLOT_HEIGHT))
    return [*lines, line([_ended(run)[0] for run in runs])]


def _ended(run: RunInfo) -> tuple[str, Look]:
    if run.state is RunState.ABANDONED:
        return "–", Look.OPEN
    return ("✓", Look.ADDED) if run.is_successful else ("✗", Look.REMOVED)


def _columns(values: Sequence[float], height: int) -> list[list[str]]:
    """Rows of blocks, the upper first, a block a value; the greatest value fills its column."""
    most = max(values, default=0.0) or 1.0
    levels = [max(1, round(value / most * height * STEPS)) for value in values]
    return [[BLOCKS[min(STEPS, max(0, level - row * STEPS))] for level in levels] for row in reversed(range(height))]


def _troubles(what: str, troubles: Iterable[TroubledStep], width: int) -> list[Line]:
    start = f"  {what} " if what else "  "
    room = max(1, width - len(start))
    told = [fitted(f"{one.times}× {shorten(one.text, TEXT_LENGTH)}", room) for one in troubles]
    return [((f"{start}{each}", Look.OPEN),) for each in told]


def _seconds(run: RunInfo, now: datetime) -> float:
    return run.duration(now).total_seconds()


def _s(count: int) -> str:
    return "" if count == 1 else "s"
