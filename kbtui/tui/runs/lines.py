"""Runs of checklists as lines of the screen: what a step holds, what a run comes to, what changed since the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby

from rich.cells import set_cell_size
from textual.content import Content

from kbtui.core.checklists.checklist import Difference, Step, StepChange
from kbtui.core.checklists.document import duration_text
from kbtui.core.checklists.history import ChangesSince
from kbtui.core.checklists.run import ChecklistRun, Redline, RunEvent, RunInfo, RunState, RunStep, RunSummary, StepState
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
BADGE = "$warning"


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
    settled = f"{run.steps - run.todo}/{run.steps}"
    right = f"{failed}  {run.state.value:<9}  {settled:>7}  {age:>10}"
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
    lines: list[Line] = [((place, Look.HEAD),), *wrapped(step.step.text, width)]
    if step.state is not StepState.TODO and step.changed_at is not None:
        reason = f": {step.reason}" if step.reason else ""
        said = f"{step.state.value} by {step.changed_by}, {time_text(step.changed_at)}{reason}"
        lines += wrapped(said, width, Look.ADDED if step.state is StepState.DONE else Look.OPEN)
    if step.step.notes:
        lines += [(), *wrapped(step.step.notes, width)]
    values = library.checklists.values(run.info.id) if step.step.commands else {}
    for code in step_codes(step.step, values):
        lines += [(), ((f"{one_line(code.language) or 'command'} · y copies", Look.PLACE),)]
        lines += drawn(code.filled(code.values), width)
    lines += [line for note in step.notes for line in _said("note", note, note.text, width)]
    for redline in step.redlines:
        lines += redline_lines(redline, width)
    for piece in step.evidence:
        lines += _said(
            "evidence", piece, _beginning(library.checklists.evidence_text(run.info.id, piece.number)), width
        )
    return lines


def redline_lines(redline: Redline, width: int) -> list[Line]:
    """A proposed change of a step, and what became of it."""
    why = f": {redline.reason}" if redline.reason else ""
    decided = "" if redline.decided_at is None else f", {redline.state.value} by {redline.decided_by}{why}"
    head = f"change proposed · {redline.who}, {time_text(redline.at)}{decided}"
    return [(), *wrapped(head, width, Look.PLACE), *wrapped(redline.text, width)]


def _said(what: str, event: RunEvent, text: str, width: int) -> Iterator[Line]:
    head = f"{what} · {event.who}, {time_text(event.at)}"
    if event.size:
        head += f" · {event.size:,} bytes{f' · {event.text}' if event.text else ''}"
    yield ()
    yield from wrapped(head, width, Look.PLACE)
    yield from wrapped(text, width)


def _beginning(text: str) -> str:
    lines = text[:EVIDENCE_CHARACTERS].split("\n")
    shown = "\n".join(lines[:EVIDENCE_LINES]).rstrip("\n")
    return shown if len(shown) == len(text.rstrip("\n")) else f"{shown.rstrip()}\n…"


def wrapped(text: str, width: int, look: Look = Look.PLAIN) -> list[Line]:
    """A text as lines of at most `width` columns, safe to show."""
    text = clean(text).rstrip("\n")
    return [((text[start:end], look),) for start, end in wrap(text, width)]


def time_text(at: datetime) -> str:
    """A time to the minute, as the clock of this machine shows it."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


# Before a run


def changes_lines(changes: ChangesSince, width: int) -> list[Line]:
    """What differs from the last finished run, step by step; steps that stayed the same are counted."""
    last = changes.last
    head = f"Changed since the run of {time_text(last.finished_at or last.started_at)} by {last.who}"
    lines = wrapped(head, width, Look.HEAD)
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
        yield from wrapped(f"~ {one_line(after.text)}", width, Look.PLACE)
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
            yield from wrapped(f"{sign} {line}", width, look)


# Proposed changes


def with_changes(title: Content, count: int) -> Content:
    """The heading over a page, with the number of changes that are proposed for it."""
    if not count:
        return title
    return Content.assemble(title, "  ", (f"{count} proposed change{'' if count == 1 else 's'}", BADGE))
