"""The room of what needs a human."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from kbtui import open_library
from kbtui.core.importing import ImportRequest
from kbtui.tui.app import KbtuiApp
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.ask import AskScreen, LineScreen
from kbtui.tui.screens.review import PAGE, ReviewScreen
from tests.factories import a_post
from tests.tui.articles import press
from tests.tui.conftest import at_rest, make_app, shown_text
from tests.tui.dialogs import notices, post_of, shown, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
PAGES = {
    "draft.md": "---\ntitle: A draft [bold]of[/bold] a runbook\nrevision: {status: draft}\n---\n- [ ] look\n",
    "old.md": "---\ntitle: An old page\nrevision: {status: x, last_reviewed: 2001-01-01}\n---\ntext\n",
    "fine.md": "# Fine\n",
    "odd.md": "---\ntitle: [a\n---\n# Odd\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with one page of each kind, and a file that is none."""
    posts = tmp_path / "posts"
    posts.mkdir()
    for name, text in PAGES.items():
        (posts / name).write_text(text)
    (posts / "picture.md").write_bytes(b"\x00\x01")
    with open_library(tmp_path / "library") as library:
        library.importing.run(ImportRequest(posts))
        library.indexing.bring_up_to_date()
    return tmp_path / "library"


async def open_room(pilot: Pilot[None]) -> ReviewScreen:
    """The review room with its rows."""
    await at_rest(pilot)
    await press(pilot, "escape", "5")
    screen = await shown(pilot, ReviewScreen)
    await until(pilot, lambda: screen.choices.option_count > 0)
    await at_rest(pilot)
    return screen


def names(screen: ReviewScreen) -> list[str]:
    """What the rows stand for."""
    return [option.value for option in screen.choices.options if hasattr(option, "value")]


async def go_to(pilot: Pilot[None], screen: ReviewScreen, name: str) -> None:
    screen.choices.highlighted = names(screen).index(name)
    await pilot.pause()


@SIZES
async def test_what_waits_is_shown_with_its_reasons(folder: Path, size: tuple[int, int]) -> None:
    app = make_app(folder)
    async with app.run_test(size=size) as pilot:
        screen = await open_room(pilot)
        assert names(screen) == ["posts/picture.md", "odd", "draft", "old"]
        rows = shown_text(pilot, "#choices").split("\n")
        assert rows[0].split() == ["picture.md", "import", "trouble"]
        assert rows[1].startswith("posts/picture.md · a binary file")
        assert rows[4].startswith("A draft [bold]of[/bold] a runbook")
        assert rows[4].endswith("  draft")
        assert rows[7].startswith("posts/old.md · reviewed 2001-01-01")
        assert all(len(row) <= size[0] - 3 for row in rows)
        assert "import trouble 2 · draft 1 · stale 1" in shown_text(pilot, "#title")


@SIZES
async def test_a_reason_marks_a_post_as_reviewed(folder: Path, size: tuple[int, int]) -> None:
    app = make_app(folder)
    async with app.run_test(size=size) as pilot:
        screen = await open_room(pilot)
        await go_to(pilot, screen, "draft")
        await pilot.press("d")
        dialog = await shown(pilot, LineScreen)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, LineScreen)
        dialog.query_one(Input).value = "ran it twice"
        await pilot.press("enter")
        await until(pilot, lambda: names(screen) == ["posts/picture.md", "odd", "old"])
        await at_rest(pilot)
        assert screen.choices.current is not None
        assert screen.choices.current.value == "old"
        assert post_of(pilot, "draft").revision.status == "reviewed"
        assert any("revision 2" in notice for notice in notices(pilot))
    with open_library(folder) as library:
        assert library.revisions.of("draft")[0].why == "ran it twice"


async def test_escape_from_the_reason_changes_nothing(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_room(pilot)
        await go_to(pilot, screen, "draft")
        await pilot.press("d")
        await shown(pilot, LineScreen)
        await press(pilot, "escape")
        assert names(screen) == ["posts/picture.md", "odd", "draft", "old"]
        assert post_of(pilot, "draft").saves == 1


async def test_enter_reads_the_post_or_tells_of_the_file(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_room(pilot)
        await press(pilot, "enter")
        await shown(pilot, AskScreen)
        assert "a binary file" in shown_text(pilot, "#text")
        await press(pilot, "escape")
        await go_to(pilot, screen, "old")
        await press(pilot, "enter")
        article = await shown(pilot, ArticleScreen)
        assert article.slug == "old"
        await press(pilot, "5")
        assert pilot.app.screen is screen
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, ReviewScreen)


async def test_a_file_that_was_looked_at_goes(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_room(pilot)
        await pilot.press("d")
        (await shown(pilot, LineScreen)).query_one(Input).value = "no page"
        await pilot.press("enter")
        await until(pilot, lambda: names(screen) == ["odd", "draft", "old"])


async def test_one_reason_only(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_room(pilot)
        await pilot.press("f")
        await shown(pilot, AskScreen)
        assert shown_text(pilot, "#choices").split("\n") == ["All (4)", "import trouble (2)", "draft (1)", "stale (1)"]
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: names(screen) == ["draft"])
        assert "only draft: 1" in shown_text(pilot, "#title")
        await at_rest(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: len(names(screen)) == 4)
        assert pilot.app.screen is screen


async def test_what_another_process_does_is_seen(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_room(pilot)
        with open_library(folder) as library:
            library.reviews.mark_reviewed("old", "by another")
        await until(pilot, lambda: "old" not in names(screen))


async def test_a_long_queue_comes_in_pages(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with open_library(folder) as library:
        flags = {"needs_human_review": True}
        library.importing.save([a_post(title=f"page {n}", flags=flags) for n in range(PAGE + 5)], "made")
        library.indexing.bring_up_to_date()
    app: KbtuiApp = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_room(pilot)
        assert len(names(screen)) == PAGE + 1
        assert "5 more" in str(screen.choices.options[-1].prompt)
        screen.choices.highlighted = PAGE
        await press(pilot, "enter")
        await until(pilot, lambda: len(names(screen)) == PAGE + 5)
        assert screen.choices.highlighted == PAGE


async def test_an_empty_queue_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with open_library(folder) as library:
        library.importing.save([a_post()], "made")
        library.indexing.bring_up_to_date()
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_room(pilot)
        assert "Nothing waits" in shown_text(pilot, "#choices")
        await press(pilot, "d", "f", "escape")
        assert notices(pilot) == []
