"""Reading the Markdown of a change note; `note_text` explains its form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as fields_of
from difflib import get_close_matches
from typing import Any, NoReturn

from kbtui.core.errors import NoteRefusedError
from kbtui.core.notes import lines as note_lines
from kbtui.core.notes.change_note import Baseline, FieldValue, GitState, NoteContent
from kbtui.core.notes.fields import COMMON_FIELDS, form_fields, refusal
from kbtui.core.notes.template import FieldType, NoteTemplate, TemplateField
from kbtui.core.post import Json
from kbtui.formats import plain_yaml

MAX_LENGTH = 4_000_000
"""Characters of a note."""

_COMMON = frozenset(field.name for field in COMMON_FIELDS)
_KEYS = ("template", "git", "fields")
_GIT = {field.name: field.type for field in fields_of(GitState)}
_KEY_LINE = re.compile(r"[\w\"'][^:]{0,100}:(?:\s|\Z)")
_TITLE_LINE = re.compile(r"(\\*)# +(?=\S)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"\d{1,12}")


def problem_of(field: TemplateField, text: str) -> str:
    """Why a text cannot stand in a field, as a sentence; "" where it can. An empty one always can."""
    if not text.strip():
        return ""
    if field.type is FieldType.YES_NO and text not in ("yes", "no"):
        return f"{field.label} is yes or no."
    return refusal(field, text)


class NoteReader:
    """Reads one text."""

    def __init__(self, text: str, template: NoteTemplate) -> None:
        self._template = template
        self._fields = {field.name: field for field in form_fields(template)}
        self._titles = {note_lines.title_key(field.name): field for field in self._fields.values()}
        self._titles |= {note_lines.title_key(field.label): field for field in self._fields.values()}
        self._values: dict[str, FieldValue] = {}
        self._lines = self._sound(text).split("\n")

    def content(self) -> NoteContent:
        """What the text says. Raises `NoteRefusedError`."""
        front, body = self._parts()
        self._read_body(body)
        given: dict[str, Any] = {"reason": "", "template": self._template.name}
        own: dict[str, FieldValue] = {}
        if front:
            own = self._read_front(front, given)
        baseline: dict[str, Any] = {}
        for name, value in self._values.items():
            if name not in _COMMON:
                own[name] = value
            elif name.startswith("baseline_"):
                baseline[name.removeprefix("baseline_")] = value
            else:
                given[name] = value
        return NoteContent(**given, baseline=Baseline(**baseline), fields=own)

    def _sound(self, text: str) -> str:
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > MAX_LENGTH:
            raise NoteRefusedError(f"The text is longer than {MAX_LENGTH:,} characters; attach long texts as evidence.")
        for sign, what in ((_SURROGATE, "it is not UTF-8"), (re.compile("\x00"), "it holds a NUL character")):
            if found := sign.search(text):
                _refuse(text.count("\n", 0, found.start()) + 1, what)
        return text

    def _parts(self) -> tuple[range, range]:
        """The numbers of the lines of the front matter and of the text, from 0."""
        everything = range(len(self._lines))
        first = next((number for number in everything if self._lines[number].strip()), 0)
        if self._lines[first].rstrip() != "---":
            return range(0), everything
        for number in range(first + 1, len(self._lines)):
            if self._lines[number].rstrip() == "---":
                return range(first + 1, number), range(number + 1, len(self._lines))
        if first + 1 < len(self._lines) and _KEY_LINE.match(self._lines[first + 1]):
            _refuse(first + 1, "the front matter has no closing --- line")
        return range(0), everything

    # Front matter

    def _read_front(self, block: range, given: dict[str, Any]) -> dict[str, FieldValue]:
        """Take the values of the front matter; what stands under `fields` is given back."""
        try:
            found, repeated = plain_yaml.load("\n".join(self._lines[block.start : block.stop]))
        except plain_yaml.YamlProblemError as error:
            _refuse(block.start + 1 + (error.line or 0), error.reason)
        if found is None:
            return {}
        if not isinstance(found, dict):
            _refuse(block.start + 1, "the front matter holds no `key: value` lines")
        for line, key in repeated:
            _refuse(block.start + 1 + line, f"{key!r} stands there twice")
        own: dict[str, FieldValue] = {}
        for key, value in found.items():
            line = self._line_of(key, block)
            if key == "template":
                given["template"] = _text(value, line, key) or self._template.name
            elif key == "git":
                given["git"] = self._git(value, block)
            elif key == "fields":
                own = self._strange(value, line)
            elif key in self._fields:
                self._take(self._fields[key], _yaml_value(self._fields[key], value, line), line)
            else:
                nearest = _nearest(key, [*self._fields, *_KEYS])
                _refuse(line, f"there is no field {key!r}; the nearest is {nearest!r}")
        for name in own.keys() & self._values.keys() - _COMMON:
            _refuse(self._line_of("fields", block), f"{name!r} stands there twice")
        return own

    def _git(self, value: Json, block: range) -> GitState:
        line = self._line_of("git", block)
        if not isinstance(value, dict | None):
            _refuse(line, f"git holds {', '.join(_GIT)}")
        said: dict[str, Any] = {}
        for key, item in (value or {}).items():
            line = self._line_of(key, range(self._line_of("git", block) - 1, block.stop))
            if key not in _GIT:
                _refuse(line, f"git has no {key!r}; the nearest is {_nearest(key, _GIT)!r}")
            text = _text(item, line, key)
            if key in ("added", "removed"):
                if text and not _NUMBER.fullmatch(text):
                    _refuse(line, f"{key} is to be a number of lines")
                said[key] = int(text or 0)
            else:
                said[key] = text
        return GitState(**said)

    def _strange(self, value: Json, line: int) -> dict[str, FieldValue]:
        if not isinstance(value, dict | None):
            _refuse(line, "fields holds `name: value` lines")
        found: dict[str, FieldValue] = {}
        for name, item in (value or {}).items():
            said = _items(item, line, name) if isinstance(item, list) else note_lines.trimmed(_text(item, line, name))
            if said:
                found[name] = said
        return found

    def _line_of(self, key: str, block: range) -> int:
        """The number, from 1, of the line with a key; else that of the first."""
        begins = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*:""")
        found = (number for number in block if begins.match(self._lines[number]))
        return next(found, block.start) + 1

    # Text

    def _read_body(self, body: range) -> None:
        field, begun = self._fields["reason"], body.start
        lines: list[str] = []
        text = self._lines[body.start : body.stop]
        for number, (line, fence, is_unclosed) in enumerate(note_lines.fences(text), start=body.start + 1):
            if is_unclosed:
                _refuse(number, f"the block of code that begins here has no end; \\{line.strip()[:3]} is no beginning")
            title = "" if fence is not None else note_lines.heading(line)
            if not title:
                lines.append(line)
                continue
            self._end_section(field, lines, begun)
            field, begun, lines = self._titled(title, number), number, []
        self._end_section(field, lines, begun)

    def _titled(self, title: str, number: int) -> TemplateField:
        found = self._titles.get(note_lines.title_key(title))
        if found is None:
            nearest = _nearest(title, [*(field.label for field in self._fields.values()), *self._fields])
            what = (
                f"there is no section {title!r}; the nearest is {nearest!r}. As a part of the text, write \\## for ##"
            )
            _refuse(number, what)
        return found

    def _end_section(self, field: TemplateField, lines: Sequence[str], begun: int) -> None:
        kept = note_lines.unprotect(lines)
        if field.type is FieldType.LIST:
            self._take(field, _kept(note_lines.items(kept)), begun)
            return
        text = note_lines.trimmed("\n".join(kept))
        if field.name == "reason" and (found := _TITLE_LINE.match(text)):
            text = text[1:] if found.group(1) else text[found.end() :]
        self._take(field, text, begun)

    def _take(self, field: TemplateField, value: FieldValue, line: int) -> None:
        if not value:
            return
        if field.name in self._values:
            _refuse(line, f"{field.label} stands there twice")
        if isinstance(value, str) and field.type is FieldType.YES_NO:
            value = value.lower()
        if isinstance(value, str) and (problem := problem_of(field, value)):
            _refuse(line, problem.rstrip("."))
        self._values[field.name] = value


def _yaml_value(field: TemplateField, value: Json, line: int) -> FieldValue:
    if field.type is FieldType.LIST:
        return _items(value if isinstance(value, list) else [value], line, field.name)
    return note_lines.trimmed(_text(value, line, field.name))


def _items(value: list[Json], line: int, key: str) -> tuple[str, ...]:
    return _kept(_text(item, line, key) for item in value)


def _kept(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(item for item in map(note_lines.trimmed, items) if item)


def _text(value: Json, line: int, key: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        _refuse(line, f"{key} is to be one text; put it in quotes")
    return value


def _nearest(said: str, valid: Iterable[str] | Mapping[str, Any]) -> str:
    return get_close_matches(said, list(valid), n=1, cutoff=0.0)[0]


def _refuse(line: int, what: str) -> NoReturn:
    raise NoteRefusedError(f"Line {line}: {what}.")
