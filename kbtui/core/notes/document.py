"""A change note as it is handed on: a page for a ticket, lines for a commit message, an item for a changelog.

Everything in them is safe to show.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from kbtui.core.measuring.comparison import comparison_sentence
from kbtui.core.measuring.measurement import Comparison, Movement
from kbtui.core.measuring.plot import plot_lines
from kbtui.core.notes import lines as note_lines
from kbtui.core.notes.change_note import ChangeNote, FieldValue, NoteContent, NoteEvidence, NoteState
from kbtui.core.notes.template import NoteTemplate
from kbtui.core.text import clean, one_line

EvidenceOf = Callable[[int], str]
"""Gives the text of a piece of evidence by its number."""

TRAILER_WIDTH = 72
"""Columns of a commit message."""

PLOT_WIDTH = 64
LEAST_PLOTTED = 3
"""Samples on one side."""

_TOLD = (Movement.IMPROVED, Movement.WORSE, Movement.MOVED)


def note_page(
    note: ChangeNote,
    comparisons: Sequence[Comparison],
    evidence_of: EvidenceOf,
    template: NoteTemplate | None = None,
) -> str:
    """The whole note as Markdown, what it did and how to take it back before the rest.

    The template names its fields and gives their order.
    """
    parts = [f"# {note.content.title}", _list(_facts(note))]
    parts += [f"## {title}\n\n{body}" for title, body in _sections(note.content, comparisons, template) if body]
    parts += [_evidence(evidence, evidence_of(evidence.number)) for evidence in note.evidence]
    return "\n\n".join(part for part in parts if part) + "\n"


def note_trailer(note: ChangeNote, comparisons: Sequence[Comparison]) -> str:
    """Trailers as git-interpret-trailers(1) reads them: a line that goes on begins with a space.

    Each line of a way back is a trailer of its own, so that its commands stay apart.
    """
    said = [("Change-Note", note.id), ("Reason", note.content.reason)]
    said += [("Rollback", line) for line in note.content.rollback.split("\n")]
    said += [("Metric", comparison_sentence(comparison)) for comparison in comparisons]
    return "".join(_folded(f"{name}: {text}") for name, raw in said if (text := one_line(raw)))


def note_changelog_entry(note: ChangeNote, comparisons: Sequence[Comparison]) -> str:
    """One item of a list: what was changed, what that moved, and the id."""
    said = [comparison_sentence(comparison) for comparison in comparisons if comparison.movement in _TOLD]
    if note.info.state is NoteState.REVERTED:
        said.append(f"Reverted: {one_line(note.info.outcome)}")
    sentences = " ".join([_ended(note.content.title), *map(_ended, said)])
    return f"- {sentences} ({note.id})\n"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _folded(line: str) -> str:
    lines = textwrap.wrap(line, TRAILER_WIDTH, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines) + "\n"


def _facts(note: ChangeNote) -> Iterator[str]:
    info, content, git = note.info, note.content, note.content.git
    yield f"Note: {info.id}, {info.state.value}"
    if info.verified_at is not None:
        yield f"Outcome: {info.state.value}, {_time(info.verified_at)}: {one_line(info.outcome)}"
    elif info.due_at is not None:
        yield f"To be verified: {_time(info.due_at)}"
    yield f"Written: {_time(info.created_at)} by {one_line(info.author)}"
    if info.shipped_at is not None:
        yield f"Shipped: {_time(info.shipped_at)}"
    yield from _named("Owner", content.owner)
    yield from _named("Environment", content.environment)
    yield from _named("Host", content.host)
    yield from _named("Tools", ", ".join(content.tools))
    yield from _named("Stack", ", ".join(content.stack))
    yield from _named("Template", content.template)
    if git.commit or git.branch:
        branch = f" on {git.branch}" if git.branch else ""
        repository = f" of {git.repository}" if git.repository else ""
        author = f" by {git.author}" if git.author else ""
        counts = f", +{git.added:,} -{git.removed:,} lines" if git.added or git.removed else ""
        yield from _named("Commit", f"{git.commit or 'none yet'}{branch}{repository}{author}{counts}")
    yield from _named("Posts", ", ".join(content.posts))
    yield from _named("Run", content.run)


def _named(name: str, text: str) -> Iterator[str]:
    if said := one_line(text):
        yield f"{name}: {said}"


def _sections(
    content: NoteContent, comparisons: Sequence[Comparison], template: NoteTemplate | None
) -> Iterator[tuple[str, str]]:
    base = content.baseline
    yield "Reason", _text(content.reason) if one_line(content.reason) != content.title else ""
    yield "What it did", "\n\n".join(filter(None, (_list(_told(comparisons)), *map(_plot, comparisons))))
    yield "Expected result", _text(content.expected)
    yield "Rollback", _verbatim(content.rollback)
    yield "Commands", "\n\n".join(_fenced(command, "sh") for command in content.commands if command.strip())
    yield "Files", _list(_code(file) for file in content.files if file.strip())
    named = [("Route", base.route), ("Expected input", base.input), ("Noticed", base.noticed)]
    facts = _list(line for name, text in named for line in _named(name, text))
    yield "Baseline", "\n\n".join(filter(None, (facts, _verbatim(base.symptom))))
    yield "Assumptions", _list(map(one_line, content.assumptions))
    yield "Cache cleared", _text(content.cache_cleared)
    labels = {field.name: field.label for field in template.fields} if template is not None else {}
    known = [name for name in labels if name in content.fields]
    for name in (*known, *(name for name in content.fields if name not in labels)):
        label = labels.get(name) or name.replace("_", " ").capitalize()
        yield one_line(label) or "Further", _field(content.fields[name])


def _plot(comparison: Comparison) -> str:
    """A picture of the samples, where there are enough to show more than two dots."""
    if max(len(comparison.before), len(comparison.after)) < LEAST_PLOTTED:
        return ""
    return _fenced("\n".join([comparison.metric.name, *plot_lines(comparison, PLOT_WIDTH)]), "text")


def _told(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """What each metric did, then what speaks against it, each sentence once."""
    for comparison in comparisons:
        tries = "1 try" if comparison.failed == 1 else f"{comparison.failed:,} tries"
        yield comparison_sentence(comparison) + (f" {tries} gave no number." if comparison.failed else "")
    warnings = (one_line(warning) for comparison in comparisons for warning in comparison.warnings)
    yield from (f"Note: {warning}" for warning in dict.fromkeys(warnings))


def _field(value: FieldValue) -> str:
    return _verbatim(value) if isinstance(value, str) else _list(map(one_line, value))


def _evidence(evidence: NoteEvidence, text: str) -> str:
    where = f"{one_line(evidence.who)}, {_time(evidence.at)}, {evidence.size:,} bytes"
    origin = one_line(evidence.origin) or "pasted"
    return f"## Evidence {evidence.number}: {origin}\n\n{where}\n\n{_fenced(text, 'text')}"


def _text(text: str) -> str:
    """A text as it was written; what in it would begin a section of the page, or swallow the rest, does not."""
    lines: list[str] = []
    for line, fence, is_unclosed in note_lines.fences(note_lines.trimmed(clean(text)).split("\n")):
        bare = line.lstrip(" ")
        is_sign = fence is None and (is_unclosed or bare.startswith(("#", "<")))
        lines.append(f"{line[: len(line) - len(bare)]}\\{bare}" if is_sign else line)
    return "\n".join(lines)


def _verbatim(text: str) -> str:
    """A text that is likely to be commands or output: several lines of it as code, unless it has blocks of its own."""
    kept = note_lines.trimmed(text)
    has_blocks = any(fence is not None for _, fence, _ in note_lines.fences(kept.split("\n")))
    return _fenced(kept, "text") if "\n" in kept and not has_blocks else _text(kept)


def _fenced(text: str, language: str) -> str:
    return "\n".join(note_lines.fenced(clean(text).rstrip("\n"), language))


def _code(text: str) -> str:
    """A text as code inside of a line, whatever ticks are in it."""
    said = one_line(text)
    ticks = "`" * (note_lines.longest_run(said) + 1)
    edge = " " if said.startswith("`") or said.endswith("`") else ""
    return f"{ticks}{edge}{said}{edge}{ticks}"


def _list(lines: Iterator[str]) -> str:
    return "\n".join(f"- {line}" for line in lines if line)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%SZ}"
