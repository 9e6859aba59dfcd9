"""The form that writes a change note. What is typed is on disk a moment later, saved or not."""

from __future__ import annotations

import os
from dataclasses import replace
from difflib import unified_diff
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from kbtui.core.errors import KbtuiError, NoteConflictError, NoteNotSavedError, TemplateError
from kbtui.core.notes.change_note import ChangeNote, NoteContent, NoteState
from kbtui.core.notes.fields import field_text, form_fields, with_field
from kbtui.core.notes.template import NoteTemplate
from kbtui.core.text import one_line, shorten
from kbtui.library import Library
from kbtui.tui.commands import bindings
from kbtui.tui.notes.commands import FORM
from kbtui.tui.notes.editing import edit_content, without_secrets
from kbtui.tui.presentation import BOLD, DIM
from kbtui.tui.screens.ask import AskScreen, Reply
from kbtui.tui.screens.room import Room
from kbtui.tui.screens.shell_history import HistoryScreen
from kbtui.tui.services import Services
from kbtui.tui.widgets.form_fields import REASON, FormField

KEEP_SECONDS = 0.5
"""How long what is typed may be on the screen alone."""
MINE, DISCARD, LEAVE = "mine", "discard", ""
_OF_NOTE = "note"


def note_of_draft(key: str) -> tuple[str, int]:
    """The id of the note and the revision that a draft was made from; "" and 0 for a new note."""
    kind, _, rest = key.partition("-")
    note_id, _, revision = rest.rpartition("-")
    return (note_id, int(revision)) if kind == _OF_NOTE and revision.isdecimal() else ("", 0)


class NoteForm(Room):
    """A form over the fields of a template and those of every note."""

    CSS_PATH = "note_form.tcss"
    AUTO_FOCUS = ".filled"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM)]

    def __init__(
        self,
        services: Services,
        content: NoteContent,
        *,
        note: ChangeNote | None = None,
        key: str = "",
        based_on: int = 0,
    ) -> None:
        """`content` is what to begin with; `note` the one that is changed, None for a new one.

        `key` is that of the draft that the content is from.
        """
        super().__init__(services)
        self._content = content
        self._note = note
        self._based_on = based_on or (0 if note is None else note.info.revision)
        self._key = key or self._new_key()
        self._is_continued = bool(key)
        self._template = NoteTemplate(name=content.template, title=content.template)
        self._typed = self._kept = content
        """What is filled in, and what of it is on disk."""
        self._is_of_run = note is None and bool(content.run)
        """Whether the evidence of the run goes with it."""
        self._is_saved = False
        self._is_built = False
        """Whether all fields are there."""

    def _new_key(self) -> str:
        if self._note is not None:
            return f"{_OF_NOTE}-{self._note.id}-{self._based_on}"
        return f"new-{os.urandom(4).hex()}"

    def compose(self) -> ComposeResult:
        yield Static("", id="title", markup=False)
        yield VerticalScroll(id="fields", can_focus=False)
        yield Static("", id="help", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._build()
        self.set_interval(KEEP_SECONDS, self._keep)

    @work(exclusive=True, group="build", exit_on_error=False)
    async def _build(self) -> None:
        """Lay the fields out as the template has them."""
        self._is_built = False
        name = self._content.template
        self._template = await self.services.reader.run(lambda library: library.changes.template(name))
        box = self.query_one("#fields", VerticalScroll)
        await box.remove_children()
        fields = form_fields(self._template)
        await box.mount_all(FormField(field, field_text(self._content, field) or field.default) for field in fields)
        self._is_built = True
        self._show_title()
        self.query(FormField).first().filled.focus()

    def _show_title(self) -> None:
        what = "New change note" if self._note is None else f"Change note “{shorten(self._note.content.title, 60)}”"
        git, template = self._content.git, self._template
        is_more = any(field.required and field.name != REASON for field in template.fields)
        required = "* has to be filled in before it ships" if is_more else "only the reason has to be typed"
        about = (
            f"template {one_line(template.name)}",
            required if self._note is None else f"revision {self._based_on}",
            one_line(f"{git.repository} {git.branch}".strip()),
            git.commit[:10],
            f"+{git.added} −{git.removed}" if git.added or git.removed else "",
            f"checklist {one_line(template.checklist)}" if template.checklist else "",
        )
        heading = Content.assemble((what, BOLD), "\n", (" · ".join(filter(None, about)), DIM))
        self.query_one("#title", Static).update(heading)

    # What is typed

    @property
    def content(self) -> NoteContent:
        """The note as it is filled in by now."""
        content = self._content
        for field in self.query(FormField):
            if field.is_changed or field.field.default:
                content = with_field(content, field.field, field.text)
        return content

    def _keep(self) -> None:
        """Have what is typed on disk, so that not even a lost terminal loses more than a moment of it."""
        content = self._typed
        if not self._is_saved and content != self._kept:
            self._kept = content
            self.services.writer.submit(lambda library: library.note_drafts.keep_form(self._key, content))

    def on_unmount(self) -> None:
        self._keep()

    def action_leave_room(self) -> None:
        """Leave the form; what is typed stays as a draft."""
        self._keep()
        if self._kept != self._content:
            told = "What you typed is kept; the next new note offers it. In the form, f8 throws it away."
            self.app.notify(told, markup=False)
        self.dismiss()

    @work(exclusive=True, group="help", exit_on_error=False)
    async def action_discard(self) -> None:
        """Leave the form and throw away what is typed, which is asked for where there is anything."""
        if self._typed != self._content or self._kept != self._content or self._is_continued:
            replies = [Reply(LEAVE, "Back to the form"), Reply(DISCARD, "Throw it away")]
            what = "What you typed is on disk as a draft until now."
            if await self.app.push_screen_wait(AskScreen(self.services, "Throw it away?", what, replies)) != DISCARD:
                return
        self._is_saved = True
        await self.services.writer.run(lambda library: library.note_drafts.forget_form(self._key))
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Only a new note can be saved as a draft: one that there is stays what it is."""
        return self._note is None if action == "save_draft" else True

    # Saving

    @work(exclusive=True, group="save", exit_on_error=False)
    async def action_save(self) -> None:
        """Save the note; a new one as shipped now."""
        await self._save(is_shipped=True)

    @work(exclusive=True, group="save", exit_on_error=False)
    async def action_save_draft(self) -> None:
        """Save the note as one that is not shipped yet."""
        await self._save(is_shipped=False)

    async def _save(self, *, is_shipped: bool) -> None:
        is_draft = not is_shipped if self._note is None else self._note.info.state is NoteState.DRAFT
        wrong = [field for field in self.query(FormField) if not field.check(as_draft=is_draft)]
        if wrong:
            wrong[0].filled.focus()
            # Behind a scroll that another field may have begun.
            self.call_after_refresh(wrong[0].scroll_visible, animate=False)
            self.notify(f"{wrong[0].field.label} is not right yet.", severity="warning", markup=False)
            return
        content = await self._without_secrets()
        if content is None:
            return
        # From here on nothing is kept behind the note's back; what is typed goes with it.
        self._is_saved = True
        try:
            note = await self.services.writer.run(lambda library: self._store(library, content, is_shipped=is_shipped))
        except KbtuiError as error:
            self._is_saved = False
            if not isinstance(error, NoteNotSavedError):
                raise
            await self._tell_not_saved(error, content)
            return
        self._end(note)

    async def _without_secrets(self) -> NoteContent | None:
        fields = {field.field.label: field for field in self.query(FormField)}
        kept = await without_secrets(self.app, self.services, {name: field.text for name, field in fields.items()})
        if kept is None:
            return None
        for name, text in kept.items():
            if text != fields[name].text:
                fields[name].fill(text)
        return self.content

    def _store(self, library: Library, content: NoteContent, *, is_shipped: bool) -> ChangeNote:
        """In the write lane."""
        if self._note is None:
            note = library.changes.create(content, shipped_at=self.services.now() if is_shipped else None)
            for origin, text in library.capturing.run_evidence(content.run) if self._is_of_run else ():
                library.changes.attach(note.id, text, origin)
        else:
            note = library.note_drafts.save(self._note.id, content, based_on=self._based_on)
        library.note_drafts.forget_form(self._key)
        return note

    def _end(self, note: ChangeNote) -> None:
        due = note.info.due_at
        when = f" To be verified by {due.astimezone():%Y-%m-%d %H:%M}." if due else ""
        self.app.notify(f"Saved “{shorten(note.content.title, 60)}”, {note.info.state.value}.{when}", markup=False)
        self.dismiss()

    async def _tell_not_saved(self, error: NoteNotSavedError, content: NoteContent) -> None:
        """Say why; where the note was saved elsewhere, show the difference and let the user choose."""
        note = self._note
        if note is None or not isinstance(error.cause, NoteConflictError):
            await self.app.push_screen_wait(AskScreen(self.services, "Not saved", str(error)))
            return
        theirs, lines = await self.services.reader.run(lambda library: _differences(library, note.id, content))
        replies = [
            Reply(MINE, "Save mine as the newest", "the other text stays in the revisions"),
            Reply(LEAVE, "Back to the form"),
        ]
        text = f"{error}\n\n" + "\n".join(lines)
        if await self.app.push_screen_wait(AskScreen(self.services, "Saved elsewhere", text, replies)) == MINE:
            self._based_on = theirs.info.revision
            await self._save(is_shipped=False)

    # Help with filling in

    @work(exclusive=True, group="help", exit_on_error=False)
    async def action_history(self) -> None:
        """Choose commands from the shell's history."""
        chosen = await self.app.push_screen_wait(HistoryScreen(self.services))
        field = next((field for field in self.query(FormField) if field.field.name == "commands"), None)
        if chosen and field is not None:
            text = field.text.rstrip("\n")
            field.fill(f"{text}\n{chosen}" if text else chosen)
            field.filled.focus()

    @work(exclusive=True, group="help", exit_on_error=False)
    async def action_template(self) -> None:
        """Choose what the form asks for; what is typed stays."""
        replies = await self.services.reader.run(_templates)
        name = await self.app.push_screen_wait(AskScreen(self.services, "Which template?", "", replies))
        if name is not None and name != self._content.template:
            self._content = replace(self.content, template=name)
            self._build()

    @work(exclusive=True, group="help", exit_on_error=False)
    async def action_editor(self) -> None:
        """Go on in the user's editor; what is saved there is saved, a new note as a draft."""
        self._keep()
        saved = await edit_content(self.app, self.services, self.content, self._note, self._based_on)
        if saved is not None:
            self._is_saved = True
            self.services.writer.submit(lambda library: library.note_drafts.forget_form(self._key))
            self.dismiss()

    @on(FormField.Entered)
    def _entered(self, event: FormField.Entered) -> None:
        event.stop()
        line = self.query_one("#help", Static)
        line.set_class(bool(event.problem), "-wrong")
        line.update(Content(" ".join(filter(None, (event.problem, one_line(event.field.help))))))

    @on(FormField.Changed)
    def _changed(self, event: FormField.Changed) -> None:
        event.stop()
        if self._is_built:
            self._typed = self.content


def _templates(library: Library) -> list[Reply]:
    """Each template with what it is for, or with what is wrong with it."""
    replies = []
    for name in library.changes.templates():
        try:
            template = library.changes.template(name)
            replies.append(Reply(name, template.title, template.help))
        except TemplateError as error:
            replies.append(Reply(name, name, str(error)))
    return replies


def _differences(library: Library, note_id: str, mine: NoteContent) -> tuple[ChangeNote, list[str]]:
    theirs = library.changes.note(note_id)
    before, after = (library.changes.text(content).split("\n") for content in (theirs.content, mine))
    return theirs, list(unified_diff(before, after, "saved elsewhere", "yours", lineterm=""))
