"""How the runs of a post went: durations over time, what gave trouble, when it last went well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kbtui.core.text import shorten
from kbtui.library import Library
from kbtui.tui.runs.history_lines import past_lines, past_row
from kbtui.tui.runs.reading import FindPost
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList
from kbtui.tui.widgets.lines_view import Line, LinesView
from kbtui.tui.widgets.post_rows import row_width

MOST_RUNS = 50
TITLE_LENGTH = 60
SCROLL_BAR_WIDTH = 1
NO_RUNS = "This post has no runs yet."


@dataclass(frozen=True, slots=True)
class _Past:
    """What is shown of a post's runs."""

    title: str
    lines: list[Line]
    rows: list[Option]


class RunHistoryScreen(Dialog):
    """The runs of a post; gives the id of the one that was chosen, None for escape."""

    AUTO_FOCUS = "#choices"
    CSS_PATH: ClassVar[list[str]] = ["dialog.tcss", "run_dialogs.tcss"]  # type: ignore[assignment]

    past = query_one("#past", LinesView)
    choices = query_one("#choices", ChoiceList)

    def __init__(self, services: Services, find: FindPost) -> None:
        """`find` gives the post."""
        super().__init__(services)
        self._find = find

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Runs"
            box.border_subtitle = "enter shows a run · tab reads · escape closes"
            yield LinesView("past")
            yield ChoiceList()

    def on_resize(self) -> None:
        """Wrap the lines and cut the rows anew."""
        self.call_after_refresh(self._load)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        width, room = max(1, self.past.container_size.width - SCROLL_BAR_WIDTH), row_width(self.choices) - 2
        found = await self.services.reader.run(lambda library: _past(library, self._find, width, room))
        self.query_one("#box").border_title = Content(f"Runs of “{shorten(found.title, TITLE_LENGTH)}”")
        self.past.show(found.lines, keep_place=True)
        at = self.choices.highlighted
        self.choices.show(found.rows)
        if at is not None:
            self.choices.highlighted = at

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(event.option, Choice):
            self.dismiss(event.option.value)


def _past(library: Library, find: FindPost, width: int, room: int) -> _Past:
    """In the read lane: to make the rows takes longer than a key may."""
    post, now = find(library), datetime.now(UTC)
    checklists = library.checklists
    runs = checklists.runs(post, limit=MOST_RUNS)
    lines = past_lines(checklists.history(post, MOST_RUNS), checklists.last_successful_run(post), now, width)
    rows: list[Option] = [Choice(past_row(run, now, room), run.id) for run in runs]
    return _Past(post.title, lines, rows or [Option(Content(NO_RUNS), disabled=True)])
