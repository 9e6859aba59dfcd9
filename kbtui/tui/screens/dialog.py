"""What all dialogs share: a box over a room, a key that closes it, failures that become a sentence."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.worker import Worker

from kbtui.tui.commands import DIALOG, bindings
from kbtui.tui.screens.room import tell_failure
from kbtui.tui.services import Services


class Dialog(ModalScreen[str | None]):
    """A box over a room, which gives what was chosen or None. The children stand in a container `#box`."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(DIALOG)]

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services

    @on(Worker.StateChanged)
    def _tell_failure(self, event: Worker.StateChanged) -> None:
        tell_failure(self, event)

    def action_close(self) -> None:
        """Close without choosing."""
        self.dismiss(None)
