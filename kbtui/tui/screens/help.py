"""Help: the keys that work where one stands, and the query language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from kbtui.core.searching.query import SYNTAX

KEY_WIDTH = 14
EXAMPLE_WIDTH = 26
LEAST_WIDTH = 20
MOST_WIDTH = 100
FRAME_WIDTH = 12
"""Columns of the box that are no text: margin, border, padding, scroll bar."""
CLOSING = (
    "What is no syntax is searched as text. Tab moves between the panes; letters are commands once you are out of "
    "the search line. The mouse works everywhere, ctrl+p finds every command by name."
)

Row = tuple[str, str, str]
"""What stands at the left, what it means, and a word behind that."""


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
        self._keys = list(_keys_of(explained))

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(self._text(), markup=False)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.query_one("#help Static", Static).update(self._text())

    def action_scroll(self, by: int) -> None:
        """Scroll the page."""
        self.query_one("#help").scroll_relative(y=by, animate=False)

    def _text(self) -> Content:
        width = min(MOST_WIDTH, self.app.size.width) - FRAME_WIDTH
        syntax = [(example, meaning, "") for example, meaning in SYNTAX]
        lines = [_heading("Keys here"), *_table(self._keys, KEY_WIDTH, width), Content("")]
        lines += [_heading("Searching"), *_table(syntax, EXAMPLE_WIDTH, width), Content(""), Content(CLOSING)]
        return Content("\n").join(lines)


def _keys_of(screen: Screen[object]) -> Iterator[Row]:
    """A row for each command: its keys as they are bound now, what it does, and the id to rebind it by."""
    keys: dict[tuple[str, str], list[str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        text = binding.tooltip or binding.description
        if text and not binding.system and binding.id:
            display = screen.app.get_key_display(binding)
            shown = keys.setdefault((text, binding.id), [])
            if display not in shown:
                shown.append(display)
    yield from ((", ".join(shown), text, name) for (text, name), shown in keys.items())


def _heading(text: str) -> Content:
    return Content(text).stylize("$primary bold")


def _table(rows: Iterable[Row], left_width: int, width: int) -> Iterator[Content]:
    right_width = max(LEAST_WIDTH, width - left_width - 4)
    for left, right, behind in rows:
        text = f"{right}  {behind}" if behind else right
        lines = wrap(text, right_width, break_on_hyphens=False)
        for number, (one, other) in enumerate(
            zip_longest(wrap(left, left_width, break_on_hyphens=False), lines, fillvalue="")
        ):
            is_last = number == len(lines) - 1
            plain, dim = (other.removesuffix(behind), behind) if is_last and behind else (other, "")
            yield Content.assemble((f"  {one:<{left_width}}  ", "$accent"), plain, (dim, "dim"))
