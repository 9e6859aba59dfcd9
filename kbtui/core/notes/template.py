"""Templates of change notes: which fields a kind of change asks for. Data only, never run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FieldType(Enum):
    """What a field holds."""

    LINE = "line"
    TEXT = "text"
    LIST = "list"
    """One item a line."""
    CHOICE = "choice"
    YES_NO = "yes/no"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateField:
    """One field. Its name is one of `change_note.NoteContent` or a new one, kept in `NoteContent.fields`."""

    name: str
    """Lower case letters, digits and underscores."""
    label: str
    type: FieldType = FieldType.LINE
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    """Of a choice."""
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTemplate:
    """A kind of change."""

    name: str
    title: str
    help: str = ""
    fields: tuple[TemplateField, ...] = ()
    """In the order of the form. Those of every note that are not named come after them."""
    checklist: str = ""
    """The slug of a post whose checklist goes with it."""
