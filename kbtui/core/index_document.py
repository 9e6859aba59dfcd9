"""What the full-text index is told of a post or a change note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from kbtui.core.post import Json, Post, facet_value
from kbtui.core.searching.clauses import KNOWN_GOOD

if TYPE_CHECKING:
    from kbtui.core.notes.change_note import ChangeNote

POST_KIND = "post"
NOTE_KIND = "note"
KINDS = (POST_KIND, NOTE_KIND)
"""What the index can hold; a document's key is its id times `_KEY_STEP` plus the place of its kind here."""
_KEY_STEP = 8

MOST_META_VALUES = 64
"""How many values of unknown metadata a post can be filtered by."""

MOST_FILE_VALUES = 500
"""How many paths and ends of paths a note can be filtered by; words of its text are searched as well."""

_MOST_NESTED = 8
# What cannot stand in the name of a field in a query.
_NOT_IN_KEY = re.compile(r'[\s:"(),]+')

_HEADING = re.compile(r"^#{1,6}[ \t](.*)$", re.MULTILINE)
_TASK = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)]) \[[ xX]\] ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What the full-text index is told of a post or note."""

    key: int
    """Unique over all kinds: see `document_key`."""
    names: tuple[str, ...]
    """Title, aliases and file name, the title first: an exact match of one comes before everything."""
    labels: tuple[str, ...] = ()
    """Short texts that say what it is about: tools, tags, entities, topic."""
    headings: tuple[str, ...] = ()
    lead: str = ""
    """Summary, brief and the like."""
    body: str = ""
    values: tuple[tuple[str, str], ...] = ()
    """(field, value) for filters and facets; values are folded."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """By name of `core.clauses.RANGE_FIELDS`, or `KNOWN_GOOD`; days as proleptic ordinals. The unknown is left out."""
    revision: int = 0
    """32 bits that change whenever the content does: how often it was saved."""


def document_key(post_id: int, kind: str = POST_KIND) -> int:
    """The key of a document."""
    return post_id * _KEY_STEP + KINDS.index(kind)


def document_id(key: int) -> int:
    """The id that a key was made of."""
    return key // _KEY_STEP


def document_kind(key: int) -> str:
    """The kind that a key was made of."""
    return KINDS[key % _KEY_STEP]


def index_document(post: Post) -> IndexDocument:
    """Title, aliases and file name as names; labels and headings apart; summary, brief and the like before the body."""
    stem = post.path.rpartition("#")[0] or post.path
    stem = stem.rpartition("/")[2].rpartition(".")[0]
    labels = (
        post.topic,
        *post.tools,
        *post.stack,
        *post.tags,
        post.language,
        *(e.name for e in post.entities),
    )
    lead = (post.summary, post.brief, *(text for _, text in post.outline), *post.checklist, *post.notes)
    return IndexDocument(
        key=document_key(post.id),
        names=tuple(dict.fromkeys((post.title, *post.aliases, post.slug, *([stem] if stem else [])))),
        labels=tuple(label for label in labels if label),
        headings=tuple(heading.strip(" \t").rstrip("#").rstrip() for heading in _HEADING.findall(post.body)),
        lead="\n".join(part for part in lead if part),
        body=post.body,
        values=tuple(dict.fromkeys(_values(post))),
        revision=post.saves & 0xFFFFFFFF,
        numbers={name: number for name, number in _numbers(post) if number is not None},
    )


def index_note(
    number: int, note: ChangeNote, evidence: Sequence[str] = (), metrics: Sequence[str] = ()
) -> IndexDocument:
    """The document of a note, with the texts of its evidence and the names of what was measured.

    The title as its name; tools, stack and environment as labels; everything else that was written in the body.
    """
    content = note.content
    return IndexDocument(
        key=document_key(number, NOTE_KIND),
        names=(note.info.title, note.id),
        labels=tuple(filter(None, (*content.tools, *content.stack, content.environment))),
        body=note_text(note, evidence, metrics),
        values=tuple(dict.fromkeys(_note_values(note))),
        revision=note.info.revision & 0xFFFFFFFF,
        numbers={"updated": note.info.updated_at.toordinal()},
    )


def note_text(note: ChangeNote, evidence: Sequence[str] = (), metrics: Sequence[str] = ()) -> str:
    """All text of a note, what was said of it, measured and attached included."""
    # Here and below: only who indexes needs these.
    from kbtui.core.notes.content import text_of

    attached = (f"{piece.origin}\n{text}" for piece, text in zip(note.evidence, evidence, strict=False))
    return "\n\n".join(
        filter(None, (text_of(note.content), note.info.outcome, note.info.author, "\n".join(metrics), *attached))
    )


def _note_values(note: ChangeNote) -> Iterator[tuple[str, str]]:
    content = note.content
    yield ("kind", NOTE_KIND)
    yield ("status", note.info.state.value)
    from kbtui.core.commands.shell import command_words
    from kbtui.core.notes.content import path_ends

    commands = command_words("\n".join(("```sh", *content.commands, "```")))
    ends = islice((end for path in content.files for end in path_ends(path)), MOST_FILE_VALUES)
    several = {"tool": content.tools, "stack": content.stack, "command": commands, "file": ends}
    pairs = [(name, value) for name, values in several.items() for value in values]
    yield from ((name, folded) for name, value in (*pairs, ("owner", content.owner)) if (folded := facet_value(value)))


def _values(post: Post) -> Iterator[tuple[str, str]]:
    # Its patterns take a while to make: only for what is indexed, a search does without.
    from kbtui.core.commands.shell import command_words

    yield ("kind", POST_KIND)
    yield from post.facets()
    for flag, is_set in post.flags.items():
        if is_set and (folded := facet_value(flag)):
            yield ("flag", folded)
    for command in command_words(post.body):
        yield ("command", facet_value(command))
    yield from (("has", what) for what, there in _parts(post).items() if there)
    if post.revision.status.casefold() == "draft":
        yield ("is", "draft")
    if post.needs_review:
        yield ("is", "needs-review")
    if post.revision.last_reviewed is not None:
        yield ("is", "reviewed")
    yield from _meta_values(post)


def _parts(post: Post) -> dict[str, bool]:
    """What may stand behind `has:`."""
    return {
        "checklist": bool(post.checklist) or _TASK.search(post.body) is not None,
        "code": "```" in post.body or "~~~" in post.body,
        "image": bool(post.images) or "![" in post.body,
        "link": "](" in post.body or "[[" in post.body,
        "table": "|--" in post.body or "| -" in post.body or "|:-" in post.body,
        "summary": bool(post.summary),
        "owner": bool(post.owner),
        "alias": bool(post.aliases),
        "note": bool(post.notes),
        "reference": bool(post.reference),
    }


HAS_VALUES = ("checklist", "code", "image", "link", "table", "summary", "owner", "alias", "note", "reference")
IS_VALUES = ("draft", "needs-review", "reviewed", "stale")


def _meta_values(post: Post) -> Iterator[tuple[str, str]]:
    """Metadata that has no field of its own, as `meta.KEY`; nested keys joined by dots, spaces in them as `_`."""
    found = (
        (f"meta.{name}", folded)
        for mapping in (post.extra, post.payload)
        for name, value in _flat(mapping, "", 0)
        if (folded := facet_value(value))
    )
    return islice(found, MOST_META_VALUES)


def _flat(value: Json, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _MOST_NESTED:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            part = _NOT_IN_KEY.sub("_", facet_value(str(key)))
            yield from _flat(inner, f"{name}.{part}" if name else part, depth + 1)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _flat(inner, name, depth + 1)
    elif value is not None and name:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


def _numbers(post: Post) -> Iterator[tuple[str, int | None]]:
    yield "reviewed", _ordinal(post.revision.last_reviewed)
    yield KNOWN_GOOD, _ordinal(None if post.known_good is None else post.known_good.since)
    yield "updated", _ordinal(post.updated_at)
    yield "published", _ordinal(post.published)
    yield "views", post.views
    yield "quality", post.score.quality
    yield "minutes", post.minutes


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
