"""`note`: what change notes say, how they became so, and what there is to write them with."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from kbtui.cli import narration, note_input, note_output, output, paging
from kbtui.cli.note_input import complete_note
from kbtui.cli.results import MAX_LIMIT
from kbtui.cli.session import Session, given, pass_session
from kbtui.cli.showing import complete_slug
from kbtui.core.errors import EXIT_FAILED, TemplateError, UsageError
from kbtui.core.notes.change_note import NoteFilter, NoteState
from kbtui.core.secrets.scanning import mask_secrets
from kbtui.core.text import clean
from kbtui.library import Library

_NOTE = click.argument("note_id", metavar="[NOTE]", default="", shell_complete=complete_note)
_LIMIT = click.option(
    "-n", "--limit", metavar="N", type=click.IntRange(1, MAX_LIMIT), default=50, help="At most N (50)."
)


@click.command("list")
@click.option("--due", is_flag=True, help="Only those that should have been verified by now, the longest due first.")
@click.option("--state", type=click.Choice([state.value for state in NoteState]), help="Only notes in this state.")
@click.option("--file", "files", metavar="PATH", multiple=True, help="Only notes that touched it, or one of them.")
@click.option("--tool", "tools", metavar="NAME", multiple=True, help="Only notes with it, or one of them.")
@click.option("--post", "posts", metavar="SLUG", multiple=True, shell_complete=complete_slug, help="Only notes on it.")
@_LIMIT
@click.option("--json", "as_json", is_flag=True, help="One array of objects.")
@pass_session
@click.pass_context
def list_notes(
    ctx: click.Context,
    session: Session,
    *,
    state: str | None,
    files: tuple[str, ...],
    tools: tuple[str, ...],
    posts: tuple[str, ...],
    due: bool,
    limit: int,
    as_json: bool,
) -> None:
    """List notes by when the change happened, the newest first.

    In a pipe each note is one line: id, state, when it happened, when it is to be verified, owner, environment, title.
    The objects of --json have these keys: id, title, state, template, owner, author, environment, host, rollback,
    files, tools, posts, created_at, updated_at, shipped_at, due_at, due, verified_at, outcome, revision.

    \b
    Examples:
      kbtui note list --due
      kbtui note list --file nginx.conf --tool nginx
      kbtui note list --json | jq -r '.[] | select(.due) | .id'
    """
    with session.open() as library:
        wanted = NoteFilter(
            states=() if state is None else (NoteState(state),),
            files=tuple(map(given, files)),
            tools=tuple(map(given, tools)),
            posts=tuple(library.posts.get(given(slug)).slug for slug in posts),
            due_before=datetime.now(UTC) if due else None,
        )
        notes = library.changes.page(wanted, limit=limit)
        total = library.changes.count(wanted)
    note_output.write_notes(notes, as_json=as_json)
    if not notes:
        narration.say("No change is due." if due else "There is no such note; `kbtui note new` writes one.")
        ctx.exit(EXIT_FAILED)
    if total > len(notes):
        narration.say(f"{len(notes)} of {total:,}; -n shows more.")


@click.command()
@_NOTE
@click.option("--markdown", "form", flag_value="markdown", help="The page as it is, never through a pager.")
@click.option("--json", "form", flag_value="json", help="One object with everything.")
@click.option("--trailer", "form", flag_value="trailer", help="Lines for the end of a commit message.")
@click.option("--changelog", "form", flag_value="changelog", help="An item for a changelog.")
@pass_session
def show(session: Session, note_id: str, form: str | None) -> None:
    """Show a note as a page that can be pasted into a ticket: Markdown, safe to show.

    The object of --json has the keys of `note list`, and: content (all that was written: reason, template, files,
    commands, owner, expected, rollback, baseline, assumptions, cache_cleared, tools, stack, environment, host, posts,
    run, git, fields), evidence (number, from, bytes, at, who) and comparisons (metric, unit, better, verdict,
    median_before, median_after, ratio, interval, before, after, failed, sentence, warnings).

    \b
    Examples:
      kbtui note show
      kbtui note show 01JD --markdown | pbcopy
      git commit -m "Raise the pool" -m "$(kbtui note show 01JD --trailer)"
      kbtui note show 01JD --json | jq -r '.comparisons[].sentence'
    """
    with session.open() as library:
        changes = library.changes
        found = changes.resolve(given(note_id))
        if form == "json":
            output.document(note_output.note_document(changes.note(found), library.measuring.compare(found)))
        elif form == "trailer":
            output.text(changes.trailer(found))
        elif form == "changelog":
            output.text(changes.changelog_entry(found))
        else:
            _show_page(clean(changes.markdown(found)), pager=form is None)


@click.command()
@_NOTE
@click.option(
    "--diff",
    metavar="[N[:M]]",
    is_flag=False,
    flag_value="",
    help="Instead: what changed since revision N, from N to M, or last.",
)
@_LIMIT
@click.option("--json", "as_json", is_flag=True, help="One array of objects: revision, saved_at, who, what, content.")
@pass_session
def history(session: Session, note_id: str, diff: str | None, limit: int, *, as_json: bool) -> None:
    """Show the states that a note was in, newest first.

    In a pipe each is one line: revision, time, who saved it and what was done. With --diff the unified difference of
    two of them is shown instead, as Markdown.

    \b
    Examples:
      kbtui note history 01JD
      kbtui note history 01JD --diff
      kbtui note history 01JD --diff 1:3
    """
    if diff is not None and as_json:
        raise UsageError("--diff and --json exclude each other.")
    with session.open() as library:
        found = library.changes.resolve(given(note_id))
        if diff is None:
            note_output.write_revisions(library.changes.revisions(found, limit), as_json=as_json)
            return
        older, newer = _numbers(diff, library.changes.note(found).info.revision)
        lines = library.changes.differences(found, older, newer)
    if lines:
        output.text("\n".join(lines) + "\n")
    else:
        narration.say(f"Revisions {older} and {newer} say the same.")


@click.command()
@click.argument("name", default="")
@pass_session
def templates(session: Session, name: str) -> None:
    """List the templates, or the fields of one.

    In a pipe a template is one line: name, title, checklist and what is wrong with it; a field: name, type, required or
    not, label, choices and help. Files of your own are TOML, in the folder templates beside the configuration; one with
    the name of a bundled template counts instead of it. They are data and never run.

    \b
    A template:
      title = "Cache rule"
      help = "..."                    # optional, as are checklist = "slug" and the keys of a field but name
      [[fields]]
      name = "rule_name"
      label = "Name of the rule"
      type = "line"                   # line, text, list, choice, yes/no, number
      required = true
      help = "..."
      choices = []                    # of a choice
      default = ""

    \b
    Examples:
      kbtui note templates
      kbtui note templates cache-rule
    """
    with session.open() as library:
        if name:
            note_output.write_fields(library.changes.template(given(name)))
            return
        rows = [_template_row(library, each) for each in library.changes.templates()]
    output.table(rows, ("template", "title", "checklist", "problem"))


@click.command("from-shell")
@_LIMIT
@pass_session
@click.pass_context
def from_shell(ctx: click.Context, session: Session, limit: int) -> None:
    """Show the last commands of your shell (bash, zsh, fish), for `note new --from-history`.

    In a pipe each is one line: number, time where the history has one, and the command. What looks like a secret is
    masked, and commands of kbtui are left out. A shell may write its history only when it ends.

    \b
    Example:
      kbtui note from-shell -n 10
    """
    with session.open() as library:
        found = note_input.shell_commands(library, limit)
    rows = [
        (number, "" if command.at is None else note_output.time(command.at), mask_secrets(command.text))
        for number, (command, _) in enumerate(found, start=1)
    ]
    output.table(rows, ("number", "time", "command"))
    if not rows:
        narration.say("There is no history of a shell to be read.")
        ctx.exit(EXIT_FAILED)


def _show_page(text: str, *, pager: bool) -> None:
    command = paging.pager_for(text) if pager else None
    if command is None or not paging.page(command, text):
        output.write(text)


def _numbers(asked: str, current: int) -> tuple[int, int]:
    """The two revisions to compare; one number means against the current one, none the last two."""
    if not asked:
        return current - 1, current
    older, colon, newer = asked.partition(":")
    if not older.isdecimal() or (colon and not newer.isdecimal()):
        raise UsageError("--diff takes a revision N, or two of them as N:M.")
    return int(older), int(newer) if colon else current


def _template_row(library: Library, name: str) -> tuple[str, ...]:
    try:
        found = library.changes.template(name)
    except TemplateError as error:
        return name, "", "", str(error)
    return name, found.title, found.checklist, ""


COMMANDS = (list_notes, show, history, templates, from_shell)
