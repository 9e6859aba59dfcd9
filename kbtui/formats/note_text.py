"""Change notes as Markdown: short fields in front matter, the reason as the first text, longer ones below headings.

    ---
    template: change
    owner: Ana
    files:
      - nginx.conf
    ---

    Orders time out at noon

    ## Rollback

    git revert 4f2a

What is written reads back as the same note, but for blank lines at the beginning and the end of a text or an item, and
empty items. A heading of the second level inside of a text has a backslash before it. Every field may stand in either
place. What is not understood is refused, so that nothing typed is lost.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import asdict

from kbtui.core.notes import lines as note_lines
from kbtui.core.notes.change_note import FieldValue, GitState, NoteContent
from kbtui.core.notes.fields import COMMON_FIELDS, form_fields
from kbtui.core.notes.template import FieldType, NoteTemplate, TemplateField
from kbtui.core.post import Json
from kbtui.core.text import one_line

_COMMON = frozenset(field.name for field in COMMON_FIELDS)
_WORDS = frozenset({"files", "tools", "stack", "posts"})
_MOST_IN_FRONT = 500
"""Items of a list; longer ones become a section, as front matter is limited."""
_HELP_WIDTH = 79
_TITLE_LINE = re.compile(r"\\*# +\S")
_TEMPLATE_LINE = re.compile(r"""template:[ \t]*["']?([a-z0-9-]+)["']?[ \t]*(?:#.*)?""")


class NoteMarkdown:
    """The `NoteTexts` port."""

    # Here and below: most notes are saved without ever being such a text, and reading YAML takes a while to import.

    def write(self, content: NoteContent, template: NoteTemplate) -> str:
        asked = {field.name for field in template.fields}
        own = asked - _COMMON
        strange: dict[str, FieldValue] = {name: value for name, value in content.fields.items() if name not in own}
        front, sections = [_yaml({"template": content.template})], list(_reason(content, template))
        for field in form_fields(template):
            value = _value(content, field.name)
            if field.name in own and value and not _fits(field, value):
                strange[field.name], value = value, ""
            if field.name == "reason" or not (value or field.name in asked):
                continue
            if _is_in_front(field, value):
                front.append(_front(field, value))
            else:
                sections += _section(field, value)
        return f"---\n{''.join(front)}{_rest(content.git, strange)}---\n\n" + "\n".join(sections) + "\n"

    def read(self, text: str, template: NoteTemplate) -> NoteContent:
        from kbtui.formats.note_reading import NoteReader

        return NoteReader(text, template).content()

    def template_name(self, text: str) -> str:
        first, *lines = text.removeprefix("\ufeff").lstrip().splitlines() or [""]
        if first.rstrip() != "---":
            return ""
        for line in lines:
            if line.rstrip() == "---":
                break
            if found := _TEMPLATE_LINE.fullmatch(line.rstrip()):
                return found.group(1)
        return ""


def _yaml(document: Json) -> str:
    from kbtui.formats.export import as_yaml

    return as_yaml(document)


def _reason(content: NoteContent, template: NoteTemplate) -> Iterator[str]:
    """The lines of the first text; one that would be read as a title has a backslash before it."""
    if not content.reason.strip():
        field = next(field for field in form_fields(template) if field.name == "reason")
        yield from _help(field, "<!-- help: {} -->")
        yield from ("", "")
        return
    first, *rest = note_lines.protect(note_lines.trimmed(content.reason).split("\n"))
    yield f"\\{first}" if _TITLE_LINE.match(first) else first
    yield from rest
    yield ""


def _section(field: TemplateField, value: FieldValue) -> Iterator[str]:
    yield from (f"## {field.label}", "")
    lines = _lines(field, value)
    yield from lines or _help(field, "<!-- help: {} -->")
    yield ""


def _lines(field: TemplateField, value: FieldValue) -> list[str]:
    """The lines of a section with a value in it; none for nothing."""
    if isinstance(value, str):
        text = note_lines.trimmed(value)
        return note_lines.protect(text.split("\n")) if text else []
    items = [item for item in map(note_lines.trimmed, value) if item]
    if field.name == "commands":
        blocks = [note_lines.fenced(item, "sh") for item in items]
        return [line for number, block in enumerate(blocks) for line in ([""] if number else []) + block]
    return note_lines.protect(note_lines.listed(items))


def _front(field: TemplateField, value: FieldValue) -> str:
    if value:
        return _yaml({field.name: _plain(value)})
    label = "" if field.label.casefold() == field.name.replace("_", " ") else field.label
    return "".join(f"{line}\n" for line in _help(field, "# {}", label)) + f"{field.name}:\n"


def _rest(git: GitState, strange: dict[str, FieldValue]) -> str:
    """What a person rarely writes: the commit, and fields that the template does not know or not so."""
    said = {name: value for name, value in asdict(git).items() if value}
    document: dict[str, Json] = {"git": said} if said else {}
    if strange:
        document["fields"] = {name: _plain(value) for name, value in strange.items()}
    return _yaml(document) if document else ""


def _help(field: TemplateField, form: str, label: str = "") -> list[str]:
    """Lines that tell how to fill a field in; they are dropped when the text is read."""
    said = [f"{label}: {field.help}".strip(" :") if label else field.help]
    if field.choices:
        said.append(f"One of {', '.join(field.choices)}.")
    said += {FieldType.YES_NO: ["yes or no."], FieldType.NUMBER: ["A number."]}.get(field.type, [])
    said += ["Required."] if field.required else []
    text = one_line(" ".join(said)).replace("-->", "->")
    return [form.format(line) for line in textwrap.wrap(text, _HELP_WIDTH - len(form), break_on_hyphens=False)]


def _is_in_front(field: TemplateField, value: FieldValue) -> bool:
    if field.type is FieldType.LIST:
        return field.name in _WORDS and len(value) <= _MOST_IN_FRONT
    return field.type is not FieldType.TEXT


def _fits(field: TemplateField, value: FieldValue) -> bool:
    """Whether a value of a template's own field can stand where the template wants it."""
    if isinstance(value, tuple) or field.type is FieldType.LIST:
        return isinstance(value, tuple) and field.type is FieldType.LIST
    from kbtui.formats.note_reading import problem_of

    return not problem_of(field, value)


def _value(content: NoteContent, name: str) -> FieldValue:
    if name not in _COMMON:
        return content.fields.get(name, "")
    baseline = name.removeprefix("baseline_")
    value: FieldValue = getattr(content, name) if baseline == name else getattr(content.baseline, baseline)
    return value


def _plain(value: FieldValue) -> Json:
    return value if isinstance(value, str) else list(value)
