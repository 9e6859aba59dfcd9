"""Templates of change notes: TOML files, those that come with kbtui and the user's own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from kbtui.core.errors import TemplateError
from kbtui.core.notes.change_note import DEFAULT_TEMPLATE
from kbtui.core.notes.fields import COMMON_FIELDS, refusal
from kbtui.core.notes.lines import title_key
from kbtui.core.notes.template import FieldType, NoteTemplate, TemplateField
from kbtui.core.post import Json

MAX_BYTES = 65_536
"""Of a file."""
MAX_FIELDS = 50
MAX_CHOICES = 50
MAX_FILES = 200
"""Of a folder; what comes after them in the order of names does not count."""
_MAX_LINE, _MAX_HELP = 120, 2_000

_TEMPLATE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED = frozenset({"template", "baseline", "git", "fields"})
_TOP_KEYS = ("title", "help", "checklist", "fields")
_FIELD_KEYS = ("name", "label", "type", "help", "required", "choices", "default")
_COMMON: Mapping[str, TemplateField] = MappingProxyType({field.name: field for field in COMMON_FIELDS})
_HEADER = re.compile(r"\s*\[\[\s*fields\s*\]\]")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class TemplateFiles:
    """The `NoteTemplates` port over two folders of `*.toml` files; the name of a template is that of its file.

    The files are read when they are asked for, so that an error in one is no trouble for the others.
    """

    def __init__(self, user_folder: Path, bundled_folder: Path) -> None:
        self._folders = (bundled_folder, user_folder)

    def names(self) -> list[str]:
        return sorted(self._files(), key=lambda name: (name != DEFAULT_TEMPLATE, name))

    def find(self, name: str) -> NoteTemplate | None:
        file = self._files().get(name)
        return None if file is None else _Reader(file, _text(file)).template()

    def _files(self) -> dict[str, Path]:
        """By name; a later folder counts more."""
        found: dict[str, Path] = {}
        for folder in self._folders:
            # The user's own folder need not be there.
            with suppress(OSError):
                files = sorted(path for path in folder.iterdir() if path.suffix == ".toml" and path.is_file())
                found |= {path.stem: path for path in files[:MAX_FILES]}
        return found


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise TemplateError(f"The template {file} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise TemplateError(f"The template {file} is larger than {MAX_BYTES // 1024} KiB.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TemplateError(f"The template {file}, line {line}: it is not UTF-8.") from error


class _Reader:
    """Reads one file, and knows the lines of it for what it refuses."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._lines = text.split("\n")
        self._text = text

    def template(self) -> NoteTemplate:
        if not _TEMPLATE_NAME.fullmatch(self._file.stem):
            self._refuse(1, "the name of the file is to be of lower case letters, digits and hyphens")
        table = self._table()
        self._check_keys(table, _TOP_KEYS, None)
        fields = table.get("fields", [])
        if not isinstance(fields, list) or not all(isinstance(field, dict) for field in fields):
            self._refuse(self._line("fields"), "fields are tables that begin with [[fields]]")
        if len(fields) > MAX_FIELDS:
            self._refuse(self._line("name", MAX_FIELDS), f"there are more than {MAX_FIELDS} fields")
        read = tuple(self._field(field, number) for number, field in enumerate(fields))
        self._check_distinct(read, ["label" if "label" in field else "name" for field in fields])
        return NoteTemplate(
            name=self._file.stem,
            title=self._line_text(table, "title", None, required=True),
            help=self._help(table, None),
            fields=read,
            checklist=self._line_text(table, "checklist", None),
        )

    def _table(self) -> dict[str, Json]:
        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            message = str(error)
            place = _TOML_PLACE.search(message)
            line = int(place.group(1)) if place and place.group(1) else len(self._lines)
            self._refuse(line, f"it is not valid TOML: {message[: place.start()] if place else message}")
        except (RecursionError, ValueError):
            self._refuse(1, "it is nested too deeply, or holds a number that is too long")

    def _field(self, table: Mapping[str, Json], number: int) -> TemplateField:
        self._check_keys(table, _FIELD_KEYS, number)
        name = self._line_text(table, "name", number, required=True)
        if not _FIELD_NAME.fullmatch(name) or name in _RESERVED:
            what = "is taken" if name in _RESERVED else "is to be of lower case letters, digits and underscores"
            self._refuse(self._line("name", number), f"the name {name!r} {what}")
        common = _COMMON.get(name, TemplateField(name=name, label=name.replace("_", " ").capitalize()))
        field = TemplateField(
            name=name,
            label=self._line_text(table, "label", number) or common.label,
            type=self._type(table, number, common),
            help=self._help(table, number) or common.help,
            required=self._flag(table, "required", number) or name == "reason",
            choices=self._choices(table, number),
            default=self._default(table, number),
        )
        if (field.type is FieldType.CHOICE) != bool(field.choices):
            what = "a field of this type needs choices" if not field.choices else 'choices go with type = "choice"'
            self._refuse(self._line("choices" if field.choices else "type", number), what)
        if field.default and (problem := refusal(field, field.default)):
            self._refuse(self._line("default", number), f"the default does not fit: {problem.rstrip('.')}")
        return field

    def _type(self, table: Mapping[str, Json], number: int, common: TemplateField) -> FieldType:
        said = self._line_text(table, "type", number)
        if not said:
            return common.type
        valid = [kind.value for kind in FieldType]
        if said not in valid:
            self._refuse(self._line("type", number), f"there is no type {said!r}; {_nearest(said, valid)}")
        found = FieldType(said)
        is_list = FieldType.LIST in (found, common.type)
        if common.name in _COMMON and is_list and found is not common.type:
            self._refuse(
                self._line("type", number), f"{common.name} is of the type {common.type.value!r} in every note"
            )
        return found

    def _choices(self, table: Mapping[str, Json], number: int) -> tuple[str, ...]:
        given = table.get("choices", [])
        is_sound = isinstance(given, list) and all(
            isinstance(choice, str) and choice.strip() == choice != "" and choice.isprintable() for choice in given
        )
        if not is_sound or len(set(given)) < len(given) or len(given) > MAX_CHOICES:
            self._refuse(
                self._line("choices", number), f"choices are at most {MAX_CHOICES} different texts of one line each"
            )
        return tuple(given)

    def _default(self, table: Mapping[str, Json], number: int) -> str:
        given = table.get("default", "")
        if isinstance(given, bool):
            return "yes" if given else "no"
        if not isinstance(given, str | int | float):
            self._refuse(self._line("default", number), "a default is a text, a number, true or false")
        return self._limited(str(given), _MAX_HELP, "default", number)

    def _flag(self, table: Mapping[str, Json], key: str, number: int) -> bool:
        given = table.get(key, False)
        if not isinstance(given, bool):
            self._refuse(self._line(key, number), f"{key} is true or false, without quotes")
        return given

    def _line_text(self, table: Mapping[str, Json], key: str, number: int | None, *, required: bool = False) -> str:
        given = table.get(key, "")
        if not isinstance(given, str) or not given.isprintable():
            self._refuse(self._line(key, number), f"{key} is a text of one line in quotes")
        if required and not given.strip():
            where = "" if number is None else f"the field {number + 1} "
            self._refuse(self._line(key, number), f"{where}needs a {key}".strip())
        return self._limited(given.strip(), _MAX_LINE, key, number)

    def _help(self, table: Mapping[str, Json], number: int | None) -> str:
        given = table.get("help", "")
        if not isinstance(given, str) or not given.replace("\n", "").isprintable():
            self._refuse(self._line("help", number), "help is a text in quotes, without control characters")
        return " ".join(self._limited(given, _MAX_HELP, "help", number).split())

    def _limited(self, text: str, most: int, key: str, number: int | None) -> str:
        if len(text) > most:
            self._refuse(self._line(key, number), f"{key} is longer than {most} characters")
        return text

    def _check_keys(self, table: Mapping[str, Json], known: Collection[str], number: int | None) -> None:
        for key in table:
            if key not in known:
                self._refuse(self._line(key, number), f"unknown key {key!r}; {_nearest(key, known)}")

    def _check_distinct(self, fields: tuple[TemplateField, ...], labelled_by: list[str]) -> None:
        """Names and labels tell fields apart, also from those of every note."""
        names: set[str] = set()
        named = {field.name for field in fields}
        taken = {title_key(field.label): field.name for field in COMMON_FIELDS if field.name not in named}
        for number, field in enumerate(fields):
            if field.name in names:
                self._refuse(self._line("name", number), f"the field {field.name!r} is there twice")
            label = title_key(field.label)
            if label in taken:
                line = self._line(labelled_by[number], number)
                self._refuse(line, f"the label {field.label!r} is that of {taken[label]!r} too")
            names.add(field.name)
            taken[label] = field.name

    def _line(self, key: str, number: int | None = None) -> int:
        """Where a key stands, from 1: at the top, or in the table of a field; else where that begins."""
        begins = [line for line, text in enumerate(self._lines, start=1) if _HEADER.match(text)]
        if number is None:
            first, last = 1, begins[0] - 1 if begins else len(self._lines)
        elif number < len(begins):
            first = begins[number]
            last = begins[number + 1] - 1 if number + 1 < len(begins) else len(self._lines)
        else:
            return self._line("fields")
        key_line = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
        return next((line for line in range(first, last + 1) if key_line.match(self._lines[line - 1])), first)

    def _refuse(self, line: int, what: str) -> NoReturn:
        raise TemplateError(f"The template {self._file}, line {line}: {what}.")


def _nearest(said: str, valid: Collection[str]) -> str:
    nearest = get_close_matches(said, valid, n=1, cutoff=0.0)[0]
    return f"the nearest is {nearest!r}"
