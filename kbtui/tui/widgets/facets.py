"""The facets beside the results: what there is, how often, and what is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kbtui.core.query import Filter
from kbtui.core.results import FacetCount
from kbtui.core.text import shorten

SHOWN_FACETS = {
    "tool": "Tool",
    "stack": "Stack",
    "tag": "Tag",
    "difficulty": "Difficulty",
    "language": "Language",
    "status": "Status",
    "source": "Source",
    "topic": "Topic",
}
"""The facets of the panel, in order, with their headings."""
VALUE_WIDTH = 15


class FacetPanel(OptionList):
    """Facet values with counts; choosing one puts it into the search or takes it out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor_down", "Down", show=False, id="facets.down", tooltip="Next value"),
        Binding("k,up", "cursor_up", "Up", show=False, id="facets.up", tooltip="Previous value"),
        Binding("g,home", "first", "First", show=False, id="facets.first", tooltip="First value"),
        Binding("G,end", "last", "Last", show=False, id="facets.last", tooltip="Last value"),
        Binding("space,enter", "select", "Choose", show=False, id="facets.toggle", tooltip="Put in or take out"),
    ]

    @dataclass
    class Toggled(Message):
        """The user wants a value put into the search, or taken out."""

        facet: str
        value: str

    def __init__(self) -> None:
        super().__init__(id="facets", markup=False)
        self._values: list[tuple[str, str] | None] = []

    def show_facets(self, counts: Mapping[str, Sequence[FacetCount]], chosen: Sequence[Filter]) -> None:
        """Show counts; chosen values are marked and stay even where nothing has them."""
        at = None if self.highlighted is None else self._values[self.highlighted]
        options: list[Option] = []
        self._values = []
        for facet, heading in SHOWN_FACETS.items():
            marked = {value for f in chosen if f.facet == facet and not f.excluded for value in f.values}
            known = {count.value: count.count for count in counts.get(facet, ())}
            rows = {**{value: known.get(value, 0) for value in sorted(marked)}, **known}
            if not rows:
                continue
            options.append(Option(Content.styled(heading, "$text-primary bold"), disabled=True))
            self._values.append(None)
            for value, count in rows.items():
                options.append(Option(_row(value, count, chosen=value in marked)))
                self._values.append((facet, value))
        self.set_options(options)
        if at is not None and at in self._values:
            self.highlighted = self._values.index(at)

    @on(OptionList.OptionSelected)
    def _tell_toggled(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        chosen = self._values[event.option_index]
        if chosen is not None:
            self.post_message(self.Toggled(*chosen))


def _row(value: str, count: int, *, chosen: bool) -> Content:
    mark = "●" if chosen else "○"
    name = f"{shorten(value, VALUE_WIDTH):<{VALUE_WIDTH}}"
    return Content.assemble((f"{mark} ", "$accent" if chosen else "dim"), name, (f"{count:>5}", "dim"))
