"""What the tests of change notes in the app share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from textual.pilot import Pilot

from kbtui import open_library
from kbtui.core.notes.change_note import ChangeNote, NoteContent

NOW = datetime.now(UTC)


def make_note(folder: Path, content: NoteContent, *, days_ago: float | None = None) -> str:
    """Keep a note, shipped so many days ago or a draft; its id."""
    shipped = None if days_ago is None else NOW - timedelta(days=days_ago)
    with open_library(folder) as library:
        made = library.changes.create(content, shipped_at=shipped).id
        library.indexing.bring_up_to_date()
    return made


def note_of(folder: Path, note_id: str) -> ChangeNote:
    """A note as it is on disk."""
    with open_library(folder) as library:
        return library.changes.note(note_id)


def only_note(folder: Path) -> ChangeNote:
    """The only note there is, as it is on disk."""
    with open_library(folder) as library:
        (info,) = library.changes.page()
        return library.changes.note(info.id)


def screen_text(pilot: Pilot[None]) -> str:
    """All that the screen shows."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)
