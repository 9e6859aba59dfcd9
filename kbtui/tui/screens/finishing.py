"""The end of a run: what it comes to, and whether that is to be its end."""

from __future__ import annotations

from kbtui.core.checklists.run import ChecklistRun, RunStep, RunSummary, StepState
from kbtui.core.text import shorten
from kbtui.tui.runs.lines import summary_text
from kbtui.tui.screens.ask import AskScreen, Reply
from kbtui.tui.services import Services

FINISH, FINISH_AND_NOTE = "finish", "note"
STEPS_SHOWN = 8
TEXT_LENGTH = 52


ENDS = (
    Reply(FINISH, "Finish the run"),
    Reply(FINISH_AND_NOTE, "Finish it and write a change note", "with the commands that were done and the evidence"),
)


class FinishScreen(AskScreen):
    """Sums a run up; gives one of `ENDS`, while steps are open the number of one to go to, or None for escape."""

    def __init__(self, services: Services, run: ChecklistRun, summary: RunSummary) -> None:
        still = [step for step in run.steps if step.state is StepState.TODO][:STEPS_SHOWN]
        title = "Steps are still open" if still else "Finish the run?"
        replies = [Reply(str(step.number), f"Go to step {_named(step)}") for step in still]
        super().__init__(services, title, _told(run, summary), replies or list(ENDS))


def _told(run: ChecklistRun, summary: RunSummary) -> str:
    """What the run comes to, why steps of it are not done, and what was written down."""
    troubled = [step for step in run.steps if step.state in (StepState.SKIPPED, StepState.FAILED)]
    lines = [f"{each.state.value}: {_named(each)} ({shorten(each.reason, TEXT_LENGTH)})" for each in troubled]
    if len(lines) > STEPS_SHOWN:
        lines[STEPS_SHOWN:] = [f"… and {len(lines) - STEPS_SHOWN} more"]
    kept = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (sum(len(step.notes) for step in run.steps), "note", "notes"),
            (sum(len(step.evidence) for step in run.steps), "piece of evidence", "pieces of evidence"),
            (sum(len(step.redlines) for step in run.steps), "proposed change", "proposed changes"),
        )
        if count
    ]
    return "\n".join([summary_text(summary), *lines, *([f"Written down: {', '.join(kept)}."] if kept else [])])


def _named(step: RunStep) -> str:
    return f"{step.number}: {shorten(step.step.text, TEXT_LENGTH)}"
