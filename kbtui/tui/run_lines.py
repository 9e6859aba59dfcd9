"""Runs of checklists as lines of the screen: what a step holds, what a run comes to, what changed since the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby

from rich.cells import set_cell_size
from textual.content import Content

from kbtui.core.checklist import Difference, Step, StepChange
from kbtui.core.checklist_document import duration_text
from kbtui.core.checklist_history import ChangesSince, RunHistory, TroubledStep
from kbtui.core.checklist_run import ChecklistRun, RunEvent, RunInfo, RunState, RunStep, RunSummary, StepState
from kbtui.core.text import clean, one_line, shorten
from kbtui.library import Library
from kbtui.tui.ages import ago
from kbtui.tui.code_copy import CodeToCopy, code_as_written, drawn
from kbtui.tui.document.wrapping import wrap
from kbtui.tui.presentation import BOLD, DIM, fitted
from kbtui.tui.widgets.lines_view import Line, Look

TITLE_LENGTH = 200
TEXT_LENGTH = 200
BAR_WIDTH = 20
EVIDENCE_LINES = 10
EVIDENCE_CHARACTERS = 4_000
"""So much of one piece of evidence is shown."""
RUNS_LISTED = 5
TROUBLES_LISTED = 3
PLOT = "▁▂▃▄▅▆▇█"
PLOTTED = 30


def run_title(run: RunInfo, now: datetime) -> Content:
    """The two lines over a run: what it is, and how far it is."""
    settled = run.steps - run.todo
    filled = BAR_WIDTH * settled // run.steps if run.steps else BAR_WIDTH
    section = f" · {shorten(run.section, TITLE_LENGTH)}" if run.section else ""
    rest = [f"{count} {word}" for count, word in ((run.skipped, "skipped"), (run.failed, "failed")) if count]
    rest += [duration_text(run.duration(now)), "open" if run.state is RunState.OPEN else run.state.value]
    return Content.assemble(
        (shorten(run.title, TITLE_LENGTH), BOLD),
        (section, DIM),
        "\n",
        (f"{settled}/{run.steps} ", BOLD),
        ("█" * filled, "$success"),
        ("░" * (BAR_WIDTH - filled), DIM),
        f"  {' · '.join(rest)}",
    )


def run_row(run: RunInfo, now: datetime, width: int) -> Content:
    """The row of a run in a list of runs."""
    age = ago(run.started_at, now)
    failed = f"  {run.failed} failed" if run.failed else ""
    right = f"{failed}  {run.state.value:<9}  {run.steps - run.todo}/{run.steps:<5}  {age:>10}"
    room = max(1, width - len(right))
    left = set_cell_size(fitted(shorten(run.title, TITLE_LENGTH), room), room)
    return Content.assemble((left, BOLD if run.state is RunState.OPEN else ""), (right, DIM))


def summary_text(summary: RunSummary) -> str:
    """What a run comes to, in one or two sentences."""
    counts = ((summary.done, "done"), (summary.skipped, "skipped"), (summary.failed, "failed"), (summary.todo, "open"))
    told = ", ".join(f"{count} {word}" for count, word in counts if count) or "no steps"
    text = f"{told} in {duration_text(summary.duration)}."
    if summary.slowest is not None:
        slowest = shorten(summary.slowest.step.text, TEXT_LENGTH)
        text += f" Longest: step {summary.slowest.number}, “{slowest}”, {duration_text(summary.slowest_took)}."
    return text


# A step


def step_codes(step: Step, values: Mapping[str, str], rollback: str = "") -> list[CodeToCopy]:
    """The commands of a step, as they are copied."""
    return [code_as_written(code.text, code.language, values, rollback) for code in step.commands]


def step_lines(library: Library, run: ChecklistRun, step: RunStep, width: int) -> list[Line]:
    """Everything about a step, for `width` columns. Takes longer than a key may: call it in a lane."""
    width = max(1, width)
    place = f"Step {step.number} of {len(run.steps)}{' · gate' if step.step.is_gate else ''}"
    lines: list[Line] = [((place, Look.HEAD),), *_wrapped(step.step.text, width)]
    if step.state is not StepState.TODO and step.changed_at is not None:
        reason = f": {step.reason}" if step.reason else ""
        said = f"{step.state.value} by {step.changed_by}, {_time(step.changed_at)}{reason}"
        lines += _wrapped(said, width, Look.ADDED if step.state is StepState.DONE else Look.OPEN)
    if step.step.notes:
        lines += [(), *_wrapped(step.step.notes, width)]
    values = library.checklists.values(run.info.id) if step.step.commands else {}
    for code in step_codes(step.step, values):
        lines += [(), ((f"{one_line(code.language) or 'command'} · y copies", Look.PLACE),)]
        lines += drawn(code.filled(code.values), width)
    lines += [line for note in step.notes for line in _said("note", note, note.text, width)]
    for redline in step.redlines:
        head = f"proposed by {redline.who}, {redline.state.value}"
        lines += [(), *_wrapped(head, width, Look.PLACE), *_wrapped(redline.text, width)]
    for piece in step.evidence:
        lines += _said(
            "evidence", piece, _beginning(library.checklists.evidence_text(run.info.id, piece.number)), width
        )
    return lines


def _said(what: str, event: RunEvent, text: str, width: int) -> Iterator[Line]:
    head = f"{what} · {event.who}, {_time(event.at)}"
    if event.size:
        head += f" · {event.size:,} bytes{f' · {event.text}' if event.text else ''}"
    yield ()
    yield from _wrapped(head, width, Look.PLACE)
    yield from _wrapped(text, width)


def _beginning(text: str) -> str:
    lines = text[:EVIDENCE_CHARACTERS].split("\n")
    shown = "\n".join(lines[:EVIDENCE_LINES])
    return shown if len(shown) == len(text.rstrip("\n")) else f"{shown.rstrip()}\n…"


def _wrapped(text: str, width: int, look: Look = Look.PLAIN) -> list[Line]:
    text = clean(text).rstrip("\n")
    return [((text[start:end], look),) for start, end in wrap(text, width)]


def _time(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


# Before a run


def changes_lines(changes: ChangesSince, width: int) -> list[Line]:
    """What differs from the last finished run, step by step; steps that stayed the same are counted."""
    head = (
        f"Changed since the run of {_time(changes.last.finished_at or changes.last.started_at)} by {changes.last.who}"
    )
    lines = _wrapped(head, width, Look.HEAD)
    for is_same, group in groupby(changes.steps, key=lambda change: change.difference is Difference.SAME):
        if is_same:
            count = len(list(group))
            lines.append(((f"  … {count} step{'' if count == 1 else 's'} as before", Look.PLAIN),))
        else:
            lines += [line for change in group for line in _change_lines(change, width)]
    return lines


def _change_lines(change: StepChange, width: int) -> Iterator[Line]:
    before, after = change.before, change.after
    if before is not None and after is not None and before.text == after.text:
        yield from _wrapped(f"~ {one_line(after.text)}", width, Look.PLACE)
    else:
        yield from _signed("-", Look.REMOVED, [before.text] if before else [], width)
        yield from _signed("+", Look.ADDED, [after.text] if after else [], width)
    old, new = (_further(step) for step in (before, after))
    if before is not None and after is not None and before.section != after.section:
        old, new = [f"under “{one_line(before.section)}”", *old], [f"under “{one_line(after.section)}”", *new]
    if after is not None:
        yield from _signed("  -", Look.REMOVED, [each for each in old if each not in new], width)
        yield from _signed("  +", Look.ADDED, [each for each in new if each not in old], width)


def _further(step: Step | None) -> list[str]:
    """The commands and notes of a step, as pieces to compare."""
    return [each for each in (*(code.text for code in step.commands), step.notes) if each] if step else []


def _signed(sign: str, look: Look, texts: Iterable[str], width: int) -> Iterator[Line]:
    for text in texts:
        for line in clean(text).rstrip("\n").split("\n"):
            yield from _wrapped(f"{sign} {line}", width, look)


def history_lines(history: RunHistory, now: datetime, width: int) -> list[Line]:
    """How the runs of a post went before: durations as a plot, the last runs, the steps that gave trouble."""
    if not history.runs:
        return []
    count = len(history.runs)
    plot = _plot([run.duration(now).total_seconds() for run in history.runs[-PLOTTED:]])
    lines: list[Line] = [((f"Run {count} time{'' if count == 1 else 's'} before  ", Look.HEAD), (plot, Look.PLACE))]
    for run in reversed(history.runs[-RUNS_LISTED:]):
        counts = ((run.done, "done"), (run.skipped, "skipped"), (run.failed, "failed"), (run.todo, "open"))
        told = ", ".join(f"{number} {word}" for number, word in counts if number)
        took = duration_text(run.duration(now))
        ended = "" if run.state is RunState.DONE else f"{run.state.value}, "
        lines += _wrapped(f"  {_time(run.started_at)}  {took:>12}  {ended}{told} · {one_line(run.who)}", width)
    lines += _troubles("skipped", history.skipped, width) + _troubles("failed", history.failed, width)
    return lines


def _troubles(what: str, troubles: Iterable[TroubledStep], width: int) -> list[Line]:
    told = [f"  {what} {one.times}×  {shorten(one.text, TEXT_LENGTH)}" for one in list(troubles)[:TROUBLES_LISTED]]
    return [line for each in told for line in _wrapped(each, width, Look.OPEN)]


def _plot(values: list[float]) -> str:
    most = max(values, default=0.0) or 1.0
    return "".join(PLOT[round(value / most * (len(PLOT) - 1))] for value in values)
