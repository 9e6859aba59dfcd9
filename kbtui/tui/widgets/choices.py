"""A list to choose from in a dialog, and a line above it that filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option


class Choice(Option):
    """A row that knows what is chosen with it."""

    def __init__(self, content: Content, value: str, saved_name: str = "") -> None:
        super().__init__(content)
        self.value = value
        self.saved_name = saved_name
        """The name of a search that was saved."""


class ChoiceList(OptionList):
    """Rows to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor_down", "Down", show=False, id="choices.down", tooltip="Next row"),
        Binding("k,up", "cursor_up", "Up", show=False, id="choices.up", tooltip="Previous row"),
        Binding("g,home", "first", "First", show=False, id="choices.first", tooltip="First row"),
        Binding("G,end", "last", "Last", show=False, id="choices.last", tooltip="Last row"),
        Binding("ctrl+d,pagedown", "page_down", "Page down", show=False, id="choices.next-page", tooltip="A page down"),
        Binding("ctrl+u,pageup", "page_up", "Page up", show=False, id="choices.previous-page", tooltip="A page up"),
        Binding("enter", "select", "Choose", show=False, id="choices.choose", tooltip="Choose the row"),
    ]

    def __init__(self) -> None:
        super().__init__(id="choices", markup=False)

    @property
    def current(self) -> Choice | None:
        """The row under the cursor."""
        option = self.highlighted_option
        return option if isinstance(option, Choice) else None

    def show(self, rows: list[Option]) -> None:
        """Show rows, the cursor on the first that can be chosen."""
        self.set_options(rows)
        self.action_first()


class ChoiceLine(Input):
    """A line that filters a list; arrows move through the list without leaving it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "Next row", show=False, id="choices.next", tooltip="Next row"),
        Binding("up", "move(-1)", "Previous row", show=False, id="choices.previous", tooltip="Previous row"),
        Binding("delete", "forget", "Forget", show=False, id="choices.forget", tooltip="Forget the saved search"),
    ]

    @dataclass
    class Moved(Message):
        """The user wants the cursor of the list moved."""

        by: int

    class ForgetWanted(Message):
        """The user wants the row under the cursor removed."""

    def action_move(self, by: int) -> None:
        """Move the cursor of the list."""
        self.post_message(self.Moved(by))

    def action_forget(self) -> None:
        """Remove the row under the cursor; inside a text, the character behind the cursor."""
        if self.cursor_position < len(self.value):
            self.action_delete_right()
        else:
            self.post_message(self.ForgetWanted())
