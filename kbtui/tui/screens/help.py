"""Help: the keys that work where one stands, and the query language."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from kbtui.core.query import SYNTAX

KEY_WIDTH = 20
CLOSING = (
    "What is no syntax is searched as text. Tab moves between the panes; letters are commands once you are out of "
    "the search line. The mouse works everywhere, ctrl+p finds every command by name."
)


class HelpScreen(ModalScreen[None]):
    """A page over the screen it explains."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss(None)", "Close", id="help.close", tooltip="Close the help"),
        Binding("j", "scroll(1)", "Down", show=False, id="help.down", tooltip="One line down"),
        Binding("k", "scroll(-1)", "Up", show=False, id="help.up", tooltip="One line up"),
    ]

    def __init__(self, explained: Screen[object]) -> None:
        super().__init__()
        self._text = _help_text(explained)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(self._text)

    def action_scroll(self, by: int) -> None:
        """Scroll the page."""
        self.query_one("#help").scroll_relative(y=by, animate=False)


def _help_text(screen: Screen[object]) -> Content:
    """One line a command: its keys as they are bound now, what it does, and the id to rebind it by."""
    keys: dict[tuple[str, str], list[str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        text = binding.tooltip or binding.description
        if text and not binding.system and binding.id:
            display = screen.app.get_key_display(binding)
            shown = keys.setdefault((text, binding.id), [])
            if display not in shown:
                shown.append(display)
    lines = [_heading("Keys here")]
    lines += [
        Content.assemble(_row(", ".join(shown), text), (f"  {name}", "dim")) for (text, name), shown in keys.items()
    ]
    lines += [Content(""), _heading("Searching"), *(_row(example, meaning) for example, meaning in SYNTAX)]
    lines += [Content(""), Content(CLOSING)]
    return Content("\n").join(lines)


def _heading(text: str) -> Content:
    return Content(text).stylize("$primary bold")


def _row(left: str, right: str) -> Content:
    return Content.assemble((f"  {left:<{KEY_WIDTH}} ", "$accent"), right)
