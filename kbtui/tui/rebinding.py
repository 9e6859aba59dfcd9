"""Which keys a configuration file may rebind."""

from __future__ import annotations

from difflib import get_close_matches

from textual.binding import Binding

from kbtui.config import Settings
from kbtui.core.errors import ConfigurationError
from kbtui.tui.commands import ADDRESS, APP, ARTICLE, DIALOG, REVIEW, RUN, RUNS, SEARCH
from kbtui.tui.dialog_commands import DIALOGS
from kbtui.tui.document.scrolling import DocumentScroller
from kbtui.tui.document.view import DocumentView
from kbtui.tui.notes.commands import CHANGES, FORM, HISTORY, NOTE
from kbtui.tui.widgets.choices import ChoiceLine, ChoiceList
from kbtui.tui.widgets.due_list import DueList
from kbtui.tui.widgets.facets import FacetPanel
from kbtui.tui.widgets.find_bar import FindLine
from kbtui.tui.widgets.outline import OutlinePanel
from kbtui.tui.widgets.query_line import QueryLine
from kbtui.tui.widgets.results import ResultList
from kbtui.tui.widgets.side import AboutPanel, RelatedList
from kbtui.tui.widgets.step_list import StepList


def every_id() -> set[str]:
    """The id of every binding that a configuration file may rebind."""
    groups = (APP, SEARCH, ARTICLE, RUN, RUNS, CHANGES, NOTE, FORM, HISTORY, REVIEW, ADDRESS, DIALOG, *DIALOGS)
    widgets = (
        *(ChoiceLine, ChoiceList, DueList, DocumentScroller, DocumentView, FacetPanel, FindLine, OutlinePanel),
        *(QueryLine, ResultList, AboutPanel, RelatedList, StepList),
    )
    return {command.id for group in groups for command in group} | {
        binding.id for widget in widgets for binding in widget.BINDINGS if isinstance(binding, Binding) and binding.id
    }


def check_keys(settings: Settings) -> None:
    """Raises `ConfigurationError` for a key of the configuration that names no command."""
    known = every_id()
    for name in settings.keys:
        if name not in known:
            nearest = get_close_matches(name, sorted(known), n=1, cutoff=0.0)[0]
            where = settings.origins.get("keys", "the configuration")
            raise ConfigurationError(
                f"{where}: [keys] names {name!r}, which is no command; the nearest is {nearest!r}."
            )
