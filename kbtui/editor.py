"""Running the user's own editor on a file."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from kbtui.core.errors import EditorError, UsageError
from kbtui.umask import users_umask


def editor_command() -> list[str]:
    """The words of `VISUAL`, else of `EDITOR`, else `vi` or on Windows `notepad`.

    Raises `UsageError` where there is none, or a variable cannot be read as a command.
    """
    for variable in ("VISUAL", "EDITOR"):
        if chosen := os.environ.get(variable, "").strip():
            return _words(variable, chosen)
    usual = shutil.which("notepad" if os.name == "nt" else "vi")
    if usual is None:
        raise UsageError("No editor was found; set EDITOR to the command of yours, or give the text with --from-file.")
    return [usual]


def edit(command: Sequence[str], path: Path, *, is_draft: bool = True) -> None:
    """Run an editor on a file to its end, on the terminal of this process; call it from the main thread.

    What it writes beside a draft of ours is for its user alone; for any other file the user's umask counts.

    Raises `EditorError` where it cannot be started or says that it failed.
    """
    try:
        process = subprocess.Popen([*command, str(path)], umask=-1 if is_draft else users_umask())  # noqa: S603 - the user's own
    except OSError as error:
        raise EditorError(f"The editor {command[0]!r} cannot be started: {error.strerror}.") from error
    # ctrl+c belongs to the editor as long as it runs; set after it started, as it would inherit that.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    if code:
        raise EditorError(f"The editor {command[0]!r} ended with exit code {code}, so nothing was saved.")


def _words(variable: str, command: str) -> list[str]:
    if os.name == "nt":
        # A path with backslashes is no shell's; quotes only hold it together.
        words = [word.strip('"') for word in shlex.split(command, posix=False)]
        return [command] if shutil.which(command) else words
    try:
        return shlex.split(command)
    except ValueError as error:
        raise UsageError(f"{variable} cannot be read as a command ({error}): {command}") from error
