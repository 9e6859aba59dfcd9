"""Change notes: written, shipped, verified, and asked what changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from kbtui.core.change_note import (
    ChangeNote,
    NoteContent,
    NoteEvidence,
    NoteFilter,
    NoteInfo,
    NoteRevision,
    NoteState,
)
from kbtui.core.note_template import NoteTemplate
from kbtui.core.post import Post
from kbtui.core.revisions import Draft

LIMIT = 50


class Changes:
    """The change notes of a library. What a method has returned from is on disk."""

    # Writing

    def create(self, content: NoteContent, *, shipped_at: datetime | None = None) -> ChangeNote:
        """Keep a new note: a draft, or shipped at that time. Raises `UsageError` where the reason is empty."""
        raise NotImplementedError

    def save(self, note_id: str, content: NoteContent, *, based_on: int) -> ChangeNote:
        """Save other content as a revision; unchanged content saves nothing and gives the note as it is.

        Raises `NoteNotSavedError` with a `NoteConflictError` as its cause where the note was saved elsewhere since
        `based_on`: the other state stays, and this text is kept as a draft whose path the error names.
        """
        raise NotImplementedError

    def ship(self, note_id: str, at: datetime | None = None) -> ChangeNote:
        """A draft is now live; its verification is due after the library's time. Raises `NoteStateError`."""
        raise NotImplementedError

    def verify(self, note_id: str, verdict: NoteState, outcome: str) -> ChangeNote:
        """Say what became of a shipped change: one of `VERDICTS`, with words. A verdict may be changed later.

        Raises `NoteStateError` for a draft, `UsageError` without words.
        """
        raise NotImplementedError

    def postpone(self, note_id: str, until: datetime) -> ChangeNote:
        """Verify it later. Raises `NoteStateError` unless it is shipped and not verified."""
        raise NotImplementedError

    def attach(self, note_id: str, text: str, origin: str) -> NoteEvidence:
        """Attach evidence. Raises `EvidenceTooLargeError`, `UsageError` where it is empty, `NoteNotFoundError`."""
        raise NotImplementedError

    # Through an editor: Markdown with front matter, as `NoteTexts` writes it

    def template(self, name: str) -> NoteTemplate:
        """The template of this name. Raises `UsageError` that names those there are, or `TemplateError`."""
        raise NotImplementedError

    def templates(self) -> list[str]:
        """The names of the templates."""
        raise NotImplementedError

    def text(self, content: NoteContent) -> str:
        """A note's content as Markdown with front matter."""
        raise NotImplementedError

    def begin(self, content: NoteContent, note_id: str = "", based_on: int = 0) -> Draft:
        """A file for an editor; without an id it becomes a new note. `finish` takes it back."""
        raise NotImplementedError

    def finish(self, draft: Draft) -> ChangeNote | None:
        """Save what an editor made of it; None where nothing was changed, or all was deleted.

        Raises `NoteNotSavedError`, and the file stays.
        """
        raise NotImplementedError

    # While a form is filled in

    def keep_draft(self, key: str, content: NoteContent) -> None:
        """Keep on disk what a form holds by now, under a key of the form's own; the same key overwrites it."""
        raise NotImplementedError

    def drafts(self) -> list[tuple[str, NoteContent]]:
        """What forms held that were never saved, with their keys, the newest first."""
        raise NotImplementedError

    def discard_draft(self, key: str) -> None:
        """Forget it: the note was saved, or the user said so."""
        raise NotImplementedError

    # Reading

    def note(self, note_id: str) -> ChangeNote:
        """The whole note. Raises `NoteNotFoundError`."""
        raise NotImplementedError

    def resolve(self, beginning: str = "") -> str:
        """The id of the only note that begins so; without a beginning, of the newest. Raises `NoteNotFoundError`."""
        raise NotImplementedError

    def page(self, wanted: NoteFilter | None = None, *, limit: int = LIMIT, offset: int = 0) -> list[NoteInfo]:
        """Notes by when the change happened, the newest first."""
        raise NotImplementedError

    def count(self, wanted: NoteFilter | None = None) -> int:
        """How many there are."""
        raise NotImplementedError

    def due(self, limit: int = LIMIT) -> list[NoteInfo]:
        """Shipped changes whose effect should have been verified by now, the longest due first."""
        raise NotImplementedError

    def unverified(self) -> tuple[int, int]:
        """How many shipped changes are not verified, and how many of them are due."""
        raise NotImplementedError

    def beside(self, post: Post, limit: int = 5) -> list[NoteInfo]:
        """Recent changes that name the post, or share a tool or a file with it."""
        raise NotImplementedError

    def blame(self, path: str, limit: int = LIMIT) -> list[ChangeNote]:
        """Every note that touched this file, newest first."""
        raise NotImplementedError

    def revisions(self, note_id: str, limit: int = LIMIT) -> list[NoteRevision]:
        """The states of a note, newest first. Raises `NoteNotFoundError`."""
        raise NotImplementedError

    def evidence_text(self, note_id: str, number: int) -> str:
        """The text of a piece of evidence; "" where there is none."""
        raise NotImplementedError

    # Export

    def markdown(self, note_id: str) -> str:
        """A page to paste into a ticket: everything, with comparisons and evidence; safe to show."""
        raise NotImplementedError

    def trailer(self, note_id: str) -> str:
        """Lines for the end of a commit message."""
        raise NotImplementedError

    def changelog_entry(self, note_id: str) -> str:
        """One item for a changelog."""
        raise NotImplementedError


def due_after(days: float) -> timedelta:
    """The time that the configuration's `notes.due_days` gives."""
    return timedelta(days=days)
