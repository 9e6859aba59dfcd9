"""The page of a post with its outline at the left and what is known about it at the right, as the width allows."""

from __future__ import annotations

from enum import Enum

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize
from textual.getters import query_one

from kbtui.tui.document.view import DocumentView
from kbtui.tui.widgets.outline import OutlinePanel
from kbtui.tui.widgets.side import SidePanel

ONE_PANEL, TWO_PANELS = 100, 150
"""Columns from which one panel stands beside the page, and from which both do."""
LEAST_HEADINGS = 2
"""How many headings make an outline worth its room."""


class Panel(Enum):
    """What can stand beside the page."""

    OUTLINE = "outline"
    SIDE = "side"


class ReaderPanes(Horizontal):
    """A page between two panels. On a wide screen both are shown, on a usual one of them; on a narrow one either can be
    laid over the page.
    """

    outline = query_one("#outline", OutlinePanel)
    page = query_one("#page", DocumentView)
    side = query_one("#side", SidePanel)

    def __init__(self, *, id: str | None = None) -> None:  # Textual's own name for it
        super().__init__(id=id)
        self._room = 0
        """How many panels have room beside the page."""
        self._headings = LEAST_HEADINGS
        self._chosen: frozenset[Panel] | None = None
        """What the user wants to see; None for what suits the width."""

    def compose(self) -> ComposeResult:
        yield OutlinePanel(id="outline")
        yield DocumentView(id="page")
        yield SidePanel(id="side")

    @property
    def shown(self) -> frozenset[Panel]:
        """The panels that are shown."""
        if self._chosen is not None:
            return self._chosen if self._headings else self._chosen - {Panel.OUTLINE}
        suitable = [Panel.OUTLINE, Panel.SIDE] if self._headings >= LEAST_HEADINGS else [Panel.SIDE]
        return frozenset(suitable[: self._room])

    @property
    def is_covered(self) -> bool:
        """Whether a panel lies over the page."""
        return not self._room and bool(self.shown)

    @property
    def is_in_panel(self) -> bool:
        """Whether a panel has the focus."""
        return self.outline.has_focus_within or self.side.has_focus_within

    def set_headings(self, count: int) -> None:
        """Say how many headings the page has, as far as it is there."""
        self._headings = count
        self._arrange()

    def toggle(self, panel: Panel) -> bool:
        """Show or hide a panel; whether it is shown now."""
        shown = self.shown ^ {panel}
        self._chosen = shown & {panel} if self._room <= 1 else shown
        self._arrange()
        return panel in self.shown

    def open(self, panel: Panel) -> None:
        """Show a panel."""
        if panel not in self.shown:
            self.toggle(panel)

    def uncover(self) -> None:
        """Put away what lies over the page."""
        if self.is_covered:
            self._chosen = None
            self._arrange()

    def on_mount(self) -> None:
        # Before anything is drawn: each change of the layout costs a whole screen.
        self._fit(self.app.size.width)

    def on_resize(self, event: Resize) -> None:
        """Show what suits the width, once that is another."""
        self._fit(event.size.width)

    def _fit(self, width: int) -> None:
        room = (width >= ONE_PANEL) + (width >= TWO_PANELS)
        if room != self._room:
            self._room, self._chosen = room, None
        self._arrange()

    def _arrange(self) -> None:
        shown = self.shown
        self.set_class(not self._room, "-over")
        for panel, widget in ((Panel.OUTLINE, self.outline), (Panel.SIDE, self.side)):
            if panel not in shown and widget.has_focus_within:
                self.page.focus()
            widget.display = panel in shown
