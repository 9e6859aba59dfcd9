"""`changes` and `blame`: what was changed lately, and why a file is as it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from kbtui.cli import narration, note_output, output
from kbtui.cli.results import MAX_LIMIT
from kbtui.cli.session import Session, given, pass_session
from kbtui.cli.showing import complete_slug
from kbtui.core.errors import EXIT_FAILED
from kbtui.core.measuring.comparison import comparison_sentence
from kbtui.core.measuring.measurement import Comparison
from kbtui.core.notes.change_note import ChangeNote, NoteFilter, NoteInfo, NoteState
from kbtui.core.post import Json
from kbtui.core.text import one_line, shorten
from kbtui.core.times import parse_time

DEFAULT_LIMIT = 50
TEXT_WIDTH = 200
_COMMANDS_SHOWN = 5
_FILES_SHOWN = 4

LIMIT = click.option(
    "-n", "--limit", metavar="N", type=click.IntRange(1, MAX_LIMIT), default=DEFAULT_LIMIT, help="At most N (50)."
)
JSON = click.option("--json", "as_json", is_flag=True, help="One array of objects.")


@click.command()
@click.option("--since", metavar="TIME", help="6h, 90m, 2d, 1w before now; yesterday; 2026-11-01; 2026-11-01T14:30.")
@click.option("--until", metavar="TIME", help="The same; a day is meant to its end.")
@click.option("--file", "files", metavar="PATH", multiple=True, help="Whole, or its end: nginx.conf; repeatable.")
@click.option("--tool", "tools", metavar="NAME", multiple=True, help="Any of these tools; repeatable.")
@click.option(
    "--post", "posts", metavar="SLUG", multiple=True, shell_complete=complete_slug, help="Any of these posts."
)
@click.option("--owner", metavar="NAME", default="", help="Only changes of this owner.")
@click.option("--env", "environment", metavar="NAME", default="", help="Only changes in this environment.")
@click.option(
    "--state",
    "states",
    type=click.Choice([state.value for state in NoteState]),
    multiple=True,
    help="In any of these states.",
)
@LIMIT
@JSON
@pass_session
@click.pass_context
def changes(
    ctx: click.Context,
    session: Session,
    *,
    since: str | None,
    until: str | None,
    files: tuple[str, ...],
    tools: tuple[str, ...],
    posts: tuple[str, ...],
    owner: str,
    environment: str,
    states: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """Show what was changed, the newest first, and how to take it back.

    Times without a zone are those of this machine. In a pipe each change is one line: id, when, state, owner, title,
    rollback and files, separated by tabs.

    \b
    Examples:
      kbtui changes --since 6h
      kbtui changes --since yesterday --file nginx.conf
      kbtui changes --tool redis --state shipped --json | jq -r '.[].rollback'
    """
    now = datetime.now(UTC)
    wanted = NoteFilter(
        states=tuple(map(NoteState, states)),
        since=None if since is None else parse_time(given(since), now),
        until=None if until is None else parse_time(given(until), now, latest=True),
        files=tuple(map(given, files)),
        tools=tuple(map(given, tools)),
        posts=tuple(map(given, posts)),
        owner=given(owner),
        environment=given(environment),
    )
    with session.open() as library:
        found = library.changes.page(wanted, limit=limit)
        total = library.changes.count(wanted) if len(found) == limit else len(found)
    _write_changes(found, as_json=as_json)
    if found:
        if total > len(found):
            narration.say(f"{len(found)} of {total} shown; raise --limit for more.")
        return
    narration.say(_nothing(wanted))
    ctx.exit(EXIT_FAILED)


@click.command()
@click.argument("path")
@LIMIT
@JSON
@pass_session
@click.pass_context
def blame(ctx: click.Context, session: Session, path: str, limit: int, *, as_json: bool) -> None:
    """Show every change note that names a file, the newest first: when, who, why, the commands, and what it did.

    PATH is a file of the repository that one stands in, a whole path or the end of one. In a pipe each note is one
    line: id, when, who, title, commands and effect, separated by tabs.

    \b
    Examples:
      kbtui blame nginx.conf
      kbtui blame deploy/web.yaml --json | jq -r '.[0].content.commands[]'
    """
    with session.open() as library:
        notes: list[ChangeNote] = []
        for meant in dict.fromkeys((_in_repository(path), path)):
            notes = notes or library.changes.blame(given(meant), limit)
        found = [(note, library.measuring.compare(note.id)) for note in notes]
    if as_json:
        output.document([_blame_document(note, comparisons) for note, comparisons in found])
    elif output.is_terminal():
        output.write("\n".join(_block(note, comparisons) for note, comparisons in found))
    else:
        output.lines(_blame_fields(note, comparisons) for note, comparisons in found)
    if not found:
        narration.say(f"No change note names {path!r}; `kbtui changes` shows all.")
        ctx.exit(EXIT_FAILED)


def _in_repository(path: str) -> str:
    """The path as notes have it that were taken from git, where the file lies in a repository; else as it is."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - links are not followed: git knows their own names
    try:
        root = next((folder for folder in whole.parents if whole.is_file() and (folder / ".git").exists()), None)
    except (OSError, ValueError):
        return path
    return path if root is None else whole.relative_to(root).as_posix()


def _nothing(wanted: NoteFilter) -> str:
    if wanted == NoteFilter():
        return "No change was noted yet; `kbtui note new -m WHY` does it."
    return "No change is like that; `kbtui changes` shows all."


def _write_changes(found: Sequence[NoteInfo], *, as_json: bool) -> None:
    if as_json:
        output.document([note_output.info_document(note) for note in found])
    elif not output.is_terminal():
        output.lines(
            (
                note.id,
                note_output.time(note.happened_at),
                note.state.value,
                note.owner,
                note.title,
                note.rollback,
                ", ".join(note.files),
            )
            for note in found
        )
    else:
        output.write("".join(map(_change, found)))


def _change(note: NoteInfo) -> str:
    """A change on a terminal: what was done, then where and how to take it back."""
    lines = [f"{note_output.time(note.happened_at)}  {note.state.value}  {shorten(note.title, TEXT_WIDTH)}"]
    about = [note.owner, note.environment, note.host, _files(note.files), note.id]
    lines.append("    " + " · ".join(shorten(one, TEXT_WIDTH) for one in about if one))
    lines.append(f"    rollback: {shorten(note.rollback, TEXT_WIDTH) or 'none is written down'}")
    return _joined(lines)


def _files(files: Sequence[str]) -> str:
    more = f" and {narration.count(len(files) - _FILES_SHOWN, 'more file')}" if len(files) > _FILES_SHOWN else ""
    return ", ".join(files[:_FILES_SHOWN]) + more


def _effects(note: ChangeNote, comparisons: Sequence[Comparison]) -> list[str]:
    """What a change did: what was measured, then what was said."""
    said = [comparison_sentence(comparison) for comparison in comparisons]
    return [*said, f"{note.info.state.value}: {note.info.outcome}"] if note.info.outcome else said


def _who(note: ChangeNote) -> str:
    return note.info.owner or note.info.author


def _blame_document(note: ChangeNote, comparisons: Sequence[Comparison]) -> dict[str, Json]:
    return {
        **note_output.note_document(note, comparisons),
        "effects": list(_effects(note, comparisons)),
    }


def _blame_fields(note: ChangeNote, comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    return (
        note.id,
        note_output.time(note.info.happened_at),
        _who(note),
        note.info.title,
        "; ".join(note.content.commands),
        " ".join(_effects(note, comparisons)) or note.info.state.value,
    )


def _block(note: ChangeNote, comparisons: Sequence[Comparison]) -> str:
    info = note.info
    lines = [f"{note_output.time(info.happened_at)}  {one_line(_who(note))}  {info.state.value}  {info.id}"]
    lines += [f"    {one_line(line)}" for line in note.content.reason.strip().splitlines()]
    shown = note.content.commands[:_COMMANDS_SHOWN]
    lines += [f"    $ {shorten(command, TEXT_WIDTH)}" for command in shown]
    if len(note.content.commands) > len(shown):
        lines.append(f"    and {narration.count(len(note.content.commands) - len(shown), 'more command')}")
    lines += [f"    {one_line(effect)}" for effect in _effects(note, comparisons) or ["not measured, not verified yet"]]
    lines += [f"    rollback: {shorten(note.content.rollback, TEXT_WIDTH)}"] if note.content.rollback else []
    return _joined(lines)


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
