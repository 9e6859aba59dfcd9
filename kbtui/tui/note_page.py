"""A change note as a page. Everything here is done in a lane, off the event loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from kbtui.core.change_note import ChangeNote
from kbtui.library import Library
from kbtui.markdown import read_pieces
from kbtui.tui.document.pieces import Part, without_title
from kbtui.tui.document.preparing import prepare

PART_LENGTH = 8_000
"""Characters of a part."""


@dataclass(frozen=True, slots=True)
class NotePage:
    """A note with the first part of its page."""

    note: ChangeNote
    first: Part
    rest: Iterator[Part]
    lines: int
    """Lines of the whole source."""

    @property
    def key(self) -> object:
        """Another one when the page says something else."""
        return self.note.id, self.note.info.revision, self.lines


def open_note(library: Library, note_id: str) -> NotePage:
    """The page of a note. Raises `NoteNotFoundError`."""
    note = library.changes.note(note_id)
    text = library.changes.markdown(note_id)
    pieces = read_pieces(text, PART_LENGTH, PART_LENGTH)
    first = prepare(without_title(next(pieces, ()), note.content.title))
    return NotePage(note, first, map(prepare, pieces), text.count("\n") + 1)


def more_parts(page: NotePage, count: int = 4) -> list[Part]:
    """The next parts of a page; none at its end."""
    return list(islice(page.rest, count))
