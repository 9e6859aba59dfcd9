"""Running commands that the user gave."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from kbtui.core.errors import CommandError
from kbtui.core.workplace import CommandResult

SEARCH_TIMEOUT = 5.0
"""Seconds that a regular expression may search."""

# Backtracking cannot be interrupted in a thread, so it is done where it can be ended.
_SEARCH = """
import json, re, sys
pattern, text = json.load(sys.stdin)
found = re.search(pattern, text, re.MULTILINE)
json.dump(found and found[1 if found.re.groups else 0], sys.stdout)
"""


class SystemRunner:
    """The `CommandRunner` port over the operating system."""

    def run(self, arguments: Sequence[str], *, timeout: float, shell: bool = False) -> CommandResult:
        # Opening a library does without the machinery of processes.
        from kbtui.system.process import run_process

        return run_process(arguments, timeout=timeout, shell=shell)

    def search(self, pattern: str, text: str) -> str | None:
        import subprocess

        command = [sys.executable, "-I", "-S", "-c", _SEARCH]
        given = json.dumps([pattern, text]).encode()
        try:
            done = subprocess.run(  # noqa: S603 - our own program
                command, input=given, capture_output=True, timeout=SEARCH_TIMEOUT, check=True
            )
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"the expression searched for more than {SEARCH_TIMEOUT:g} s") from error
        except (OSError, subprocess.CalledProcessError) as error:
            raise CommandError("The output cannot be searched: Python could not be started for it.") from error
        found = json.loads(done.stdout)
        return found if isinstance(found, str) else None
