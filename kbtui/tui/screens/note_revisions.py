"""What a change note said before, each state against the one before it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList

from kbtui.core.errors import KbtuiError
from kbtui.core.notes.change_note import NoteRevision
from kbtui.core.text import one_line
from kbtui.library import Library
from kbtui.tui.diff_lines import diff_lines
from kbtui.tui.presentation import BOLD, DIM
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList
from kbtui.tui.widgets.lines_view import Line, LinesView, Look

PAUSE_SECONDS = 0.05


class NoteRevisionsScreen(Dialog):
    """The states of a note, newest first."""

    AUTO_FOCUS = "#choices"

    choices = query_one("#choices", ChoiceList)
    diff = query_one("#diff", LinesView)

    def __init__(self, services: Services, note_id: str) -> None:
        super().__init__(services)
        self._note_id = note_id
        self._revisions: Sequence[NoteRevision] = ()

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Revisions of the note"
            with Container(id="sides"):
                yield ChoiceList()
                yield LinesView("diff")

    def on_mount(self) -> None:
        self._load()

    @work(exit_on_error=False)
    async def _load(self) -> None:
        self._revisions = await self.services.reader.run(lambda library: library.changes.revisions(self._note_id))
        self.choices.show([Choice(_row(each), str(each.number)) for each in self._revisions])

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        if isinstance(event.option, Choice):
            self._compare(int(event.option.value))

    @work(exclusive=True, group="compare", exit_on_error=False)
    async def _compare(self, number: int) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        self.diff.show(await self.services.reader.run(lambda library: _changes(library, self._note_id, number)))


def _changes(library: Library, note_id: str, number: int) -> list[Line]:
    try:
        lines = library.changes.differences(note_id, number - 1, number)
    except KbtuiError as error:
        return [((one_line(str(error)), Look.PLAIN),)]
    return diff_lines(lines) or [(("The text is the same.", Look.PLAIN),)]


def _row(revision: NoteRevision) -> Content:
    when = f"{revision.saved_at.astimezone():%Y-%m-%d %H:%M}"
    said = one_line(revision.what)
    return Content.assemble((f"{revision.number:>4}  ", BOLD), f"{when}  {said}", (f"  {one_line(revision.who)}", DIM))
