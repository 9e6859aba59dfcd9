"""`note`: change notes, written in one line, from a text or in the user's editor."""

from __future__ import annotations

import re
import shlex
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from difflib import unified_diff
from pathlib import Path

import click

from kbtui import editor
from kbtui.cli import narration, note_input, note_output, note_reading, note_verbs, output
from kbtui.cli.note_input import complete_note
from kbtui.cli.note_verbs import KEEP_SECRETS
from kbtui.cli.session import Session, bring_up_to_date, given, pass_session
from kbtui.cli.showing import complete_slug
from kbtui.core.errors import EditorError, KbtuiError, NoteConflictError, NoteNotSavedError, UsageError
from kbtui.core.notes.change_note import DEFAULT_TEMPLATE, ChangeNote, GitState, NoteContent
from kbtui.core.notes.template import NoteTemplate
from kbtui.core.revisions import Draft
from kbtui.core.secrets.scanning import mask_secrets
from kbtui.library import Library
from kbtui.library.changes import MAX_LINES

FROM_FILE = "The text is in FILE, or - for standard input; a draft is deleted once it is saved."
_LEFT_SHOWN = 3
_DRAFT_OF = re.compile(r"note-([0-9a-z]{26})-[0-9a-f]+")


@click.group()
def note() -> None:
    """Write down what was changed and why, and whether it held.

    NOTE is the id of a note or its beginning; where it can be left out the newest is meant. A note is a draft until it
    is shipped; from then on its effect waits to be verified. What looks like a secret is stored masked.

    \b
    Examples:
      kbtui note new -m 'Raise the pool: orders timed out at noon' --shipped
      kbtui note new --template cache-rule
      kbtui note list --due
      kbtui note verify 01JD kept -m 'no timeout since Monday'
      kbtui note show --markdown | pbcopy
    """


@note.command()
@click.argument("source", metavar="[-]", default="")
@click.option("-m", "--reason", metavar="TEXT", help="Why; no editor is opened.")
@click.option("--template", metavar="NAME", default="", help=f"Kind of change ({DEFAULT_TEMPLATE}).")
@click.option("--file", "files", metavar="PATH", multiple=True, help="A file that was changed; may be repeated.")
@click.option("--command", "commands", metavar="TEXT", multiple=True, help="A command that was run; may be repeated.")
@click.option("--from-history", metavar="N[,N]", multiple=True, help="Commands by their number in `note from-shell`.")
@click.option("--metric", "metrics", metavar="TEXT", multiple=True, help="'response time=420ms->180ms'")
@click.option("--owner", metavar="NAME", help="Who answers for it.")
@click.option("--expected", metavar="TEXT", help="What should be seen now.")
@click.option("--rollback", metavar="TEXT", help="How to take it back.")
@click.option("--env", "environment", metavar="NAME", help="Such as production.")
@click.option("--host", metavar="NAME", help="The machine, where it is not this one.")
@click.option("--tool", "tools", metavar="NAME", multiple=True, help="A tool that it concerns; may be repeated.")
@click.option("--post", "posts", metavar="SLUG", multiple=True, shell_complete=complete_slug, help="A post about it.")
@click.option("--run", "run_id", metavar="RUN", default="", help="The run of a checklist that it was made in.")
@click.option("--field", "own", metavar="NAME=VALUE", multiple=True, help="A field; may be repeated.")
@click.option("--shipped", is_flag=True, help="The change is live already.")
@click.option("--no-git", is_flag=True, help="Take nothing from git.")
@click.option("--edit", "by_editor", is_flag=True, help="Open the editor in any case.")
@click.option("--from-file", metavar="FILE", help=FROM_FILE)
@KEEP_SECRETS
@pass_session
def new(
    session: Session,
    /,
    *,
    source: str,
    template: str,
    metrics: tuple[str, ...],
    own: tuple[str, ...],
    from_history: tuple[str, ...],
    from_file: str | None,
    run_id: str,
    shipped: bool,
    no_git: bool,
    by_editor: bool,
    keep_secrets: bool,
    **options: str | tuple[str, ...] | None,
) -> None:
    """Write a change note.

    With -m it is done. With - or something piped in, the text is the reason, or Markdown as the editor shows it: the
    reason, then sections such as `## Commands` and `## Rollback`. Else your editor opens (VISUAL, EDITOR or vi).

    Files, commit, branch and author are taken from git, the owner from git or the system, tools from the post, commands
    from the run. An option that is given counts instead. In a pipe the id is written to standard output.

    \b
    Examples:
      kbtui note new -m 'Raise the pool: orders timed out at noon' --shipped
      kbtui note new -m 'Cache /static' --template cache-rule --field rule_name=static
      kbtui note new -m 'Add an index' --metric 'response time=420ms->180ms'
      kbtui note new -m 'Restart the queue' --from-history 3,2
      git log -1 --format=%B | kbtui note new
    """
    has_reason = options["reason"] is not None
    place = _place(source, from_file, has_reason, by_editor=by_editor)
    by_editor = by_editor or not (place or has_reason)
    with session.open() as library:
        _tell_left(library, from_file)
        kind = library.changes.template(given(template) or DEFAULT_TEMPLATE)
        measured = note_input.metrics_of(metrics)
        options["commands"] = (*(options["commands"] or ()), *note_input.from_history(library, from_history))
        text = _text_of(library, place)
        try:
            content = NoteContent(reason="", template=kind.name)
            if not from_file:
                content = _captured(library, kind, options["posts"], run_id, no_git=no_git)
            if place:
                content = note_input.filled_up(library.changes.read(text, kind.name), content)
                kind = library.changes.template(content.template)
            content = note_input.completed(content, kind, options, own)
            saved = _saved(library, content, shipped=shipped, by_editor=by_editor, keep_secrets=keep_secrets)
            if saved is not None and saved.content.run:
                for origin, evidence in library.capturing.run_evidence(saved.content.run):
                    library.changes.attach(saved.id, evidence, origin)
        except KbtuiError as error:
            if place != "-" or isinstance(error, NoteNotSavedError):
                raise
            raise library.note_drafts.kept(text, error) from error
        if saved is None:
            narration.say("Nothing was written, so nothing was saved.")
            return
        for metric in measured:
            metric.keep(library, saved.id)
        if from_file:
            library.note_drafts.discard(Path(from_file))
        bring_up_to_date(library)
    note_output.tell_note(saved, "Noted")


@note.command()
@click.argument("note_id", metavar="[NOTE]", default="", shell_complete=complete_note)
@click.option("--from-file", metavar="FILE", help=FROM_FILE)
@KEEP_SECRETS
@pass_session
def edit(session: Session, note_id: str, from_file: str | None, *, keep_secrets: bool) -> None:
    """Edit a note in your own editor, as Markdown with front matter.

    What comes back is checked and saved as a new revision. A text that cannot be saved stays in a file. Where the note
    was saved elsewhere meanwhile both are kept, and the difference is written to standard output.

    \b
    Examples:
      kbtui note edit 01JD
      kbtui note edit 01JD --from-file draft.md
    """
    if from_file is None and not note_input.has_person():
        raise UsageError("An editor needs a terminal; without one, give the text with --from-file.")
    with session.open() as library:
        found = library.changes.note(library.changes.resolve(given(note_id)))
        try:
            if from_file is None:
                draft = library.note_drafts.begin(found.content, found.id, found.info.revision)
                _run_editor(library, draft)
                saved = _finished(library, draft, keep_secrets=keep_secrets)
            else:
                content = library.changes.read(_text_of(library, from_file), found.content.template)
                content = note_input.checked(library, content, keep_secrets=keep_secrets)
                saved = library.note_drafts.save(found.id, content, based_on=found.info.revision)
                library.note_drafts.discard(Path(from_file))
        except NoteNotSavedError as error:
            _show_conflict(library, found.id, error)
            raise
        if saved is None or saved.info.revision == found.info.revision:
            narration.say("Nothing was changed.")
            return
        bring_up_to_date(library)
    narration.say(f"Saved {saved.id}, revision {saved.info.revision}: {mask_secrets(saved.info.title)}")


def _place(source: str, from_file: str | None, has_reason: bool, *, by_editor: bool) -> str:
    """Where the text of a new note is read from: a file, `-`, or "" where there is a reason or an editor."""
    if source not in ("", "-"):
        raise UsageError(f"{source!r} is no option; the reason goes with -m, and - reads standard input.")
    has_person = note_input.has_person()
    if by_editor and not has_person:
        raise UsageError("An editor needs a terminal; without one, leave --edit out and give the reason with -m.")
    place = from_file or source
    if place and (has_reason or (from_file and source)):
        raise UsageError("Choose one: -m, a FILE or standard input.")
    if place or has_reason or has_person:
        return place
    if sys.stdin is not None and sys.stdin.isatty():
        raise UsageError("An editor needs a terminal, and standard output is none; give the reason with -m.")
    return "-"


def _text_of(library: Library, place: str) -> str:
    """The text of a note that stands there; "" for no place. Raises `UsageError` where nothing does."""
    text = note_input.read_text(library, place, "text of the note") if place else ""
    if place and not text.strip():
        raise UsageError("Say why: with -m TEXT, or a text on standard input. An editor needs a terminal.")
    return text


def _captured(
    library: Library, kind: NoteTemplate, posts: str | tuple[str, ...] | None, run_id: str, *, no_git: bool
) -> NoteContent:
    """What need not be typed."""
    slugs = [library.posts.get(given(slug)).slug for slug in posts or ()]
    run = library.checklists.resolve(given(run_id)) if run_id else ""
    folder = Path("/")
    with suppress(OSError):  # a working directory may be gone
        folder = Path.cwd()
    content = library.capturing.begin(folder=folder, template=kind.name, post=slugs[0] if slugs else "", run=run)
    return replace(content, git=GitState(), files=()) if no_git else content


def _saved(
    library: Library, content: NoteContent, *, shipped: bool, by_editor: bool, keep_secrets: bool
) -> ChangeNote | None:
    """Keep a new note, or what an editor makes of it; None where that was nothing."""
    if by_editor:
        draft = library.note_drafts.begin(content)
        _run_editor(library, draft)
        if not content.reason or note_input.read_text(library, str(draft.path), "text of the note") != draft.text:
            return _from_editor(library, draft, shipped=shipped, keep_secrets=keep_secrets)
        # What was given was left as it is, which is enough for a note.
        library.note_drafts.discard(draft.path)
    content = note_input.checked(library, content, keep_secrets=keep_secrets)
    return library.changes.create(content, shipped_at=datetime.now(UTC) if shipped else None)


def _from_editor(library: Library, draft: Draft, *, shipped: bool, keep_secrets: bool) -> ChangeNote | None:
    """Keep what an editor made of a new note, which is a draft of a change until it has all that is required."""
    saved = _finished(library, draft, keep_secrets=keep_secrets)
    if saved is not None and shipped:
        try:
            return library.changes.ship(saved.id)
        except UsageError as error:
            raise UsageError(f"The note is kept as the draft {saved.id}. {error}") from error
    return saved


def _run_editor(library: Library, draft: Draft) -> None:
    try:
        editor.edit(editor.editor_command(), draft.path)
    except (EditorError, UsageError) as error:
        raise library.note_drafts.abandoned(draft, error) from error


def _finished(library: Library, draft: Draft, *, keep_secrets: bool) -> ChangeNote | None:
    # What cannot be read is refused below, with its reason.
    with suppress(KbtuiError):
        written = library.changes.read(note_input.read_text(library, str(draft.path), "text of the note"))
        note_input.tell_secrets(library.changes.secrets(written), keep=keep_secrets)
    return library.note_drafts.finish(draft, masked=not keep_secrets)


def _tell_left(library: Library, from_file: str | None) -> None:
    """Name the texts of notes that were not saved, as after a crash, and how to take them up."""
    left = [path for path in library.note_drafts.left() if from_file is None or path != Path(from_file).absolute()]
    for path in left[:_LEFT_SHOWN]:
        found = _DRAFT_OF.fullmatch(path.stem)
        verb = f"edit {found.group(1).upper()}" if found else "new"
        again = f"kbtui note {verb} --from-file {shlex.quote(str(path))}"
        narration.say(f"A text that was not saved is in {path}; `{again}` takes it.")
    if len(left) > _LEFT_SHOWN:
        narration.say(f"{len(left) - _LEFT_SHOWN} more lie beside it.")


def _show_conflict(library: Library, note_id: str, error: NoteNotSavedError) -> None:
    """The difference between the note as it is and the text that was not saved."""
    if not isinstance(error.cause, NoteConflictError):
        return
    stored = library.changes.text(library.changes.note(note_id).content).split("\n")
    typed = note_input.read_text(library, str(error.draft), "text of the note").split("\n")
    if len(stored) + len(typed) <= MAX_LINES:
        lines = unified_diff(stored, typed, f"{note_id} (revision {error.cause.found})", str(error.draft), lineterm="")
        output.text("\n".join(lines) + "\n")


for _command in (*note_verbs.COMMANDS, *note_reading.COMMANDS):
    note.add_command(_command)
