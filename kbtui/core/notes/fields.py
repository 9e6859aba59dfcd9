"""The fields of a change note by name, as forms and files show them: each a text, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from kbtui.core.notes.change_note import FieldValue, NoteContent
from kbtui.core.notes.template import FieldType, NoteTemplate, TemplateField

_LINE, _TEXT, _LIST = FieldType.LINE, FieldType.TEXT, FieldType.LIST

COMMON_FIELDS: tuple[TemplateField, ...] = (
    TemplateField(name="reason", label="Reason", type=_TEXT, help="Why; the first line is the title.", required=True),
    TemplateField(name="files", label="Files", type=_LIST, help="One path a line."),
    TemplateField(
        name="commands", label="Commands", type=_LIST, help="One a line; two spaces go on with the one above."
    ),
    TemplateField(name="expected", label="Expected result", type=_TEXT, help="What should be seen now."),
    TemplateField(name="rollback", label="Rollback", type=_TEXT, help="How to take it back."),
    TemplateField(name="owner", label="Owner", help="Who answers for it."),
    TemplateField(name="environment", label="Environment", help="Such as production or staging."),
    TemplateField(name="host", label="Host"),
    TemplateField(name="tools", label="Tools", type=_LIST, help="One a line."),
    TemplateField(name="stack", label="Stack", type=_LIST, help="One a line."),
    TemplateField(name="cache_cleared", label="Cache cleared", help="Only what matters; nothing if none was."),
    TemplateField(name="assumptions", label="Assumptions", type=_LIST, help="One a line."),
    TemplateField(name="baseline_route", label="Baseline: route", help="The route, job or page before the change."),
    TemplateField(name="baseline_input", label="Baseline: input", help="The expected input."),
    TemplateField(name="baseline_symptom", label="Baseline: symptom", type=_TEXT, help="Slow query, failing command."),
    TemplateField(name="baseline_noticed", label="Baseline: noticed", help="Where the user notices."),
    TemplateField(name="posts", label="Posts", type=_LIST, help="Slugs of posts that it belongs to, one a line."),
    TemplateField(name="run", label="Run", help="The id of the run of a checklist."),
)
"""What every note has, in the order of a form. What git says is not among them: it is taken, not written."""

_COMMON: Mapping[str, TemplateField] = MappingProxyType({field.name: field for field in COMMON_FIELDS})
_BASELINE = "baseline_"


def form_fields(template: NoteTemplate) -> tuple[TemplateField, ...]:
    """The fields of a form: the reason, then those of the template in its order, then what every note has besides."""
    named = {field.name: field for field in template.fields}
    reason = named.get("reason", _COMMON["reason"])
    own = (field for field in template.fields if field.name != "reason")
    return (reason, *own, *(field for field in COMMON_FIELDS if field.name != "reason" and field.name not in named))


def field_text(content: NoteContent, field: TemplateField) -> str:
    """What a note has in a field, as text; one item a line, further lines of an item behind two spaces."""
    value: FieldValue
    if field.name.startswith(_BASELINE) and field.name in _COMMON:
        value = getattr(content.baseline, field.name.removeprefix(_BASELINE))
    elif field.name in _COMMON:
        value = getattr(content, field.name)
    else:
        value = content.fields.get(field.name, "")
    return value if isinstance(value, str) else "\n".join(item.replace("\n", "\n  ") for item in value)


def with_field(content: NoteContent, field: TemplateField, text: str) -> NoteContent:
    """The note with another text in a field. Apply it to fields that were changed: a list loses its blank lines."""
    value: FieldValue = text
    if field.type is FieldType.LIST:
        value = items(text)
    if field.name.startswith(_BASELINE) and field.name in _COMMON:
        baseline = replace(content.baseline, **{field.name.removeprefix(_BASELINE): text})
        return replace(content, baseline=baseline)
    if field.name in _COMMON:
        changed: dict[str, Any] = {field.name: value}
        return replace(content, **changed)
    fields = {name: old for name, old in content.fields.items() if name != field.name}
    return replace(content, fields=fields | {field.name: value} if value else fields)


def items(text: str) -> tuple[str, ...]:
    """The items of a list, one a line; a line behind two spaces goes on with the one above."""
    found: list[str] = []
    for line in text.splitlines():
        if found and line.startswith("  "):
            found[-1] += f"\n{line[2:]}"
        elif line.strip():
            found.append(line.strip())
    return tuple(found)


def missing(content: NoteContent, fields: Iterable[TemplateField]) -> list[TemplateField]:
    """The fields that are required and empty."""
    return [field for field in fields if field.required and not field_text(content, field).strip()]


def refusal(field: TemplateField, text: str) -> str:
    """Why a text cannot stand in a field, as a sentence; "" where it can."""
    said = text.strip()
    if not said:
        return f"{field.label} has to be filled in." if field.required else ""
    if field.type is FieldType.NUMBER and not _is_number(said):
        return f"{field.label} is to be a number."
    if field.type is FieldType.CHOICE and said not in field.choices:
        return f"{field.label} is one of {', '.join(field.choices)}."
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
