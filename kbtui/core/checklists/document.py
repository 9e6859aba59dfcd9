"""A run as a Markdown document, to be attached to a ticket. Everything in it is safe to show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from kbtui.core.checklists.checklist import StepCode
from kbtui.core.checklists.run import ChecklistRun, EventKind, RunEvent, RunStep, StepState, summarise
from kbtui.core.text import clean, one_line, shorten

EvidenceOf = Callable[[int], str]
"""Gives the evidence of an event by its number."""

_BOXES = {StepState.TODO: "[ ]", StepState.DONE: "[x]", StepState.SKIPPED: "[ ]", StepState.FAILED: "[ ]"}
_HAPPENED = {
    EventKind.DONE: "done",
    EventKind.SKIPPED: "skipped",
    EventKind.FAILED: "failed",
    EventKind.UNDONE: "taken back",
    EventKind.NOTED: "note",
    EventKind.EVIDENCE: "evidence",
    EventKind.REDLINED: "change proposed",
    EventKind.TAKEN: "change taken",
    EventKind.DECLINED: "change declined",
    EventKind.FINISHED: "run finished",
    EventKind.ABANDONED: "run abandoned",
}
_TICKS = re.compile(r"`+")
_LONGEST_NAME = 200
"""Characters of a step's text where it is only named."""
# What a reader of Markdown would take for markup in a text that has none.
_MARKUP = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|`|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|\](?=[(\[:])|<(?=[A-Za-z/!?])|&(?=#?\w)"
)
# What people wrote may be Markdown, but `<host>` in it is a placeholder and no tag that a reader drops.
_PLACEHOLDER = re.compile(r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))|<(?=[A-Za-z/!?])", re.DOTALL)


def run_document(run: ChecklistRun, evidence_of: EvidenceOf, notice: str, now: datetime) -> str:
    """The run with its steps, commands, notes and evidence, and everything that happened in it."""
    parts = [*_head(run, notice, now)]
    section = ""
    for step in run.steps:
        if step.step.section != section:
            section = step.step.section
            parts.append(f"## {_plain(section)}" if section else "## Further steps")
        parts.append("\n\n".join(_step(step, evidence_of)))
    parts += ["## What happened", "\n".join(_happened(event) for event in run.events) or "Nothing yet."]
    return "\n\n".join(parts) + "\n"


def duration_text(duration: timedelta) -> str:
    """A duration in the two units that tell most: `2 d 3 h`, `1 h 05 min`, `4 min 10 s`, `12 s`."""
    seconds = int(duration.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds:02} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"


def happened(kind: EventKind) -> str:
    """What an event is called."""
    return _HAPPENED[kind]


def _head(run: ChecklistRun, notice: str, now: datetime) -> Iterator[str]:
    info, summary = run.info, summarise(run, now)
    yield f"# {_plain(info.title)}"
    counts = f"{summary.done} done, {summary.skipped} skipped, {summary.failed} failed, {summary.todo} to do"
    lines = [
        f"- Run: {info.id}, {info.state.value}",
        f"- Post: {_plain(info.slug)}, revision {info.revision}, SHA-256 {info.content_hash}",
        f"- By: {_plain(info.who)} on {_plain(info.host)}",
        f"- Started: {_time(info.started_at)}",
        *([f"- Ended: {_time(info.finished_at)}"] if info.finished_at else []),
        f"- Duration: {duration_text(summary.duration)}",
        f"- Steps: {counts}",
    ]
    if summary.slowest is not None:
        slowest = f"{summary.slowest.number}. {_plain(shorten(summary.slowest.step.text, _LONGEST_NAME))}"
        lines.append(f"- Slowest step: {slowest} ({duration_text(summary.slowest_took)})")
    if run.reason:
        lines.append(f"- Abandoned: {_written(one_line(run.reason))}")
    yield "\n".join(lines)
    if notice:
        yield notice


def _step(step: RunStep, evidence_of: EvidenceOf) -> Iterator[str]:
    state = f" **{step.state.value}**" if step.state in (StepState.SKIPPED, StepState.FAILED) else ""
    reason = f": {_written(one_line(step.reason))}" if step.reason else ""
    when = f" ({_plain(step.changed_by)}, {_time(step.changed_at)})" if step.changed_at else ""
    yield f"- {_BOXES[step.state]} {step.number}. {_plain(step.step.text)}{state}{reason}{when}"
    if step.step.notes:
        yield _indented(clean(step.step.notes))
    yield from (_indented(_fenced(code)) for code in step.step.commands)
    for note in step.notes:
        yield _indented(_quoted(f"{_plain(note.who)}, {_time(note.at)}: {_written(clean(note.text))}"))
    for evidence in step.evidence:
        origin = f" from {_plain(evidence.text)}" if evidence.text else ""
        yield _indented(f"Evidence{origin} ({_plain(evidence.who)}, {_time(evidence.at)}):")
        yield _indented(_fenced(StepCode(evidence_of(evidence.number), "text")))
    for redline in step.redlines:
        why = f" ({_written(one_line(redline.reason))})" if redline.reason else ""
        yield _indented(_quoted(f"Proposed change, {redline.state.value}{why}: {_written(clean(redline.text))}"))


def _happened(event: RunEvent) -> str:
    step = f" step {event.step}" if event.step else ""
    text = f": {_written(one_line(event.text))}" if event.text and event.kind is not EventKind.NOTED else ""
    return f"{event.number}. {_time(event.at)} {_plain(event.who)}:{step} {_HAPPENED[event.kind]}{text}"


def _fenced(code: StepCode) -> str:
    text = clean(code.text).rstrip("\n")
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{one_line(code.language).replace('`', '')}\n{text}\n{fence}"


def _plain(text: str) -> str:
    """A text without markup as one line of Markdown that reads the same."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text))


def _written(text: str) -> str:
    """What somebody wrote, as Markdown that keeps all of it."""
    return _PLACEHOLDER.sub(lambda match: match["code"] or f"\\{match[0]}", text)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.split("\n"))


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%SZ}"
