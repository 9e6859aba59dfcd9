"""The changes that wait to be verified, on the first screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from kbtui.core.notes.change_note import NoteFilter, NoteInfo, NoteState
from kbtui.library import Library
from kbtui.tui.notes.lines import due_row, unverified_text
from kbtui.tui.widgets.choices import Choice
from kbtui.tui.widgets.post_rows import row_width

MOST_SHOWN = 3
FRAME_HEIGHT = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """The changes that have waited longest, how many wait in all, and how many of them are due."""

    notes: Sequence[NoteInfo] = ()
    unverified: tuple[int, int] = (0, 0)


def find_waiting(library: Library) -> Waiting:
    """What is due, then what is shipped and not verified yet. In the read lane."""
    due = library.changes.due(MOST_SHOWN)
    shipped = NoteFilter(states=(NoteState.SHIPPED,))
    more = library.changes.page(shipped, limit=MOST_SHOWN) if len(due) < MOST_SHOWN else []
    known = {note.id for note in due}
    notes = [*due, *(note for note in more if note.id not in known)]
    return Waiting(notes[:MOST_SHOWN], library.changes.unverified())


class DueList(OptionList):
    """The changes that have waited longest; hidden where there is none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor_down", "Down", show=False, id="due.down", tooltip="Next change"),
        Binding("k,up", "cursor_up", "Up", show=False, id="due.up", tooltip="Previous change"),
        Binding("enter", "select", "Read", show=False, id="due.open", tooltip="Read the change note"),
    ]

    @dataclass
    class Chosen(Message):
        """The user wants to read a note."""

        note_id: str

    def __init__(self) -> None:
        super().__init__(id="due", markup=False)
        self._waiting = Waiting()
        self._now: datetime | None = None
        self._shown: object = None

    def show(self, waiting: Waiting, now: datetime, hint: str) -> None:
        """Show what waits; `hint` says how to come to all of them."""
        self._waiting, self._now = waiting, now
        self.display = bool(waiting.notes)
        # Not left to the rows, which are there only once the list is laid out.
        self.styles.height = len(waiting.notes) + FRAME_HEIGHT
        self.border_title = Content(unverified_text(*waiting.unverified))
        self.border_subtitle = Content(hint)
        self._draw()

    @on(events.Resize)
    def _draw(self) -> None:
        """Cut the rows to the width of the list, which it has once it is laid out."""
        if self._now is None or not self.size.width:
            return
        width, now = row_width(self) - 2, self._now
        rows = [Choice(due_row(note, now, width), note.id) for note in self._waiting.notes]
        shown = [str(row.prompt) for row in rows]
        if shown == self._shown:
            return
        self._shown = shown
        at = self.highlighted or 0
        self.set_options(rows)
        self.highlighted = min(at, len(rows) - 1) if rows else None

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(event.option, Choice):
            self.post_message(self.Chosen(event.option.value))
