"""The room of runs: checklists that are under way, and behind them those that were done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from kbtui.core.checklists.run import RunInfo
from kbtui.library import Library
from kbtui.tui.commands import RUNS, bindings
from kbtui.tui.presentation import BOLD, DIM
from kbtui.tui.runs.lines import run_row
from kbtui.tui.runs.reading import post_of
from kbtui.tui.screens.room import Room
from kbtui.tui.screens.run import show_history, show_run
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList
from kbtui.tui.widgets.post_rows import row_width

MOST_RUNS = 200
REFRESH_SECONDS = 1.0
NO_RUNS = "No checklist was begun yet: c in a post that has one begins it."


class RunsScreen(Room):
    """Runs, the open ones first, each group the last started first; enter goes on with one."""

    CSS_PATH = "run.tcss"
    AUTO_FOCUS = "#choices"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(RUNS)]

    choices = query_one("#choices", ChoiceList)

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._shown: tuple[int, list[str]] | None = None
        """The width and the texts of the rows that are shown."""

    def compose(self) -> ComposeResult:
        heading = Content.assemble(("Runs of checklists", BOLD), ("\nenter goes on with one", DIM))
        yield Static(heading, id="title", markup=False)
        yield ChoiceList()
        yield Footer()

    def on_mount(self) -> None:
        self.set_interval(REFRESH_SECONDS, self._tick)

    def on_resize(self) -> None:
        """Cut the rows to the width of the list, which it has once it is laid out."""
        self.call_after_refresh(self._load)

    def on_screen_resume(self) -> None:
        """See at once what was done meanwhile."""
        self.call_after_refresh(self._load)

    def _tick(self) -> None:
        if self.app.screen is self:
            self._load()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        width = row_width(self.choices) - 2
        runs, rows = await self.services.reader.run(lambda library: _rows(library, width))
        shown = width, [str(row.prompt) for row in rows]
        if shown == self._shown:
            return
        current = self.choices.current
        self._shown = shown
        self.choices.show(rows)
        at = next((at for at, run in enumerate(runs) if current is not None and run.id == current.value), None)
        if at is not None:
            self.choices.highlighted = at

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, Choice):
            show_run(self.app, self.services, event.option.value)

    @work(exclusive=True, group="history", exit_on_error=False)
    async def action_history(self) -> None:
        """Show how the runs of the post under the cursor went."""
        if (choice := self.choices.current) is None:
            return
        run_id = choice.value
        await show_history(
            self.app, self.services, lambda library: post_of(library, library.checklists.run(run_id).info)
        )

    def action_leave_room(self) -> None:
        """Leave the room."""
        self.dismiss()


def _rows(library: Library, width: int) -> tuple[list[RunInfo], list[Option]]:
    """In the read lane: to make the rows takes longer than a key may."""
    runs, now = library.checklists.runs(limit=MOST_RUNS), datetime.now(UTC)
    rows: list[Option] = [Choice(run_row(run, now, width), run.id) for run in runs]
    return runs, rows or [Option(Content(NO_RUNS), disabled=True)]
