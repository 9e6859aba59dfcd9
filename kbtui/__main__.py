"""Where the command begins and ends: streams, exit codes, and what is said when something goes wrong."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence

from kbtui.umask import keep_files_private


def main() -> int:
    """Run `kbtui` with the arguments of this process; its exit code."""
    # First of all: nothing that kbtui writes is for others to read.
    keep_files_private()
    _prepare_streams()
    return run(sys.argv[1:])


def run(arguments: Sequence[str]) -> int:
    """Run a command line; its exit code. Writes a sentence for whatever goes wrong, never a traceback."""
    from kbtui.cli.ending import explained

    try:
        code = explained(arguments)
    except BrokenPipeError:
        code = 0  # the reader had enough, as with `| head -1`
    _flush()
    return code


def _prepare_streams() -> None:
    """UTF-8 whatever the locale says, and a place to write to where a stream was closed."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - lives as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _flush() -> None:
    """Write out what waits. Where nobody reads any more it goes nowhere: Python would complain as it ends."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
