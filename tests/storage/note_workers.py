"""What other processes do to change notes and to drafts. Each is the target of a process of its own."""

from __future__ import annotations

from contextlib import closing
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from kbtui.bootstrap import open_library
from kbtui.core.errors import NoteNotSavedError
from kbtui.core.notes.change_note import NoteContent
from kbtui.storage.changes import SqliteNoteStore
from kbtui.storage.connection import Connection
from kbtui.storage.drafts import FileDrafts
from tests.notes import a_note, a_sample

LONG = "line\n" * 4_000


def save_when_told(folder: str, note_id: str, name: str, barrier: Any, answers: Any) -> None:
    """Save another reason of the first revision at the same moment as the others; answers with the file of the text
    where another one was quicker."""
    try:
        with open_library(folder) as library:
            barrier.wait(20)
            try:
                library.note_drafts.save(note_id, NoteContent(reason=f"by {name}"), based_on=1)
            except NoteNotSavedError as error:
                answers.put((name, str(error.draft)))
            else:
                answers.put((name, ""))
    except BaseException as error:  # noqa: BLE001  # whatever it is, the test is to show it
        answers.put(repr(error))


def postpone_many(folder: str, note_id: str, count: int, answers: Any) -> None:
    """Postpone the note again and again; answers with the revisions that were acknowledged."""
    try:
        with open_library(folder) as library:
            due = library.changes.note(note_id).info.created_at
            answers.put([library.changes.postpone(note_id, due).info.revision for _ in range(count)])
    except BaseException as error:  # noqa: BLE001
        answers.put(repr(error))


def save_until_killed(folder: str, told: Pipe) -> None:
    """Write notes and samples for ever; tell the id of each note once all of it is acknowledged."""
    with closing(Connection(Path(folder))) as connection:
        store = SqliteNoteStore(connection)
        while True:
            note = a_note(reason=LONG, files=tuple(f"a/{n}" for n in range(50)), tools=("redis",))
            store.add(note, "written")
            store.revise(note.with_content(NoteContent(reason="again")), based_on=1, who="ann", what="written")
            store.add_samples(note.id, [a_sample(float(n)) for n in range(20)])
            told.send(note.id)


def type_until_killed(folder: str, told: Pipe) -> None:
    """Keep a growing draft for ever under one key; tell how long it was once it is on disk."""
    drafts = FileDrafts(Path(folder))
    length = 0
    while True:
        length += 1
        drafts.keep_as("form", "x" * (length * 1_000))
        told.send(length)
