"""Why a post was found: each word, where it stands, what it is worth."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from kbtui.core.errors import PostNotFoundError
from kbtui.core.post import PostSummary
from kbtui.core.searching.query import parse_query
from kbtui.core.searching.results import TermMatch
from kbtui.core.text import shorten
from kbtui.library import Library
from kbtui.tui.presentation import BOLD, DIM
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services

BAR_WIDTH = 16
WORD_LENGTH = 24
NOTHING = "No word of the search is counted in this post: it is here by name, by filters, or because all posts are."
FIELD_NAMES = {"name": "title and names", "label": "labels", "heading": "headings", "lead": "summary", "body": "text"}


class ExplainScreen(Dialog):
    """The words of a search in one post, the weightiest first."""

    AUTO_FOCUS = "#text"

    def __init__(self, services: Services, text: str, post: PostSummary) -> None:
        super().__init__(services)
        self._query = text
        self._found = post

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(f"Why “{shorten(self._found.title, 60)}”")
            with VerticalScroll(id="text"):
                yield Static("", id="reasons", markup=False)

    def on_mount(self) -> None:
        self._load()

    @work(exit_on_error=False)
    async def _load(self) -> None:
        matches = await self.services.reader.run(self._explain)
        self.query_one("#reasons", Static).update(_reasons(matches))

    def _explain(self, library: Library) -> list[TermMatch]:
        query = parse_query(self._query, typing=True, stale_after_days=self.services.settings.stale_after_days)
        try:
            return library.searching.explain(query, self._found.slug)
        except PostNotFoundError:
            return []


def _reasons(matches: Sequence[TermMatch]) -> Content:
    if not matches:
        return Content(NOTHING)
    most = max(match.weight for match in matches) or 1.0
    return Content("\n").join(_reason(match, most) for match in matches)


def _reason(match: TermMatch, most: float) -> Content:
    typed, found = shorten(match.typed, WORD_LENGTH), shorten(match.found, WORD_LENGTH)
    is_other = typed.casefold() != found.casefold()
    words = Content.assemble((typed, BOLD), (f" → {found}" if is_other else "", "$accent"))
    bar = "█" * max(1, round(BAR_WIDTH * match.weight / most))
    places = " · ".join(f"{FIELD_NAMES.get(name, name)} {count}" for name, count in match.fields)
    first = Content.assemble((f"{bar:<{BAR_WIDTH}}", "$accent"), f" {match.weight:>4.1f}  ", words)
    return Content("\n").join([first, Content(f"  {places}").stylize(DIM)])
