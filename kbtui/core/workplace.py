"""What can be learnt where a change is noted: from git, the shell's history, and commands that the user has run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kbtui.core.notes.change_note import GitState


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryFacts:
    """What git says of the working directory."""

    state: GitState
    files: tuple[str, ...] = ()
    """Paths from the root of the working tree that are changed and not committed; where none are, those of the last
    commit."""
    is_committed: bool = False
    """Whether the files are those of the last commit."""
    user: str = ""
    """The name that git would write into a commit now."""


@dataclass(frozen=True, slots=True)
class HistoryCommand:
    """A command of the shell's history."""

    text: str
    at: datetime | None = None
    """When it was typed, where the history says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """What a command did."""

    exit_code: int | None
    """None where it was stopped by the timeout."""
    seconds: float
    output: str
    """Standard output, bytes that are not UTF-8 replaced, cut at the limit."""
    errors: str = ""
    """The end of standard error."""
    is_cut: bool = False
    """Whether the output was longer."""
