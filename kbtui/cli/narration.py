"""The only writer of standard error: sentences about what goes on, and progress on a terminal."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kbtui.core.progress import silent
from kbtui.core.text import one_line

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

    from kbtui.core.progress import Progress

PATIENCE = 0.7
"""Seconds before work that is usually quick is spoken of."""


def say(text: str) -> None:
    """One line, safe to show. A reader of standard error that is gone is no reason to fail."""
    _write(one_line(text) + "\n")


def detail(text: str) -> None:
    """One line beneath the last, indented."""
    _write(f"  {one_line(text)}\n")


def tell_local(slug: str) -> None:
    """What it means that the library keeps a local version of a post that came from a file."""
    detail(f"imports leave it alone from now on; `kbtui edit {slug} --release` gives it back")


def error(text: str) -> None:
    """The one sentence with which a command ends that could not do its work."""
    say(f"kbtui: {text}")


def _write(text: str) -> None:
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stderr.buffer.flush()


@contextlib.contextmanager
def progress(*, after: float = PATIENCE) -> Iterator[Progress]:
    """A progress bar on a terminal for work that takes longer than `after` seconds; nothing in a pipe."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM", "dumb") in ("", "dumb"):
        yield silent
        return
    bar = _Bar(after)
    try:
        yield bar.show
    finally:
        bar.stop()


class _Bar:
    """One bar that starts late and names the present step."""

    def __init__(self, after: float) -> None:
        self._start_at = time.monotonic() + after
        self._rich: RichProgress | None = None

    def show(self, what: str, done: int, total: int) -> None:
        if time.monotonic() < self._start_at:
            return
        if self._rich is None:
            self._rich = _start()
        if not self._rich.tasks or self._rich.tasks[-1].description != what:
            for task in self._rich.tasks:
                self._rich.update(task.id, visible=False)
            self._rich.add_task(what, total=total or None)
        self._rich.update(self._rich.tasks[-1].id, completed=done, total=total or None)

    def stop(self) -> None:
        if self._rich is not None:
            self._rich.stop()


def _start() -> RichProgress:
    # Only work that takes long enough to show pays for importing Rich.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, console=console, transient=True)
    bar.start()
    return bar


def seconds(value: float) -> str:
    """A duration: `0.4 s`, `75 s`."""
    return f"{value:.1f} s" if value < 60 else f"{value:.0f} s"


def count(number: int, noun: str) -> str:
    """`1 post`, `2 posts`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
