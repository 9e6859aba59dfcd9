"""The line below a page in which a text is sought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

LONGEST = 200


class FindLine(Input):
    """The text that is sought; arrows step through its matches."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "step(1)", "Next match", show=False, id="find.next", tooltip="To the next match"),
        Binding("up", "step(-1)", "Match before", show=False, id="find.previous", tooltip="To the match before"),
    ]

    def action_step(self, direction: int) -> None:
        """To the next match, or to the one before."""
        self.post_message(FindBar.Stepped(direction))


class FindBar(Horizontal):
    """The line and the number of matches. Hidden until it is opened; it stays as long as matches are marked."""

    @dataclass
    class Typed(Message):
        """Another text is sought."""

        text: str

    class Accepted(Message):
        """The user wants to read on where the matches are."""

    @dataclass
    class Stepped(Message):
        """The user wants to see the next match, or the one before."""

        direction: int

    def on_mount(self) -> None:
        self.display = False

    def compose(self) -> ComposeResult:
        yield Label("/")
        yield FindLine(placeholder="Find in this page", max_length=LONGEST, id="find-text")
        yield Label("", id="find-count")

    @property
    def text(self) -> str:
        """What is sought."""
        return self.query_one(FindLine).value

    def open(self) -> None:
        """Show the line and go to it; what was sought last can be typed over."""
        self.display = True
        line = self.query_one(FindLine)
        line.focus()
        line.action_select_all()

    def close(self) -> None:
        """Hide the line and forget what was sought."""
        self.display = False
        with self.prevent(Input.Changed):
            self.query_one(FindLine).value = ""
        self.tell(0, 0)

    def tell(self, current: int, total: int) -> None:
        """Say which match is shown, and how many there are."""
        has_none = bool(self.text) and not total
        self.query_one("#find-count", Label).update("no match" if has_none else f"{current}/{total}" if total else "")
        self.set_class(has_none, "-none")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Accepted())
