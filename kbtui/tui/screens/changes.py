"""The room of changes: what was changed, newest first, with a filter; beside it the note under the cursor."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from kbtui.core.errors import NoteNotFoundError
from kbtui.core.notes.change_note import NoteInfo
from kbtui.core.notes.query import UNVERIFIED, parse_note_query
from kbtui.core.text import one_line
from kbtui.library import Library
from kbtui.tui.commands import bindings
from kbtui.tui.document.preparing import prepare
from kbtui.tui.document.view import DocumentView
from kbtui.tui.notes.actions import write_note
from kbtui.tui.notes.commands import CHANGES
from kbtui.tui.notes.lines import note_row, unverified_text
from kbtui.tui.notes.page import NotePage, open_note
from kbtui.tui.presentation import BOLD, DIM
from kbtui.tui.screens.note import NoteScreen
from kbtui.tui.screens.note_room import NoteRoom
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceLine, ChoiceList
from kbtui.tui.widgets.post_rows import row_width

MOST_NOTES = 200
REFRESH_SECONDS = 1.0
TYPING_PAUSE = 0.1
PREVIEW_PAUSE = 0.08
MAX_FILTER_LENGTH = 1_000
ONLY_UNVERIFIED = f"state:{UNVERIFIED}"
NO_NOTES = "No change was noted yet: a writes a note, ctrl+g does so anywhere."
NONE_FOUND = "No change is like that; escape clears the filter."


@dataclass(frozen=True, slots=True)
class _Found:
    """What a filter gives."""

    notes: tuple[NoteInfo, ...]
    rows: tuple[Option, ...]
    total: int
    unverified: tuple[int, int]
    problem: str


class ChangesScreen(NoteRoom):
    """The timeline of changes."""

    CSS_PATH = "changes.tcss"
    AUTO_FOCUS = "#choices"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(CHANGES)]

    choices = query_one("#choices", ChoiceList)
    filter_line = query_one("#filter", ChoiceLine)
    page = query_one("#page", DocumentView)

    def __init__(self, services: Services, filter_text: str = "") -> None:
        super().__init__(services)
        self._first_filter = filter_text
        self._shown: object = None
        """What makes the rows that are shown."""
        self._heading = Content("")
        self._previewed: NotePage | None = None

    def compose(self) -> ComposeResult:
        yield Static("", id="title", markup=False)
        yield ChoiceLine(
            self._first_filter,
            placeholder="/ since:6h file:nginx.conf tool:redis state:due, or words of the title",
            id="filter",
            max_length=MAX_FILTER_LENGTH,
        )
        with Horizontal(id="panes"):
            yield ChoiceList()
            yield DocumentView(id="page")
        yield Footer()

    def on_mount(self) -> None:
        self.set_interval(REFRESH_SECONDS, self._tick)

    def on_resize(self) -> None:
        """Cut the rows to the width of the list, which it has once it is laid out."""
        self.call_after_refresh(self._load)

    def on_screen_resume(self) -> None:
        """See at once what was done meanwhile."""
        self.call_after_refresh(self._load)
        self._preview()

    def _tick(self) -> None:
        if self.app.screen is self:
            self._load()

    @property
    def chosen_note(self) -> str:
        """The id of the note under the cursor; "" for none."""
        return "" if self.choices.current is None else self.choices.current.value

    # The list

    @on(Input.Changed, "#filter")
    def _typed(self) -> None:
        self._load(pause=TYPING_PAUSE)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self, pause: float = 0.0) -> None:
        await asyncio.sleep(pause)
        width, text = row_width(self.choices) - 2, self.filter_line.value
        now = self.services.now()
        found = await self.services.reader.run(lambda library: _find(library, text, now, width))
        self._show_title(found)
        shown = width, text, [(str(row.prompt)) for row in found.rows]
        if shown == self._shown:
            return
        self._shown = shown
        current = self.chosen_note
        self.choices.show(list(found.rows))
        at = next((at for at, note in enumerate(found.notes) if note.id == current), None)
        if at is not None:
            self.choices.highlighted = at
        if not found.notes:
            self._previewed = None
            self.page.show(prepare(()))

    def _show_title(self, found: _Found) -> None:
        count = f"{found.total} change{'' if found.total == 1 else 's'}"
        told = found.problem or unverified_text(*found.unverified) or "everything is verified"
        look = "$text-warning" if found.problem or found.unverified[0] else DIM
        heading = Content.assemble(("Changes", BOLD), (f"  {count}", DIM), "\n", (one_line(told), look))
        if not heading.is_same(self._heading):
            self._heading = heading
            self.query_one("#title", Static).update(heading)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, Choice):
            self.app.push_screen(NoteScreen(self.services, event.option.value))

    # The preview

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._preview()

    @work(exclusive=True, group="preview", exit_on_error=False)
    async def _preview(self) -> None:
        note_id = self.chosen_note
        await asyncio.sleep(PREVIEW_PAUSE)
        if not note_id or self.has_class("-narrow"):
            return
        try:
            shown = self._previewed
            page = await self.services.reader.run(lambda library: open_note(library, note_id, shown, has_title=True))
        except NoteNotFoundError:
            return
        if note_id == self.chosen_note:
            self._show_page(page)

    def _show_page(self, page: NotePage) -> None:
        if page is not self._previewed:
            self._previewed = page
            self.page.show(page.first)

    # The filter

    def action_filter(self) -> None:
        """Go to the filter."""
        self.filter_line.focus()

    @on(Input.Submitted, "#filter")
    def _filtered(self) -> None:
        self.choices.focus()

    @on(ChoiceLine.Moved)
    def _moved_from_line(self, event: ChoiceLine.Moved) -> None:
        move = self.choices.action_cursor_down if event.by > 0 else self.choices.action_cursor_up
        move()

    def action_toggle_due(self) -> None:
        """Only what is not verified, or all."""
        self.filter_line.value = "" if self.filter_line.value == ONLY_UNVERIFIED else ONLY_UNVERIFIED

    def action_leave_room(self) -> None:
        """Out of the filter's line, then out of the filter, then out of the room."""
        if self.filter_line.has_focus:
            self.choices.focus()
        elif self.filter_line.value:
            self.filter_line.value = ""
        elif self.page.has_focus:
            self.choices.focus()
        else:
            self.dismiss()

    # What is done with a note

    @work(exclusive=True, group="note", exit_on_error=False)
    async def action_new(self) -> None:
        """Write a change note."""
        await write_note(self.app, self.services)

    def show_again(self) -> None:
        """Show what has become of the note under the cursor."""
        self._load()
        self._preview()


def _find(library: Library, text: str, now: datetime, width: int) -> _Found:
    """In the read lane: to make the rows takes longer than a key may."""
    query = parse_note_query(text, now)
    notes = tuple(library.changes.page(query.wanted, limit=MOST_NOTES))
    total = library.changes.count(query.wanted) if len(notes) == MOST_NOTES else len(notes)
    rows: list[Option] = [Choice(note_row(note, now, width), note.id) for note in notes]
    if total > len(notes):
        rows.append(Option(Content(f"… {total - len(notes)} more; / narrows the list down"), disabled=True))
    if not rows:
        rows.append(Option(Content(NONE_FOUND if text.strip() else NO_NOTES), disabled=True))
    return _Found(notes, tuple(rows), total, library.changes.unverified(), " ".join(query.problems))
