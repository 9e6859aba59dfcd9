"""One widget that shows a page of any length: blocks become lines when they come into sight."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from time import perf_counter
from typing import ClassVar

from rich.color import Color as RichColor
from rich.console import Console
from rich.style import Style
from rich.theme import Theme
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from kbtui.tui.document.blocks import Block
from kbtui.tui.document.drawing import DARK_CODE, LIGHT_CODE, Page

IDLE_SECONDS = 0.03
SLICE_SECONDS = 0.008
"""How long one turn of drawing unseen blocks may hold the event loop."""
MARGIN = 2


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What stands at the top: a block, and a line of it."""

    block: int = 0
    line: int = 0


class DocumentView(ScrollView, can_focus=True):
    """A Markdown page on virtual lines."""

    DEFAULT_CSS = """
    DocumentView { background: $background; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "Down", show=False, id="page.down", tooltip="One line down"),
        Binding("k,up", "scroll_up", "Up", show=False, id="page.up", tooltip="One line up"),
        Binding(
            "ctrl+d", "half_page(1)", "Half page down", show=False, id="page.half-down", tooltip="Half a page down"
        ),
        Binding("ctrl+u", "half_page(-1)", "Half page up", show=False, id="page.half-up", tooltip="Half a page up"),
        Binding("pagedown,space,ctrl+f", "page_down", "Page down", show=False, id="page.next", tooltip="One page down"),
        Binding("pageup,ctrl+b", "page_up", "Page up", show=False, id="page.previous", tooltip="One page up"),
        Binding("g,home", "scroll_home", "Top", show=False, id="page.top", tooltip="To the beginning"),
        Binding("G,end", "scroll_end", "End", show=False, id="page.end", tooltip="To the end"),
    ]

    @dataclass
    class Scrolled(Message):
        """Another part of the page is seen."""

        position: float

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, DocumentView.Scrolled)

    def __init__(self, *, id: str | None = None) -> None:  # Textual's own name for it
        super().__init__(id=id)
        self._blocks: Sequence[Block] = ()
        self._drawn: list[list[Strip] | None] = []
        self._tops: list[int] = [0]
        self._anchor = _Anchor()
        self._placing = False
        """Whether the page is put to its anchor, and not scrolled by the user, who alone moves the anchor."""
        self._pen = Console(color_system="truecolor", force_terminal=True, markup=False, emoji=False)
        self._idle: Timer | None = None
        self._next_undrawn = 0

    # What is shown

    def show_blocks(self, blocks: Sequence[Block], position: float = 0.0) -> None:
        """Show a page, from `position`: 0.0 its beginning, 1.0 its end."""
        self._blocks = blocks
        self._forget_drawing()
        at = position * len(blocks)
        block = min(int(at), max(0, len(blocks) - 1))
        height = len(self._strips(block)) if blocks else 0
        self._anchor = _Anchor(block, round((at - block) * height))
        self._place()
        if self._idle is not None:
            self._idle.resume()

    @property
    def position(self) -> float:
        """How far the top of what is seen lies in the page, 0.0 to 1.0, independent of the width."""
        if not self._blocks:
            return 0.0
        anchor = self._anchor
        height = max(1, self._tops[anchor.block + 1] - self._tops[anchor.block])
        return (anchor.block + min(anchor.line, height - 1) / height) / len(self._blocks)

    # Textual's side

    def on_mount(self) -> None:
        self._take_theme()
        self.app.theme_changed_signal.subscribe(self, lambda _: self._restyle())
        self._idle = self.set_interval(IDLE_SECONDS, self._draw_a_slice, pause=not self._blocks)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()

    def on_resize(self) -> None:
        self._forget_drawing()
        self._place()
        if self._idle is not None:
            self._idle.resume()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self._placing:
            self._anchor = self._anchor_at(round(new_value))
        self.post_message(self.Scrolled(self.position))

    def render_lines(self, crop: Region) -> list[Strip]:
        self._draw_visible()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        background = self.rich_style
        line = self.scroll_offset.y + y
        if not self._blocks or line >= self._tops[-1]:
            return Strip.blank(width, background)
        block = self._block_at(line)
        strips = self._drawn[block] or []
        at = line - self._tops[block]
        strip = strips[at] if at < len(strips) else Strip([])
        return strip.apply_style(background).crop_extend(0, width, background)

    def action_half_page(self, direction: int) -> None:
        """Scroll half a screen."""
        self.scroll_relative(y=direction * max(1, self.size.height // 2), animate=False)

    def action_scroll_down(self) -> None:
        self.scroll_relative(y=1, animate=False)

    def action_scroll_up(self) -> None:
        self.scroll_relative(y=-1, animate=False)

    def action_page_down(self) -> None:
        self.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        self.scroll_page_up(animate=False)

    def action_scroll_home(self) -> None:
        self.scroll_home(animate=False)

    def action_scroll_end(self) -> None:
        self.scroll_end(animate=False)

    # Drawing

    def _strips(self, block: int) -> list[Strip]:
        drawn = self._drawn[block]
        if drawn is None:
            width = max(10, self.size.width - 2 * MARGIN)
            theme = DARK_CODE if self.app.current_theme.dark else LIGHT_CODE
            page = Page(self._blocks[block].tokens, code_theme=theme)
            options = self._pen.options.update(width=width, height=None)
            indent = Strip([]).extend_cell_length(MARGIN)
            lines = [Strip(line) for line in self._pen.render_lines(page, options, pad=False)]
            while lines and not lines[0].text.strip():
                lines.pop(0)
            drawn = [Strip.join([indent, line]) for line in lines]
            if self._blocks[block].gap or not drawn:
                drawn.append(Strip([]))
            self._drawn[block] = drawn
        return drawn

    def _draw_visible(self) -> None:
        """Draw every block in sight; heights that turn out otherwise move what is below, never the top."""
        if not self._blocks:
            return
        first = self._anchor_at(self.scroll_offset.y).block
        changed, seen, block = False, 0, first
        while block < len(self._blocks) and seen < self.size.height + self._anchor.line + 1:
            changed |= self._drawn[block] is None
            seen += len(self._strips(block))
            block += 1
        if changed:
            self._measure()
            self.call_after_refresh(self._place)

    def _draw_a_slice(self) -> None:
        started = perf_counter()
        first = self._next_undrawn
        while self._next_undrawn < len(self._blocks) and perf_counter() - started < SLICE_SECONDS:
            self._strips(self._next_undrawn)
            self._next_undrawn += 1
        if self._next_undrawn > first:
            self._place()
        elif self._idle is not None:
            self._idle.pause()

    def _forget_drawing(self) -> None:
        self._drawn = [None] * len(self._blocks)
        self._next_undrawn = 0
        self._measure()

    def _measure(self) -> None:
        heights = (
            block.lines + 1 if drawn is None else len(drawn)
            for block, drawn in zip(self._blocks, self._drawn, strict=True)
        )
        self._tops = [0, *accumulate(heights)]

    def _place(self) -> None:
        """Put the anchor's line at the top again, after heights changed."""
        self._measure()
        self._placing = True
        self.virtual_size = Size(self.size.width, self._tops[-1])
        if self._blocks:
            line = self._tops[self._anchor.block] + self._anchor.line
            self.scroll_to(y=line, animate=False, force=True, immediate=True)
        self._placing = False
        self.refresh()

    def _block_at(self, line: int) -> int:
        return min(bisect_right(self._tops, line) - 1, len(self._blocks) - 1)

    def _anchor_at(self, line: int) -> _Anchor:
        if not self._blocks:
            return _Anchor()
        block = max(0, self._block_at(line))
        return _Anchor(block, max(0, line - self._tops[block]))

    # Colours

    def _restyle(self) -> None:
        self._take_theme()
        self.on_resize()

    def _take_theme(self) -> None:
        colours = {name: self._colour(name) for name in ("primary", "secondary", "accent", "warning")}
        self._pen.push_theme(Theme({f"markdown.{name}": style for name, style in _styles(**colours).items()}))

    def _colour(self, name: str) -> RichColor:
        return Color.parse(self.app.theme_variables.get(f"text-{name}", "ansi_default")).rich_color


def _styles(primary: RichColor, secondary: RichColor, accent: RichColor, warning: RichColor) -> dict[str, Style]:
    return {
        "h1": Style(bold=True, color=primary),
        "h2": Style(bold=True, color=primary),
        "h3": Style(bold=True, color=secondary),
        "h4": Style(bold=True),
        "h5": Style(bold=True, dim=True),
        "h6": Style(dim=True),
        "hr": Style(dim=True),
        "code": Style(color=warning),
        "link": Style(color=accent),
        "link_url": Style(color=accent, underline=True),
        "block_quote": Style(color=secondary),
        "item.bullet": Style(bold=True, color=accent),
        "item.number": Style(color=accent),
        "table.border": Style(dim=True),
        "table.header": Style(bold=True, color=primary),
    }
