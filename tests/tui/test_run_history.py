"""How the runs of a post went, in the app."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kbtui import open_library
from kbtui.core.importing import ImportRequest
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.run import RunScreen
from kbtui.tui.screens.run_history import RunHistoryScreen
from kbtui.tui.screens.runs import RunsScreen
from tests.factories import FixedClock
from tests.tui.articles import press, read
from tests.tui.conftest import at_rest, import_folder, make_app, shown_text
from tests.tui.dialogs import shown, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=["80x24", "120x40", "200x50"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of one post with a checklist, and one without."""
    posts = tmp_path / "posts"
    posts.mkdir()
    (posts / "release.md").write_text("# Release\n\n- [ ] Tag it\n- [ ] Tell Ben\n")
    (posts / "none.md").write_text("# None\n\nNothing to do.\n")
    return import_folder(tmp_path / "library", posts)


@pytest.fixture
def past(folder: Path, clock: FixedClock) -> Path:
    """The same with three runs that have ended: one went well, one had a failed step, one was abandoned."""
    with open_library(folder, clock=clock) as library:
        checklists = library.checklists
        for number, minutes in enumerate((8, 4, 1)):
            run_id = checklists.start("release").info.id
            clock.at += timedelta(minutes=minutes)
            if number == 2:
                checklists.abandon(run_id, "wrong day")
                continue
            checklists.done(run_id, 1) if number == 0 else checklists.fail(run_id, 1, "no")
            checklists.skip(run_id, 2, "he is away")
            checklists.finish(run_id)
    return folder


async def opened(pilot: Pilot[None], key: str) -> RunHistoryScreen:
    await pilot.press(key)
    screen = await shown(pilot, RunHistoryScreen)
    await until(pilot, lambda: bool(screen.past.lines) and screen.choices.option_count > 0)
    return screen


@SIZES
async def test_a_post_tells_how_its_runs_went(past: Path, size: tuple[int, int]) -> None:
    async with make_app(past).run_test(size=size) as pilot:
        await read(pilot, "release")
        screen = await opened(pilot, "C")
        lines = [line.rstrip() for line in screen.past.lines]
        assert lines[0].startswith("Last successful run: ") and lines[0].endswith("8 min 00 s")
        assert lines[3:8] == ["█", "█", "█ █", "█ █ ▄", "✓ ✗ –"]
        assert lines[9:] == ["Most often skipped", "  2× Tell Ben", "", "Most often failed", "  1× Tag it"]
        rows = shown_text(pilot, "#choices").splitlines()
        assert len(rows) == 3 and "abandoned" in rows[0] and "1 skipped, 1 failed" in rows[1]
        assert screen.past.size.height >= 8 and screen.choices.size.height >= 3
        assert screen.choices.region.bottom < size[1]
        await pilot.press("down", "enter")
        run = await shown(pilot, RunScreen)
        await until(pilot, lambda: run.run is not None and run.run.info.failed == 1)
        await opened(pilot, "C")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is run)


async def test_the_room_of_runs_leads_to_the_past_of_a_post_that_is_gone(past: Path) -> None:
    posts = past.parent / "posts"
    (posts / "release.md").unlink()
    with open_library(past) as library:
        library.importing.run(ImportRequest(posts, prune=True))
    async with make_app(past).run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        await press(pilot, "escape", "3")
        room = await shown(pilot, RunsScreen)
        await until(pilot, lambda: room.choices.option_count == 3)
        screen = await opened(pilot, "C")
        assert screen.choices.option_count == 3
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is room)


async def test_a_post_without_runs_says_so(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        await read(pilot, "none")
        await opened(pilot, "C")
        assert shown_text(pilot, "#choices") == "This post has no runs yet."
        await pilot.press("enter", "escape")
        await shown(pilot, ArticleScreen)
