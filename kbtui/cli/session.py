"""What every command starts from: the settings in force, the library, and whether there is a terminal."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbtui.cli import narration
from kbtui.core.errors import EXIT_INTERRUPTED, KbtuiError, UnreadyError
from kbtui.core.text import storable

if TYPE_CHECKING:
    from kbtui.config import Settings
    from kbtui.core.progress import Progress
    from kbtui.library import Library


class NoTerminalError(UnreadyError):
    """The app was asked for where it cannot be drawn or cannot hear keys."""

    def __init__(self) -> None:
        super().__init__(
            "The app needs a terminal. Without one, use `kbtui search`, `kbtui show`, `kbtui list` or `kbtui import`; "
            "`kbtui --help` names the rest."
        )


class InterruptedWorkError(KbtuiError):
    """The user stopped work that can be taken up again."""

    exit_code = EXIT_INTERRUPTED


@dataclass
class Session:
    """One run of the command line."""

    library_flag: Path | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings in force; a `ConfigurationError` comes only to commands that need them."""
        # The help and the version of every command do without TOML and the folders of the platform.
        from kbtui.config import load_settings

        return load_settings(self.library_flag)

    def open(self) -> Library:
        """The library in force, as a context manager."""
        # SQLite and its helpers are imported by the commands that open a library, not by `--help`.
        from kbtui.bootstrap import open_library

        settings = self.settings
        return open_library(
            settings.library, evidence_mb=settings.evidence_limit_mb, verify_days=settings.verify_after_days
        )


pass_session = click.make_pass_decorator(Session, ensure=True)


def require_terminal() -> None:
    """Raises `NoTerminalError` unless a person sits before standard input and output."""
    # Textual draws on standard error, so that one has to be a terminal as well.
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream is not None and stream.isatty() for stream in streams):
        raise NoTerminalError
    if os.name == "posix" and os.environ.get("TERM", "") in ("", "dumb"):
        raise NoTerminalError


def given(text: str) -> str:
    """Text of an argument: UTF-8 whatever the locale decoded it as, and nothing that SQLite cannot hold."""
    if not text.isascii():
        text = os.fsencode(text).decode("utf-8", "replace")
    return storable(text)


def bring_up_to_date(library: Library) -> int:
    """Let the index learn what was saved; spoken of only where that takes long. The number of posts indexed."""
    started = time.monotonic()
    with narration.progress() as progress:
        done = library.indexing.bring_up_to_date(_patient(progress, started))
    spent = time.monotonic() - started
    if done and spent > narration.PATIENCE:
        narration.say(f"Indexed {narration.count(done, 'post')} in {narration.seconds(spent)}.")
    return done


def _patient(progress: Progress, started: float) -> Progress:
    """The progress, and in a pipe one sentence once it lasts."""
    spoken = sys.stderr is None or sys.stderr.isatty()

    def tell(what: str, done: int, total: int) -> None:
        nonlocal spoken
        if not spoken and time.monotonic() - started > 3 * narration.PATIENCE:
            narration.say("Bringing the search index up to date …")
            spoken = True
        progress(what, done, total)

    return tell
