"""Where a change is made, as git and the shell tell it."""

from __future__ import annotations

from pathlib import Path

from kbtui.core.workplace import HistoryCommand, RepositoryFacts

# What most commands never ask for is imported when it is asked for.


class SystemWorkplace:
    """The `Workplace` port over git and the shell's history."""

    def repository(self, folder: Path) -> RepositoryFacts | None:
        """What git says; None where there is no git, no repository, or no answer in three seconds."""
        from kbtui.system.git import repository_facts

        return repository_facts(folder)

    def history(self, limit: int) -> list[HistoryCommand]:
        """The last commands of the user's shell, the newest first; none without a history."""
        from kbtui.system.shell_history import shell_history

        return shell_history(limit)
