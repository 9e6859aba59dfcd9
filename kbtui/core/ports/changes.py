"""Change notes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from kbtui.core.measuring.measurement import Sample
from kbtui.core.notes.change_note import ChangeNote, NoteContent, NoteEvidence, NoteFilter, NoteInfo, NoteRevision
from kbtui.core.notes.template import NoteTemplate


class NoteStore(Protocol):
    """Change notes. Every save is a revision that stays; samples and evidence are only ever added to.

    Each save, evidence and new metric also queues the note for the full-text index, in the same transaction.
    """

    def add(self, note: ChangeNote, what: str) -> None:
        """Keep a new note, as its first revision."""
        ...

    def revise(self, note: ChangeNote, *, based_on: int, who: str, what: str) -> ChangeNote:
        """Save another state of a note, and give it with its new revision.

        Raises `NoteNotFoundError`, or `NoteConflictError` where its revision is not `based_on`, and changes nothing.
        """
        ...

    def find(self, note_id: str) -> ChangeNote | None:
        """The whole note with this id."""
        ...

    def beginning_with(self, start: str, limit: int) -> list[str]:
        """Ids that begin so, the newest first."""
        ...

    def page(self, wanted: NoteFilter, *, limit: int, offset: int = 0) -> list[NoteInfo]:
        """Notes, by when the change happened, the newest first; with `due_before` the longest due first."""
        ...

    def count(self, wanted: NoteFilter) -> int:
        """How many there are."""
        ...

    def related(
        self, *, posts: Collection[str], tools: Collection[str], files: Collection[str], limit: int
    ) -> list[NoteInfo]:
        """Notes that name one of these, the newest first."""
        ...

    def revisions(self, note_id: str, limit: int) -> list[NoteRevision]:
        """The states of a note, newest first; the first is the current one."""
        ...

    def attach(self, note_id: str, evidence: NoteEvidence, text: str) -> NoteEvidence:
        """Keep evidence, with the number that it was given. Raises `NoteNotFoundError`."""
        ...

    def evidence(self, note_id: str, number: int) -> str | None:
        """The text of a piece of evidence."""
        ...

    def add_samples(self, note_id: str, samples: Sequence[Sample]) -> None:
        """Keep samples. Raises `NoteNotFoundError`."""
        ...

    def samples(self, note_id: str) -> list[Sample]:
        """All samples of a note, in the order in which they were kept."""
        ...

    def metrics(self, note_id: str) -> list[str]:
        """The names of what was measured, each once."""
        ...

    def document_id(self, note_id: str) -> int | None:
        """The whole number that the full-text index knows a note by."""
        ...

    def by_document_ids(self, ids: Sequence[int]) -> dict[int, ChangeNote]:
        """Notes by the whole numbers that the full-text index knows them by."""
        ...

    def document_ids(self, after: int, limit: int) -> list[int]:
        """These numbers in order, beyond `after`: to build the index."""
        ...

    def document_revisions(self) -> dict[int, int]:
        """How often each note was saved, by these numbers."""
        ...

    def documents_by_title(self, ids: Sequence[int], limit: int, offset: int) -> list[int]:
        """One page of these numbers in the order of the notes' titles."""
        ...

    def containing(self, words: Sequence[str], limit: int) -> list[int]:
        """Numbers of the newest notes whose text has every word: the answer while there is no index. Slow."""
        ...

    def damaged(self) -> Iterator[str]:
        """Ids of notes that are not as they were saved."""
        ...


class NoteTexts(Protocol):
    """A note as Markdown with front matter, as it is edited and exported."""

    def write(self, content: NoteContent, template: NoteTemplate) -> str:
        """The text; the fields of the template that are empty are there to be filled in."""
        ...

    def read(self, text: str, template: NoteTemplate) -> NoteContent:
        """What the text says. Raises `NoteRefusedError`, which names the line and what is wrong."""
        ...

    def template_name(self, text: str) -> str:
        """The name of the template that the text says it follows; "" where it says none."""
        ...


class NoteTemplates(Protocol):
    """The bundled templates and the user's own."""

    def names(self) -> list[str]:
        """What there is."""
        ...

    def find(self, name: str) -> NoteTemplate | None:
        """The template; a user's own counts more. Raises `TemplateError`, which names file, line and what is wrong."""
        ...
