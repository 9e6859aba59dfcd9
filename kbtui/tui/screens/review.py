"""The room of what needs a human: posts and files with the reasons why they wait, until somebody vouches for them."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from kbtui.core.review import ReviewCounts, ReviewItem, ReviewReason
from kbtui.core.text import shorten
from kbtui.library import Library
from kbtui.tui.commands import REVIEW, bindings
from kbtui.tui.presentation import DIM
from kbtui.tui.review_lines import review_row, review_title
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.ask import AskScreen, LineScreen, Reply
from kbtui.tui.screens.room import Room
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList
from kbtui.tui.widgets.post_rows import row_width

PAGE = 200
LONGEST_REASON = 2_000
ALL = "all"
HINT = "what you looked at, and how"
HINT_LOCAL = "what you looked at; imports then leave the post alone"


class ReviewScreen(Room):
    """What waits, the most pressing first; enter reads it, and a reason marks it as reviewed."""

    CSS_PATH = "review.tcss"
    AUTO_FOCUS = "#choices"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(REVIEW)]

    choices = query_one("#choices", ChoiceList)

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._only: ReviewReason | None = None
        self._limit = PAGE
        self._counts = ReviewCounts(0, dict.fromkeys(ReviewReason, 0))

    def compose(self) -> ComposeResult:
        yield Static("", id="title", markup=False)
        yield ChoiceList()
        yield Footer()

    def on_resize(self) -> None:
        """Cut the rows to the width of the list, which it has once it is laid out."""
        self.look_again()

    def on_screen_resume(self) -> None:
        """See at once what was done meanwhile."""
        self.look_again()

    def look_again(self) -> None:
        """Show what waits now."""
        self.call_after_refresh(self._load)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        width, only, limit = row_width(self.choices) - 2, self._only, self._limit
        days = self.services.settings.stale_after_days
        self._counts, rows = await self.services.reader.run(lambda library: _read(library, days, only, limit, width))
        current, at = self.choices.current, self.choices.highlighted
        self.query_one("#title", Static).update(review_title(self._counts, only))
        self.choices.show(rows)
        # Where the row is gone, the one that took its place is next.
        kept = next((n for n, row in enumerate(rows) if _is_same(row, current)), at)
        if kept is not None and rows and not rows[min(kept, len(rows) - 1)].disabled:
            self.choices.highlighted = min(kept, len(rows) - 1)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, _More):
            self._limit += PAGE
            self._load()
        elif isinstance(event.option, _Waiting):
            self._open(event.option.item)

    def _open(self, item: ReviewItem) -> None:
        if item.post is not None:
            self.app.push_screen(ArticleScreen(self.services, item.post.slug))
        else:
            text = "\n".join((f"{item.source}: {item.path}", "", *item.problems))
            self.app.push_screen(AskScreen(self.services, "A file that gave no post", text))

    @work(exclusive=True, group="mark", exit_on_error=False)
    async def action_mark_reviewed(self) -> None:
        """Ask for the reason, then mark the post or file under the cursor as reviewed."""
        choice = self.choices.current
        if not isinstance(choice, _Waiting):
            return
        item = choice.item
        name = shorten(item.post.title if item.post else item.path, 50)
        hint = HINT_LOCAL if item.post else HINT
        reason = await self.app.push_screen_wait(LineScreen(self.services, f"Reviewed: {name}", hint, LONGEST_REASON))
        if reason is not None:
            self.notify(await self.services.writer.run(lambda library: _mark(library, item, reason)), markup=False)
            self._load()

    @work(exclusive=True, group="filter", exit_on_error=False)
    async def action_filter(self) -> None:
        """Choose what to show by the reason why it waits."""
        if not self._counts.total:
            return
        replies = [Reply(ALL, f"All ({self._counts.total:,})")]
        waiting = ((reason, self._counts.by_reason[reason]) for reason in ReviewReason)
        replies += [Reply(reason.name, f"{reason.value} ({count:,})") for reason, count in waiting if count]
        chosen = await self.app.push_screen_wait(AskScreen(self.services, "Show what waits for", "", replies))
        if chosen is not None:
            self._show_only(None if chosen == ALL else ReviewReason[chosen])

    def _show_only(self, reason: ReviewReason | None) -> None:
        self._only, self._limit = reason, PAGE
        self._load()

    def action_leave_room(self) -> None:
        """Show everything again; where it is shown, leave the room."""
        if self._only is not None:
            self._show_only(None)
        else:
            self.dismiss()


class _Waiting(Choice):
    """The row of something that waits."""

    def __init__(self, item: ReviewItem, width: int) -> None:
        super().__init__(review_row(item, width), item.name)
        self.item = item


class _More(Choice):
    """The row that stands for what is not shown."""


def _read(
    library: Library, days: int, only: ReviewReason | None, limit: int, width: int
) -> tuple[ReviewCounts, list[Option]]:
    """In the read lane: to make the rows takes longer than a key may."""
    counts = library.reviews.counts(days)
    items = library.reviews.page(days, tuple(ReviewReason) if only is None else (only,), limit=limit)
    rows: list[Option] = [_Waiting(item, width) for item in items]
    more = (counts.total if only is None else counts.by_reason[only]) - len(items)
    if more > 0:
        rows.append(_More(Content(f"… {more:,} more: enter shows the next").stylize(DIM), ""))
    return counts, rows or [Option(Content("Nothing waits for that."), disabled=True)]


def _mark(library: Library, item: ReviewItem, reason: str) -> str:
    """In the write lane; what to tell."""
    if item.post is None:
        library.reviews.accept_file(item.source, item.path, reason)
        return "Looked at; it waits again where an import says something else of it."
    marked = library.reviews.mark_reviewed(item.post.slug, reason)
    kept = f" `kbtui edit {marked.slug} --release` gives it back to its file." if marked.is_local else ""
    return f"Reviewed, revision {marked.revision}.{kept}"


def _is_same(row: Option, current: Choice | None) -> bool:
    return isinstance(row, Choice) and current is not None and row.value == current.value
