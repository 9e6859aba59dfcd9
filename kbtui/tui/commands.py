"""Every command of the app, declared once: its key, its place in the footer, its tooltip, its line in the palette.

The id is what a configuration file rebinds: `[keys]` with `search.preview = "ctrl+t"`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a screen or of the app."""

    id: str
    key: str
    action: str
    title: str
    help: str
    footer: bool = True
    priority: bool = False

    def binding(self) -> Binding:
        """What Textual binds."""
        return Binding(
            self.key, self.action, self.title, id=self.id, tooltip=self.help, show=self.footer, priority=self.priority
        )


APP = (
    Command("app.help", "f1,question_mark", "help", "Help", "Keys of this screen, and the query language"),
    Command("app.quit", "q", "leave", "Quit", "Leave kbtui"),
    Command("app.palette", "ctrl+p", "command_palette", "Commands", "Every command, by name", footer=False),
    Command("app.quit-now", "ctrl+q", "quit", "Quit", "Leave kbtui, from anywhere", footer=False, priority=True),
    Command("app.theme", "ctrl+t", "change_theme", "Theme", "Choose the colours", footer=False),
)

SEARCH = (
    Command("search.focus", "slash", "focus_query", "Search", "Go to the search line"),
    Command("search.room", "1", "focus_query", "Search room", "The search room", footer=False),
    Command("search.open", "enter", "open", "Read", "Read the post under the cursor"),
    Command("search.facets", "f", "toggle_facets", "Facets", "Show or hide the facets"),
    Command("search.preview", "p", "toggle_preview", "Preview", "Show or hide the preview"),
    Command("search.sort", "o", "sort", "Order", "Order by relevance, reviewed, updated, views, quality or title"),
    Command("search.explain", "w", "explain", "Why", "Why the post under the cursor was found"),
    Command("search.save", "ctrl+s", "save", "Save search", "Keep this search under a name", footer=False),
    Command("search.recall", "ctrl+r", "recall", "Searches", "Saved and recent searches", footer=False),
    Command(
        "search.clear",
        "escape",
        "clear",
        "Clear",
        "Clear the search; with nothing to clear, go to the results",
        footer=False,
    ),
)

ARTICLE = (
    Command("article.back", "escape,backspace,h", "back", "Back", "Back to where you came from"),
    Command("article.copy", "Y", "copy", "Copy", "Copy the post's Markdown to the clipboard"),
    Command("article.about", "m", "toggle_about", "About", "Show or hide the metadata beside the text"),
    Command("article.similar", "s", "similar", "Similar", "Posts that are like this one, and why"),
)

DIALOG = (Command("dialog.close", "escape", "close", "Close", "Close without choosing"),)


def bindings(commands: Iterable[Command]) -> list[Binding]:
    """The bindings of a group of commands."""
    return [command.binding() for command in commands]


def every_id() -> set[str]:
    """The id of every binding that a configuration file may rebind."""
    from kbtui.tui.document.view import DocumentView
    from kbtui.tui.widgets.choices import ChoiceLine, ChoiceList
    from kbtui.tui.widgets.facets import FacetPanel
    from kbtui.tui.widgets.query_line import QueryLine
    from kbtui.tui.widgets.results import ResultList

    own = {command.id for group in (APP, SEARCH, ARTICLE, DIALOG) for command in group}
    widgets = (ChoiceLine, ChoiceList, DocumentView, FacetPanel, QueryLine, ResultList)
    return own | {
        binding.id for widget in widgets for binding in widget.BINDINGS if isinstance(binding, Binding) and binding.id
    }
