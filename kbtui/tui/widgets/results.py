"""The list of hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kbtui.core.results import SearchHit
from kbtui.tui.presentation import hit_content

MOST_ROWS = 200
NEAR_THE_END = 5


class HitOption(Option):
    """A row that knows its hit: by the time its message arrives, another list may be shown."""

    def __init__(self, hit: SearchHit, content: Content) -> None:
        super().__init__(content)
        self.hit = hit


class ResultList(OptionList):
    """Hits in order, at most 200; asks for more as the cursor nears the end."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor_down", "Down", show=False, id="results.down", tooltip="Next hit"),
        Binding("k,up", "cursor_up", "Up", show=False, id="results.up", tooltip="Previous hit"),
        Binding("g,home", "first", "First", show=False, id="results.first", tooltip="First hit"),
        Binding("G,end", "last", "Last", show=False, id="results.last", tooltip="Last hit that is loaded"),
        Binding("ctrl+d,pagedown", "page_down", "Page down", show=False, id="results.next-page", tooltip="A page down"),
        Binding("ctrl+u,pageup", "page_up", "Page up", show=False, id="results.previous-page", tooltip="A page up"),
        Binding("enter,l", "select", "Read", show=False, id="results.open", tooltip="Read the post"),
    ]

    @dataclass
    class Highlighted(Message):
        """The cursor stands on a hit, or on none."""

        hit: SearchHit | None

    @dataclass
    class Opened(Message):
        """The user wants to read a hit."""

        hit: SearchHit

    class MoreWanted(Message):
        """The cursor is near the end of what is loaded."""

    def __init__(self, stale_after_days: int) -> None:
        super().__init__(id="results", markup=False)
        self._hits: list[SearchHit] = []
        self._today = date.min
        self._drawn_for = 0
        self._stale_after_days = stale_after_days

    @property
    def hits(self) -> Sequence[SearchHit]:
        """What is shown."""
        return self._hits

    @property
    def current(self) -> SearchHit | None:
        """The hit under the cursor."""
        return None if self.highlighted is None else self._hits[self.highlighted]

    def show_hits(self, hits: Sequence[SearchHit], today: date, *, keep: int | None = None) -> None:
        """Show hits from the first; the cursor stays on the post with the id `keep` if it is among them."""
        self._hits = list(hits[:MOST_ROWS])
        self._today = today
        self.set_options(self._option(hit, today) for hit in self._hits)
        at = next((n for n, hit in enumerate(self._hits) if hit.post.id == keep), 0)
        self.highlighted = at if self._hits else None
        if at == 0:
            self.scroll_home(animate=False)
        if not self._hits:
            self.post_message(self.Highlighted(None))

    def add_hits(self, hits: Sequence[SearchHit], today: date) -> None:
        """Show more hits behind those that are there."""
        more = list(hits[: MOST_ROWS - len(self._hits)])
        self._hits += more
        self.add_options(self._option(hit, today) for hit in more)

    def move(self, by: int) -> None:
        """Move the cursor, without wrapping round."""
        if self._hits:
            self.highlighted = min(len(self._hits) - 1, max(0, (self.highlighted or 0) + by))

    def _option(self, hit: SearchHit, today: date) -> HitOption:
        return HitOption(hit, hit_content(hit, today, self._stale_after_days, self._width))

    @property
    def _width(self) -> int:
        """Columns for text: without the padding of an option, and always with room for the scroll bar."""
        return max(20, self.size.width - 3)

    def on_resize(self, event: Resize) -> None:
        """Cut the hits anew to the width."""
        if self._hits and event.size.width != self._drawn_for:
            for number, hit in enumerate(self._hits):
                self.replace_option_prompt_at_index(number, self._option(hit, self._today).prompt)
        self._drawn_for = event.size.width

    @on(OptionList.OptionHighlighted)
    def _tell_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if isinstance(event.option, HitOption):
            self.post_message(self.Highlighted(event.option.hit))
        if event.option_index >= len(self._hits) - NEAR_THE_END and len(self._hits) < MOST_ROWS:
            self.post_message(self.MoreWanted())

    @on(OptionList.OptionSelected)
    def _tell_opened(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(event.option, HitOption):
            self.post_message(self.Opened(event.option.hit))
