"""How a command line ends: every error as one sentence and an exit code."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from kbtui import __version__
from kbtui.cli import narration
from kbtui.cli.root import COMPLETE_VARIABLE, root
from kbtui.core.errors import EXIT_DONE, EXIT_ENVIRONMENT, EXIT_FAILED, EXIT_INTERRUPTED, KbtuiError

LOGS_KEPT = 10


def explained(arguments: Sequence[str]) -> int:
    """Run a command line; its exit code. Only `BrokenPipeError` leaves it."""
    try:
        return _invoke(list(arguments))
    except BrokenPipeError:
        raise
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except (KeyboardInterrupt, click.Abort):
        narration.error("Interrupted.")
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence instead of a traceback
        return _explain(error)


def _explain(error: Exception) -> int:
    if isinstance(error, KbtuiError):
        narration.error(str(error))
        return error.exit_code
    if isinstance(error, click.ClickException):
        narration.error(error.format_message())
        if isinstance(error, click.UsageError) and error.ctx is not None:
            narration.say(f"`{error.ctx.command_path} --help` shows how it is used.")
        return error.exit_code
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        narration.error("No space is left on the disk.")
        return EXIT_ENVIRONMENT
    narration.error(_unexpected(error))
    return EXIT_FAILED


def _invoke(arguments: list[str]) -> int:
    if instruction := os.environ.get(COMPLETE_VARIABLE):
        # What click's own `main` would do; that one also swallows errors which we explain.
        from click.shell_completion import shell_complete

        return shell_complete(root, {}, "kbtui", COMPLETE_VARIABLE, instruction)
    with root.make_context("kbtui", arguments) as context:
        root.invoke(context)
    return EXIT_DONE


def _unexpected(error: Exception) -> str:
    what = {MemoryError: "There was not enough memory", RecursionError: "Something was nested too deeply"}
    said = what.get(type(error), f"Something went wrong that should not ({type(error).__name__})")
    log = write_log(error)
    return f"{said}. {f'The details are in {log}.' if log else 'The details could not be written to a log.'}"


def write_log(error: BaseException) -> Path | None:
    """Write the traceback, without the values of variables, to a file of its own; None where that is impossible."""
    # Only a crash pays for them.
    import platform
    import traceback

    from platformdirs import user_log_path

    now = datetime.now(UTC)
    head = f"kbtui {__version__}, Python {platform.python_version()}, {platform.platform()}, {now.isoformat()}\n\n"
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    try:
        folder = user_log_path("kbtui")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"crash-{now:%Y%m%dT%H%M%S}-{os.getpid()}.log"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(head + "".join(lines))
        for old in sorted(folder.glob("crash-*.log"))[:-LOGS_KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, MemoryError):
        return None
    return path
