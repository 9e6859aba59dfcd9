"""A room with a page in it, and the finding of a text in that page."""

from __future__ import annotations

from textual import on
from textual.getters import query_one

from kbtui.tui.document.view import DocumentView
from kbtui.tui.screens.room import Room
from kbtui.tui.widgets.find_bar import FindBar


class FindingRoom(Room):
    """Has a page, and a line to find a text in it."""

    AUTO_FOCUS = "#page"

    page = query_one("#page", DocumentView)
    find_bar = query_one("#find", FindBar)

    def action_find(self) -> None:
        """Find a text in the page."""
        self.find_bar.open()

    @on(FindBar.Typed)
    def _find(self, event: FindBar.Typed) -> None:
        self.page.find(event.text)

    @on(DocumentView.Found)
    def _found(self, event: DocumentView.Found) -> None:
        self.find_bar.tell(event.current, event.total)

    @on(FindBar.Stepped)
    def _stepped(self, event: FindBar.Stepped) -> None:
        self.page.next_match(event.direction)

    @on(FindBar.Accepted)
    def _accepted(self) -> None:
        self.page.focus()
        if not self.find_bar.text:
            self.end_finding()

    def action_next_match(self) -> None:
        """To the next match."""
        self.page.next_match()

    def action_previous_match(self) -> None:
        """To the match before."""
        self.page.next_match(-1)

    def end_finding(self) -> None:
        """Put the line away, and the marks with it."""
        self.page.clear_find()
        self.find_bar.close()
        self.page.focus()
