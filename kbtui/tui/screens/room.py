"""What all rooms share: background work whose failures become a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from kbtui.core.errors import KbtuiError
from kbtui.core.text import one_line

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp


class Room(Screen[None]):
    """A screen of the app."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (150, "-wide")]  # noqa: RUF012

    @property
    def kbtui(self) -> KbtuiApp:
        """The app, by its own type."""
        from kbtui.tui.app import KbtuiApp

        assert isinstance(self.app, KbtuiApp)  # noqa: S101  # for the type checker; rooms live in no other app
        return self.app

    @on(Worker.StateChanged)
    def _tell_failure(self, event: Worker.StateChanged) -> None:
        """A failure that has a sentence is shown; any other is a bug and ends the app, with a log."""
        if event.state is not WorkerState.ERROR or event.worker.error is None:
            return
        if isinstance(event.worker.error, KbtuiError):
            self.notify(one_line(str(event.worker.error)), severity="error", markup=False)
        else:
            raise event.worker.error
