"""The app: joins the rooms, the two lanes and the terminal."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import ClassVar

from textual import on, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.worker import Worker, WorkerState

from kbtui.config import Settings
from kbtui.core.errors import KbtuiError
from kbtui.core.text import one_line, shorten
from kbtui.library import Library
from kbtui.tui.background import Lane, OpenLibrary
from kbtui.tui.commands import APP, bindings
from kbtui.tui.notes.actions import write_note
from kbtui.tui.providers import CommandProvider
from kbtui.tui.rebinding import check_keys
from kbtui.tui.safety import ControlFilter
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.bookmarks import PlacesScreen
from kbtui.tui.screens.changes import ChangesScreen
from kbtui.tui.screens.help import HelpScreen
from kbtui.tui.screens.note import NoteScreen
from kbtui.tui.screens.note_form import NoteForm
from kbtui.tui.screens.review import ReviewScreen
from kbtui.tui.screens.room import Room
from kbtui.tui.screens.run import RunScreen
from kbtui.tui.screens.runs import RunsScreen
from kbtui.tui.screens.search import SearchScreen
from kbtui.tui.screens.switcher import SwitcherScreen
from kbtui.tui.services import Services
from kbtui.tui.terminal import driver_class, exit_on_signals, tolerate_invalid_input

WATCH = "watch"
"""Name of the work that goes on as long as the app does."""
WATCH_SECONDS = 1.0
TROUBLE_SECONDS = 30.0
"""How long to wait after a failure, so that the user is not told of it every second."""
CLOSING_SECONDS = 1.0
RUNS_TOLD = 3
"""How many runs that go on are named at the start."""


class KbtuiApp(App[None]):
    """The app over one library."""

    TITLE = "kbtui"
    # Those of the screens too: a style sheet that comes later has Textual read all of them again.
    CSS_PATH: ClassVar[list[str | PurePath] | None] = [
        "app.tcss",
        *(f"screens/{name}.tcss" for name in ("article", "changes", "dialog", "help", "note_form")),
        *(f"screens/{name}.tcss" for name in ("review", "run", "run_dialogs", "search")),
    ]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {CommandProvider}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(APP)]

    def __init__(
        self,
        open_library: OpenLibrary,
        settings: Settings,
        *,
        query: str = "",
        notice: str = "",
        today: Callable[[], date] = date.today,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(driver_class=driver_class())
        self.services = Services(Lane("read", open_library), Lane("write", open_library), settings, today, now)
        self.failure: Exception | None = None
        """What ended the app, if it was a failure."""
        self._search = SearchScreen(self.services, query, notice)
        self._filter = ControlFilter()
        self._leaving = threading.Event()
        self._clashes: set[str] = set()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Every line of every widget goes through the control filter."""
        return [*super().get_line_filters(), self._filter]

    def on_mount(self) -> None:
        exit_on_signals(lambda status: self.exit(return_code=status))
        if self.services.settings.theme in self.available_themes:
            self.theme = self.services.settings.theme
        else:
            names = ", ".join(sorted(self.available_themes))
            self.notify(f"There is no theme {self.services.settings.theme!r}; known are {names}.", markup=False)
        self.set_keymap(self.services.settings.keys)
        self.push_screen(self._search)
        self._watch_library()

    @work(group=WATCH, exit_on_error=False)
    async def _watch_library(self) -> None:
        """Show what is saved, by this app or by another process, as soon as the index has learnt of it.

        A library that cannot be opened ends the app with its sentence; later troubles are told and tried again.
        """
        known: object = None
        try:
            await self.services.reader.run(_mark)
        except KbtuiError as error:
            self.failure = error
            self.exit(return_code=1)
            return
        self._tell_open_runs()
        while True:
            try:
                if await self.services.reader.run(_mark) != known:
                    indexed = await self.services.writer.run(self._bring_up_to_date)
                    if indexed or known is not None:
                        self._show_changes()
                    known = await self.services.reader.run(_mark)
            except KbtuiError as error:
                self.notify(one_line(str(error)), severity="warning", markup=False)
                await asyncio.sleep(TROUBLE_SECONDS)
            await asyncio.sleep(WATCH_SECONDS)

    @work(exit_on_error=False)
    async def _tell_open_runs(self) -> None:
        """Say which checklists are under way."""
        try:
            runs = await self.services.reader.run(lambda library: library.checklists.open_runs(RUNS_TOLD + 1))
        except KbtuiError as error:
            self.notify(one_line(str(error)), severity="warning", markup=False)
            return
        if runs:
            titles = [f"“{shorten(run.title, 40)}”" for run in runs[:RUNS_TOLD]]
            more = ", …" if len(runs) > RUNS_TOLD else ""
            key = one_line(self.services.settings.keys.get("app.runs", "3"))
            self.notify(f"Under way: {', '.join(titles)}{more}. Escape, then {key}, leads there.", markup=False)

    def _show_changes(self) -> None:
        """Have the rooms show what the library holds now."""
        self._search.ask_again()
        for screen in self.screen_stack:
            if isinstance(screen, ArticleScreen | ReviewScreen):
                screen.look_again()

    @on(Worker.StateChanged)
    def _tell_failure(self, event: Worker.StateChanged) -> None:
        """What the app's own work did not expect is a bug, and ends the app with a log."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    def _bring_up_to_date(self, library: Library) -> int:
        """In the write lane: a long catching-up ends when the app does."""

        def go_on(what: str, done: int, total: int) -> None:  # noqa: ARG001
            if self._leaving.is_set():
                raise _LeavingError("The app is closing; the index catches up next time.")

        try:
            return library.indexing.bring_up_to_date(go_on)
        except _LeavingError:
            return 0

    def on_unmount(self) -> None:
        self._leaving.set()
        self.services.reader.close(CLOSING_SECONDS)
        self.services.writer.close(CLOSING_SECONDS)

    def action_help(self) -> None:
        """Explain the screen that is shown."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_switch_post(self) -> None:
        """Go to a post by a part of its name."""
        current = self.screen.slug if isinstance(self.screen, ArticleScreen) else ""
        self.push_screen(SwitcherScreen(self.services, current), self._read_chosen)

    def action_places(self) -> None:
        """Show bookmarks, and what was read lately."""
        self.push_screen(PlacesScreen(self.services), self._read_chosen)

    def _read_chosen(self, slug: str | None) -> None:
        """Read a post in the article that is shown, else in a new one."""
        if slug is not None and isinstance(self.screen, ArticleScreen):
            self.screen.read(slug)
        elif slug is not None:
            self.push_screen(ArticleScreen(self.services, slug))

    def action_runs(self) -> None:
        """Show the room of runs."""
        self._show_room(RunsScreen)

    def action_changes(self) -> None:
        """Show the room of changes."""
        self._show_room(ChangesScreen)

    def action_review(self) -> None:
        """Show the room of what needs a human."""
        self._show_room(ReviewScreen)

    def _show_room(self, kind: type[Room]) -> None:
        """Show a room: where it is open under other screens, by closing those."""
        if any(isinstance(screen, kind) for screen in self.screen_stack):
            while not isinstance(self.screen, kind):
                self.pop_screen()
        else:
            self.push_screen(kind(self.services))

    @work(exclusive=True, group="note", exit_on_error=False)
    async def action_note(self) -> None:
        """Write a change note, prefilled with the post or the run that is shown."""
        shown = self.screen
        if isinstance(shown, NoteForm):
            return
        try:
            await write_note(
                self,
                self.services,
                post=shown.slug if isinstance(shown, ArticleScreen) else "",
                run=shown.run_id if isinstance(shown, RunScreen) else "",
            )
        except KbtuiError as error:
            self.notify(one_line(str(error)), severity="error", markup=False)

    @on(NoteScreen.PostWanted)
    def _post_of_note_wanted(self, event: NoteScreen.PostWanted) -> None:
        self.push_screen(ArticleScreen(self.services, event.slug))

    @on(RunScreen.PostWanted)
    def _post_wanted(self, event: RunScreen.PostWanted) -> None:
        self.push_screen(ArticleScreen(self.services, event.slug, position=event.position))

    def action_leave(self) -> None:
        """Leave the app."""
        self.exit()

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:  # noqa: ARG002
        """Say once which rebound keys are in each other's way."""
        names = ", ".join(sorted(binding.id or binding.action for binding in clashed_bindings))
        if names not in self._clashes:
            self._clashes.add(names)
            text = f"Your [keys] give one key to several commands: {names}. The default keys of these are in force."
            self.notify(one_line(text), severity="warning", markup=False, timeout=10)

    def _fatal_error(self) -> None:
        # Textual would print the values of all local variables: notes, secrets. The caller writes a log instead.
        self.failure = self._exception
        self._close_messages_no_wait()


def _mark(library: Library) -> object:
    return library.indexing.mark()


class _LeavingError(KbtuiError):
    """Ends work in a lane, because the app ends."""


def run_app(open_library: OpenLibrary, settings: Settings, *, query: str = "", notice: str = "") -> int:
    """Run the app until the user leaves it; the exit status.

    Raises `ConfigurationError` for keys that name no command, and whatever ended the app unexpectedly.
    """
    check_keys(settings)
    tolerate_invalid_input()
    app = KbtuiApp(open_library, settings, query=query, notice=notice)
    app.run()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
