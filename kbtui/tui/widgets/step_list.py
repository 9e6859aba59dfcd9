"""The steps of a run under their sections, one line each, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from kbtui.core.checklists.run import RunStep, StepState
from kbtui.core.text import shorten
from kbtui.tui.presentation import fitted

SIGNS = {StepState.TODO: "☐", StepState.DONE: "☑", StepState.SKIPPED: "–", StepState.FAILED: "✗"}
TEXT_LENGTH = 400
"""Characters of a step that can come into sight on its line."""
DEEPEST = 4
"""Levels that are indented; steps below are not indented further."""


class StepList(ScrollView, can_focus=True):
    """Steps with a cursor on one of them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "steps--section",
        "steps--todo",
        "steps--done",
        "steps--skipped",
        "steps--failed",
        "steps--marks",
        "steps--cursor",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Down", show=False, id="steps.down", tooltip="Next step"),
        Binding("k,up", "move(-1)", "Up", show=False, id="steps.up", tooltip="Previous step"),
        Binding("g,home", "move(-100000)", "First", show=False, id="steps.first", tooltip="First step"),
        Binding("G,end", "move(100000)", "Last", show=False, id="steps.last", tooltip="Last step"),
    ]

    @dataclass
    class Moved(Message):
        """The cursor is on another step."""

        number: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, StepList.Moved)

    def __init__(self) -> None:
        super().__init__(id="steps")
        self._steps: Sequence[RunStep] = ()
        self._rows: list[int | str] = []
        """Of each line the place of its step, or the section that begins there."""
        self._lines: list[int] = []
        """Of each step its line."""
        self._cursor = 0

    @property
    def current(self) -> RunStep | None:
        """The step under the cursor."""
        return self._steps[self._cursor] if self._cursor < len(self._steps) else None

    @property
    def shown(self) -> list[str]:
        """The lines as they would stand in a wide list."""
        return ["".join(text for text, _ in self._pieces(row, 200)).rstrip() for row in range(len(self._rows))]

    def show(self, steps: Sequence[RunStep]) -> None:
        """Show the steps of a run, or what became of them; the cursor stays where it is."""
        is_same_run = len(steps) == len(self._steps)
        self._steps = steps
        # The steps of a run stay those of its start: only what became of them is new.
        if not is_same_run:
            self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        self._rows, self._lines = [], []
        section = ""
        for place, step in enumerate(self._steps):
            if step.step.section != section:
                section = step.step.section
                self._rows.append(section or "…")
            self._lines.append(len(self._rows))
            self._rows.append(place)
        self._cursor = min(self._cursor, max(0, len(self._steps) - 1))
        self.virtual_size = Size(0, len(self._rows))

    def go_to(self, number: int) -> None:
        """Put the cursor on the step with this number."""
        self._move_to(number - 1)

    def render_line(self, y: int) -> Strip:
        row, width = y + self.scroll_offset.y, self.size.width
        if not 0 <= row < len(self._rows) or width < 1:
            return Strip.blank(width, self.rich_style)
        cursor = self.get_component_rich_style("steps--cursor") if self._rows[row] == self._cursor else Style()
        pieces = [
            Segment(text, self.rich_style + self.get_component_rich_style(f"steps--{look}", partial=True) + cursor)
            for text, look in self._pieces(row, width)
        ]
        return Strip(pieces).adjust_cell_length(width, self.rich_style + cursor)

    def _pieces(self, row: int, width: int) -> list[tuple[str, str]]:
        place = self._rows[row]
        if isinstance(place, str):
            return [(fitted(shorten(place, TEXT_LENGTH), max(1, width)), "section")]
        step = self._steps[place]
        look, marks = step.state.value, _marks(step)
        head = f" {SIGNS[step.state]} {'  ' * min(step.step.depth, DEEPEST)}{step.number}. "
        room = max(1, width - cell_len(head) - cell_len(marks) - 1)
        text = set_cell_size(fitted(shorten(step.step.text, TEXT_LENGTH), room), room)
        return [(head, look), (text, look), (f"{marks} ", "marks")]

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._bring()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the step under the pointer."""
        offset = event.get_content_offset(self)
        row = -1 if offset is None else offset.y + self.scroll_offset.y
        if 0 <= row < len(self._rows) and isinstance(place := self._rows[row], int):
            self._move_to(place)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._move_to(self._cursor + by)

    def _move_to(self, place: int) -> None:
        self._cursor = min(max(0, len(self._steps) - 1), max(0, place))
        self._bring()
        self.refresh()
        if self._steps:
            self.post_message(self.Moved(self._cursor + 1))

    def _bring(self) -> None:
        if self._cursor < len(self._lines):
            line = self._lines[self._cursor]
            # The heading above a step comes into sight with it.
            above = 1 if line and isinstance(self._rows[line - 1], str) else 0
            self.scroll_to_region(Region(0, line - above, 1, 1 + above), animate=False)


def _marks(step: RunStep) -> str:
    """What else there is about a step, behind its text."""
    marks = ["gate"] if step.step.is_gate else []
    marks += ["$"] if step.step.commands else []
    marks += ["note"] if step.notes else []
    marks += ["evidence"] if step.evidence else []
    marks += ["change"] if step.redlines else []
    return f"  {' · '.join(marks)}" if marks else ""
