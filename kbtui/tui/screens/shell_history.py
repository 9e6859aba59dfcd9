"""Commands of the shell's history to choose from, what looks like a secret in them masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from kbtui.core.secrets.scanning import mask_secrets
from kbtui.library import Library
from kbtui.tui.commands import bindings
from kbtui.tui.notes.commands import HISTORY
from kbtui.tui.presentation import fitted
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList
from kbtui.tui.widgets.post_rows import row_width

MOST_COMMANDS = 100
LONGEST_ROW = 1_000
NONE = "No history of a shell was found: bash, zsh and fish are read, from HISTFILE or their usual places."
AVAILABLE, CHOSEN = "○", "●"


class HistoryScreen(Dialog):
    """The last commands, the newest first; gives the chosen ones as lines, the oldest first."""

    AUTO_FOCUS = "#choices"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(HISTORY)]

    choices = query_one("#choices", ChoiceList)

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._commands: Sequence[str] = ()
        self._chosen: set[int] = set()
        """Places in the list."""

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Commands of the shell"
            box.border_subtitle = "space chooses · enter takes them · escape does not"
            yield Static(NONE, id="text", markup=False)
            yield ChoiceList()

    def on_mount(self) -> None:
        self.query_one("#text", Static).display = False
        # Rows are cut to the width of the list, which it has once it is laid out.
        self.call_after_refresh(self._load)

    @work(exit_on_error=False)
    async def _load(self) -> None:
        self._commands = await self.services.reader.run(_commands)
        self.query_one("#text", Static).display = not self._commands
        self.choices.show([Choice(self._row(at), str(at)) for at in range(len(self._commands))])

    def _row(self, at: int) -> Content:
        text = fitted(self._commands[at][:LONGEST_ROW], max(1, row_width(self.choices) - 2))
        sign = (CHOSEN, "$text-success") if at in self._chosen else (AVAILABLE, "")
        return Content.assemble(sign, f" {text}")

    def action_choose(self) -> None:
        """Choose the command under the cursor, or take that back."""
        at = self.choices.highlighted
        if at is not None:
            self._chosen ^= {at}
            self.choices.replace_option_prompt_at_index(at, self._row(at))

    def action_take(self) -> None:
        """Give the commands that are chosen; where none is, the one under the cursor."""
        under = self.choices.highlighted
        taken = self._chosen or (set() if under is None else {under})
        lines = [self._commands[at].replace("\n", "\n  ") for at in sorted(taken, reverse=True)]
        self.dismiss("\n".join(lines) or None)


def _commands(library: Library) -> list[str]:
    """In the read lane."""
    return list(dict.fromkeys(mask_secrets(command.text) for command, _ in library.capturing.history(MOST_COMMANDS)))
