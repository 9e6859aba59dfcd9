"""A change note as a page. Everything here is done in a lane, off the event loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from kbtui.core.notes.change_note import ChangeNote
from kbtui.library import Library
from kbtui.markdown import read_pieces
from kbtui.tui.document.pieces import Part, without_title
from kbtui.tui.document.preparing import prepare
from kbtui.tui.pages import PART_LENGTH


@dataclass(frozen=True, slots=True)
class NotePage:
    """A note with the first part of its page."""

    note: ChangeNote
    text: str
    """The whole page as Markdown."""
    first: Part
    rest: Iterator[Part]

    @property
    def lines(self) -> int:
        """Lines of the whole source."""
        return self.text.count("\n") + 1


def open_note(library: Library, note_id: str, shown: NotePage | None = None, *, has_title: bool = False) -> NotePage:
    """The page of a note, its title left out unless `has_title`; `shown` itself where it says the same as that.

    Raises `NoteNotFoundError`.
    """
    note = library.changes.note(note_id)
    text = library.changes.markdown(note_id)
    if shown is not None and (shown.note, shown.text) == (note, text):
        return shown
    pieces = read_pieces(text, PART_LENGTH, PART_LENGTH)
    first = next(pieces, ())
    if not has_title:
        first = without_title(first, note.content.title)
    return NotePage(note, text, prepare(first), map(prepare, pieces))


def more_parts(page: NotePage, count: int = 4) -> list[Part]:
    """The next parts of a page; none at its end."""
    return list(islice(page.rest, count))
