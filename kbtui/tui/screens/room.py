"""What all rooms share: background work whose failures become a sentence."""

from __future__ import annotations

from typing import TypeVar

from textual import on
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from kbtui.core.errors import KbtuiError
from kbtui.core.text import one_line
from kbtui.tui.services import Services

Answer = TypeVar("Answer")


class Room(Screen[None]):
    """A screen of the app."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (150, "-wide")]  # noqa: RUF012

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services

    @on(Worker.StateChanged)
    def _tell_failure(self, event: Worker.StateChanged) -> None:
        tell_failure(self, event)


def tell_failure(screen: Screen[Answer], event: Worker.StateChanged) -> None:
    """A failure that has a sentence is shown; any other is a bug and ends the app, with a log."""
    if event.state is not WorkerState.ERROR or event.worker.error is None:
        return
    if isinstance(event.worker.error, KbtuiError):
        screen.notify(one_line(str(event.worker.error)), severity="error", markup=False)
    else:
        raise event.worker.error
