"""The list of hits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

from kbtui.core.searching.results import SearchHit
from kbtui.tui.presentation import hit_content

MOST_ROWS = 200
NEAR_THE_END = 5
SOME_WORDS = "── some of the words ──"


class HitOption(Option):
    """A row that knows its hit: by the time its message arrives, another list may be shown."""

    def __init__(self, hit: SearchHit, content: Content) -> None:
        super().__init__(content)
        self.hit = hit


class ResultList(OptionList):
    """Hits in order, at most 200; asks for more as the cursor nears the end.

    Rows that cannot be chosen say where the hits with only some of the words begin, and that there are more than 200.
    """

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
        self._total = 0
        self._awaits_partial = False
        """Whether the hits with only some of the words are to be set apart, and none has come yet."""

    @property
    def hits(self) -> Sequence[SearchHit]:
        """What is shown."""
        return self._hits

    @property
    def current(self) -> SearchHit | None:
        """The hit under the cursor."""
        option = self.highlighted_option
        return option.hit if isinstance(option, HitOption) else None

    def show_hits(
        self, hits: Sequence[SearchHit], today: date, *, total: int, ranked: bool = True, keep: int | None = None
    ) -> None:
        """Show the first of `total` hits; the cursor stays on the post with the id `keep` if it is among them.

        `ranked` says that those with only some of the words come last.
        """
        self._hits = list(hits[:MOST_ROWS])
        self._today, self._total, self._awaits_partial = today, total, ranked
        rows = list(self._rows(self._hits))
        self.set_options(rows)
        if not self._hits:
            self.highlighted = None
            self.post_message(self.Highlighted(None))
            return
        at = [n for n, row in enumerate(rows) if isinstance(row, HitOption) and row.hit.post.id == keep]
        if at:
            self.highlighted = at[0]
        else:
            self.action_first()
            self.scroll_home(animate=False)

    def add_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show more hits behind those that are there."""
        more = list(hits[: MOST_ROWS - len(self._hits)])
        self._hits += more
        self.add_options(list(self._rows(more)))

    def move(self, by: int) -> None:
        """Move the cursor to the next hit but so many, without wrapping round."""
        rows = [n for n, option in enumerate(self.options) if isinstance(option, HitOption)]
        if rows:
            at = rows.index(self.highlighted) if self.highlighted in rows else 0
            self.highlighted = rows[min(len(rows) - 1, max(0, at + by))]

    def action_page_down(self) -> None:
        """Move the cursor a page down, and never off the list: the last row may be one that cannot be chosen."""
        super().action_page_down()  # type: ignore[no-untyped-call]
        if self.highlighted is None:
            self.action_last()

    def action_page_up(self) -> None:
        """Move the cursor a page up, likewise."""
        super().action_page_up()  # type: ignore[no-untyped-call]
        if self.highlighted is None:
            self.action_first()

    def _rows(self, hits: Sequence[SearchHit]) -> Iterator[Option]:
        for hit in hits:
            if hit.partial and self._awaits_partial:
                self._awaits_partial = False
                yield _remark(SOME_WORDS)
            yield HitOption(hit, self._content(hit))
        if hits and len(self._hits) == MOST_ROWS < self._total:
            yield _remark(f"── the first {MOST_ROWS} of {self._total:,}: more words find fewer ──")

    def _content(self, hit: SearchHit) -> Content:
        return hit_content(hit, self._today, self._stale_after_days, self._width)

    @property
    def _width(self) -> int:
        """Columns for text: without the padding of an option, and always with room for the scroll bar."""
        return max(20, self.size.width - 3)

    def on_resize(self, event: Resize) -> None:
        """Cut the hits anew to the width."""
        if self._hits and event.size.width != self._drawn_for:
            for number, option in enumerate(self.options):
                if isinstance(option, HitOption):
                    self.replace_option_prompt_at_index(number, self._content(option.hit))
        self._drawn_for = event.size.width

    @on(OptionList.OptionHighlighted)
    def _tell_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if isinstance(event.option, HitOption):
            self.post_message(self.Highlighted(event.option.hit))
        if event.option_index >= self.option_count - NEAR_THE_END and len(self._hits) < MOST_ROWS:
            self.post_message(self.MoreWanted())

    @on(OptionList.OptionSelected)
    def _tell_opened(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(event.option, HitOption):
            self.post_message(self.Opened(event.option.hit))


def _remark(text: str) -> Option:
    return Option(Content(text), disabled=True)
