"""The states that a post was in: listed, compared, restored."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.worker import Worker

from kbtui import open_library
from kbtui.tui.app import KbtuiApp
from kbtui.tui.screens.ask import AskScreen
from kbtui.tui.screens.revisions import RevisionsScreen
from tests.tui.conftest import at_rest, make_app, shown_text
from tests.tui.dialogs import begin, notices, post_of, result, shown, until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with one post that was changed twice."""
    folder = tmp_path / "library"
    with open_library(folder) as library:
        library.editing.create("# Alpha\n\none\n")
        library.editing.save("alpha", "# Alpha\n\ntwo \x1b[31m\n-- dashes\n", 1)
        library.editing.save("alpha", "# Alpha [b]\n\nthree\n", 2)
        library.indexing.bring_up_to_date()
    return folder


async def open_revisions(pilot: Pilot[None], app: KbtuiApp, slug: str) -> tuple[RevisionsScreen, Worker[str | None]]:
    """The dialog, with its list and a comparison."""
    await at_rest(pilot)
    screen = RevisionsScreen(app.services, slug)
    worker = begin(pilot, app.push_screen_wait(screen))
    await shown(pilot, RevisionsScreen)
    await until(pilot, lambda: bool(screen.diff.lines))
    return screen, worker


async def comes_to(pilot: Pilot[None], screen: RevisionsScreen, *lines: str) -> None:
    """The comparison comes to have these lines."""
    await until(pilot, lambda: set(lines) <= set(screen.diff.lines))


async def test_revisions_are_listed_and_compared_with_the_current_one(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(120, 40)) as pilot:
        screen, worker = await open_revisions(pilot, app, "alpha")
        rows = [str(option.prompt).split() for option in screen.choices.options]
        assert [(row[0], row[3], row[4]) for row in rows] == [
            ("3", "edit", "19"),
            ("2", "edit", "29"),
            ("1", "edit", "13"),
        ]
        assert rows[0][-1] == "current"
        await comes_to(pilot, screen, "--- alpha (revision 2)", "-two ␛[31m", "--- dashes", "+three")
        await pilot.press("j")
        await comes_to(pilot, screen, "--- alpha (revision 1)", "-one", "+three")
        await pilot.press("home")
        await comes_to(pilot, screen, "This is the current revision.")
        await pilot.press("escape")
        assert await result(pilot, worker) is None


async def test_a_comparison_is_shown_large_and_small_again(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, worker = await open_revisions(pilot, app, "alpha")
        height = screen.diff.size.height
        await pilot.press("enter")
        await until(pilot, lambda: screen.diff.size.height > height)
        assert screen.diff.has_focus
        await pilot.press("escape")
        await until(pilot, lambda: screen.diff.size.height == height)
        assert screen.choices.has_focus
        await pilot.press("escape")
        assert await result(pilot, worker) is None


async def test_the_comparison_stands_beside_the_list_where_there_is_room(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, _ = await open_revisions(pilot, app, "alpha")
        assert screen.diff.region.y >= screen.choices.region.bottom
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: screen.diff.region.x >= screen.choices.region.right)


async def test_a_revision_is_restored_after_a_question(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, worker = await open_revisions(pilot, app, "alpha")
        await pilot.press("down", "u")
        await shown(pilot, AskScreen)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert post_of(pilot, "alpha").saves == 3
        await pilot.press("u")
        await shown(pilot, AskScreen)
        assert "Revision 1" in shown_text(pilot, "#text")
        assert "imports" not in shown_text(pilot, "#text"), "it has no file"
        await pilot.press("enter")
        assert await result(pilot, worker) == "alpha"
        assert (post_of(pilot, "alpha").body, post_of(pilot, "alpha").saves) == ("# Alpha\n\none\n", 4)
        await until(pilot, lambda: notices(pilot) == ["Restored revision 1 as revision 4."])


async def test_the_current_revision_is_not_restored(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, _ = await open_revisions(pilot, app, "alpha")
        await pilot.press("home", "u")
        await until(pilot, lambda: notices(pilot) == ["This is the current revision."])
        assert app.screen is screen


async def test_a_post_with_a_file_is_told_to_become_local(library_folder: Path) -> None:
    file = library_folder.parent / "runbooks" / "redis-memory.md"
    with open_library(library_folder) as library:
        file.write_text(file.read_text() + "\nMore.\n")
        library.editing.import_file(library.posts.get("redis-memory"))
    app = make_app(library_folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_revisions(pilot, app, "redis-memory")
        await pilot.press("u")
        await shown(pilot, AskScreen)
        assert "local version" in shown_text(pilot, "#text")
        assert str(file) in shown_text(pilot, "#text")


async def test_a_post_that_is_gone_closes_the_dialog(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        worker = begin(pilot, app.push_screen_wait(RevisionsScreen(app.services, "beta")))
        assert await result(pilot, worker) is None
        await until(pilot, lambda: any("no post 'beta'" in notice for notice in notices(pilot)))


async def test_long_comparisons_are_drawn_line_by_line(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with open_library(folder) as library:
        library.editing.create("# Alpha\n\none\n")
        library.editing.save("alpha", "# Alpha\n\n" + "\n".join(f"line {n}" for n in range(5_000)) + "\n", 1)
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, _ = await open_revisions(pilot, app, "alpha")
        await comes_to(pilot, screen, "+line 4999")
        await pilot.press("enter", "end")
        await until(pilot, lambda: screen.diff.scroll_offset.y > 4_900)
