"""The terminal, lent to the user's own editor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from kbtui import editor
from kbtui.core.errors import EditorError


def run_editor(app: App[Any], path: Path, *, is_draft: bool = True) -> None:
    """Run the editor on a file, while the app stands still; its lanes go on with what they were asked for.

    Beside a draft of ours it writes files that only the user can read.

    Raises `UsageError` where there is no editor, `EditorError` where it cannot be run or says that it failed.
    """
    command = editor.editor_command()
    failure: Exception | None = None
    try:
        with app.suspend():
            # Nothing may leave this block early: the app would not take the terminal back.
            try:
                editor.edit(command, path, is_draft=is_draft)
            except Exception as error:  # noqa: BLE001
                failure = error
    except SuspendNotSupported as error:
        told = "The app cannot lend its terminal to an editor here; use `kbtui edit`, `check` or `note`."
        raise EditorError(told) from error
    if failure is not None:
        raise failure
