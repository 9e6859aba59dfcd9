"""The headings of a page: where one is, and where one can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from kbtui.tui.document.pieces import OutlineEntry
from kbtui.tui.presentation import fitted

DEEPEST = 4
"""Levels that are indented; headings below are not indented further."""


class OutlinePanel(ScrollView, can_focus=True):
    """The table of contents, one line for each heading, however many there are."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"outline--top", "outline--heading", "outline--current", "outline--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="outline.down", tooltip="Next heading"),
        Binding("k,up", "move(-1)", "Up", show=False, id="outline.up", tooltip="Previous heading"),
        Binding("g,home", "move(-100000)", "First", show=False, id="outline.first", tooltip="First heading"),
        Binding("G,end", "move(100000)", "Last", show=False, id="outline.last", tooltip="Last heading"),
        Binding("enter", "choose", "Go", show=False, id="outline.go", tooltip="Go to the heading"),
    ]

    @dataclass
    class Chosen(Message):
        """The user wants to go to a heading."""

        index: int

    def __init__(self, *, id: str | None = None) -> None:  # Textual's own name for it
        super().__init__(id=id)
        self._entries: Sequence[OutlineEntry] = ()
        self._current = -1
        self._cursor = 0
        self._top = 1
        """The highest level that there is."""

    def show(self, entries: Sequence[OutlineEntry]) -> None:
        """Show the headings of a page; more of them may come."""
        self._entries = entries
        self._top = min((entry.level for entry in entries), default=1)
        size = Size(0, len(entries))
        if (len(entries) > self.size.height) == self.show_vertical_scrollbar:
            # Without the layout of the whole screen that setting it costs.
            self.set_reactive(Widget.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = len(entries)
            self.refresh()
        else:
            self.virtual_size = size

    @property
    def current(self) -> int:
        """The number of the heading that the reader is under; -1 before the first."""
        return self._current

    def set_current(self, index: int) -> None:
        """Mark the heading that the reader is under."""
        self._current = index
        if not self.has_focus:
            self._move_to(max(0, index))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.size.width
        if not 0 <= index < len(self._entries) or width < 4:
            return Strip.blank(width, self.rich_style)
        entry = self._entries[index]
        depth = min(entry.level, self._top + DEEPEST) - self._top
        text = "  " * depth + fitted(entry.text, max(1, width - 3 - 2 * depth))
        style = self.rich_style + self.get_component_rich_style(f"outline--{'heading' if depth else 'top'}")
        mark = " "
        if index == self._current:
            mark, style = "▌", style + self.get_component_rich_style("outline--current")
        if index == self._cursor and self.has_focus:
            style += self.get_component_rich_style("outline--cursor")
        return Strip([Segment(f"{mark} {text}", style)]).adjust_cell_length(width, style)

    def on_focus(self) -> None:
        """Show the cursor, which begins where the reader is."""
        self._move_to(max(0, self._current))

    def on_blur(self) -> None:
        """Show no cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go to the heading under the pointer."""
        offset = event.get_content_offset(self)
        index = -1 if offset is None else offset.y + self.scroll_offset.y
        if 0 <= index < len(self._entries):
            self._move_to(index)
            self.action_choose()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._move_to(self._cursor + by)

    def action_choose(self) -> None:
        """Go to the heading under the cursor."""
        if self._entries:
            self.post_message(self.Chosen(self._cursor))

    def _move_to(self, index: int) -> None:
        self._cursor = min(max(0, len(self._entries) - 1), max(0, index))
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False)
        self.refresh()
