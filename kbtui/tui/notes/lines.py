"""Change notes as lines of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from rich.cells import cell_len
from textual.content import Content

from kbtui.core.notes.change_note import NoteInfo, NoteState
from kbtui.core.text import one_line
from kbtui.tui.ages import ago
from kbtui.tui.presentation import BOLD, DIM, fitted

DUE = "due"
STATE_WIDTH = 14
ROLLBACK_SIGN = "↩ "
LEAST_BEHIND = 12
"""Columns that what stands behind a title needs."""
_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        NoteState.DRAFT.value: "$text-muted",
        NoteState.SHIPPED.value: "$text-warning",
        DUE: "$text-error bold",
        NoteState.KEPT.value: "$text-success",
        NoteState.REVERTED.value: "$text-error",
        NoteState.INCONCLUSIVE.value: "$text-accent",
    }
)


def state_word(note: NoteInfo, now: datetime) -> str:
    """`due` for a change whose effect should have been verified by now, else its state."""
    return DUE if note.is_due(now) else note.state.value


def note_row(note: NoteInfo, now: datetime, width: int) -> Content:
    """The row of a note in a list, in two lines: state and title; age, how to take it back, what it touched."""
    word, room = state_word(note, now), max(8, width - STATE_WIDTH)
    first = Content.assemble((f"{word:<{STATE_WIDTH}}", _COLOURS[word]), (fitted(note.title, room), BOLD))
    second = fitted(f"{ago(note.happened_at, now)} · {_details(note)}".rstrip(" ·"), room)
    return Content.assemble(first, "\n", (" " * STATE_WIDTH + second, DIM))


def change_row(note: NoteInfo, now: datetime, width: int) -> Content:
    """A note beside the page of a post: its title, then state, age and how to take it back."""
    word = state_word(note, now)
    rest = f" {fitted(_way_back(note, now), max(1, width - len(word) - 1))}"
    second = Content.assemble((word, _COLOURS[word]), (rest, DIM))
    return Content("\n").join([Content(fitted(note.title, width)), second])


def due_row(note: NoteInfo, now: datetime, width: int) -> Content:
    """A note in one line: state, title, age and how to take it back."""
    word, room = state_word(note, now), max(8, width - STATE_WIDTH)
    title = fitted(note.title, room)
    left = room - cell_len(title)
    rest = f"  {fitted(_way_back(note, now), left - 2)}" if left >= LEAST_BEHIND else ""
    return Content.assemble((f"{word:<{STATE_WIDTH}}", _COLOURS[word]), (title, BOLD), (rest, DIM))


def _way_back(note: NoteInfo, now: datetime) -> str:
    """Its age and how to take it back."""
    when = ago(note.happened_at, now)
    return f"{when} · {ROLLBACK_SIGN}{note.rollback}" if note.rollback else when


def _details(note: NoteInfo) -> str:
    rollback = f"{ROLLBACK_SIGN}{note.rollback}" if note.rollback else ""
    about = (note.owner, note.environment, ", ".join(note.tools[:4]), ", ".join(note.files[:3]))
    more = f" and {len(note.files) - 3} more" if len(note.files) > 3 else ""
    return " · ".join(one_line(part) for part in (rollback, *about) if part) + more


def note_heading(note: NoteInfo, now: datetime) -> Content:
    """The two lines over a note: its title; its state and since when, who and where."""
    word = state_word(note, now)
    said = {NoteState.DRAFT: f"begun {ago(note.created_at, now)}"}.get(note.state, "")
    if note.shipped_at is not None:
        said = f"shipped {ago(note.shipped_at, now)}"
    if note.verified_at is not None:
        said += f", verified {ago(note.verified_at, now)}"
    elif note.due_at is not None:
        when = f"{note.due_at.astimezone():%Y-%m-%d %H:%M}"
        said += f", due since {when}" if word == DUE else f", to be verified by {when}"
    rest = (said, one_line(note.owner), one_line(note.environment), f"revision {note.revision}")
    return Content.assemble(
        (one_line(note.title), BOLD), "\n", (word, _COLOURS[word]), (f"  {' · '.join(filter(None, rest))}", DIM)
    )


def unverified_text(open_: int, due: int) -> str:
    """How many changes are not verified, as words; "" for none."""
    if not open_:
        return ""
    changes = f"{open_} change{'' if open_ == 1 else 's'} not verified"
    return f"{changes}, {due} due" if due else changes
