"""How runs of checklists are written: for people, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from kbtui.cli import narration, output
from kbtui.core.checklists.checklist import Difference
from kbtui.core.checklists.document import duration_text
from kbtui.core.checklists.history import ChangesSince, RunHistory
from kbtui.core.checklists.run import ChecklistRun, Redline, RunEvent, RunInfo, RunStep, RunSummary, StepState
from kbtui.core.post import Json
from kbtui.core.text import one_line, shorten

SIGNS = {StepState.TODO: "[ ]", StepState.DONE: "[x]", StepState.SKIPPED: "[-]", StepState.FAILED: "[!]"}
TEXT_WIDTH = 200
"""Characters of a step's text beside others."""
_CHANGES_SHOWN = 20


def shown(step: RunStep) -> str:
    """The text of a step, safe to show and not too long."""
    return shorten(step.step.text, TEXT_WIDTH)


def info_document(run: RunInfo) -> dict[str, Json]:
    """A run of a list as JSON."""
    return {
        "id": run.id,
        "state": run.state.value,
        "slug": run.slug,
        "title": run.title,
        "source": run.source,
        "path": run.path,
        "revision": run.revision,
        "hash": run.content_hash,
        "checklist": run.checklist,
        "section": run.section,
        "who": run.who,
        "host": run.host,
        "started_at": run.started_at.isoformat(),
        "finished_at": None if run.finished_at is None else run.finished_at.isoformat(),
        "total": run.steps,
        "todo": run.todo,
        "done": run.done,
        "skipped": run.skipped,
        "failed": run.failed,
    }


def run_document(run: ChecklistRun) -> dict[str, Json]:
    """A whole run as JSON: what a list has of it, its steps and its events. Evidence is named, not held."""
    return {
        **info_document(run.info),
        "reason": run.reason,
        "steps": [_step_document(step) for step in run.steps],
        "events": [_event_document(event) for event in run.events],
    }


def _step_document(step: RunStep) -> dict[str, Json]:
    return {
        "number": step.number,
        "text": step.step.text,
        "section": step.step.section,
        "depth": step.step.depth,
        "gate": step.step.is_gate,
        "commands": [{"text": code.text, "language": code.language} for code in step.step.commands],
        "state": step.state.value,
        "reason": step.reason,
        "changed_at": None if step.changed_at is None else step.changed_at.isoformat(),
        "changed_by": step.changed_by,
        "notes": [note.text for note in step.notes],
        "evidence": [{"event": one.number, "from": one.text, "bytes": one.size} for one in step.evidence],
        "redlines": [_redline_document(redline) for redline in step.redlines],
    }


def _event_document(event: RunEvent) -> dict[str, Json]:
    return {
        "number": event.number,
        "kind": event.kind.value,
        "at": event.at.isoformat(),
        "who": event.who,
        "host": event.host,
        "step": event.step or None,
        "text": event.text,
        "refers": event.refers or None,
    }


def _redline_document(redline: Redline) -> dict[str, Json]:
    return {
        "number": redline.number,
        "step": redline.step,
        "text": redline.text,
        "state": redline.state.value,
        "reason": redline.reason,
        "at": redline.at.isoformat(),
        "who": redline.who,
    }


def write_runs(runs: Sequence[RunInfo], *, as_json: bool) -> None:
    """Runs, a line each."""
    if as_json:
        output.document([info_document(run) for run in runs])
        return
    rows = [
        (
            run.id,
            run.state.value,
            f"{run.steps - run.todo}/{run.steps}",
            run.failed,
            _time(run.started_at),
            run.who,
            run.slug,
            run.title,
        )
        for run in runs
    ]
    output.table(rows, ("run", "state", "steps", "failed", "started", "by", "post", "title"))


def show_run(run: ChecklistRun) -> None:
    """A run and its steps: on a terminal under a head and by section, in a pipe a line each."""
    if not output.is_terminal():
        output.lines(
            (step.number, step.state.value, step.step.section, step.step.text, step.reason) for step in run.steps
        )
        return
    info = run.info
    lines = [f"{info.title}  ({info.id}, {info.state.value}, {info.who}, {_time(info.started_at)})"]
    section, width = "", len(str(len(run.steps)))
    for step in run.steps:
        if step.step.section != section:
            section = step.step.section
            lines += ["", section]
        reason = f"  ({step.state.value}: {step.reason})" if step.reason else ""
        indent = "  " * step.step.depth
        lines.append(f"{SIGNS[step.state]} {step.number:>{width}} {indent}{shown(step)}{reason}")
    output.write("\n".join(map(_line, lines)) + "\n")


def tell_progress(run: ChecklistRun) -> None:
    """One sentence on a run after a change, and the step that is next."""
    info = run.info
    narration.say(f"{info.steps - info.todo} of {narration.count(info.steps, 'step')} settled, {info.failed} failed.")
    if run.current is not None:
        narration.detail(f"next: {run.current.number}. {shown(run.current)}")
    elif info.todo == 0:
        narration.detail(f"`kbtui check finish {info.id}` ends the run")


def tell_changes(changes: ChangesSince | None) -> None:
    """What changed in a checklist since its last finished run, step by step."""
    if changes is None:
        return
    changed = changes.changed
    narration.say(f"Changed since the run {changes.last.id} of {_time(changes.last.started_at)}:")
    for change in changed[:_CHANGES_SHOWN]:
        before, after = (shorten(step.text, TEXT_WIDTH) if step else "" for step in (change.before, change.after))
        if change.difference is Difference.CHANGED:
            narration.detail(
                f"changed: {before} -> {after}" if before != after else f"changed: {before} (what belongs to it)"
            )
        else:
            narration.detail(f"{change.difference.value}: {before or after}")
    if len(changed) > _CHANGES_SHOWN:
        narration.detail(f"and {len(changed) - _CHANGES_SHOWN} more")


def write_summary(run: ChecklistRun, summary: RunSummary) -> None:
    """What a run came to, a line for each figure."""
    rows: list[tuple[str, object]] = [
        ("run", run.info.id),
        ("done", summary.done),
        ("skipped", summary.skipped),
        ("failed", summary.failed),
        ("duration", duration_text(summary.duration)),
    ]
    if summary.slowest is not None:
        slowest = f"{summary.slowest.number}. {shown(summary.slowest)} ({duration_text(summary.slowest_took)})"
        rows.append(("slowest step", slowest))
    output.table(rows)


def write_redlines(found: Sequence[tuple[RunInfo, Redline]], *, as_json: bool) -> None:
    """Proposed changes that nobody decided on, a line each."""
    if as_json:
        output.document([{"run": run.id, "slug": run.slug, **_redline_document(one)} for run, one in found])
        return
    rows = [(run.id, one.number, run.slug, one.step, shorten(one.text, TEXT_WIDTH)) for run, one in found]
    output.table(rows, ("run", "proposal", "post", "step", "text"))
    if not found:
        narration.say("No proposed change waits for a decision.")


def write_history(told: RunHistory, last: RunInfo | None, *, as_json: bool) -> None:
    """The runs of a post that have ended, and the steps that were skipped or failed in them."""
    now = datetime.now(UTC)
    if as_json:
        document = {
            "last_successful": None if last is None else info_document(last),
            "runs": [{**info_document(run), "seconds": run.duration(now).total_seconds()} for run in told.runs],
            "skipped": [{"text": step.text, "times": step.times} for step in told.skipped],
            "failed": [{"text": step.text, "times": step.times} for step in told.failed],
        }
        output.document(document)
        return
    rows = [
        (run.id, run.state.value, _time(run.started_at), _duration(run, now), run.done, run.skipped, run.failed)
        for run in told.runs
    ]
    output.table(rows, ("run", "state", "started", "took", "done", "skipped", "failed"))
    troubled = [("failed", step.times, shorten(step.text, TEXT_WIDTH)) for step in told.failed]
    troubled += [("skipped", step.times, shorten(step.text, TEXT_WIDTH)) for step in told.skipped]
    if troubled:
        output.table(troubled, ("", "times", "step"))
    if last is not None and last.finished_at is not None:
        narration.say(f"Last successful run: {_time(last.finished_at)}, by {last.who}.")


def _duration(run: RunInfo, now: datetime) -> str:
    took = run.duration(now)
    return duration_text(took) if output.is_terminal() else str(int(took.total_seconds()))


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%SZ")


def _line(text: str) -> str:
    """A line safe to show that keeps its indentation."""
    return text[: len(text) - len(text.lstrip(" "))] + one_line(text)
