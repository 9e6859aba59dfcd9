"""How the screens of change notes look, at a time that stands still.

After a wanted change: pytest -n0 tests/tui/test_note_looks.py --snapshot-update, then look at the pictures.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from kbtui import open_library
from kbtui.config import Settings
from kbtui.core.measuring.measurement import METRICS, Phase
from kbtui.core.notes.change_note import Baseline, GitState, NoteContent, NoteState
from kbtui.tui.app import KbtuiApp
from kbtui.tui.screens.changes import ChangesScreen
from kbtui.tui.screens.note import NoteScreen
from kbtui.tui.screens.note_form import NoteForm
from kbtui.tui.widgets.form_fields import FormField
from tests.tui.conftest import TODAY, at_rest
from tests.tui.dialogs import shown, until

Compare = Callable[..., bool]
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
POOL = NoteContent(
    reason="Raise the pool to 40: orders timed out at noon",
    commands=("kubectl rollout restart deploy/orders",),
    files=("config/pool.toml", "deploy/orders.yaml"),
    expected="95% of the orders below 400 ms",
    rollback="git revert 3f9c1d2",
    owner="Ana",
    environment="production",
    tools=("kubectl", "psql"),
    baseline=Baseline(route="POST /orders", symptom="SELECT ... FOR UPDATE waits 4 s"),
    git=GitState(commit="3f9c1d2a" * 5, branch="main", repository="shop", author="Ana", added=12, removed=4),
)


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same user, time zone and identifiers on every machine."""
    monkeypatch.setenv("LOGNAME", "ana")
    numbers = count(1)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        patch.setattr("os.urandom", lambda size: next(numbers).to_bytes(size, "big"))
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def due(library_folder: Path) -> str:
    """A library with notes in every state; the id of the one that is due, with measurements."""
    at = NOW

    def keep(hours: float, content: NoteContent, verdict: NoteState | None = None, *, is_draft: bool = False) -> str:
        nonlocal at
        at = NOW - timedelta(hours=hours)
        note_id = library.changes.create(content, shipped_at=None if is_draft else at).id
        if verdict is not None:
            library.changes.verify(note_id, verdict, "as seen for a day")
        return note_id

    with open_library(library_folder, clock=lambda: at) as library:
        keep(900, NoteContent(reason="Turn on gzip for JSON", tools=("nginx",), owner="Ben"), NoteState.KEPT)
        keep(
            400,
            NoteContent(reason="Enable HTTP/2 push", tools=("nginx",), rollback="git revert 77aa"),
            NoteState.REVERTED,
        )
        keep(200, NoteContent(reason="Vacuum more often [orders]", tools=("psql",)), NoteState.INCONCLUSIVE)
        kept = keep(50, POOL)
        metric = METRICS["response time"]
        library.measuring.add(kept, metric, Phase.BEFORE, [str(400 + 9 * n) for n in range(10)])
        library.measuring.add(kept, metric, Phase.AFTER, [str(180 + 5 * n) for n in range(10)])
        keep(3, NoteContent(reason="接続プールを広げる", owner="田中", rollback="DNS を戻す"))
        keep(1, NoteContent(reason="Try another number of workers", owner="Chen"), is_draft=True)
        library.indexing.bring_up_to_date()
    return kept


def app_at(folder: Path) -> KbtuiApp:
    """An app for which it is always the same time."""
    return KbtuiApp(
        lambda: open_library(folder, clock=lambda: NOW), Settings(library=folder), today=lambda: TODAY, now=lambda: NOW
    )


@SIZES
def test_the_room(library_folder: Path, due: str, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def go(pilot: Pilot[None]) -> None:
        await at_rest(pilot)
        await pilot.press("escape", "4")
        screen = await shown(pilot, ChangesScreen)
        await until(pilot, lambda: screen.choices.option_count == 6)
        await at_rest(pilot)

    assert snap_compare(app_at(library_folder), terminal_size=size, run_before=go)


@SIZES
def test_a_note(library_folder: Path, due: str, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_at(library_folder)

    async def go(pilot: Pilot[None]) -> None:
        await at_rest(pilot)
        pilot.app.push_screen(NoteScreen(app.services, due))
        await shown(pilot, NoteScreen)
        await at_rest(pilot)
        if size == (80, 24):
            await pilot.press("right_curly_bracket")
            await at_rest(pilot)

    assert snap_compare(app, terminal_size=size, run_before=go)


@SIZES
def test_the_form(library_folder: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_at(library_folder)

    async def go(pilot: Pilot[None]) -> None:
        await at_rest(pilot)
        pilot.app.push_screen(NoteForm(app.services, POOL))
        screen = await shown(pilot, NoteForm)
        await until(pilot, lambda: bool(screen.query(FormField)) and screen.focused is not None)
        for area in screen.query(TextArea):
            area.cursor_blink = False
        await at_rest(pilot)

    assert snap_compare(app, terminal_size=size, run_before=go)
