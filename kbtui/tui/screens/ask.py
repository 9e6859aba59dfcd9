"""Questions with a few answers or a line to type, and sentences that stay until they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from kbtui.core.text import clean, one_line
from kbtui.tui.presentation import DIM
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList


@dataclass(frozen=True, slots=True)
class Reply:
    """One of the answers to a question."""

    value: str
    label: str
    note: str = ""
    """What comes of it, in a line below."""


CLOSE = Reply("", "Close")


class AskScreen(Dialog):
    """A text and the answers to choose from; gives the value of one, None for escape."""

    AUTO_FOCUS = "#choices"

    def __init__(self, services: Services, title: str, text: str, replies: Sequence[Reply] = (CLOSE,)) -> None:
        super().__init__(services)
        self._heading = title
        self._text = text
        self._replies = replies

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(one_line(self._heading))
            with VerticalScroll(id="said", can_focus=False):
                yield Static(Content(clean(self._text)), id="text", markup=False)
            yield ChoiceList()

    def on_mount(self) -> None:
        self.query_one(ChoiceList).show([Choice(_row(reply), reply.value) for reply in self._replies])

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, Choice):
            self.dismiss(event.option.value)


class LineScreen(Dialog):
    """Asks for a line; gives it on one line, None for escape. An empty line is no answer."""

    def __init__(self, services: Services, title: str, hint: str, max_length: int) -> None:
        super().__init__(services)
        self._heading = title
        self._hint = hint
        self._max_length = max_length

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(one_line(self._heading))
            yield Input(placeholder=self._hint, id="line", max_length=self._max_length)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if line := one_line(event.value):
            self.dismiss(line)


def _row(reply: Reply) -> Content:
    label = Content(one_line(reply.label))
    return Content("\n").join([label, Content(f"  {one_line(reply.note)}").stylize(DIM)]) if reply.note else label
