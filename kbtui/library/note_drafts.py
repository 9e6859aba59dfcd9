"""Change notes while they are written: on their way through an editor, and in a form that is not saved yet."""

from __future__ import annotations

import json
from pathlib import Path

from kbtui.core.errors import KbtuiError, NoteConflictError, NoteNotSavedError
from kbtui.core.notes.change_note import ChangeNote, NoteContent
from kbtui.core.notes.content import from_document, to_document, without_secrets
from kbtui.core.ports import Drafts
from kbtui.core.revisions import Draft
from kbtui.library.changes import Changes


class NoteDrafts:
    """Keeps on disk what is typed, until it is a note or the user gives it up."""

    def __init__(self, changes: Changes, drafts: Drafts) -> None:
        self._changes = changes
        self._drafts = drafts

    # Through an editor: Markdown with front matter

    def begin(self, content: NoteContent, note_id: str = "", based_on: int = 0) -> Draft:
        """A file for an editor; without an id it becomes a new note. `finish` takes it back."""
        text = self._changes.text(content)
        return Draft(note_id, self._drafts.keep(f"note-{note_id or 'new'}", text), text, based_on)

    def written(self, draft: Draft) -> str:
        """What an editor made of it by now; "" where the file is gone."""
        return self._drafts.read(draft.path) or ""

    def finish(self, draft: Draft, *, masked: bool = False) -> ChangeNote | None:
        """Save what an editor made of it; None where nothing was changed, or all was deleted.

        `masked` keeps nothing that looks like a secret. Raises `NoteNotSavedError`, and the file stays.
        """
        try:
            text = self._drafts.read(draft.path)
            saved = None if text is None or text == draft.text else self._saved(draft, text, masked=masked)
        except KbtuiError as error:
            raise NoteNotSavedError(error, draft.path) from error
        self._drafts.discard(draft.path)
        return saved

    def _saved(self, draft: Draft, text: str, *, masked: bool) -> ChangeNote | None:
        if not text.strip():
            return None
        content = self._changes.read(text)
        if masked:
            content = without_secrets(content)
        if not draft.slug:
            return self._changes.create(content)
        return self._changes.save(draft.slug, content, based_on=draft.based_on)

    def abandoned(self, draft: Draft, cause: KbtuiError) -> KbtuiError:
        """The error to raise where an editor failed: `cause`, with the place of the draft where that was changed."""
        if self._drafts.read(draft.path) not in (None, draft.text):
            return NoteNotSavedError(cause, draft.path)
        self._drafts.discard(draft.path)
        return cause

    def save(self, note_id: str, content: NoteContent, *, based_on: int) -> ChangeNote:
        """Save other content as `Changes.save` does; where it was saved elsewhere since `based_on`, keep this text.

        Raises `NoteNotSavedError` then, with a `NoteConflictError` as its cause and the path of the text.
        """
        try:
            return self._changes.save(note_id, content, based_on=based_on)
        except NoteConflictError as error:
            path = self._drafts.keep(f"note-{note_id}", self._changes.text(content))
            raise NoteNotSavedError(error, path) from error

    def kept(self, text: str, cause: KbtuiError) -> NoteNotSavedError:
        """The error to raise for a text of a new note that was not saved, which is put into a file."""
        return NoteNotSavedError(cause, self._drafts.keep("note-new", text))

    def left(self) -> list[Path]:
        """The files of texts that went through an editor and were not saved, oldest first."""
        return self._drafts.left()

    def discard(self, path: Path) -> None:
        """Delete such a file, as its text was saved by other means; any other file is left alone."""
        self._drafts.discard(path)

    # While a form is filled in

    def keep_form(self, key: str, content: NoteContent) -> None:
        """Keep on disk what a form holds by now, under a key of the form's own; the same key overwrites it."""
        self._drafts.keep_as(key, json.dumps({"key": key, "content": to_document(content)}))

    def forms(self) -> list[tuple[str, NoteContent]]:
        """What forms held that were never saved, with their keys, the newest first."""
        found = []
        for text in self._drafts.kept():
            try:
                written = json.loads(text)
                found.append((str(written["key"]), from_document(written["content"])))
            except (AttributeError, KeyError, TypeError, ValueError):
                continue  # not written by us, or damaged: no reason not to show the others
        return found

    def forget_form(self, key: str) -> None:
        """Delete it: the note was saved, or the user said so."""
        self._drafts.forget(key)
