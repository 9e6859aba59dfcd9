"""The quick switcher: to a post by a few letters of one of its names."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from kbtui.core.links import name_key
from kbtui.core.searching.quick_match import QuickMatch
from kbtui.core.text import one_line, shorten
from kbtui.library import Library
from kbtui.tui.commands import bindings
from kbtui.tui.dialog_commands import SWITCHER
from kbtui.tui.presentation import DIM
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList
from kbtui.tui.widgets.post_rows import TITLE_LENGTH, marked, post_row, row_width

PAUSE_SECONDS = 0.03
"""How long nothing is typed before the library is asked."""
MOST_LETTERS = 200


class SwitcherScreen(Dialog):
    """Posts by a part of their names, at first those that were opened lately; gives the slug of the one to read."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SWITCHER)]

    line = query_one("#name", Input)
    choices = query_one("#choices", ChoiceList)

    def __init__(self, services: Services, current: str = "") -> None:
        """`current` is the slug of the post that is read now: nobody wants to switch to that."""
        super().__init__(services)
        self._current = current

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Go to"
            yield Input(placeholder="A title, another name or a slug", id="name", max_length=MOST_LETTERS)
            yield ChoiceList()
            yield Static("No post has a name like that.", id="nothing", markup=False)

    def on_mount(self) -> None:
        self.query_one("#nothing").display = False

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._find(event.value, PAUSE_SECONDS)

    @work(exclusive=True, group="find", exit_on_error=False)
    async def _find(self, typed: str, pause: float) -> None:
        await asyncio.sleep(pause)
        width = row_width(self.choices)
        rows = await self.services.reader.run(lambda library: self._rows(library, typed, width))
        self.choices.show(rows)
        self.query_one("#nothing").display = not rows

    def _rows(self, library: Library, typed: str, width: int) -> list[Option]:
        """In the read lane: to make the rows takes longer than a keystroke may."""
        matches = library.switching.find(typed)
        if not name_key(typed):
            matches = [match for match in matches if match.post.slug != self._current]
        return [Choice(self._row(match, typed, width), match.post.slug) for match in matches]

    def _row(self, match: QuickMatch, typed: str, width: int) -> Content:
        title = shorten(match.post.title, TITLE_LENGTH)
        if not match.name:
            return post_row(match.post, self.services, width, marked(title, typed))
        name = Content.assemble(title, ("  = ", DIM), marked(one_line(match.name), typed))
        return post_row(match.post, self.services, width, name)

    def on_resize(self) -> None:
        """Cut the rows to the width of the list, which it has once it is laid out."""
        self.call_after_refresh(self._find, self.line.value, 0.0)

    def action_move(self, by: int) -> None:
        """Move the cursor to another post."""
        if by > 0:
            self.choices.action_cursor_down()
        else:
            self.choices.action_cursor_up()

    def action_open(self) -> None:
        """Read the post under the cursor."""
        if (choice := self.choices.current) is not None:
            self.dismiss(choice.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_open()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, Choice):
            self.dismiss(event.option.value)
