"""Runs of checklists to rows and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from kbtui.core.checklists.checklist import Step, StepCode
from kbtui.core.checklists.run import EventKind, RunEvent, RunInfo, RunState
from kbtui.core.text import storable
from kbtui.storage.rows import Row, dump, read_time, write_time

RUN_COLUMNS = (
    "id, slug, title, source, path, revision, content_hash, checklist, section, who, host, started_at, steps, done, "
    "skipped, failed, state, finished_at"
)
EVENT_COLUMNS = "number, kind, at, who, host, step, text, refers, size"
STEP_COLUMNS = "text, section, commands, notes, depth, line, lines"


def run_row(run: RunInfo) -> Row:
    """The row of a run that begins."""
    return {
        "id": run.id,
        "slug": storable(run.slug),
        "title": storable(run.title),
        "source": storable(run.source),
        "path": storable(run.path),
        "revision": run.revision,
        "content_hash": run.content_hash,
        "checklist": storable(run.checklist),
        "section": storable(run.section),
        "who": storable(run.who),
        "host": storable(run.host),
        "started_at": write_time(run.started_at),
        "steps": run.steps,
    }


def row_to_run(row: Row) -> RunInfo:
    """The run of a row of `RUN_COLUMNS`."""
    return RunInfo(
        id=row["id"],
        slug=row["slug"],
        title=row["title"],
        source=row["source"],
        path=row["path"],
        revision=row["revision"],
        content_hash=row["content_hash"],
        checklist=row["checklist"],
        section=row["section"],
        who=row["who"],
        host=row["host"],
        started_at=read_time(row["started_at"]),
        steps=row["steps"],
        done=row["done"],
        skipped=row["skipped"],
        failed=row["failed"],
        state=RunState(row["state"]),
        finished_at=None if row["finished_at"] is None else read_time(row["finished_at"]),
    )


def step_values(run_id: str, number: int, step: Step) -> Sequence[object]:
    """The row of a step of a run."""
    commands = dump([[code.text, code.language] for code in step.commands])
    texts = (storable(step.text), storable(step.section), commands, storable(step.notes))
    return (run_id, number, *texts, step.depth, step.line, step.lines)


def row_to_step(row: Row) -> Step:
    """The step of a row of `STEP_COLUMNS`; commands that are damaged are left out."""
    return Step(
        text=row["text"],
        section=row["section"],
        commands=_commands(row["commands"]),
        notes=row["notes"],
        depth=row["depth"],
        line=row["line"],
        lines=row["lines"],
    )


def storable_event(event: RunEvent) -> RunEvent:
    """The event as it can be stored."""
    return replace(event, who=storable(event.who), host=storable(event.host), text=storable(event.text))


def event_values(run_id: str, event: RunEvent) -> Sequence[object]:
    """The row of a storable event."""
    head = (run_id, event.number, event.kind.value, write_time(event.at), event.who, event.host)
    return (*head, event.step, event.text, event.refers, event.size)


def row_to_event(row: Row) -> RunEvent:
    """The event of a row of `EVENT_COLUMNS`."""
    return RunEvent(
        number=row["number"],
        kind=EventKind(row["kind"]),
        at=read_time(row["at"]),
        who=row["who"],
        host=row["host"],
        step=row["step"],
        text=row["text"],
        refers=row["refers"],
        size=row["size"],
    )


def _commands(written: str) -> tuple[StepCode, ...]:
    try:
        return tuple(StepCode(str(text), str(language)) for text, language in json.loads(written))
    except (TypeError, ValueError):
        return ()
