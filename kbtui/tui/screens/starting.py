"""From a post to a run of its checklist: going on with the one that is open, or beginning one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from textual import on, work
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList

from kbtui.core.checklists.checklist import FIELD, TASKS, Checklist, ChecklistKind
from kbtui.core.checklists.history import ChangesSince, RunHistory
from kbtui.core.checklists.run import RunInfo, RunState
from kbtui.core.post import Post
from kbtui.core.text import shorten
from kbtui.library import Library
from kbtui.tui.ages import ago
from kbtui.tui.runs.history_lines import history_lines
from kbtui.tui.runs.lines import changes_lines
from kbtui.tui.screens.ask import AskScreen, Reply
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.screens.run import show_run
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList
from kbtui.tui.widgets.lines_view import Line, LinesView

MOST_CHOICES = 50
TITLE_LENGTH = 60
STEP_LENGTH = 40
SCROLL_BAR_WIDTH = 1


@dataclass(frozen=True, slots=True)
class _Found:
    """What a post has: its checklists, and the runs of it that go on."""

    post: Post
    checklists: Sequence[Checklist]
    open: Sequence[RunInfo]


async def begin_checklist(app: App[Any], services: Services, slug: str) -> None:
    """Go on with the run of a post's checklist, or begin one, and show it. Call it from a worker.

    Asks where there are several; what changed since the last run and how the runs before went is shown first.
    """
    found = await services.reader.run(lambda library: _find(library, slug))
    run_id, name = await _choose(app, services, found)
    if name and await _agreed(app, services, found.post, name):
        run = await services.writer.run(lambda library: library.checklists.start(found.post.slug, name))
        run_id = run.info.id
    if run_id:
        show_run(app, services, run_id)


async def _choose(app: App[Any], services: Services, found: _Found) -> tuple[str, str]:
    """The id of a run to go on with or the name of a checklist to begin; both empty where nothing is to be done."""
    meant = [each for each in found.checklists if each.is_meant]
    if len(found.open) == 1 and len(meant) < 2:
        return found.open[0].id, ""
    if not found.open and len(meant) == 1:
        return "", meant[0].name
    now = datetime.now(UTC)
    replies = [_go_on(run, now) for run in found.open]
    replies += [_begin(each) for each in (meant or found.checklists)]
    if not replies:
        app.notify("This post has no list that could be a checklist.", markup=False)
        return "", ""
    title = f"Checklists of “{shorten(found.post.title, TITLE_LENGTH)}”"
    text = (
        "" if meant or found.open else "This post has no checklist, but any of its lists can be worked through as one."
    )
    kind, _, value = (
        await app.push_screen_wait(AskScreen(services, title, text, replies[:MOST_CHOICES])) or ""
    ).partition(" ")
    return (value, "") if kind == "run" else ("", value)


async def _agreed(app: App[Any], services: Services, post: Post, name: str) -> bool:
    """Show what is to be known before a run; whether it is to begin. True at once where nothing is."""
    changes, history = await services.reader.run(lambda library: _before(library, post, name))
    if changes is None and not history.runs:
        return True
    return await app.push_screen_wait(StartScreen(services, post.title, changes, history)) is not None


class StartScreen(Dialog):
    """What changed since the last run and how the runs before went; gives `start`, or None for escape."""

    AUTO_FOCUS = "#choices"

    told = query_one("#told", LinesView)

    def __init__(self, services: Services, title: str, changes: ChangesSince | None, history: RunHistory) -> None:
        super().__init__(services)
        self._heading = title
        self._changes = changes
        self._history = history

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(f"Start “{shorten(self._heading, TITLE_LENGTH)}”")
            box.border_subtitle = "enter starts · tab reads · escape does not"
            yield LinesView("told")
            yield ChoiceList()

    def on_mount(self) -> None:
        self.query_one(ChoiceList).show([Choice(Content("Start the run"), "start")])

    def on_resize(self) -> None:
        """Wrap the lines anew."""
        self.call_after_refresh(self._draw)

    @work(exclusive=True, group="draw", exit_on_error=False)
    async def _draw(self) -> None:
        width = max(1, self.told.container_size.width - SCROLL_BAR_WIDTH)
        self.told.show(await self.services.reader.run(lambda _: self._lines(width)), keep_place=True)

    def _lines(self, width: int) -> list[Line]:
        changes = changes_lines(self._changes, width) if self._changes is not None else []
        history = history_lines(self._history, datetime.now(UTC), width)
        between: list[Line] = [()] if changes and history else []
        return [*changes, *between, *history]

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, Choice):
            self.dismiss(event.option.value)


def _find(library: Library, slug: str) -> _Found:
    post = library.posts.get(slug)
    return _Found(post, library.checklists.found(post), library.checklists.runs(post, [RunState.OPEN]))


def _before(library: Library, post: Post, name: str) -> tuple[ChangesSince | None, RunHistory]:
    checklist = library.checklists.choose(post, name)
    return library.checklists.changes_since_last(post, checklist), library.checklists.history(post)


def _go_on(run: RunInfo, now: datetime) -> Reply:
    what = {TASKS: "the tasks in the text", FIELD: "the checklist of the metadata"}.get(run.checklist, "the list")
    note = f"{run.steps - run.todo} of {run.steps} steps settled; begun {ago(run.started_at, now)} by {run.who}"
    return Reply(f"run {run.id}", f"Go on with {what}{_under(run.section)}", note)


def _begin(checklist: Checklist) -> Reply:
    what = {
        ChecklistKind.TASKS: "the tasks in the text",
        ChecklistKind.FIELD: "the checklist of the metadata",
        ChecklistKind.NUMBERED: "the numbered list",
        ChecklistKind.BULLETED: "the list",
    }[checklist.kind]
    count = len(checklist.steps)
    note = f"{count} step{'' if count == 1 else 's'}, the first: {shorten(checklist.steps[0].text, STEP_LENGTH)}"
    return Reply(f"new {checklist.name}", f"Start {what}{_under(checklist.section)}", note)


def _under(section: str) -> str:
    return f" under “{shorten(section, TITLE_LENGTH)}”" if section else ""
