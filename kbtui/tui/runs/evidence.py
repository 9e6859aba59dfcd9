"""Evidence of a step, written in the user's own editor."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.app import App

from kbtui.core.errors import EvidenceTooLargeError, KbtuiError
from kbtui.library.checklists import BYTES_PER_MB
from kbtui.tui.lending import run_editor
from kbtui.tui.screens.ask import CLOSE, AskScreen, Reply
from kbtui.tui.services import Services

AGAIN = Reply("again", "Edit it again")


async def write_evidence(
    app: App[Any], services: Services, run_id: str, step: int, keep: Callable[[str], Awaitable[None]]
) -> None:
    """Have the user write evidence of a step, and give it to `keep`, which may raise a `KbtuiError`.

    What could not be kept stays in a file, which is named in a dialog. Call it from a worker.
    """
    limit = await services.reader.run(lambda library: library.checklists.evidence_limit)
    path = await services.reader.run(lambda _: _new_file(step))
    while True:
        try:
            run_editor(app, path)
            text = await services.reader.run(lambda _: _read(path, limit))
            if text.strip():
                await keep(text)
            else:
                app.notify("Nothing was written, so nothing was kept.", markup=False)
        except KbtuiError as error:
            question = _not_kept(services, error, path, f"kbtui check evidence {step} {{}} --run {run_id}")
            if await app.push_screen_wait(question) != AGAIN.value:
                return
        else:
            path.unlink(missing_ok=True)
            return


def _new_file(step: int) -> Path:
    """An empty file that only this user can read; not in the library, whose disk may be what is full."""
    descriptor, name = tempfile.mkstemp(prefix=f"kbtui-step-{step}-", suffix=".txt")
    os.close(descriptor)
    return Path(name)


def _read(path: Path, limit: int) -> str:
    """What was written; "" where the file is gone. Raises `EvidenceTooLargeError` beyond `limit` bytes."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        return ""
    if len(data) > limit:
        raise EvidenceTooLargeError("evidence", limit // BYTES_PER_MB)
    return data.decode("utf-8", "replace")


def _not_kept(services: Services, error: KbtuiError, path: Path, command: str) -> AskScreen:
    """What to tell of a failure; a file that nothing was written into is deleted and not told of."""
    where = ""
    if path.exists() and path.stat().st_size:
        where = f" Your text is in {path}; `{command.format(shlex.quote(str(path)))}` adds it."
        return AskScreen(services, "Evidence not kept", f"{error}{where}", (AGAIN, CLOSE))
    path.unlink(missing_ok=True)
    return AskScreen(services, "Evidence not kept", str(error))
