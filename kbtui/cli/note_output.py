"""How change notes are written: for people, as lines and as JSON. Scripts rely on the keys."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime

from kbtui.cli import comparison_output, narration, output
from kbtui.core.measuring.measurement import Comparison
from kbtui.core.notes.change_note import ChangeNote, NoteInfo, NoteRevision
from kbtui.core.notes.content import to_document
from kbtui.core.notes.fields import form_fields
from kbtui.core.notes.template import NoteTemplate
from kbtui.core.post import Json
from kbtui.core.secrets.scanning import mask_secrets
from kbtui.core.text import one_line, shorten

TEXT_WIDTH = 120
_WIDEST = 100
_BESIDE_TITLE = 64
"""Columns of an id, a state and a time."""


def info_document(note: NoteInfo) -> dict[str, Json]:
    """A note of a list as JSON; `due` says whether it should have been verified by now."""
    return {
        "id": note.id,
        "title": note.title,
        "state": note.state.value,
        "template": note.template,
        "owner": note.owner,
        "author": note.author,
        "environment": note.environment,
        "host": note.host,
        "rollback": note.rollback,
        "files": list(note.files),
        "tools": list(note.tools),
        "posts": list(note.posts),
        "created_at": note.created_at.isoformat(),
        "updated_at": note.updated_at.isoformat(),
        "shipped_at": _iso(note.shipped_at),
        "due_at": _iso(note.due_at),
        "due": note.is_due(datetime.now(UTC)),
        "verified_at": _iso(note.verified_at),
        "outcome": note.outcome,
        "revision": note.revision,
    }


def note_document(note: ChangeNote, comparisons: Sequence[Comparison]) -> dict[str, Json]:
    """A whole note as JSON: what a list has of it, what was written, the evidence by name and the comparisons."""
    return {
        **info_document(note.info),
        "content": to_document(note.content),
        "evidence": [
            {"number": one.number, "from": one.origin, "bytes": one.size, "at": one.at.isoformat(), "who": one.who}
            for one in note.evidence
        ],
        "comparisons": [comparison_output.comparison_document(one) for one in comparisons],
    }


def write_notes(notes: Sequence[NoteInfo], *, as_json: bool) -> None:
    """Notes, a line each; in a pipe also when it is to be verified, owner and environment."""
    if as_json:
        output.document([info_document(note) for note in notes])
    elif output.is_terminal():
        now, room = datetime.now(UTC), max(output.MIN_WIDTH // 2, output.width() - _BESIDE_TITLE)
        rows = [
            (
                note.id,
                "due" if note.is_due(now) else note.state.value,
                f"{note.happened_at:%Y-%m-%d %H:%MZ}",
                shorten(note.title, room),
            )
            for note in notes
        ]
        output.table(rows, ("note", "state", "happened", "title"))
    else:
        output.lines(
            (
                note.id,
                note.state.value,
                time(note.happened_at),
                "" if note.due_at is None else time(note.due_at),
                note.owner,
                note.environment,
                shorten(note.title, TEXT_WIDTH),
            )
            for note in notes
        )


def write_revisions(revisions: Sequence[NoteRevision], *, as_json: bool) -> None:
    """The states of a note, a line each: number, when it was saved, by whom, and what was done."""
    if as_json:
        output.document(
            [
                {
                    "revision": one.number,
                    "saved_at": one.saved_at.isoformat(),
                    "who": one.who,
                    "what": one.what,
                    "content": to_document(one.content),
                }
                for one in revisions
            ]
        )
        return
    rows = [(one.number, time(one.saved_at), one.who, shorten(one.what, TEXT_WIDTH)) for one in revisions]
    output.table(rows, ("revision", "saved", "by", "what"))


def tell_note(note: ChangeNote, did: str) -> None:
    """What was done to a note, and what is next; in a pipe its id is written to standard output."""
    info = note.info
    narration.say(f"{did} {info.id}: {mask_secrets(info.title)}")
    if info.due_at is not None:
        narration.detail(f"to be verified by {time(info.due_at)}: `kbtui note verify {info.id} kept -m WORDS`")
    elif info.shipped_at is None:
        narration.detail(f"a draft; `kbtui note ship {info.id}` says that it is live")
    if not output.is_terminal():
        output.line(info.id)


def write_fields(template: NoteTemplate) -> None:
    """The fields of a template, then those of every note besides; in a pipe a line each."""
    asked = {field.name for field in template.fields}
    fields = form_fields(template)
    if not output.is_terminal():
        output.lines(
            (
                field.name,
                field.type.value,
                "required" if field.required else "",
                field.label,
                ", ".join(field.choices),
                field.help if field.name in asked else "",
            )
            for field in fields
        )
        return
    lines = [f"{template.title}: {template.help}" if template.help else template.title]
    for field in (field for field in fields if field.name in asked):
        kind = f"{field.type.value}, required" if field.required else field.type.value
        choices = f" One of {', '.join(field.choices)}." if field.choices else ""
        lines += ["", f"{field.name} ({kind})", f"  {field.label}: {field.help}{choices}"]
    lines += ["", f"As every note: {', '.join(field.name for field in fields if field.name not in asked)}."]
    output.write("\n".join(map(_wrapped, lines)) + "\n")


def _wrapped(line: str) -> str:
    width, indent = min(output.width(), _WIDEST), "  " if line.startswith("  ") else ""
    return textwrap.fill(one_line(line), width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def time(at: datetime) -> str:
    """A time as lists show it, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%SZ")


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
