"""The metadata box of a rendered article.

Label and value are glued (`difficultyadvanced`), because the page had them in two cells. A label alone on its
line has a list below it: `•` items, or `key: value` items that make one object, or several where the first
key comes again. "Similar Posts" and the lines below it end the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kbtui.core.post import Json
from kbtui.formats.shapes import key_name

_HEADLINE = re.compile(r"(?:.{0,80}\W)?post\s+meta(?:data)?:?\s*", re.IGNORECASE)
_ITEM = re.compile(r"\s*[•‣◦▪●*-]\s+(.*)")
_SIMILAR = "similar posts"
_UNLABELLED = "post meta"
_ENOUGH_LABELS = 3

_OBJECTS = frozenset({"score", "revision", "flags", "payload"})
_LISTS_OF_OBJECTS = frozenset({"entities", "image sources"})
_LISTS = frozenset({"ai outline", "outline", "stack", "tools", "checklist", "notes", "tags", "aliases", _SIMILAR})
_SINGLE = frozenset(
    {
        *("topic", "summary", "ai brief", "brief", "code language", "language", "difficulty", "reading time"),
        *("view count", "views", "reference", "hash", "owner", "published", "slug", "status"),
    }
)
_PROSE = frozenset({"summary", "ai brief", "brief"})
# Longer labels first: `code language` before `code`, were there such a label.
_LABELS = sorted(_OBJECTS | _LISTS_OF_OBJECTS | _LISTS | _SINGLE, key=len, reverse=True)
_LABEL = re.compile("|".join(re.escape(label).replace(r"\ ", r"[ _]") for label in _LABELS), re.IGNORECASE)


def find(lines: Sequence[str]) -> int | None:
    """The number of the line above a metadata box; None where there is no box."""
    labels: set[str] = set()
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if len(labels) >= _ENOUGH_LABELS and _HEADLINE.fullmatch(line):
            return number
        if line.strip() and not _ITEM.match(line) and (label := _split(line)[0]):
            labels.add(label)
    return None


def read(lines: Sequence[str]) -> dict[str, Json]:
    """The box as a mapping, under its own labels; lines that stand under no label are kept under `post meta`."""
    sections = {_UNLABELLED: _Section(_UNLABELLED)}
    last = sections[_UNLABELLED]
    filled = [line for line in lines if line.strip()]
    for line, following in zip(filled, [*filled[1:], ""], strict=True):
        if item := _ITEM.match(line):
            last.items.append(item.group(1).strip())
        else:
            last = _add_line(sections, last, line.strip(), above_list=_ITEM.match(following) is not None)
    return {label: value for label, section in sections.items() if (value := section.value())}


@dataclass(slots=True)
class _Section:
    label: str
    lines: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)

    def value(self) -> Json:
        """What the section says, in the shape that its label asks for."""
        if self.label in _LISTS_OF_OBJECTS:
            return _objects(self.items)
        if self.label in _OBJECTS:
            return self._object()
        text = " ".join(self.lines)
        return [text, *self.items] if text and self.items else self.items or text

    def _object(self) -> Json:
        parts = [item.partition(":") for item in self.items]
        if not parts or not all(colon for _, colon, _ in parts):
            return self.items or " ".join(self.lines)
        return {key_name(key): value.strip() for key, _, value in parts}


def _add_line(sections: dict[str, _Section], last: _Section, line: str, *, above_list: bool) -> _Section:
    """Take in one line that is no list item: a label with its value, or text. Gives the section that is open then."""
    label, value = _split(line)
    if last.label == _SIMILAR:
        last.items.append(line)
    elif (label or above_list) and (label or line) not in sections:
        last = _Section(label or line, [value] if label and value else [])
        sections[last.label] = last
    elif last.label in _PROSE and not last.items:
        last.lines.append(line)  # the page broke the text into lines
    else:
        sections[_UNLABELLED].items.append(line)
    return last


def _split(line: str) -> tuple[str, str]:
    """The known label that a line begins with, and its value; ("", line) for other lines."""
    match = _LABEL.match(line)
    if match is None:
        return "", line.strip()
    return match.group().lower().replace("_", " "), line[match.end() :].lstrip(" \t:|").rstrip()


def _objects(items: Sequence[str]) -> list[dict[str, str]]:
    objects: list[dict[str, str]] = []
    for item in items:
        key, colon, value = item.partition(":")
        name, text = (key_name(key), value.strip()) if colon else ("name", item)
        if not objects or name in objects[-1]:
            objects.append({})
        objects[-1][name] = text
    return objects
