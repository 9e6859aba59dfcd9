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
from textual.timer import Timer
from textual.widgets import Footer, Input, Label, Static

from kbtui.core.index_document import NOTE_KIND
from kbtui.core.searching.clauses import Query
from kbtui.core.searching.query import MAX_QUERY_LENGTH
from kbtui.core.searching.query_editing import exclude_filter, toggle_filter
from kbtui.core.searching.results import RELEVANCE, SearchHit, SearchResults
from kbtui.core.text import one_line, shorten
from kbtui.tui.commands import SEARCH, bindings
from kbtui.tui.document.view import DocumentView
from kbtui.tui.question import PAGE, Question, next_order, reading
from kbtui.tui.recording import SearchRecorder
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.explain import ExplainScreen
from kbtui.tui.screens.note import NoteScreen
from kbtui.tui.screens.preview_room import PreviewRoom
from kbtui.tui.screens.searches import RecallScreen, SaveScreen
from kbtui.tui.services import Services
from kbtui.tui.widgets.due_list import DueList, find_waiting
from kbtui.tui.widgets.facets import FacetPanel
from kbtui.tui.widgets.query_line import QueryLine
from kbtui.tui.widgets.results import ResultList

TYPING_PAUSE = 0.03
STANDING_SECONDS = 3.0
"""How long a search stands until it counts as one."""
EMPTY_LIBRARY = """\
The library is empty.

Leave with ctrl+q, then

  kbtui import FOLDER

or look at the bundled posts:

  kbtui demo"""


class SearchScreen(PreviewRoom):
    """The room where everything begins."""

    CSS_PATH = "search.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SEARCH)]
    AUTO_FOCUS = "#query"

    query_line = query_one("#query", QueryLine)
    results = query_one("#results", ResultList)
    due = query_one("#due", DueList)
    facets = query_one("#facets", FacetPanel)

    def __init__(self, services: Services, query: str = "", notice: str = "") -> None:
        super().__init__(services)
        self._first_query = query
        self._first_notice = notice
        self._shown: SearchResults | None = None
        self._asked = Question("")
        """The question that is answered by what is shown."""
        self._sort = RELEVANCE
        self._pasted = Question("")
        """The last text that was pasted, and the words that the search line showed for it."""
        self._recorder = SearchRecorder(services.writer)
        self._standing: Timer | None = None
        self._open_when_shown = False

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Label("kbtui", id="name")
            yield QueryLine(self._first_query)
            yield Label("", id="count", markup=False)
        yield Static("", id="notice", markup=False)
        yield DueList()
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
        """Ask the present question anew, keeping the cursor on its post; nothing while the room is opened or closed."""
        if not self.query(ResultList):
            return
        current = self.results.current
        self._ask(self._question(), keep=None if current is None else current.post.id)

    def _question(self) -> Question:
        """What the search line and the order ask now."""
        text, stale = self.query_line.value, self.services.settings.stale_after_days
        # Words of a pasted text can be put in another order only as a search of their own.
        if text == self._pasted.text and self._pasted.pasted and self._sort == RELEVANCE:
            return self._pasted
        return Question(text, self._sort, stale_after_days=stale)

    @on(Input.Changed, "#query")
    def _typed(self) -> None:
        if self._standing is not None:
            self._standing.stop()
        self._ask(self._question())

    @work(exclusive=True, group="search", exit_on_error=False)
    async def _ask(self, question: Question, keep: int | None = None) -> None:
        await asyncio.sleep(TYPING_PAUSE)
        # As many as are loaded, where the same question is asked again and the cursor is to stay.
        limit = PAGE if keep is None else max(PAGE, len(self.results.hits))
        self._show(question, await self.services.reader.run(lambda library: question.ask(library, limit=limit)), keep)

    @on(QueryLine.TextPasted)
    def _text_pasted(self, event: QueryLine.TextPasted) -> None:
        self._look_through(event.text)

    @work(exclusive=True, group="search", exit_on_error=False)
    async def _look_through(self, text: str) -> None:
        """Search for what is telling in a pasted text, and for the text itself where nothing is."""
        self._sort = RELEVANCE
        results = await self.services.reader.run(Question("", pasted=text).ask)
        if not results.hits:
            self._put(" ".join(text[: 4 * MAX_QUERY_LENGTH].split())[:MAX_QUERY_LENGTH])
            return
        self._pasted = Question(results.query.text, pasted=text)
        with self.prevent(Input.Changed):
            self._put(results.query.text)
        self._show(self._pasted, results, None)

    def _put(self, text: str) -> None:
        """Put a text into the search line."""
        self.query_line.value = text
        self.query_line.cursor_position = len(text)

    @on(ResultList.MoreWanted)
    def _more_wanted(self) -> None:
        if self._shown is not None and len(self.results.hits) < self._shown.total:
            self._add_more(self._shown, self._asked)

    @work(exclusive=True, group="more", exit_on_error=False)
    async def _add_more(self, shown: SearchResults, question: Question) -> None:
        offset = len(self.results.hits)
        more = await self.services.reader.run(lambda library: question.ask(library, offset=offset))
        if shown is self._shown and offset == len(self.results.hits):
            there = {hit.post.id for hit in self.results.hits}
            self.results.add_hits([hit for hit in more if hit.post.id not in there])

    # Showing

    def _show(self, question: Question, results: SearchResults, keep: int | None) -> None:
        if question.text != self._asked.text:
            self._await_standing()
        self._shown, self._asked = results, question
        is_ranked = question.sort == RELEVANCE
        self.results.show_hits(results.hits, self.services.today(), total=results.total, ranked=is_ranked, keep=keep)
        self.facets.show_facets(results.facets, results.query.filters)
        self._count(question, results)
        self._tell(reading(question, results) or self._first_notice)
        self.query_one("#nothing", Static).update(Content(_nothing_found(results)))
        self.set_class(not results.hits, "-nothing")
        self._show_due()
        if self._open_when_shown:
            self._open_when_shown = False
            self.action_open()

    @work(exclusive=True, group="due", exit_on_error=False)
    async def _show_due(self) -> None:
        """Show the changes that wait to be verified, as long as nothing is searched."""
        if not self._asked.is_empty:
            self.due.display = False
            return
        waiting = await self.services.reader.run(find_waiting)
        if self._asked.is_empty:
            key = one_line(self.services.settings.keys.get("app.changes", "4"))
            self.due.show(waiting, self.services.now(), f"tab leads here; escape, then {key}, to all changes")

    @on(DueList.Chosen)
    def _due_chosen(self, event: DueList.Chosen) -> None:
        self.app.push_screen(NoteScreen(self.services, event.note_id))

    def _count(self, question: Question, results: SearchResults) -> None:
        total, word = results.total, "post" if results.query.is_empty else "hit"
        order = "" if question.sort == RELEVANCE else f" · {question.sort}"
        self.query_one("#count", Label).update(Content(f"{total:,} {word}{'' if total == 1 else 's'}{order}"))

    def _tell(self, notice: str) -> None:
        line = self.query_one("#notice", Static)
        line.update(Content(one_line(notice)))
        line.display = bool(notice)

    def _await_standing(self) -> None:
        if self._standing is not None:
            self._standing.stop()
        self._standing = self.set_timer(STANDING_SECONDS, self._record)

    def _record(self, *, opened: bool = False) -> None:
        """Note the search that is shown."""
        if self._shown is not None and self._asked.text.strip():
            self._recorder.record(self._asked.text, self._shown.total, opened=opened)

    # Commands

    @on(QueryLine.Moved)
    def _move(self, event: QueryLine.Moved) -> None:
        self.results.move(event.by)

    @on(Input.Submitted, "#query")
    def _submitted(self) -> None:
        if self._shown is not None and self._asked == self._question():
            self.action_open()
        else:
            self._open_when_shown = True

    @on(ResultList.Opened)
    def _opened(self, event: ResultList.Opened) -> None:
        self._read_hit(event.hit)

    @property
    def searched(self) -> Query | None:
        """The query of what is shown."""
        return None if self._shown is None else self._shown.query

    def action_open(self) -> None:
        """Read the post under the cursor."""
        hit = self.results.current
        if hit is not None:
            self._read_hit(hit)
        else:
            self._record()

    def _read_hit(self, hit: SearchHit) -> None:
        self._record(opened=True)
        if hit.post.kind == NOTE_KIND:
            self.app.push_screen(NoteScreen(self.services, hit.post.slug))
        else:
            self.app.push_screen(ArticleScreen(self.services, hit.post.slug, self.searched))

    @on(FacetPanel.Toggled)
    def _toggled(self, event: FacetPanel.Toggled) -> None:
        self._put(toggle_filter(self.query_line.value, event.facet, event.value))

    @on(FacetPanel.Excluded)
    def _excluded(self, event: FacetPanel.Excluded) -> None:
        self._put(exclude_filter(self.query_line.value, event.facet, event.value))

    def action_sort(self) -> None:
        """Put the results in the next order."""
        self._sort = next_order(self._sort)
        self._ask(self._question())

    def action_explain(self) -> None:
        """Show why the post under the cursor was found."""
        hit = self.results.current
        if hit is not None:
            self.app.push_screen(ExplainScreen(self.services, self._asked.text, hit.post))

    def action_save(self) -> None:
        """Keep the search under a name."""
        if self.query_line.value.strip():
            self.app.push_screen(SaveScreen(self.services, self.query_line.value), self._tell_saved)
        else:
            self.notify("There is no search to save: the search line is empty.", markup=False)

    def _tell_saved(self, name: str | None) -> None:
        if name is not None:
            self.notify(f"Saved as “{one_line(name)}”.", markup=False)

    def action_recall(self) -> None:
        """Take an earlier search up again."""
        self.app.push_screen(RecallScreen(self.services), self._take_up)

    def _take_up(self, text: str | None) -> None:
        if text is not None:
            self._put(text)
            self.query_line.focus()

    def action_focus_query(self) -> None:
        """Go to the search line."""
        self.query_line.focus()
        self.query_line.cursor_position = len(self.query_line.value)

    def action_clear(self) -> None:
        """Clear the search; with nothing to clear, go to the results."""
        if self.query_line.value or self._asked.pasted:
            self._pasted = Question("")
            self.query_line.value = ""
            self._ask(self._question())
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
            self.preview_post(self.results.current.post)

    def _toggle_pane(self, pane: FacetPanel | DocumentView) -> None:
        shown = not pane.display
        if not shown and pane.has_focus:
            self.results.focus()
        pane.display = shown


def _nothing_found(results: SearchResults) -> str:
    if results.hits:
        return ""
    if results.query.is_empty:
        return EMPTY_LIBRARY
    return f"Nothing found for: {shorten(results.query.text, 200)}\n\nFewer words find more. Escape clears the search."
