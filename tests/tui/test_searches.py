"""Saved searches, the history, and what is noted of a search."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from kbtui.tui.app import KbtuiApp
from kbtui.tui.recording import SearchRecorder
from kbtui.tui.screens import search as search_screen
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.searches import RecallScreen, SaveScreen
from tests.tui.conftest import at_rest, make_app, room, shown_text, slugs, type_text


def noted(app: KbtuiApp) -> list[tuple[str, int, bool]]:
    """What was noted until now, newest first."""
    found = app.services.writer.submit(lambda library: library.history.recent(100)).result(10)
    return [(record.text, record.hits, record.opened) for record in found]


def saved(app: KbtuiApp) -> dict[str, str]:
    """The saved searches: text by name."""
    found = app.services.writer.submit(lambda library: library.history.saved()).result(10)
    return {search.name: search.text for search in found}


async def save_as(pilot: Pilot[None], name: str) -> None:
    await pilot.press("ctrl+s")
    await at_rest(pilot)
    await type_text(pilot, name)
    await pilot.press("enter")
    await at_rest(pilot)


async def test_a_search_is_saved_and_taken_up_again(library_folder: Path) -> None:
    app = make_app(library_folder, "tool:redis-cli")
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await save_as(pilot, "caches")
        assert saved(app) == {"caches": "tool:redis-cli"}
        room(pilot).query_line.value = "nginx"
        await at_rest(pilot)
        await pilot.press("ctrl+r")
        await at_rest(pilot)
        assert isinstance(app.screen, RecallScreen)
        await type_text(pilot, "cach")
        await pilot.press("enter")
        await at_rest(pilot)
        assert room(pilot).query_line.value == "tool:redis-cli"
        assert slugs(pilot) == ["redis-memory"]
        assert app.focused is room(pilot).query_line


async def test_a_wrong_name_is_told_and_can_be_mended(library_folder: Path) -> None:
    app = make_app(library_folder, "redis")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        await save_as(pilot, " ")
        assert isinstance(app.screen, SaveScreen)
        assert "saved under a name" in shown_text(pilot, "#problem")
        await type_text(pilot, "x")
        await pilot.press("enter")
        await at_rest(pilot)
        assert list(saved(app)) == ["x"]


async def test_an_empty_search_is_not_saved(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        await pilot.press("ctrl+s")
        await at_rest(pilot)
        room(pilot)


async def test_delete_forgets_a_saved_search(library_folder: Path) -> None:
    app = make_app(library_folder, "redis")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        await save_as(pilot, "[bold]one")
        await save_as(pilot, "two")
        await pilot.press("ctrl+r")
        await at_rest(pilot)
        assert "[bold]one" in shown_text(pilot, "#choices")
        await type_text(pilot, "one")
        await pilot.press("home", "delete", "delete", "delete")
        assert set(saved(app)) == {"[bold]one", "two"}, "inside a text it deletes characters"
        await pilot.press("delete")
        await at_rest(pilot)
        assert list(saved(app)) == ["two"]
        assert "[bold]one" not in shown_text(pilot, "#choices")
        await pilot.press("escape")
        await at_rest(pilot)
        assert room(pilot).query_line.value == "redis"


async def test_recent_searches_stand_behind_the_saved_ones(library_folder: Path) -> None:
    app = make_app(library_folder, "redis")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        await save_as(pilot, "caches")
        await pilot.press("enter")
        await at_rest(pilot)
        assert isinstance(app.screen, ArticleScreen)
        await pilot.press("backspace", "ctrl+r")
        await at_rest(pilot)
        assert shown_text(pilot, "#choices").splitlines() == ["Saved", "caches  redis", "Recent", "redis  1 hit"]
        await pilot.press("down")
        await pilot.press("enter")
        await at_rest(pilot)
        assert room(pilot).query_line.value == "redis"


async def test_opening_a_hit_notes_the_search(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await type_text(pilot, "linux")
        await at_rest(pilot)
        assert noted(app) == []
        await pilot.press("enter")
        await at_rest(pilot)
        assert noted(app) == [("linux", 3, True)]


async def test_enter_on_nothing_notes_the_search(library_folder: Path) -> None:
    app = make_app(library_folder, "zzzzqqq")
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        assert noted(app) == [("zzzzqqq", 0, False)]


async def test_a_search_that_stands_is_noted_once_and_grows(
    library_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_screen, "STANDING_SECONDS", 0.1)
    app = make_app(library_folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.pause(0.2)
        assert noted(app) == [], "nothing was searched"
        for text in ("lin", "linux", "linux ", "redis"):
            room(pilot).query_line.value = text
            await at_rest(pilot)
            await pilot.pause(0.3)
        assert [text for text, _, _ in noted(app)] == ["redis", "linux"]
        await pilot.press("enter")
        await at_rest(pilot)
        assert noted(app) == [("redis", 1, True), ("linux", 3, False)]


async def test_what_goes_on_from_an_opened_search_is_another(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        recorder = SearchRecorder(app.services.writer)
        recorder.record("disk", 5)
        recorder.record("disk  full", 2, opened=True)
        recorder.record("disk full", 2)
        recorder.record("disk full inode", 0)
        assert noted(app) == [("disk full inode", 0, False), ("disk full", 2, True)]
