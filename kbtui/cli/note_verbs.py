"""`note`: what becomes of a change, and what is attached to it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import click

from kbtui.cli import narration, note_input, note_output
from kbtui.cli.note_input import complete_note
from kbtui.cli.session import Session, bring_up_to_date, given, pass_session
from kbtui.core.errors import UsageError
from kbtui.core.notes.change_note import VERDICTS, NoteState
from kbtui.core.secrets.scanning import mask_secrets
from kbtui.core.text import shorten
from kbtui.core.times import parse_time

KEEP_SECRETS = click.option("--keep-secrets", is_flag=True, help="Store what looks like a secret as it is.")

_NOTE = click.argument("note_id", metavar="NOTE", shell_complete=complete_note)
_DURATION = re.compile(r"\s*(?:\d+[smhdw])+\s*", re.IGNORECASE)


@click.command()
@_NOTE
@pass_session
def ship(session: Session, note_id: str) -> None:
    """Say that a change is live; its effect is to be verified from now on.

    \b
    Example:
      kbtui note ship 01JD
    """
    with session.open() as library:
        found = library.changes.resolve(given(note_id))
        saved = library.changes.ship(found)
        bring_up_to_date(library)
    note_output.tell_note(saved, "Shipped")


@click.command()
@_NOTE
@click.argument("verdict", type=click.Choice([verdict.value for verdict in VERDICTS]))
@click.option("-m", "--outcome", metavar="TEXT", required=True, help="What was seen, in a few words.")
@KEEP_SECRETS
@pass_session
def verify(session: Session, note_id: str, verdict: str, outcome: str, *, keep_secrets: bool) -> None:
    """Say what became of a shipped change: kept, reverted or inconclusive.

    A verdict can be changed later; every one stays in the history of the note.

    \b
    Examples:
      kbtui note verify 01JD kept -m 'p95 is 180 ms since Monday'
      kbtui note verify 01JD reverted -m 'the pool ran full again'
    """
    with session.open() as library:
        found = library.changes.resolve(given(note_id))
        words = note_input.checked_text(given(outcome), "outcome", keep_secrets=keep_secrets)
        saved = library.changes.verify(found, NoteState(verdict), words)
        bring_up_to_date(library)
    narration.say(f"{verdict.capitalize()}: {mask_secrets(saved.info.title)} ({saved.id}).")


@click.command()
@_NOTE
@click.argument("when", metavar="TIME")
@pass_session
def postpone(session: Session, note_id: str, when: str) -> None:
    """Verify a change later: TIME is a length such as 90m, 6h, 2d or 1w, or 2026-12-01.

    \b
    Example:
      kbtui note postpone 01JD 2d
    """
    now = datetime.now(UTC)
    until = parse_time(given(when), now)
    if _DURATION.fullmatch(when):
        until = now + (now - until)
    if until <= now:
        raise UsageError(f"{shorten(when, 40)!r} is not later than now.")
    with session.open() as library:
        saved = library.changes.postpone(library.changes.resolve(given(note_id)), until)
    narration.say(f"To be verified by {note_output.time(until)}: {mask_secrets(saved.info.title)} ({saved.id}).")


@click.command()
@_NOTE
@click.argument("file")
@click.option("--origin", metavar="TEXT", help="Where it comes from, instead of the name of the file.")
@KEEP_SECRETS
@pass_session
def attach(session: Session, note_id: str, file: str, origin: str | None, *, keep_secrets: bool) -> None:
    """Attach evidence: the text of FILE, or of standard input for -.

    The limit is evidence_limit_mb of the configuration.

    \b
    Examples:
      psql -f plan.sql | kbtui note attach 01JD - --origin 'plan after'
      kbtui note attach 01JD error.log
    """
    with session.open() as library:
        found = library.changes.resolve(given(note_id))
        text = note_input.read_text(library, file, "evidence").encode("utf-8", "surrogateescape")
        kept = note_input.checked_text(text.decode("utf-8", "replace"), "evidence", keep_secrets=keep_secrets)
        named = origin if origin is not None else ("pasted" if file == "-" else Path(file).name)
        where = note_input.checked_text(given(named), "origin", keep_secrets=keep_secrets)
        evidence = library.changes.attach(found, kept, where)
        bring_up_to_date(library)
    narration.say(f"Attached as evidence {evidence.number} of {found} ({evidence.size:,} bytes).")


COMMANDS = (ship, verify, postpone, attach)
