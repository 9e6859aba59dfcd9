"""Bookmarks and the history, to go back to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.worker import Worker

from kbtui import open_library
from kbtui.tui.app import KbtuiApp
from kbtui.tui.screens.bookmarks import PlacesScreen
from tests.factories import FixedClock
from tests.tui.conftest import at_rest, make_app
from tests.tui.dialogs import begin, notices, result, shown, stored, until


@pytest.fixture
def folder(library_folder: Path, clock: FixedClock) -> Path:
    """Two bookmarks, and two posts that were opened."""
    with open_library(library_folder, clock=clock) as library:
        for slug in ("restore", "nginx-502"):
            clock.forward(minutes=1)
            library.reading.bookmark(library.posts.get(slug))
        for slug in ("nginx-502", "redis-memory"):
            clock.forward(minutes=1)
            library.posts.opened(library.posts.get(slug))
    return library_folder


async def open_places(pilot: Pilot[None], app: KbtuiApp) -> tuple[PlacesScreen, Worker[str | None]]:
    """The dialog, with its rows."""
    await at_rest(pilot)
    screen = PlacesScreen(app.services)
    worker = begin(pilot, app.push_screen_wait(screen))
    await shown(pilot, PlacesScreen)
    await until(pilot, lambda: screen.choices.option_count > 0)
    return screen, worker


def rows(screen: PlacesScreen) -> list[str]:
    return [str(option.prompt).split("  ")[0] for option in screen.choices.options]


async def test_bookmarks_come_first_then_what_was_opened(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, worker = await open_places(pilot, app)
        bookmarks = ["Bookmarks", "nginx 502 Bad Gateway", "Restore a backup"]
        assert rows(screen) == [*bookmarks, "History", "Redis memory pressure", "nginx 502 Bad Gateway"]
        await pilot.press("j", "j", "enter")
        assert await result(pilot, worker) == "redis-memory"


async def test_the_history_says_how_long_ago(library_folder: Path, clock: FixedClock) -> None:
    with open_library(library_folder, clock=clock) as library:
        for before in (timedelta(hours=2, minutes=5), timedelta(minutes=3, seconds=10)):
            clock.at = datetime.now(UTC) - before
            library.posts.opened(library.posts.get("restore" if before > timedelta(hours=1) else "nginx-502"))
    app = make_app(library_folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, _ = await open_places(pilot, app)
        ages = [str(option.prompt)[-9:].strip() for option in screen.choices.options[1:]]
        assert ages == ["3 min ago", "2 h ago"]


async def test_a_bookmark_is_taken_away(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, worker = await open_places(pilot, app)
        await pilot.press("d")
        await until(pilot, lambda: rows(screen)[:3] == ["Bookmarks", "Restore a backup", "History"])
        await until(pilot, lambda: notices(pilot) == ["Took the bookmark at “nginx 502 Bad Gateway” away."])
        await pilot.press("delete")
        await until(pilot, lambda: rows(screen)[0] == "History")
        assert stored(pilot, lambda library: library.reading.bookmarks()) == []
        await pilot.press("escape")
        assert await result(pilot, worker) is None


async def test_what_was_opened_stays_in_the_history(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, _ = await open_places(pilot, app)
        await pilot.press("end", "d")
        await at_rest_of(pilot, screen)
        assert "Redis memory pressure" in rows(screen)
        assert len(stored(pilot, lambda library: library.reading.bookmarks())) == 2


async def test_the_cursor_stays_where_a_bookmark_was_taken_away(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, worker = await open_places(pilot, app)
        with open_library(folder) as library:
            library.reading.bookmark(library.posts.get("redis-memory"))
        await pilot.press("d")
        await until(pilot, lambda: rows(screen)[:2] == ["Bookmarks", "Redis memory pressure"])
        await pilot.press("j", "d")
        await until(pilot, lambda: rows(screen)[:3] == ["Bookmarks", "Redis memory pressure", "History"])
        await pilot.press("enter")
        assert await result(pilot, worker) is not None


async def test_without_any_it_says_so(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, worker = await open_places(pilot, app)
        assert str(screen.choices.options[0].prompt) == "No bookmarks yet, and nothing was opened."
        await pilot.press("enter", "d", "escape")
        assert await result(pilot, worker) is None


async def at_rest_of(pilot: Pilot[None], screen: PlacesScreen) -> None:
    """Wait for the workers of the dialog."""
    await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers if worker.node is screen))
