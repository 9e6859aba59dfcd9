"""Questions with a few answers or a line to type, and sentences that stay until they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static, TextArea

from kbtui.core.errors import EvidenceTooLargeError
from kbtui.core.text import clean, one_line
from kbtui.library.checklists import BYTES_PER_MB
from kbtui.tui.commands import bindings
from kbtui.tui.dialog_commands import TEXT
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
        self.query_one("#said").display = bool(self._text)
        self.call_after_refresh(self._let_scroll)
        self.query_one(ChoiceList).show([Choice(_row(reply), reply.value) for reply in self._replies])

    def _let_scroll(self) -> None:
        """A text that does not fit can be gone to, and moved."""
        said = self.query_one("#said")
        said.can_focus = said.max_scroll_y > 0

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, Choice):
            self.dismiss(event.option.value)


class LineScreen(Dialog):
    """Asks for a line; gives it on one line, None for escape. An empty line is no answer."""

    def __init__(self, services: Services, title: str, hint: str, max_length: int, text: str = "") -> None:
        """`text` stands in the line at first."""
        super().__init__(services)
        self._heading = title
        self._hint = hint
        self._max_length = max_length
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(one_line(self._heading))
            yield Input(self._text, placeholder=self._hint, id="line", max_length=self._max_length)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if line := one_line(event.value):
            self.dismiss(line)


class PasteArea(TextArea):
    """Lines to type or paste; a paste beyond `limit` bytes is refused before it is laid out."""

    def __init__(self, limit: int, text: str, *, wraps: bool) -> None:
        super().__init__(text, id="lines", soft_wrap=wraps)
        self._limit = limit

    async def _on_paste(self, event: events.Paste) -> None:
        # Of no character more than 4 bytes, so that a small text need not be counted.
        if 4 * len(event.text) > self._limit and len(event.text.encode("utf-8", "replace")) > self._limit:
            event.stop()
            event.prevent_default()
            text = str(EvidenceTooLargeError("text", self._limit // BYTES_PER_MB))
            self.notify(text, severity="error", markup=False)


class TextScreen(Dialog):
    """Asks for a text of several lines, at most `limit` bytes; gives it as it is, None for escape.

    An empty text is no answer.
    """

    AUTO_FOCUS = "#lines"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(TEXT)]

    def __init__(self, services: Services, title: str, limit: int, text: str = "", *, wraps: bool = False) -> None:
        """`text` stands there at first; `wraps` is for prose, whose lines may be broken."""
        super().__init__(services)
        self._heading = title
        self._limit = limit
        self._text = text
        self._wraps = wraps

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(one_line(self._heading))
            box.border_subtitle = "paste or type · ctrl+s keeps it · escape does not"
            yield PasteArea(self._limit, self._text, wraps=self._wraps)

    def action_keep(self) -> None:
        """Give the text."""
        text = self.query_one(PasteArea).text
        if text.strip():
            self.dismiss(text)


def _row(reply: Reply) -> Content:
    label = Content(one_line(reply.label))
    return Content("\n").join([label, Content(f"  {one_line(reply.note)}").stylize(DIM)]) if reply.note else label
