"""How the article looks: see `test_looks` for how to renew the pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from tests.tui.articles import linked_library, press, read
from tests.tui.conftest import make_app

Compare = Callable[..., bool]


def reading(slug: str, *keys: str) -> Callable[[Pilot[None]], object]:
    """Open a post and press keys."""

    async def act(pilot: Pilot[None]) -> None:
        await read(pilot, slug)
        await press(pilot, *keys)

    return act


def test_both_panels(tmp_path: Path, snap_compare: Compare) -> None:
    app = make_app(linked_library(tmp_path))
    assert snap_compare(app, terminal_size=(180, 40), run_before=reading("broker-runbook", "b"))


def test_finding(tmp_path: Path, snap_compare: Compare) -> None:
    app = make_app(linked_library(tmp_path))
    keys = ("slash", *"sync", "enter")
    assert snap_compare(app, terminal_size=(120, 30), run_before=reading("broker-runbook", *keys))


def test_a_panel_over_the_page(tmp_path: Path, snap_compare: Compare) -> None:
    app = make_app(linked_library(tmp_path))
    assert snap_compare(app, terminal_size=(80, 24), run_before=reading("broker-runbook", "m"))
