"""A room with a page of a post: its panels, its outline, and the way out of each of them."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.getters import query_one
from textual.widgets import Footer, Static

from kbtui.tui.document.pieces import Part
from kbtui.tui.document.view import DocumentView
from kbtui.tui.pages import OpenedPage
from kbtui.tui.screens.finding_room import FindingRoom
from kbtui.tui.services import Services
from kbtui.tui.widgets.find_bar import FindBar
from kbtui.tui.widgets.outline import OutlinePanel
from kbtui.tui.widgets.panes import Panel, ReaderPanes

QUIET_SECONDS = 3.0


class PageRoom(FindingRoom):
    """Shows one page at a time."""

    panes = query_one("#panes", ReaderPanes)

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._words: Sequence[str] = ()
        """The words of a search that are marked."""

    def compose(self) -> ComposeResult:
        yield Static("", id="title", markup=False)
        yield ReaderPanes(id="panes")
        yield FindBar(id="find")
        yield Footer()

    def show_page(self, page: OpenedPage) -> None:
        """Show the first part of another page, from its best place on."""
        self.panes.uncover()
        if self.find_bar.has_focus_within:
            self.page.focus()
        self.find_bar.close()
        self._put(page, page.words)
        self.page.go_to_best(page.sought)

    def show_again(self, page: OpenedPage) -> None:
        """Show what has become of the page; what is marked or sought in it stays so."""
        self._put(page, self._words)
        if self.find_bar.display:
            self.page.find(self.find_bar.text)

    def add_parts(self, parts: Sequence[Part]) -> None:
        """Show the next parts of the page."""
        for part in parts:
            self.page.extend(part)
        if parts:
            self._show_outline()

    def _put(self, page: OpenedPage, words: Sequence[str]) -> None:
        self._words = words
        self.page.show(page.first, page.position, page.lines)
        self.page.mark(words)
        self._show_outline()

    def step_out(self) -> bool:
        """Out of a panel, else out of the finding, else out of what a search marked; whether there was any of them."""
        if self.panes.is_covered or self.panes.is_in_panel:
            self.panes.uncover()
            self.page.focus()
        elif self.find_bar.display:
            self.end_finding()
        elif self._words:
            self._words = ()
            self.page.mark(())
        else:
            return False
        return True

    # Panels

    def _show_outline(self) -> None:
        self.panes.set_headings(len(self.page.outline))
        self.panes.outline.show(self.page.outline)

    @on(DocumentView.SectionChanged)
    def _section_changed(self, event: DocumentView.SectionChanged) -> None:
        self.panes.outline.set_current(event.index)

    @on(OutlinePanel.Chosen)
    def _section_chosen(self, event: OutlinePanel.Chosen) -> None:
        self.panes.uncover()
        self.page.focus()
        self.page.go_to_section(event.index)

    def action_outline(self) -> None:
        """Go to the table of contents; from there, hide it."""
        outline = self.panes.outline
        if not self.page.outline:
            self.notify("This page has no headings.", timeout=QUIET_SECONDS, markup=False)
        elif outline.has_focus:
            self.panes.toggle(Panel.OUTLINE)
        else:
            self.panes.open(Panel.OUTLINE)
            outline.focus()

    def action_toggle_about(self) -> None:
        """Show or hide what is known about the post."""
        if self.panes.toggle(Panel.SIDE) and self.panes.is_covered:
            self.panes.side.about.focus()
