"""A widget that scrolls through a document on virtual lines; what stands at the top stays there, whatever changes."""

from __future__ import annotations

from dataclasses import replace

from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from kbtui.tui.document.canvas import Pen
from kbtui.tui.document.document import Document
from kbtui.tui.document.drawing import MARGIN, Line
from kbtui.tui.document.layout import Layout, Place
from kbtui.tui.document.looks import PREFIX, Palette
from kbtui.tui.document.painting import Paint, painted, places
from kbtui.tui.document.pieces import Part

IDLE_SECONDS = 0.03
SLICE_SECONDS = 0.008
"""How long one turn of measuring unseen pieces may hold the event loop."""
LEAST_WIDTH = 10
UNKNOWN_WIDTH = 80


class DocumentScroller(ScrollView, can_focus=True):
    """A document that can be scrolled, without keys of its own."""

    def __init__(self, *, id: str | None = None) -> None:  # Textual's own name for it
        super().__init__(id=id)
        self._document = Document()
        self._pen = Pen(UNKNOWN_WIDTH, Palette(self._component))
        self._layout = Layout(self._document, self._pen)
        self._place = Place()
        self._wanted: float | None = None
        """The position to show, until the user moves: the size may still change, the piece not have arrived."""
        self._lines: list[tuple[int, Line]] = []
        """What is in sight: (piece, line)."""
        self._painted: dict[int, list[Paint]] = {}
        self._settling = False
        """Whether the page is put to its place, and not scrolled by the user, who alone moves the place."""
        self._drawing = False
        self._idle: Timer | None = None

    # What is shown

    def show(self, part: Part, position: float = 0.0, lines: int = 0) -> None:
        """Show a page, from `position`: 0.0 its beginning, 1.0 its end.

        Of a page that is still being read, `part` is the first part and `lines` the number of lines of all its source.
        """
        self._document = Document(lines)
        self._document.add(part)
        self._place, self._wanted = Place(), position
        self._lay_out(self._pen)

    def extend(self, part: Part) -> None:
        """The next part of the page that is shown. What is in sight stays where it is."""
        if self._wanted is not None and self._document.has_arrived(self._wanted):
            self._wanted = None
        self._document.add(part)
        self._layout.grow()
        self._go_to_wanted()
        self._settle()
        self._wake()

    @property
    def position(self) -> float:
        """How far the top of what is seen lies in the page's source, 0.0 to 1.0, independent of the width."""
        if self._wanted is not None or not self._document.pieces:
            return self._wanted or 0.0
        piece, line = self._place.piece, self._place.line
        return self._document.position_of(piece, line / self._layout.height(piece))

    # For what is built upon this

    def _paint(self, piece: int) -> list[Paint]:  # noqa: ARG002
        """What is painted over a piece in sight."""
        return []

    def _moved(self) -> None:
        """Another part of the page is seen."""

    def _go(self, place: Place) -> None:
        """Bring a place to the top, or as far up as the end of the page lets it."""
        self._wanted = None
        self._place = place
        self._settle()

    def _bring(self, piece: int, offset: int) -> None:
        """Bring a place of a piece's text into sight, if it is not."""
        place = Place(piece, self._layout.line_of(piece, offset))
        height = self.size.height
        if not self._place <= place or self._layout.between(self._place, place) >= height:
            self._go(self._layout.moved(place, -(height // 3)))

    def _redraw(self, pen: Pen) -> None:
        """Draw anew, lines broken as they are."""
        self._pen = pen
        self._layout.redraw(pen)
        self._repaint()
        self._look()

    def _repaint(self) -> None:
        """Paint anew over what is drawn."""
        self._painted.clear()
        self.refresh()

    def _lay_out(self, pen: Pen) -> None:
        """Break the lines of the page anew, the text at the top staying there."""
        place = self._place
        offset = self._layout.offset_of(place) if self._wanted is None else -1
        self._pen = pen
        self._layout = Layout(self._document, pen)
        if offset >= 0:
            self._place = Place(place.piece, self._layout.line_of(place.piece, offset))
        self._go_to_wanted()
        self._settle()
        self._wake()

    # Placing

    def _go_to_wanted(self) -> None:
        position = self._wanted
        if position is None or not self._document.pieces or not self._document.has_arrived(position):
            return
        piece, part = self._document.place_of(position)
        self._place = Place(piece, round(part * self._layout.height(piece)))

    def _settle(self) -> None:
        """Put the page's place to the top of the screen, after the place or heights changed."""
        self._place = min(self._place, self._layout.last(max(1, self.size.height)))
        self._look()
        self._settling = True
        self._set_height(self._layout.total)
        self.scroll_to(y=self._layout.top(self._place), animate=False, force=True)
        self._settling = False
        self._repaint()
        self._moved()

    def _set_height(self, height: int) -> None:
        size = Size(self.size.width, height)
        if (height > self.size.height) == self.show_vertical_scrollbar:
            # Set in the usual way it would lay out the whole screen for every part of a page that arrives.
            self.set_reactive(Widget.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = height
        else:
            self.virtual_size = size

    def _look(self) -> None:
        """Draw what is in sight."""
        self._lines = self._layout.lines(self._place, self.size.height) if self.size.width else []

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._settling:
            return
        self._wanted = None
        last = self._layout.last(max(1, self.size.height))
        at_end = new_value >= self.max_scroll_y
        self._place = last if at_end else min(last, self._layout.place_at(round(new_value)))
        self._look()
        self._painted.clear()
        if at_end or self._layout.total != self.virtual_size.height:
            # Not now: a smooth movement of the wheel is under way.
            self.call_after_refresh(self._settle_when_still)
        self._moved()

    def _settle_when_still(self) -> None:
        if not self.is_scrolling:
            self._settle()

    # Textual's side

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._take_theme())
        self._idle = self.set_interval(IDLE_SECONDS, self._measure_a_slice)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        # What is drawn holds the colours of the page itself, which may differ with the focus.
        if self._idle is not None and self._pen.palette[""] != self.rich_style:
            self._take_theme()

    def on_resize(self) -> None:
        self._lay_out(replace(self._pen, width=max(LEAST_WIDTH, self.size.width - 2 * MARGIN)))

    def _take_theme(self) -> None:
        self._redraw(replace(self._pen, palette=Palette(self._component)))

    def render_lines(self, crop: Region) -> list[Strip]:
        self._drawing = True
        try:
            return super().render_lines(crop)
        finally:
            self._drawing = False

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines):
            return Strip.blank(self.size.width, self._pen.palette[""])
        piece, line = self._lines[y]
        if not self._drawing:
            # Textual asks for a single line to learn which place of the text the pointer is at.
            return places(line, piece)
        if piece not in self._painted:
            self._painted[piece] = self._paint(piece)
        return painted(line, self._layout.drawn(piece).text, self._painted[piece])

    def _component(self, name: str) -> Style:
        """What the style sheet says itself about one of the looks."""
        if not name:
            return self.rich_style
        styles = self.get_component_styles(PREFIX + name)
        whole = styles.rich_style
        colours = Style(
            color=whole.color if styles.has_rule("color") or styles.has_rule("auto_color") else None,
            bgcolor=whole.bgcolor if styles.has_rule("background") else None,
        )
        return colours + styles.text_style

    def _measure_a_slice(self) -> None:
        if self.is_scrolling:
            return
        if self._layout.measure(SLICE_SECONDS):
            self._settle()
        elif self._idle is not None:
            self._idle.pause()

    def _wake(self) -> None:
        if self._idle is not None:
            self._idle.resume()

    # Commands

    def action_half_page(self, direction: int) -> None:
        """Scroll half a screen."""
        self._go(self._layout.moved(self._place, direction * max(1, self.size.height // 2)))

    def action_scroll_down(self) -> None:
        self._go(self._layout.moved(self._place, 1))

    def action_scroll_up(self) -> None:
        self._go(self._layout.moved(self._place, -1))

    def action_page_down(self) -> None:
        self._go(self._layout.moved(self._place, max(1, self.size.height)))

    def action_page_up(self) -> None:
        self._go(self._layout.moved(self._place, -max(1, self.size.height)))

    def action_scroll_home(self) -> None:
        self._go(Place())

    def action_scroll_end(self) -> None:
        self._go(self._layout.last(max(1, self.size.height)))
