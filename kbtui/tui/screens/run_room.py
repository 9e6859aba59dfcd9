"""A run on the screen: kept as it is on disk, whichever terminal changes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Footer, Static

from kbtui.core.checklists.history import PostStanding
from kbtui.core.checklists.run import ChecklistRun, RunState, StepState
from kbtui.core.errors import KbtuiError
from kbtui.core.text import one_line
from kbtui.library import Library
from kbtui.tui.runs.lines import run_title, step_lines
from kbtui.tui.runs.reading import read_run
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.screens.room import Room
from kbtui.tui.services import Services
from kbtui.tui.widgets.lines_view import LinesView
from kbtui.tui.widgets.step_list import StepList

POLL_SECONDS = 1.0
SCROLL_BAR_WIDTH = 1


class RunRoom(Room):
    """Shows a run and makes changes of it. A row changes when the change is on disk, whichever terminal made it."""

    CSS_PATH = "run.tcss"
    AUTO_FOCUS = "#steps"

    steps = query_one("#steps", StepList)
    details = query_one("#step", LinesView)

    def __init__(self, services: Services, run_id: str) -> None:
        super().__init__(services)
        self.run_id = run_id
        """The run that is worked through."""
        self.run: ChecklistRun | None = None
        """The run as it is shown; None before it is read."""
        self._standing: PostStanding | None = None

    def compose(self) -> ComposeResult:
        yield Static("", id="title", markup=False)
        yield Static("", id="standing", markup=False)
        with Horizontal(id="panes"):
            yield StepList()
            yield LinesView("step")
        yield Footer()

    def on_mount(self) -> None:
        self._load()
        self.set_interval(POLL_SECONDS, self._tick)

    @property
    def is_open(self) -> bool:
        """Whether the run goes on."""
        return self.run is not None and self.run.info.state is RunState.OPEN

    # Showing

    def _tick(self) -> None:
        if self.run is not None and self.app.screen is self:
            self._show_title(self.run)
            self._look()

    def on_screen_resume(self) -> None:
        """See at once what was done meanwhile."""
        if self.run is not None:
            self._look()

    @work(exclusive=True, group="look", exit_on_error=False)
    async def _look(self) -> None:
        """Show the run anew if another terminal changed it, or somebody its post."""
        shown = self.run
        if shown is None:
            return
        version, standing = await self.services.reader.run(
            lambda library: (library.checklists.version(self.run_id), library.checklists.standing(shown.info))
        )
        if shown is self.run and (version != shown.version or standing != self._standing):
            await self._read()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        await self._read()
        if self.run is not None and self.run.current is not None:
            self.steps.go_to(self.run.current.number)

    async def _read(self) -> None:
        run, standing = await self.services.reader.run(lambda library: read_run(library, self.run_id))
        if self.run is not None and run.version < self.run.version:
            return
        self.run, self._standing = run, standing
        self.steps.show(run.steps)
        self._show_title(run)
        notice = Content(one_line(f"{standing.notice} {f'Abandoned: {run.reason}' if run.reason else ''}"))
        self.query_one("#standing", Static).update(notice)
        self.query_one("#standing").display = bool(notice.plain)
        self.refresh_bindings()
        self.draw()

    def _show_title(self, run: ChecklistRun) -> None:
        self.query_one("#title", Static).update(run_title(run.info, datetime.now(UTC)))

    @on(StepList.Moved)
    def _moved(self) -> None:
        self.draw(is_other=True)

    def on_resize(self) -> None:
        """Wrap the lines anew."""
        self.call_after_refresh(self.draw)

    @work(exclusive=True, group="draw", exit_on_error=False)
    async def draw(self, *, is_other: bool = False) -> None:
        """Show what the step under the cursor holds; `is_other` where it was not the one before."""
        run, step = self.run, self.steps.current
        if run is None or step is None:
            return
        width = self.details.container_size.width - SCROLL_BAR_WIDTH
        lines = await self.services.reader.run(lambda library: step_lines(library, run, step, width))
        self.details.show(lines, keep_place=not is_other)

    # Changes

    async def make(self, change: Callable[[Library], object], settled: int = 0) -> None:
        """Make a change and show what came of it; from the step that it settled on to the next that is open."""
        try:
            # Whoever leaves the screen right behind a key has pressed it all the same.
            await asyncio.shield(self.services.writer.run(change))
        finally:
            await self._read()
        if settled and self.run is not None and (step := self.steps.current) and step.number == settled:
            later = (each.number for each in self.run.steps[settled:] if each.state is StepState.TODO)
            if step.state is not StepState.TODO and (following := next(later, 0)):
                self.steps.go_to(following)

    async def make_of_text(self, ask: Callable[[str], Dialog], keep: Callable[[Library, str], object]) -> str | None:
        """Make a change of a text that is asked for; one that cannot be kept is asked for again, so it is not lost.

        Gives the text, None where the user wants nothing kept.
        """
        text = await self.app.push_screen_wait(ask(""))
        while text is not None:
            try:
                await self.make(partial(_keep, keep, text))
            except KbtuiError as error:
                self.app.notify(one_line(str(error)), severity="error", markup=False)
                text = await self.app.push_screen_wait(ask(text))
            else:
                break
        return text


def _keep(keep: Callable[[Library, str], object], text: str, library: Library) -> object:
    return keep(library, text)
