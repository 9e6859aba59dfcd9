"""The facets beside the results: what there is, how often, and what is chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kbtui.core.searching.clauses import Filter
from kbtui.core.searching.results import FacetCount
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

AVAILABLE, CHOSEN, EXCLUDED = "○", "●", "−"
COLOURS = {AVAILABLE: "dim", CHOSEN: "$accent", EXCLUDED: "$error"}


class ValueOption(Option):
    """A row that knows its value: by the time its message arrives, other rows may be shown."""

    def __init__(self, facet: str, value: str, content: Content) -> None:
        super().__init__(content)
        self.facet = facet
        self.value = value


class FacetPanel(OptionList):
    """Facet values with counts; choosing one puts it into the search or takes it out, excluding likewise."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor_down", "Down", show=False, id="facets.down", tooltip="Next value"),
        Binding("k,up", "cursor_up", "Up", show=False, id="facets.up", tooltip="Previous value"),
        Binding("g,home", "first", "First", show=False, id="facets.first", tooltip="First value"),
        Binding("G,end", "last", "Last", show=False, id="facets.last", tooltip="Last value"),
        Binding("space,enter", "select", "Choose", show=False, id="facets.toggle", tooltip="Put in or take out"),
        Binding("x", "exclude", "Exclude", show=False, id="facets.exclude", tooltip="Leave out posts with this value"),
    ]

    @dataclass
    class Toggled(Message):
        """The user wants a value put into the search, or taken out."""

        facet: str
        value: str

    @dataclass
    class Excluded(Message):
        """The user wants posts with a value left out, or no longer left out."""

        facet: str
        value: str

    def __init__(self) -> None:
        super().__init__(id="facets", markup=False)

    def show_facets(self, counts: Mapping[str, Sequence[FacetCount]], filters: Sequence[Filter]) -> None:
        """Show counts; chosen and excluded values are marked and stay even where nothing has them."""
        at = _names(self.highlighted_option)
        options: list[Option] = []
        for facet, heading in SHOWN_FACETS.items():
            known = {count.value: count.count for count in counts.get(facet, ())}
            marks = _marks(facet, filters, known)
            rows = {**{value: known.get(value, 0) for value in sorted(marks)}, **known}
            if not rows:
                continue
            options.append(Option(Content.styled(heading, "$text-primary bold"), disabled=True))
            options += [ValueOption(facet, v, _row(v, count, marks.get(v, AVAILABLE))) for v, count in rows.items()]
        self.set_options(options)
        self.highlighted = next(
            (n for n, option in enumerate(options) if at is not None and _names(option) == at), None
        )

    def action_exclude(self) -> None:
        """Leave out posts with the value under the cursor."""
        if isinstance(option := self.highlighted_option, ValueOption):
            self.post_message(self.Excluded(option.facet, option.value))

    def on_focus(self) -> None:
        """Show a cursor from the first moment."""
        if self.highlighted is None:
            self.action_first()

    @on(OptionList.OptionSelected)
    def _tell_toggled(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(event.option, ValueOption):
            self.post_message(self.Toggled(event.option.facet, event.option.value))


def _names(option: Option | None) -> tuple[str, str] | None:
    return (option.facet, option.value) if isinstance(option, ValueOption) else None


def _marks(facet: str, filters: Sequence[Filter], known: Collection[str]) -> dict[str, str]:
    """The mark of each value that a filter names; what is still being typed is none yet, unless a post has it."""
    marks = {}
    for one in filters:
        values = one.values[:-1] if one.typed and one.values[-1] not in known else one.values
        if one.field == facet:
            marks.update(dict.fromkeys(values, EXCLUDED if one.excluded else CHOSEN))
    return marks


def _row(value: str, count: int, mark: str) -> Content:
    name = f"{shorten(value, VALUE_WIDTH):<{VALUE_WIDTH}}"
    return Content.assemble((f"{mark} ", COLOURS[mark]), name, (f"{count:>5}", "dim"))
