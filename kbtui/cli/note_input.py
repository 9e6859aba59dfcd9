"""What a change note is made of on the command line: options, texts, the shell's history; and what must not be kept."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from kbtui.cli import narration
from kbtui.cli.session import Session, given
from kbtui.core.errors import EvidenceTooLargeError, KbtuiError, UsageError
from kbtui.core.measuring.measurement import METRICS, Metric, Phase
from kbtui.core.measuring.quantities import read_quantity
from kbtui.core.notes.change_note import Baseline, GitState, NoteContent
from kbtui.core.notes.content import without_secrets
from kbtui.core.notes.fields import field_text, form_fields, refusal, with_field
from kbtui.core.notes.template import NoteTemplate, TemplateField
from kbtui.core.secrets.scanning import SecretFinding, find_secrets, mask_secrets
from kbtui.core.text import shorten
from kbtui.core.workplace import HistoryCommand
from kbtui.library import Library
from kbtui.library.changes import BYTES_PER_MB
from kbtui.library.measuring import metric_named

HISTORY_LIMIT = 1_000
_COMPLETED = 50
_METRIC = re.compile(r"(?P<name>[^=]+)=(?P<before>.+?)\s*->\s*(?P<after>.+)", re.DOTALL)
_NUMBER = re.compile(r"\s*\d{1,9}\s*")
_UNIT = re.compile(r"\s*[-+]?[\d.,]+(?:[eE][-+]?\d+)?\s*")


@dataclass(frozen=True, slots=True)
class MetricGiven:
    """A metric as it is typed: `response time=420ms->180ms`."""

    metric: Metric
    before: str
    after: str

    def keep(self, library: Library, note_id: str) -> None:
        """Keep both numbers as samples of the note."""
        library.measuring.add(note_id, self.metric, Phase.BEFORE, [self.before])
        library.measuring.add(note_id, self.metric, Phase.AFTER, [self.after])


def complete_note(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids that begin so, for the shell, with their titles. Silent and without effect on any trouble."""
    session = ctx.find_object(Session) or Session(ctx.find_root().params.get("library"))
    # A library that cannot be read has nothing to complete, and a completion is no place to say why.
    with suppress(KbtuiError, OSError):
        if session.settings.library.is_dir():
            with session.open() as library:
                notes = library.changes.page(limit=_COMPLETED)
                return [
                    CompletionItem(note.id, help=note.title) for note in notes if note.id.startswith(incomplete.upper())
                ]
    return []


def has_person() -> bool:
    """Whether somebody sits before a terminal, to be asked or to write in an editor."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def read_text(library: Library, place: str, what: str) -> str:
    """The text of a file, or of standard input for `-`, at most as large as evidence may be."""
    limit = library.changes.evidence_limit
    try:
        if place == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(place).open("rb") as file:
                data = file.read(limit + 1)
    except OSError as error:
        raise UsageError(f"{place} cannot be read: {error.strerror}.") from error
    if len(data) > limit:
        raise EvidenceTooLargeError(what, limit // BYTES_PER_MB)
    return data.decode("utf-8", "surrogateescape")


def metrics_of(typed: Sequence[str]) -> list[MetricGiven]:
    """What `--metric` says. Raises `UsageError` for the first that does not say it rightly."""
    return [_metric(given(text)) for text in typed]


def _metric(text: str) -> MetricGiven:
    found = _METRIC.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} is no metric; write NAME=BEFORE->AFTER, such as 'response time=420ms->180ms'.")
    name, before, after = (found[part].strip() for part in ("name", "before", "after"))
    unit = "" if name in METRICS else _UNIT.sub("", before, count=1)
    metric = metric_named(name, unit)
    for number in (before, after):
        try:
            read_quantity(number, metric.unit)
        except ValueError as error:
            raise UsageError(f"The metric {name!r}: {error}.") from error
    return MetricGiven(metric, before, after)


def shell_commands(library: Library, limit: int) -> list[tuple[HistoryCommand, tuple[SecretFinding, ...]]]:
    """Commands of the shell's history, the newest first; those of kbtui do not count, so that numbers stay theirs."""
    found = library.capturing.history(HISTORY_LIMIT)
    return [each for each in found if not re.match(r"kbtui(?:\s|$)", each[0].text)][:limit]


def from_history(library: Library, typed: Sequence[str]) -> tuple[str, ...]:
    """The commands with these numbers (`3`, `4,2`), in the order in which they were named."""
    numbers = [number for text in typed for number in text.split(",")]
    if not numbers:
        return ()
    known = shell_commands(library, HISTORY_LIMIT)
    for number in numbers:
        if not (_NUMBER.fullmatch(number) and 1 <= int(number) <= len(known)):
            raise UsageError(
                f"There is no command {shorten(number.strip(), 40)!r}; `kbtui note from-shell` shows their numbers."
            )
    return tuple(known[int(number) - 1][0].text for number in numbers)


def field_values(typed: Sequence[str], template: NoteTemplate) -> list[tuple[TemplateField, str]]:
    """What `--field NAME=VALUE` says; several values of a list are its lines. Raises `UsageError`."""
    known = {field.name: field for field in form_fields(template)}
    values: dict[str, list[str]] = {}
    for text in map(given, typed):
        name, sign, value = text.partition("=")
        if not sign:
            raise UsageError(f"{text!r} is no field; write NAME=VALUE.")
        if name not in known:
            nearest = get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise UsageError(f"The template {template.name!r} has no field {name!r}; the nearest is {nearest!r}.")
        values.setdefault(name, []).append(value)
    found = [(known[name], "\n".join(said)) for name, said in values.items()]
    for field, value in found:
        if problem := refusal(field, value):
            raise UsageError(problem)
    return found


def completed(
    content: NoteContent, template: NoteTemplate, options: Mapping[str, object], typed: Sequence[str]
) -> NoteContent:
    """The content with what options and `--field` say, and with the template's defaults where nothing is said."""
    said: dict[str, Any] = {}
    for name, value in options.items():
        if isinstance(value, str):
            said[name] = given(value)
        elif isinstance(value, tuple) and value:
            said[name] = tuple(map(given, value))
    content = replace(content, **said)
    for field, text in field_values(typed, template):
        content = with_field(content, field, text)
    for field in template.fields:
        if field.default and not field_text(content, field):
            content = with_field(content, field, field.default)
    return content


def filled_up(said: NoteContent, captured: NoteContent) -> NoteContent:
    """What a text says, and what was captured where it says nothing."""
    changed = {
        field.name: value
        for field in fields(NoteContent)
        if (value := getattr(said, field.name)) and value not in (Baseline(), GitState())
    }
    return replace(captured, **changed)


def tell_secrets(found: Iterable[tuple[str, SecretFinding]], *, keep: bool) -> None:
    """Say what looks like a secret, and where, but not the secret itself."""
    for name, finding in found:
        what = "kept as it is" if keep else "stored masked; --keep-secrets keeps it"
        narration.say(f"{name.replace('_', ' ')}, line {finding.line}: looks like a secret ({finding.rule}), {what}.")


def checked(library: Library, content: NoteContent, *, keep_secrets: bool) -> NoteContent:
    """The content as it may be stored; what looks like a secret is told, and masked unless it is to be kept."""
    found = library.changes.secrets(content)
    tell_secrets(found, keep=keep_secrets)
    return content if keep_secrets or not found else without_secrets(content)


def checked_text(text: str, name: str, *, keep_secrets: bool) -> str:
    """The same for a single text."""
    found = find_secrets(text)
    tell_secrets(((name, finding) for finding in found), keep=keep_secrets)
    return text if keep_secrets or not found else mask_secrets(text)
