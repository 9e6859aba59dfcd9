"""How the screens look.

After a wanted change: pytest -n0 tests/tui/test_looks.py --snapshot-update, then look at the pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kbtui.tui.screens.search import SearchScreen
from tests.tui.conftest import at_rest, make_app

Compare = Callable[..., bool]


async def calm(pilot: Pilot[None]) -> None:
    """At rest, without a blinking cursor."""
    await at_rest(pilot)
    if isinstance(pilot.app.screen, SearchScreen):
        pilot.app.screen.query_line.cursor_blink = False
    await at_rest(pilot)


def keys(*pressed: str) -> Callable[[Pilot[None]], object]:
    """Come to rest, press keys, come to rest."""

    async def act(pilot: Pilot[None]) -> None:
        await calm(pilot)
        for key in pressed:
            await pilot.press(key)
            await calm(pilot)

    return act


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_search(library_folder: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(make_app(library_folder, "linux"), terminal_size=size, run_before=keys())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_article(library_folder: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(make_app(library_folder, "nginx"), terminal_size=size, run_before=keys("enter"))


def test_help(library_folder: Path, snap_compare: Compare) -> None:
    assert snap_compare(make_app(library_folder), terminal_size=(120, 40), run_before=keys("f1"))


def test_nothing_found(library_folder: Path, snap_compare: Compare) -> None:
    assert snap_compare(make_app(library_folder, "zzzz"), terminal_size=(80, 24), run_before=keys())
