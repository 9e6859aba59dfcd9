"""Commands of the shell's history to choose from, what looks like a secret in them masked."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from kbtui.core.secrets import mask_secrets
from kbtui.core.text import shorten
from kbtui.library import Library
from kbtui.tui.change_commands import HISTORY
from kbtui.tui.commands import bindings
from kbtui.tui.screens.dialog import Dialog

MOST_COMMANDS = 100
TEXT_LENGTH = 200
NONE = "No history of a shell was found: bash, zsh and fish are read, from HISTFILE or their usual places."


class HistoryScreen(Dialog):
    """The last commands, the newest first; gives the chosen ones as lines, the oldest first."""

    AUTO_FOCUS = "#commands"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(HISTORY)]

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Commands of the shell"
            box.border_subtitle = "space chooses · enter takes them · escape does not"
            yield Static("", id="text", markup=False)
            yield SelectionList[str](id="commands", compact=True)

    def on_mount(self) -> None:
        self._load()

    @work(exit_on_error=False)
    async def _load(self) -> None:
        found = await self.services.reader.run(_commands)
        listed = self.query_one("#commands", SelectionList)
        listed.add_options(
            Selection(Content(shorten(text, TEXT_LENGTH)), text, initial_state=False, id=str(at))
            for at, text in enumerate(found)
        )
        self.query_one("#text", Static).display = not found
        self.query_one("#text", Static).update(Content(NONE))
        listed.action_first()
        listed.focus()

    def action_take(self) -> None:
        """Give the commands that are chosen; where none is, the one under the cursor."""
        listed = self.query_one("#commands", SelectionList)
        chosen = list(listed.selected)
        if not chosen and listed.highlighted is not None and listed.option_count:
            chosen = [listed.get_option_at_index(listed.highlighted).value]
        order = {listed.get_option_at_index(at).value: at for at in range(listed.option_count)}
        lines = sorted(chosen, key=lambda text: -order[text])
        self.dismiss("\n".join(text.replace("\n", "\n  ") for text in lines) or None)


def _commands(library: Library) -> list[str]:
    """In the read lane."""
    return list(dict.fromkeys(mask_secrets(command.text) for command, _ in library.capturing.history(MOST_COMMANDS)))
