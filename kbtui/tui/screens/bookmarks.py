"""Places to go back to: bookmarks, and the posts that were opened lately."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kbtui.core.text import shorten
from kbtui.library import Library
from kbtui.tui.ages import ago
from kbtui.tui.commands import bindings
from kbtui.tui.dialog_commands import PLACES
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.widgets.choices import Choice, ChoiceList
from kbtui.tui.widgets.post_rows import post_row, row_width


class PlacesScreen(Dialog):
    """Bookmarks, the last set first, then the history, the last opened first; gives the slug of the one to read."""

    AUTO_FOCUS = "#choices"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACES)]

    choices = query_one("#choices", ChoiceList)

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Bookmarks and history"
            box.border_subtitle = "enter reads · d takes a bookmark away"
            yield ChoiceList()

    def on_resize(self) -> None:
        """Cut the rows to the width of the list, which it has once it is laid out."""
        self.call_after_refresh(self._load)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        at, width = self.choices.highlighted, row_width(self.choices)
        rows = await self.services.reader.run(lambda library: self._rows(library, width))
        self.choices.show(rows)
        if at is not None and at < len(rows) and not rows[at].disabled:
            self.choices.highlighted = at

    def _rows(self, library: Library, width: int) -> list[Option]:
        """In the read lane: to make the rows takes longer than a key may."""
        rows: list[Option] = []
        if bookmarks := library.reading.bookmarks():
            rows.append(_heading("Bookmarks"))
            rows += [_Bookmark(post_row(post, self.services, width), post.slug) for post in bookmarks]
        if opened := library.posts.recent():
            rows.append(_heading("History"))
            times, now = library.posts.last_opened(opened), datetime.now(UTC)
            ages = [ago(times[post.id], now) if post.id in times else "" for post in opened]
            rows += [
                Choice(post_row(post, self.services, width, last=age), post.slug)
                for post, age in zip(opened, ages, strict=True)
            ]
        return rows or [_heading("No bookmarks yet, and nothing was opened.")]

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, Choice):
            self.dismiss(event.option.value)

    def action_forget(self) -> None:
        """Take the bookmark under the cursor away."""
        if isinstance(choice := self.choices.current, _Bookmark):
            self._forget(choice.value)

    @work(exit_on_error=False)
    async def _forget(self, slug: str) -> None:
        title = await self.services.writer.run(lambda library: _unbookmark(library, slug))
        self.notify(f"Took the bookmark at “{shorten(title, 60)}” away.", markup=False)
        self._load()


class _Bookmark(Choice):
    """A row that can be taken away."""


def _unbookmark(library: Library, slug: str) -> str:
    """The title of the post whose bookmark was taken away."""
    post = library.posts.get(slug)
    library.reading.unbookmark(post)
    return post.title


def _heading(text: str) -> Option:
    return Option(Content.styled(text, "$text-primary bold"), disabled=True)
