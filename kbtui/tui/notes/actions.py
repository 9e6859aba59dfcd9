"""What is done with change notes from anywhere in the app: call these from a worker, they talk to the user."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from textual.app import App

from kbtui.core.measuring.comparison import comparison_sentence
from kbtui.core.notes.change_note import VERDICTS, ChangeNote, NoteContent, NoteState
from kbtui.core.text import shorten
from kbtui.library import Library
from kbtui.tui.notes.editing import edit_content, without_secrets
from kbtui.tui.screens.ask import AskScreen, LineScreen, Reply, TextScreen
from kbtui.tui.screens.note_form import NoteForm, note_of_draft
from kbtui.tui.services import Services

NoteAction = Callable[[App[Any], Services, str], Awaitable[object]]
"""Does something with the note of an id."""

WORDS_LENGTH = 2_000
LONGEST_COPY = 200_000
"""Characters of a page that go to the terminal's clipboard."""
NEW, POSTPONE = "new", "postpone"
POSTPONED = timedelta(days=1)
_SAID = {
    NoteState.KEPT: "it did what it should, and stays",
    NoteState.REVERTED: "it was taken back",
    NoteState.INCONCLUSIVE: "it cannot be told whether it helped",
}


async def write_note(app: App[Any], services: Services, *, post: str = "", run: str = "") -> None:
    """Have the user write a note, prefilled from where they stand; one that was not saved is offered first."""
    drafts = await services.reader.run(lambda library: library.note_drafts.forms())
    if drafts and not (post or run):
        replies = [Reply(f"draft {key}", _called(content), "was not saved yet") for key, content in drafts[:8]]
        question = AskScreen(services, "Write a change note", "", [*replies, Reply(NEW, "A new note")])
        answer = await app.push_screen_wait(question)
        if answer is None:
            return
        if answer != NEW:
            key = answer.removeprefix("draft ")
            app.push_screen(
                await services.reader.run(lambda library: _continued(library, services, dict(drafts)[key], key))
            )
            return
    folder = Path.cwd()
    content = await services.reader.run(lambda library: library.capturing.begin(folder=folder, post=post, run=run))
    app.push_screen(NoteForm(services, content))


def _continued(library: Library, services: Services, content: NoteContent, key: str) -> NoteForm:
    """The form with a draft in it, of a new note or of one that there is."""
    note_id, based_on = note_of_draft(key)
    return NoteForm(
        services, content, key=key, note=library.changes.note(note_id) if note_id else None, based_on=based_on
    )


def _called(content: NoteContent) -> str:
    return f"“{content.title}”" if content.title else "A note without a reason"


async def open_form(app: App[Any], services: Services, note_id: str) -> None:
    """Change a note in the form."""
    note = await services.reader.run(lambda library: library.changes.note(note_id))
    app.push_screen(NoteForm(services, note.content, note=note))


async def edit_note(app: App[Any], services: Services, note_id: str) -> None:
    """Change a note in the user's editor."""
    note = await services.reader.run(lambda library: library.changes.note(note_id))
    await edit_content(app, services, note.content, note)


async def ship_note(app: App[Any], services: Services, note_id: str) -> None:
    """A draft is live from now on."""
    note = await services.writer.run(lambda library: library.changes.ship(note_id))
    due = note.info.due_at
    when = f"; verify it by {due.astimezone():%Y-%m-%d %H:%M}" if due else ""
    app.notify(f"Shipped “{shorten(note.content.title, 60)}”{when}.", markup=False)


async def verify_note(app: App[Any], services: Services, note_id: str) -> None:
    """Ask what became of a change, and in which words; what was measured is shown."""
    note, said = await services.reader.run(lambda library: _measured(library, note_id))
    if note.info.state is NoteState.DRAFT:
        app.notify("This note is a draft; s says that the change is live.", severity="warning", markup=False)
        return
    text = "\n".join(said) or "Nothing was measured; `kbtui measure` takes samples before and after."
    if note.content.expected:
        text += f"\n\nExpected: {note.content.expected}"
    replies = [Reply(verdict.value, verdict.value.capitalize(), _SAID[verdict]) for verdict in VERDICTS]
    if note.info.state is NoteState.SHIPPED:
        replies.append(Reply(POSTPONE, "Later", "ask again in a day"))
    title = f"What became of “{shorten(note.content.title, 60)}”?"
    answer = await app.push_screen_wait(AskScreen(services, title, text, replies))
    if answer is None:
        return
    if answer == POSTPONE:
        until = services.now() + POSTPONED
        await services.writer.run(lambda library: library.changes.postpone(note_id, until))
        app.notify(f"It is due again {until.astimezone():%Y-%m-%d %H:%M}.", markup=False)
        return
    words = await app.push_screen_wait(
        LineScreen(services, f"{answer.capitalize()}: what was seen?", "a few words", WORDS_LENGTH)
    )
    if words:
        await services.writer.run(lambda library: library.changes.verify(note_id, NoteState(answer), words))
        app.notify(f"{answer.capitalize()}: {shorten(words, 60)}", markup=False)


def _measured(library: Library, note_id: str) -> tuple[ChangeNote, list[str]]:
    said = [comparison_sentence(each) for each in library.measuring.compare(note_id)]
    return library.changes.note(note_id), said


async def attach_evidence(app: App[Any], services: Services, note_id: str) -> None:
    """Have the user paste evidence; what looks like a secret in it is masked unless they say otherwise."""
    limit = await services.reader.run(lambda library: library.changes.evidence_limit)
    text = await app.push_screen_wait(TextScreen(services, "Evidence of the change", limit))
    kept = None if text is None else await without_secrets(app, services, {"Evidence": text})
    if kept is None:
        return
    await services.writer.run(lambda library: library.changes.attach(note_id, kept["Evidence"], "pasted"))
    app.notify("Attached.", markup=False)


async def copy_note(app: App[Any], services: Services, note_id: str) -> None:
    """Copy a note as Markdown to the terminal's clipboard."""
    text = await services.reader.run(lambda library: library.changes.markdown(note_id))
    if len(text) > LONGEST_COPY:
        told = f"The note is too long for the clipboard; `kbtui note show {note_id} --markdown` writes it."
        app.notify(told, severity="warning", markup=False)
    else:
        app.copy_to_clipboard(text)
        app.notify("Copied the note as Markdown.", markup=False)
