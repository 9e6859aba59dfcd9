"""The search line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Paste
from textual.message import Message
from textual.widgets import Input

from kbtui.core.searching.query import MAX_QUERY_LENGTH


class QueryLine(Input):
    """One line to type a query; arrows move through the results without leaving it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "Next result", show=False, id="query.next", tooltip="Next result"),
        Binding("up", "move(-1)", "Previous result", show=False, id="query.previous", tooltip="Previous result"),
    ]

    @dataclass
    class Moved(Message):
        """The user wants the cursor of the results moved."""

        by: int

    @dataclass
    class TextPasted(Message):
        """The user pasted more than a query: several lines, or a very long one."""

        text: str

    def __init__(self, value: str = "") -> None:
        super().__init__(
            value,
            placeholder='Search: words, "a phrase", tool:redis, -word',
            id="query",
            max_length=MAX_QUERY_LENGTH,
            select_on_focus=False,
        )

    def _on_paste(self, event: Paste) -> None:
        """Put one line in; report more than that."""
        event.stop()
        event.prevent_default()
        text = event.text.strip()
        if len(text) > MAX_QUERY_LENGTH or len(text.splitlines()) > 1:
            self.post_message(self.TextPasted(text))
        else:
            self.replace(" ".join(text.split()), *sorted(self.selection))

    def action_move(self, by: int) -> None:
        """Move the cursor of the results."""
        self.post_message(self.Moved(by))
