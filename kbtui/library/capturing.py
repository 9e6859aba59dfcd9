"""What a new change note begins with: taken from where the user stands."""

from __future__ import annotations

from pathlib import Path

from kbtui.core.change_note import NoteContent
from kbtui.core.secrets import SecretFinding
from kbtui.core.workplace import HistoryCommand


class Capturing:
    """Fills in what need not be typed."""

    def begin(self, *, folder: Path, template: str = "", post: str = "", run: str = "") -> NoteContent:
        """A note without a reason: files, commit, branch, author's statistics from git, owner, host; of a run its post,
        commands that were done and tools; of a post its tools. Secrets in them are masked."""
        raise NotImplementedError

    def history(self, limit: int = 50) -> list[tuple[HistoryCommand, tuple[SecretFinding, ...]]]:
        """Commands of the shell's history, the newest first, with what looks like a secret in them."""
        raise NotImplementedError
