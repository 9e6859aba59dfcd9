"""Posts that are like another one, each with the reason."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kbtui.core.errors import PostNotFoundError
from kbtui.core.searching.results import SimilarPost
from kbtui.library import Library
from kbtui.tui.presentation import similar_content
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList

ROW_WIDTH = 82


class SimilarScreen(Dialog):
    """A list of posts; gives the slug of the one to read."""

    AUTO_FOCUS = "#choices"

    def __init__(self, services: Services, slug: str) -> None:
        super().__init__(services)
        self._slug = slug

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Similar posts"
            yield ChoiceList()
            yield Static("", id="nothing", markup=False)

    def on_mount(self) -> None:
        self._load()

    @work(exit_on_error=False)
    async def _load(self) -> None:
        posts = await self.services.reader.run(self._similar)
        rows: list[Option] = [Choice(similar_content(similar, ROW_WIDTH), similar.post.slug) for similar in posts]
        self.query_one(ChoiceList).show(rows)
        self.query_one(ChoiceList).display = bool(rows)
        self.query_one("#nothing", Static).update("" if rows else "No post is like this one.")
        self.query_one("#nothing").display = not rows

    def _similar(self, library: Library) -> list[SimilarPost]:
        try:
            return library.searching.similar(self._slug)
        except PostNotFoundError:
            return []

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, Choice):
            self.dismiss(event.option.value)
