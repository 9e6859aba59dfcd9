"""Change notes: written, shipped, verified, and asked what changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from difflib import unified_diff
from typing import TYPE_CHECKING

from kbtui.core.actor import Actor
from kbtui.core.errors import (
    EvidenceTooLargeError,
    NoteConflictError,
    NoteNotFoundError,
    NoteStateError,
    TemplateError,
    UsageError,
)
from kbtui.core.measuring.measurement import Comparison
from kbtui.core.notes.change_note import (
    DEFAULT_TEMPLATE,
    VERDICTS,
    ChangeNote,
    NoteContent,
    NoteEvidence,
    NoteFilter,
    NoteInfo,
    NoteRevision,
    NoteState,
)
from kbtui.core.notes.content import hash_of, named_paths, secrets_in, to_document
from kbtui.core.notes.fields import missing
from kbtui.core.notes.template import NoteTemplate
from kbtui.core.ports import Clock, NoteStore, NoteTemplates, NoteTexts
from kbtui.core.post import Post
from kbtui.core.text import shorten
from kbtui.core.ulid import new_ulid

if TYPE_CHECKING:
    from kbtui.core.secrets.scanning import SecretFinding

LIMIT = 50
BYTES_PER_MB = 1_000_000
MAX_LINES = 10_000
"""Lines of two revisions beyond which they are not compared: it could take half a minute."""
_TRIES = 8
_SHOWN = 3


class Changes:
    """The change notes of a library. What a method has returned from is on disk."""

    def __init__(
        self,
        *,
        store: NoteStore,
        texts: NoteTexts,
        templates: NoteTemplates,
        clock: Clock,
        actor: Callable[[], Actor],
        due: timedelta,
        evidence_mb: int,
    ) -> None:
        self._store = store
        self._texts = texts
        self._templates = templates
        self._clock = clock
        self._actor = actor
        self._due = due
        self.evidence_limit = evidence_mb * BYTES_PER_MB
        """Bytes of one piece of evidence, and of what is written into a note."""

    # Writing

    def create(self, content: NoteContent, *, shipped_at: datetime | None = None) -> ChangeNote:
        """Keep a new note: a draft, or shipped at that time.

        Raises `UsageError` where the reason is empty, or of a shipped note a field that its template requires;
        `EvidenceTooLargeError` beyond `evidence_limit`.
        """
        self._check(content)
        if shipped_at is not None:
            self._require(content)
        now = self._clock()
        info = NoteInfo(
            id=new_ulid(now), title=content.title, state=NoteState.DRAFT, author=self._actor().who,
            created_at=now, updated_at=now,
        )  # fmt: skip
        if shipped_at is not None:
            info = self._shipped(info, shipped_at)
        self._store.add(ChangeNote(info=info, content=content), "written" if shipped_at is None else "shipped")
        return self.note(info.id)

    def save(self, note_id: str, content: NoteContent, *, based_on: int) -> ChangeNote:
        """Save other content as a revision; unchanged content saves nothing and gives the note as it is.

        Raises `NoteConflictError` where the note was saved elsewhere since `based_on`, and the other state stays;
        `NoteDrafts.save` then keeps this text.
        """
        self._check(content)
        note = self.note(note_id)
        if hash_of(content) == hash_of(note.content):
            return note
        changed = replace(note, content=content, info=replace(note.info, updated_at=self._clock()))
        return self._store.revise(changed, based_on=based_on, who=self._actor().who, what="written")

    def ship(self, note_id: str, at: datetime | None = None) -> ChangeNote:
        """A draft is now live; its verification is due after the library's time.

        Raises `NoteStateError`, or `UsageError` where a field is empty that its template requires.
        """

        def shipped(note: ChangeNote) -> NoteInfo:
            if note.info.state is not NoteState.DRAFT:
                raise NoteStateError(f"The note {note_id} is {note.info.state.value} already.")
            self._require(note.content)
            return self._shipped(note.info, at or self._clock())

        return self._change(note_id, shipped, "shipped")

    def verify(self, note_id: str, verdict: NoteState, outcome: str) -> ChangeNote:
        """Say what became of a shipped change: one of `VERDICTS`, with words. A verdict may be changed later.

        Raises `NoteStateError` for a draft, `UsageError` without words.
        """
        outcome = outcome.strip()
        if verdict not in VERDICTS:
            verdicts = ", ".join(one.value for one in VERDICTS)
            raise UsageError(f"A change cannot be verified as {verdict.value}; choose one of {verdicts}.")
        if not outcome:
            raise UsageError("Say in a few words what was seen.")
        self._measure(outcome, "outcome")

        def verified(note: ChangeNote) -> NoteInfo:
            if note.info.state is NoteState.DRAFT:
                raise NoteStateError(f"The note {note_id} is a draft; ship it before it is verified.")
            return replace(note.info, state=verdict, outcome=outcome, verified_at=self._clock(), due_at=None)

        return self._change(note_id, verified, f"{verdict.value}: {outcome}")

    def postpone(self, note_id: str, until: datetime) -> ChangeNote:
        """Verify it later. Raises `NoteStateError` unless it is shipped and not verified."""

        def postponed(note: ChangeNote) -> NoteInfo:
            state = note.info.state
            if state is not NoteState.SHIPPED:
                raise NoteStateError(f"The note {note_id} is {state.value}; it is not waiting to be verified.")
            return replace(note.info, due_at=until)

        return self._change(note_id, postponed, f"to be verified {until:%Y-%m-%d %H:%M}")

    def attach(self, note_id: str, text: str, origin: str) -> NoteEvidence:
        """Attach evidence. Raises `EvidenceTooLargeError`, `UsageError` where it is empty, `NoteNotFoundError`."""
        size = self._measure(text, "evidence")
        if not text.strip():
            raise UsageError("The evidence is empty.")
        evidence = NoteEvidence(number=0, origin=origin, size=size, at=self._clock(), who=self._actor().who)
        return self._store.attach(note_id, evidence, text)

    def secrets(self, content: NoteContent) -> list[tuple[str, SecretFinding]]:
        """What looks like a secret in a note, each with the name of its field: to be shown before it is saved.

        `core.notes.content.without_secrets` gives the same content with these masked.
        """
        return secrets_in(content)

    # As text: Markdown with front matter, as `NoteTexts` writes it

    def template(self, name: str) -> NoteTemplate:
        """The template of this name. Raises `UsageError` that names those there are, or `TemplateError`."""
        found = self._templates.find(name)
        if found is None:
            raise UsageError(f"There is no template {name!r}; choose one of {', '.join(self._templates.names())}.")
        return found

    def templates(self) -> list[str]:
        """The names of the templates."""
        return self._templates.names()

    def text(self, content: NoteContent) -> str:
        """A note's content as Markdown with front matter."""
        return self._texts.write(content, self._template_of(content.template))

    def read(self, text: str, template: str = "") -> NoteContent:
        """The content that a text like that of `text` says; `template` counts where it names none. Raises
        `NoteRefusedError`, `UsageError` where it names a template that there is not, or `TemplateError`."""
        name = self._texts.template_name(text) or template
        return self._texts.read(text, self.template(name) if name else self._template_of(DEFAULT_TEMPLATE))

    # Reading

    def note(self, note_id: str) -> ChangeNote:
        """The whole note. Raises `NoteNotFoundError`."""
        found = self._store.find(note_id)
        if found is None:
            raise NoteNotFoundError(f"There is no note {note_id!r}; `kbtui note list` shows what there is.")
        return found

    def resolve(self, beginning: str = "") -> str:
        """The id of the only note that begins so; without a beginning, of the newest. Raises `NoteNotFoundError`."""
        found = self._store.beginning_with(beginning.strip().upper(), _SHOWN + 1)
        if not found:
            what = f"No note begins with {shorten(beginning, 40)!r}" if beginning.strip() else "There is no note yet"
            raise NoteNotFoundError(f"{what}; `kbtui note list` shows what there is.")
        if len(found) > 1 and beginning.strip() and found[0] != beginning.strip().upper():
            several = ", ".join(found[:_SHOWN]) + (" and others" if len(found) > _SHOWN else "")
            raise NoteNotFoundError(f"Several notes begin with {shorten(beginning, 40)!r}: {several}.")
        return found[0]

    def page(self, wanted: NoteFilter | None = None, *, limit: int = LIMIT, offset: int = 0) -> list[NoteInfo]:
        """Notes by when the change happened, the newest first; with `due_before` the longest due first."""
        return self._store.page(wanted or NoteFilter(), limit=limit, offset=offset)

    def count(self, wanted: NoteFilter | None = None) -> int:
        """How many there are."""
        return self._store.count(wanted or NoteFilter())

    def due(self, limit: int = LIMIT) -> list[NoteInfo]:
        """Shipped changes whose effect should have been verified by now, the longest due first."""
        return self._store.page(NoteFilter(due_before=self._clock()), limit=limit)

    def unverified(self) -> tuple[int, int]:
        """How many shipped changes are not verified, and how many of them are due."""
        waiting = self._store.count(NoteFilter(states=(NoteState.SHIPPED,)))
        return waiting, self._store.count(NoteFilter(due_before=self._clock())) if waiting else 0

    def beside(self, post: Post, limit: int = 5) -> list[NoteInfo]:
        """Recent changes that name the post, or share a tool or a file with it."""
        return self._store.related(posts=[post.slug], tools=post.tools, files=named_paths(post.body), limit=limit)

    def blame(self, path: str, limit: int = LIMIT) -> list[ChangeNote]:
        """Every note that touched this file, newest first."""
        found = self._store.page(NoteFilter(files=(path,)), limit=limit)
        return [note for info in found if (note := self._store.find(info.id)) is not None]

    def revisions(self, note_id: str, limit: int = LIMIT) -> list[NoteRevision]:
        """The states of a note, newest first. Raises `NoteNotFoundError`."""
        return self._store.revisions(self.note(note_id).id, limit)

    def differences(self, note_id: str, older: int, newer: int) -> list[str]:
        """The lines of a unified comparison of two revisions as Markdown; none where they say the same. A revision 0 is
        empty. Raises `NoteNotFoundError`, or `UsageError` where they are too long to be compared."""
        known = {
            revision.number: revision.content for revision in self.revisions(note_id, self.note(note_id).info.revision)
        }
        for number in (older, newer):
            if number and number not in known:
                raise NoteNotFoundError(f"The note {note_id} has no revision {number}; it has 1 to {max(known)}.")
        before, after = (self.text(known[n]).split("\n") if n else [] for n in (older, newer))
        if len(before) + len(after) > MAX_LINES:
            raise UsageError(
                f"The two revisions have more than {MAX_LINES:,} lines together, too many to compare here."
            )
        names = f"revision {older}", f"revision {newer}"
        return list(unified_diff(before, after, *names, lineterm=""))

    def evidence_text(self, note_id: str, number: int) -> str:
        """The text of a piece of evidence; "" where there is none."""
        return self._store.evidence(note_id, number) or ""

    # Export

    def markdown(self, note_id: str) -> str:
        """A page to paste into a ticket: everything, with comparisons and evidence; safe to show."""
        # Here and below: only who exports needs it.
        from kbtui.core.notes.document import note_page

        note = self.note(note_id)
        template = self._template_of(note.content.template)
        return note_page(note, self._comparisons(note), lambda number: self.evidence_text(note.id, number), template)

    def trailer(self, note_id: str) -> str:
        """Lines for the end of a commit message."""
        from kbtui.core.notes.document import note_trailer

        note = self.note(note_id)
        return note_trailer(note, self._comparisons(note))

    def changelog_entry(self, note_id: str) -> str:
        """One item for a changelog."""
        from kbtui.core.notes.document import note_changelog_entry

        note = self.note(note_id)
        return note_changelog_entry(note, self._comparisons(note))

    def _comparisons(self, note: ChangeNote) -> list[Comparison]:
        from kbtui.core.measuring.comparison import compare

        return compare(self._store.samples(note.id), note.content.files, note.content.commands)

    def _change(self, note_id: str, changed: Callable[[ChangeNote], NoteInfo], what: str) -> ChangeNote:
        """Save another state of a note with the content that it has by then."""
        for tries_left in range(_TRIES, -1, -1):
            note = self.note(note_id)
            info = replace(changed(note), updated_at=self._clock())
            try:
                return self._store.revise(
                    replace(note, info=info), based_on=note.info.revision, who=self._actor().who, what=what
                )
            except NoteConflictError:
                # Saved in between by someone else: what is asked for may still be done with what they made of it.
                if not tries_left:
                    raise
        raise AssertionError

    def _shipped(self, info: NoteInfo, at: datetime) -> NoteInfo:
        return replace(info, state=NoteState.SHIPPED, shipped_at=at, due_at=at + self._due)

    def _template_of(self, name: str) -> NoteTemplate:
        """The template of a note that there is; one that is gone or broken must not keep it from being written."""
        try:
            found = self._templates.find(name)
        except TemplateError:
            found = None
        return found or NoteTemplate(name=name, title=name)

    def _require(self, content: NoteContent) -> None:
        left = missing(content, self._template_of(content.template).fields)
        if left:
            names = ", ".join(f"{field.label} ({field.name})" for field in left)
            raise UsageError(f"A change by the template {content.template!r} goes live only with: {names}.")

    def _check(self, content: NoteContent) -> None:
        if not content.title:
            raise UsageError("The reason is empty; say in a few words why it was changed.")
        self._measure(json.dumps(to_document(content), ensure_ascii=False), "text of the note")

    def _measure(self, text: str, what: str) -> int:
        size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        if size > self.evidence_limit:
            raise EvidenceTooLargeError(what, self.evidence_limit // BYTES_PER_MB)
        return size
