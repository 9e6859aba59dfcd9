"""Where a change is made: the repository, the shell and the machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from kbtui.core.workplace import CommandResult, HistoryCommand, RepositoryFacts


class Workplace(Protocol):
    """What is around the user. Nothing here waits longer than a few seconds, or runs what a repository says."""

    def repository(self, folder: Path) -> RepositoryFacts | None:
        """What git says; None where there is no git or no repository."""
        ...

    def history(self, limit: int) -> list[HistoryCommand]:
        """The last commands of the user's shell (bash, zsh, fish), the newest first; none without a history."""
        ...


class CommandRunner(Protocol):
    """Runs a command that the user gave."""

    def run(self, arguments: Sequence[str], *, timeout: float, shell: bool = False) -> CommandResult:
        """Run it in the working directory, without standard input, and with it all that it started is ended.

        With `shell` the arguments, joined by spaces, are one line for the user's shell. Raises `CommandError` where it
        cannot be started.
        """
        ...

    def search(self, pattern: str, text: str) -> str | None:
        """The first group, or without groups the whole, of the first match of a regular expression.

        `^` and `$` are the ends of lines. It is searched in a process of its own, as an expression can take for ever;
        raises `TimeoutError` then.
        """
        ...
