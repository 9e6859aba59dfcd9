"""Handing a long text to the user's pager."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from kbtui.cli import output

_TAKES_COLOUR = frozenset({"less", "bat", "batcat", "most", "moar", "moor", "ov"})


def pager_for(text: str) -> list[str] | None:
    """The command to page through, or None: in a pipe, for a dumb terminal, for a text that fits the screen.

    A `PAGER` that the user set is always taken, as it decides itself; an empty one or `cat` means none.
    """
    if not (output.is_terminal() and sys.stdin is not None and sys.stdin.isatty()):
        return None
    if os.environ.get("TERM", "") in ("", "dumb"):
        return None
    chosen = os.environ.get("PAGER")
    if chosen is not None:
        with contextlib.suppress(ValueError):
            words = shlex.split(chosen)
            return words if words and words != ["cat"] else None
    less = shutil.which("less")
    return [less] if less and _rows(text) >= output.page_height() else None


def takes_colour(command: Sequence[str]) -> bool:
    """Whether the pager is known to pass colours on."""
    return Path(command[0]).stem in _TAKES_COLOUR


def page(command: Sequence[str], text: str) -> bool:
    """Run the pager to its end; False where it cannot be started."""
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=_environment())  # noqa: S603 - the user's own
    except OSError:
        return False
    # ctrl+c belongs to the pager as long as it runs; set after it started, as it would inherit that.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with contextlib.suppress(OSError):
            # Leaving the pager before the end closes the pipe: nothing to report.
            process.communicate(text.encode("utf-8", "backslashreplace"))
        process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return True


def _environment() -> dict[str, str]:
    """For `less`: pass colours, leave a short text standing, read UTF-8; no shell from inside, no input filters."""
    ours = {name: value for name, value in os.environ.items() if name not in ("LESSOPEN", "LESSCLOSE")}
    return {"LESS": "FRX", **ours, "LESSSECURE": "1", "LESSCHARSET": "utf-8"}


def _rows(text: str) -> int:
    """Rows on the screen, where a long line of code takes several."""
    width = output.width()
    return sum(1 + max(0, len(line) - 1) // width for line in text.split("\n"))
