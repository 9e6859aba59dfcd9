"""An app over a small library of real files, and a way to wait until it is at rest."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from kbtui import open_library
from kbtui.config import Settings
from kbtui.core.errors import KbtuiError
from kbtui.core.importing import ImportRequest
from kbtui.tui.app import WATCH, KbtuiApp
from kbtui.tui.screens.search import SearchScreen

TODAY = date(2026, 11, 1)
LANE_SECONDS = 20

POSTS = {
    "nginx-502.md": """---
title: nginx 502 Bad Gateway
topic: bad gateway / nginx
tools: [nginx, curl]
stack: [nginx, linux]
difficulty: intermediate
revision: {status: reviewed, version: 1.0.0, last_reviewed: 2026-10-01}
checklist: [read the error log, test the upstream directly]
---
# nginx 502 Bad Gateway

The upstream gave no valid answer.

## Diagnosis

```bash
sudo tail -n 100 /var/log/nginx/error.log
ssh deploy@<host> -p 22
```
""",
    "redis-memory.md": """---
title: Redis memory pressure
topic: memory / redis
tools: [redis-cli]
stack: [redis, linux]
difficulty: advanced
revision: {status: draft, version: 0.1.0, last_reviewed: 2021-01-01}
flags: {needs_human_review: true}
---
# Redis memory pressure

Redis refuses writes with OOM when `maxmemory` is reached.
""",
    "restore.md": """---
title: Restore a backup
topic: restore / postgresql
tools: [pg_restore, psql]
stack: [postgresql, linux]
difficulty: advanced
---
# Restore a backup

"""
    + "\n\n".join(f"## Step {n}\n\nParagraph {n} about restoring the backup with pg_restore." for n in range(1, 80)),
}


@pytest.fixture(autouse=True)
def keys_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a key, look for an idle app every 5 ms, not every 20."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.005)


@pytest.fixture
def library_folder(tmp_path: Path) -> Path:
    """A library of three posts, indexed."""
    source = tmp_path / "runbooks"
    source.mkdir()
    for name, text in POSTS.items():
        (source / name).write_text(text, encoding="utf-8")
    return import_folder(tmp_path / "library", source)


def import_folder(folder: Path, source: Path) -> Path:
    """Import a folder of files into a library and index it."""
    with open_library(folder) as library:
        report = library.importing.run(ImportRequest(source))
        assert not report.refused
        library.indexing.bring_up_to_date()
    return folder


def make_app(folder: Path, query: str = "", **settings: object) -> KbtuiApp:
    """An app over the library in `folder`, on a fixed day."""
    values = Settings(library=folder, **settings)  # type: ignore[arg-type]
    return KbtuiApp(lambda: open_library(folder), values, query=query, today=lambda: TODAY)


async def at_rest(pilot: Pilot[None]) -> None:
    """Wait until no worker is under way, nobody waits for the library, and nothing is left to draw."""
    quiet = 0
    for _ in range(2000):
        await _lanes_empty(pilot.app)
        await pilot.pause(0.005)
        quiet = 0 if any(not w.is_finished for w in pilot.app.workers if w.group != WATCH) else quiet + 1
        if quiet == 3:
            return
    raise AssertionError(f"still at work: {[w.name for w in pilot.app.workers if not w.is_finished]}")


async def _lanes_empty(app: App[None]) -> None:
    """Wait until what the app asked of its library so far is answered: a lane works in order."""
    if isinstance(app, KbtuiApp):
        for lane in (app.services.reader, app.services.writer):
            if not app._exit:  # afterwards nobody answers
                with suppress(KbtuiError):
                    await asyncio.wait_for(lane.run(lambda _: None), LANE_SECONDS)


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type into whatever has the focus."""
    names = {" ": "space", ":": "colon", '"': "quotation_mark", "-": "minus"}
    for character in text:
        await pilot.press(names.get(character, character))


def room(pilot: Pilot[None]) -> SearchScreen:
    """The search room, which must be what is shown."""
    screen = pilot.app.screen
    assert isinstance(screen, SearchScreen)
    return screen


def slugs(pilot: Pilot[None]) -> list[str]:
    """The posts in the list of hits."""
    return [hit.post.slug for hit in room(pilot).results.hits]


def shown_text(pilot: Pilot[None], selector: str) -> str:
    """What stands in a line of text or a list of the screen that is shown."""
    widget = pilot.app.screen.query_one(selector)
    if isinstance(widget, OptionList):
        return "\n".join(str(option.prompt) for option in widget.options)
    assert isinstance(widget, Static)
    return str(widget.content) if widget.display else ""
