"""The changes that wait to be verified, on the first screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from kbtui.core.change_note import NoteInfo
from kbtui.tui.note_lines import note_row, unverified_text
from kbtui.tui.widgets.choices import Choice
from kbtui.tui.widgets.post_rows import row_width

MOST_SHOWN = 3


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
        self._shown: object = None

    def show(self, notes: Sequence[NoteInfo], unverified: tuple[int, int], now: datetime) -> None:
        """Show notes, how many there are in all, and how many of them are due."""
        self.display = bool(notes)
        rows = [Choice(note_row(note, now, row_width(self) - 2), note.id) for note in notes[:MOST_SHOWN]]
        shown = [str(row.prompt) for row in rows], unverified
        if shown == self._shown:
            return
        self._shown = shown
        self.border_title = Content(unverified_text(*unverified))
        self.set_options(rows)
        self.action_first()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(event.option, Choice):
            self.post_message(self.Chosen(event.option.value))
