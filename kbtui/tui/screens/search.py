"""The search room: a line to type, results as one types, facets beside them, a preview that follows the cursor."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Footer, Input, Label, Static

from kbtui.core.post import PostSummary
from kbtui.core.query import Query, parse_query, toggle_filter
from kbtui.core.results import SearchResults
from kbtui.core.text import one_line, shorten
from kbtui.library import Library
from kbtui.tui.commands import SEARCH, bindings
from kbtui.tui.document.blocks import Block, parse_blocks, without_title
from kbtui.tui.document.view import DocumentView
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.room import Room
from kbtui.tui.services import Services
from kbtui.tui.widgets.facets import SHOWN_FACETS, FacetPanel
from kbtui.tui.widgets.query_line import QueryLine
from kbtui.tui.widgets.results import ResultList

PAGE = 50
TYPING_PAUSE = 0.03
PREVIEW_PAUSE = 0.06
EMPTY_LIBRARY = """\
The library is empty.

Leave with ctrl+q, then

  kbtui import FOLDER

or look at the bundled posts:

  kbtui demo"""


class SearchScreen(Room):
    """The room where everything begins."""

    CSS_PATH = "search.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SEARCH)]
    AUTO_FOCUS = "#query"

    query_line = query_one("#query", QueryLine)
    results = query_one("#results", ResultList)
    facets = query_one("#facets", FacetPanel)
    preview = query_one("#preview", DocumentView)

    def __init__(self, services: Services, query: str = "", notice: str = "") -> None:
        super().__init__(services)
        self._first_query = query
        self._first_notice = notice
        self._shown: SearchResults | None = None
        self._open_when_shown = False

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Label("kbtui", id="name")
            yield QueryLine(self._first_query)
            yield Label("", id="count", markup=False)
        yield Static("", id="notice", markup=False)
        with Horizontal(id="panes"):
            yield FacetPanel()
            yield ResultList(self.services.settings.stale_after_days)
            yield Static("", id="nothing", markup=False)
            yield DocumentView(id="preview")
        yield Footer()

    def on_mount(self) -> None:
        self.preview.border_title = ""
        self._tell(self._first_notice)
        self.ask_again()

    # Asking

    def ask_again(self) -> None:
        """Ask the present question anew, keeping the cursor on its post."""
        current = self.results.current
        self._ask(self.query_line.value, keep=None if current is None else current.post.id)

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        self._ask(event.value)

    @work(exclusive=True, group="search", exit_on_error=False)
    async def _ask(self, text: str, keep: int | None = None) -> None:
        await asyncio.sleep(TYPING_PAUSE)
        query = parse_query(text, typing=True)
        # As many as are loaded, where the same question is asked again and the cursor is to stay.
        limit = PAGE if keep is None else max(PAGE, len(self.results.hits))
        results = await self.services.reader.run(lambda library: _search(library, query, 0, limit))
        self._show(results, keep)

    @on(ResultList.MoreWanted)
    def _more_wanted(self) -> None:
        if self._shown is not None and len(self.results.hits) < self._shown.total:
            self._add_more(self._shown)

    @work(exclusive=True, group="more", exit_on_error=False)
    async def _add_more(self, shown: SearchResults) -> None:
        offset = len(self.results.hits)
        more = await self.services.reader.run(lambda library: _search(library, shown.query, offset))
        if shown is self._shown and offset == len(self.results.hits):
            there = {hit.post.id for hit in self.results.hits}
            self.results.add_hits([hit for hit in more if hit.post.id not in there], self.services.today())
            self._count()

    # Showing

    def _show(self, results: SearchResults, keep: int | None) -> None:
        self._shown = results
        self.results.show_hits(results.hits, self.services.today(), keep=keep)
        self.facets.show_facets(results.facets, results.query.filters)
        self._count()
        self._tell(results.notice or self._first_notice)
        self.query_one("#nothing", Static).update(Content(_nothing_found(results)))
        self.set_class(not results.hits, "-nothing")
        if self._open_when_shown:
            self._open_when_shown = False
            self.action_open()

    def _count(self) -> None:
        if self._shown is not None:
            total, word = self._shown.total, "post" if self._shown.query.is_empty else "hit"
            self.query_one("#count", Label).update(Content(f"{total:,} {word}{'' if total == 1 else 's'}"))

    def _tell(self, notice: str) -> None:
        line = self.query_one("#notice", Static)
        line.update(Content(one_line(notice)))
        line.display = bool(notice)

    @on(ResultList.Highlighted)
    def _follow(self, event: ResultList.Highlighted) -> None:
        if event.hit is None:
            self.preview.border_title = ""
            self.preview.show_blocks([])
        elif self.preview.display:
            self._preview(event.hit.post)

    @work(exclusive=True, group="preview", exit_on_error=False)
    async def _preview(self, post: PostSummary) -> None:
        await asyncio.sleep(PREVIEW_PAUSE)
        blocks = await self.services.reader.run(lambda library: _read(library, post.slug))
        self.preview.border_title = Content(shorten(post.title, 120))
        self.preview.show_blocks(blocks)

    # Commands

    @on(QueryLine.Moved)
    def _move(self, event: QueryLine.Moved) -> None:
        self.results.move(event.by)

    @on(Input.Submitted, "#query")
    def _submitted(self) -> None:
        asked = parse_query(self.query_line.value, typing=True)
        if self._shown is not None and self._shown.query == asked:
            self.action_open()
        else:
            self._open_when_shown = True

    @on(ResultList.Opened)
    def _opened(self, event: ResultList.Opened) -> None:
        self.app.push_screen(ArticleScreen(self.services, event.hit.post.slug))

    def action_open(self) -> None:
        """Read the post under the cursor."""
        hit = self.results.current
        if hit is not None:
            self.app.push_screen(ArticleScreen(self.services, hit.post.slug))

    @on(FacetPanel.Toggled)
    def _toggled(self, event: FacetPanel.Toggled) -> None:
        self.query_line.value = toggle_filter(self.query_line.value, event.facet, event.value)
        self.query_line.cursor_position = len(self.query_line.value)

    def action_focus_query(self) -> None:
        """Go to the search line."""
        self.query_line.focus()
        self.query_line.cursor_position = len(self.query_line.value)

    def action_clear(self) -> None:
        """Clear the search; with nothing to clear, go to the results."""
        if self.query_line.value:
            self.query_line.value = ""
            self.query_line.focus()
        else:
            self.results.focus()

    def action_toggle_facets(self) -> None:
        """Show or hide the facets."""
        self._toggle_pane(self.facets)

    def action_toggle_preview(self) -> None:
        """Show or hide the preview."""
        self._toggle_pane(self.preview)
        if self.preview.display and self.results.current is not None:
            self._preview(self.results.current.post)

    def _toggle_pane(self, pane: FacetPanel | DocumentView) -> None:
        shown = not pane.display
        if not shown and pane.has_focus:
            self.results.focus()
        pane.display = shown


def _search(library: Library, query: Query, offset: int, limit: int = PAGE) -> SearchResults:
    facets = () if offset else tuple(SHOWN_FACETS)
    return library.searching.search(query, limit=limit, offset=offset, facets=facets)


def _read(library: Library, slug: str) -> list[Block]:
    post = library.posts.get(slug)
    return without_title(parse_blocks(post.body), post.title)


def _nothing_found(results: SearchResults) -> str:
    if results.hits:
        return ""
    if results.query.is_empty:
        return EMPTY_LIBRARY
    return f"Nothing found for: {shorten(results.query.text, 200)}\n\nFewer words find more. Escape clears the search."
