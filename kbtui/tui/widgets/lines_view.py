"""Lines of text in several looks, each drawn as it comes into sight: changes, code."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kbtui.tui.commands import bindings
from kbtui.tui.dialog_commands import LINES


class Look(Enum):
    """How a piece of a line looks; the value is its component class."""

    PLAIN = ""
    HEAD = "lines--head"
    PLACE = "lines--place"
    ADDED = "lines--added"
    REMOVED = "lines--removed"
    OPEN = "lines--open"
    DANGER = "lines--danger"


Line: TypeAlias = tuple[tuple[str, Look], ...]
"""The pieces of a line. They hold no hidden characters and no line breaks: see `core.text`."""


class LinesView(ScrollView, can_focus=True):
    """Lines to look through."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {look.value for look in Look if look.value}
    DEFAULT_CSS = """
    LinesView {
        .lines--head { text-style: bold; }
        .lines--place { color: $text-accent; }
        .lines--added { color: $text-success; }
        .lines--removed { color: $text-error; }
        .lines--open { color: $text-warning; text-style: bold; }
        .lines--danger { color: $text-error; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LINES)]

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()

    @property
    def lines(self) -> Sequence[str]:
        """The text of what is shown."""
        return ["".join(text for text, _ in line) for line in self._lines]

    def show(self, lines: Sequence[Line], *, keep_place: bool = False) -> None:
        """Show other lines, from the first on or from the same place as before."""
        self._lines = lines
        self.virtual_size = Size(max(map(_width, lines), default=0), len(lines))
        if not keep_place:
            self.scroll_to(0, 0, animate=False)
        self.refresh(layout=True)

    def render_line(self, y: int) -> Strip:
        """One line of the part that is in sight."""
        across, down = self.scroll_offset
        width, style = self.size.width, self.rich_style
        pieces = self._lines[down + y] if down + y < len(self._lines) else ()
        strip = Strip([Segment(text, style + self._style(look)) for text, look in pieces])
        return strip.crop_extend(across, across + width, style)

    def _style(self, look: Look) -> Style:
        return self.get_component_rich_style(look.value, partial=True) if look.value else Style()


def _width(line: Line) -> int:
    return sum(len(text) if text.isascii() else cell_len(text) for text, _ in line)
