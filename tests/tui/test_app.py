"""The app as a whole: help, palette, keys, failures, lanes."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import Static

from kbtui import open_library
from kbtui.config import Settings
from kbtui.core.errors import ConfigurationError, ForeignFileError
from kbtui.tui.app import run_app
from kbtui.tui.background import Lane
from kbtui.tui.rebinding import every_id
from kbtui.tui.screens.help import HelpScreen
from kbtui.tui.screens.search import SearchScreen
from tests.tui.conftest import at_rest, make_app, type_text


async def test_help_names_the_keys_as_they_are_bound(library_folder: Path) -> None:
    app = make_app(library_folder, keys={"search.preview": "v"})
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("escape", "question_mark")
        await at_rest(pilot)
        assert isinstance(app.screen, HelpScreen)
        text = str(app.screen.query_one("#help Static", Static).content)
        line = next(line for line in text.splitlines() if "Show or hide the preview" in line)
        assert line.split()[0] == "v"
        assert '"connection reset"' in text
        await pilot.press("escape")
        assert isinstance(app.screen, SearchScreen)


async def test_f1_helps_from_the_search_line(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        await pilot.press("f1")
        await at_rest(pilot)
        assert isinstance(pilot.app.screen, HelpScreen)


async def test_a_rebound_key_works_and_the_old_one_does_not(library_folder: Path) -> None:
    app = make_app(library_folder, keys={"search.preview": "v"})
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("escape", "p")
        assert app.screen.query_one("#preview").display
        await pilot.press("v")
        assert not app.screen.query_one("#preview").display


async def test_the_palette_does_a_command_by_name(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)
        await type_text(pilot, "preview")
        for _ in range(50):
            await pilot.pause(0.02)
        await pilot.press("enter")
        for _ in range(20):
            await pilot.pause(0.02)
        assert not app.screen.query_one("#preview").display


async def test_q_leaves(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("escape", "q")
        await pilot.pause()
        assert not app.is_running
    assert app.return_code == 0


def test_keys_that_name_no_command_are_refused_with_the_nearest(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path, keys={"search.previw": "v"}, origins={"keys": "config.toml"})
    with pytest.raises(ConfigurationError, match=r"config\.toml.*'search\.previw'.*'search\.preview'"):
        run_app(lambda: open_library(tmp_path), settings)


def test_every_binding_has_an_id_a_description_and_a_tooltip() -> None:
    from textual.binding import Binding

    from kbtui.tui.screens.article import ArticleScreen
    from kbtui.tui.screens.run import RunScreen
    from kbtui.tui.screens.runs import RunsScreen
    from kbtui.tui.widgets.facets import FacetPanel
    from kbtui.tui.widgets.query_line import QueryLine
    from kbtui.tui.widgets.results import ResultList
    from kbtui.tui.widgets.step_list import StepList

    ids: list[str] = []
    screens = (SearchScreen, ArticleScreen, RunScreen, RunsScreen, HelpScreen)
    for owner in (*screens, FacetPanel, QueryLine, ResultList, StepList):
        for binding in owner.__dict__["BINDINGS"]:
            assert isinstance(binding, Binding)
            assert binding.id and binding.description and binding.tooltip, binding
            ids.append(binding.id)
    assert len(ids) == len(set(ids))
    assert every_id() >= {i for i in ids if not i.startswith("help.")}


async def test_a_library_that_cannot_be_opened_ends_the_app_with_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "kb.sqlite3").write_text("not a database", encoding="utf-8")
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(50):
            await pilot.pause(0.02)
    assert isinstance(app.failure, ForeignFileError)


async def test_work_taken_back_before_its_turn_is_not_done(tmp_path: Path) -> None:
    lane = Lane("test", lambda: open_library(tmp_path / "library"))
    gate, done = threading.Event(), []
    first = lane.submit(lambda _: gate.wait(5))
    second = lane.submit(lambda _: done.append("second"))
    third = lane.submit(lambda _: done.append("third"))
    assert second.cancel()
    gate.set()
    third.result(5)
    first.result(5)
    lane.close(5)
    assert done == ["third"]
