"""The quick switcher."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content
from textual.pilot import Pilot
from textual.worker import Worker

from kbtui import open_library
from kbtui.core.links import name_key
from kbtui.core.searching.quick_match import QuickPattern
from kbtui.library import Library
from kbtui.tui.app import KbtuiApp
from kbtui.tui.screens.switcher import SwitcherScreen
from kbtui.tui.widgets.post_rows import MATCH, fitting
from tests.factories import texts
from tests.tui.conftest import at_rest, import_folder, make_app, shown_text, type_text
from tests.tui.dialogs import begin, result, shown, until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of four posts, of which two were opened."""
    source = tmp_path / "runbooks"
    source.mkdir()
    for name, text in {
        "redis-memory": "---\ntopic: memory\nflags: {needs_human_review: true}\n---\n# Redis memory\n",
        "nginx-502": "---\naliases: [Bad gateway]\n---\n# NGINX answers 502\n",
        "restore": "# Restore a backup\n",
        "odd": "---\ntitle: '[red]odd[/red]'\n---\nText.\n",
    }.items():
        (source / f"{name}.md").write_text(text)
    folder = import_folder(tmp_path / "library", source)
    with open_library(folder) as library:
        for slug in ("restore", "redis-memory"):
            library.posts.opened(library.posts.get(slug))
    return folder


async def open_switcher(
    pilot: Pilot[None], app: KbtuiApp, current: str = ""
) -> tuple[SwitcherScreen, Worker[str | None]]:
    """The switcher, with its first rows."""
    await at_rest(pilot)
    screen = SwitcherScreen(app.services, current)
    worker = begin(pilot, app.push_screen_wait(screen))
    await shown(pilot, SwitcherScreen)
    await until(pilot, lambda: screen.choices.option_count > 0)
    return screen, worker


def titles(screen: SwitcherScreen) -> list[str]:
    """What stands at the left of each row."""
    return [str(option.prompt).split("  ")[0] for option in screen.choices.options]


async def comes_to(pilot: Pilot[None], screen: SwitcherScreen, wanted: Sequence[str]) -> None:
    await until(pilot, lambda: titles(screen) == list(wanted))


async def test_what_was_opened_lately_comes_first(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, worker = await open_switcher(pilot, app)
        assert titles(screen)[:2] == ["Redis memory", "Restore a backup"]
        assert len(titles(screen)) == 4
        assert str(screen.choices.options[0].prompt).endswith("needs review  memory · runbooks")
        await pilot.press("enter")
        assert await result(pilot, worker) == "redis-memory"


async def test_the_post_that_is_read_is_not_offered_until_it_is_typed(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, _ = await open_switcher(pilot, app, "redis-memory")
        assert titles(screen)[0] == "Restore a backup"
        assert "Redis memory" not in titles(screen)
        await type_text(pilot, "redis")
        await comes_to(pilot, screen, ["Redis memory"])


async def test_a_few_letters_are_enough_and_are_marked(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, worker = await open_switcher(pilot, app)
        await type_text(pilot, "rebu")
        await comes_to(pilot, screen, ["Restore a backup"])
        row = screen.choices.options[0].prompt
        assert isinstance(row, Content)
        marks = [row.plain[span.start : span.end] for span in row.spans if span.style == MATCH]
        assert "".join(marks) == "Rebu"
        await pilot.press("enter")
        assert await result(pilot, worker) == "restore"


async def test_another_name_of_a_post_is_shown_where_it_fits(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, _ = await open_switcher(pilot, app)
        await type_text(pilot, "gateway")
        await comes_to(pilot, screen, ["NGINX answers 502"])
        assert "= bad gateway" in str(screen.choices.options[0].prompt)


async def test_the_cursor_moves_without_leaving_the_line(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, worker = await open_switcher(pilot, app)
        await pilot.press("down", "ctrl+n", "ctrl+p")
        assert app.focused is screen.line
        await pilot.press("enter")
        assert await result(pilot, worker) == "restore"


async def test_nothing_found_is_said_and_enter_does_nothing(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, worker = await open_switcher(pilot, app)
        assert shown_text(pilot, "#nothing") == ""
        await type_text(pilot, "qqqq")
        await comes_to(pilot, screen, [])
        assert shown_text(pilot, "#nothing") == "No post has a name like that."
        await pilot.press("enter")
        assert app.screen is screen
        await pilot.press("escape")
        assert await result(pilot, worker) is None


async def test_markup_in_a_title_stays_text(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen, _ = await open_switcher(pilot, app)
        await type_text(pilot, "odd")
        await comes_to(pilot, screen, ["[red]odd[/red]"])


async def test_a_narrower_screen_cuts_the_rows_anew(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(120, 30)) as pilot:
        screen, _ = await open_switcher(pilot, app)
        wide = len(str(screen.choices.options[0].prompt))
        await pilot.resize_terminal(50, 20)
        await until(pilot, lambda: len(str(screen.choices.options[0].prompt)) < wide)
        assert titles(screen)[0] == "Redis memory"


async def test_while_the_library_is_busy_one_can_type_and_the_last_answer_counts(folder: Path) -> None:
    app = make_app(folder)
    go_on = threading.Event()

    def busy(_: Library) -> None:
        go_on.wait(10)

    async with app.run_test(size=(80, 24)) as pilot:
        screen, _ = await open_switcher(pilot, app)
        app.services.reader.submit(busy)
        for letter in "nginx":
            await pilot.press(letter)
            await pilot.pause(0.06)
        assert screen.line.value == "nginx"
        assert len(titles(screen)) == 4, "the old rows stay until there are others"
        for _ in "nginx":
            await pilot.press("backspace")
        await type_text(pilot, "redis")
        go_on.set()
        await comes_to(pilot, screen, ["Redis memory"])
        await pilot.pause(0.2)
        assert titles(screen) == ["Redis memory"]


def test_a_look(folder: Path, snap_compare: Callable[..., bool]) -> None:
    app = make_app(folder)

    async def act(pilot: Pilot[None]) -> None:
        screen, _ = await open_switcher(pilot, app)
        screen.line.cursor_blink = False
        await type_text(pilot, "re")
        await until(pilot, lambda: len(titles(screen)) < 4)
        await pilot.pause(0.2)

    assert snap_compare(app, terminal_size=(80, 24), run_before=act)


@given(texts(20), texts(6))
def test_what_is_marked_lies_in_the_name_in_order(name: str, typed: str) -> None:
    spans = fitting(name, typed)
    assert all(0 <= start < end <= len(name) for start, end in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))


@given(st.text("aB -_", min_size=1, max_size=12), st.text("ab ", min_size=1, max_size=4))
def test_a_name_is_marked_where_it_fits(name: str, typed: str) -> None:
    pattern = name_key(typed)
    fits = pattern.strip() != "" and QuickPattern(pattern).distance(name_key(name)) is not None
    assert bool(fitting(name, typed)) == fits
