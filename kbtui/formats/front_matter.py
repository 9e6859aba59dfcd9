"""The block of metadata at the beginning of a Markdown file: YAML between `---` lines, TOML between `+++`
lines.

A block that cannot be read never costs the post: it stays in the text, and a warning says where the trouble
is.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from kbtui.core.post import Json
from kbtui.formats.plain_yaml import MAX_DEPTH, YamlProblemError, load
from kbtui.formats.values import deeper_than, storable_json, written_float, written_int

MAX_SIZE = 65_536
"""Characters of a block. What is longer is not metadata that somebody wrote."""

_OPENING = re.compile(r"(---|\+\+\+)[ \t]*\n")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_KEY_LINE = re.compile(r"[\w\"'][^\n:=]{0,100}[:=]")

# tomllib takes time that grows with the square of the parts of a dotted key.
_MAX_DOTS = 64
_TOLD_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Split:
    """A file in two: its metadata, and the text behind them."""

    metadata: Mapping[str, Json] = field(default_factory=dict)
    body: str = ""
    warnings: tuple[str, ...] = ()


class _UnreadableError(Exception):
    """Why a block is not read as metadata."""


def split(text: str) -> Split:
    """Take the front matter off a text whose newlines are `\\n`. Without one, the text is all body."""
    opening = _OPENING.match(text)
    if opening is None:
        return Split(body=text)
    fence, start = opening.group(1), opening.end()
    closing = _CLOSING[fence].search(text, start)
    if closing is None:
        # A lone `---` is a rule across the page; one above `title: ...` was meant as front matter.
        unclosed = (f"line 1: the front matter has no closing {fence} line and counts as text",)
        return Split(body=text, warnings=unclosed if _KEY_LINE.match(text, start) else ())
    block = text[start : closing.start()]
    try:
        metadata, warnings = _read(fence, block)
    except _UnreadableError as error:
        return Split(body=text, warnings=(f"the front matter cannot be read and counts as text; {error}",))
    return Split(metadata, text[closing.end() :], warnings)


def _read(fence: str, block: str) -> tuple[Mapping[str, Json], tuple[str, ...]]:
    if len(block) > MAX_SIZE:
        raise _UnreadableError(f"line 1: it is larger than {MAX_SIZE // 1024} KiB")
    return _read_yaml(block) if fence == "---" else _read_toml(block)


def _read_yaml(block: str) -> tuple[Mapping[str, Json], tuple[str, ...]]:
    try:
        value, repeated = load(block)
    except YamlProblemError as error:
        place = "" if error.line is None else f"line {error.line + 2}: "
        raise _UnreadableError(place + error.reason) from error
    if value is None:
        return {}, ()
    if not isinstance(value, dict):
        raise _UnreadableError("line 2: it holds no `key: value` lines")
    warnings = [
        f"line {line + 2}: {key!r} stands there again; the last one counts" for line, key in repeated[:_TOLD_REPEATS]
    ]
    if len(repeated) > _TOLD_REPEATS:
        warnings.append(f"{len(repeated) - _TOLD_REPEATS} more keys stand there again")
    return storable_json(value), tuple(warnings)


def _read_toml(block: str) -> tuple[Mapping[str, Json], tuple[str, ...]]:
    for number, line in enumerate(block.split("\n"), start=2):
        if line.count(".") > _MAX_DOTS:
            raise _UnreadableError(f"line {number}: more than {_MAX_DOTS} dots in a line of TOML")
    try:
        value = tomllib.loads(block, parse_float=written_float)
    except tomllib.TOMLDecodeError as error:
        raise _UnreadableError(_toml_reason(str(error))) from error
    except RecursionError as error:
        raise _UnreadableError("it is nested too deeply") from error
    except ValueError as error:  # an integer of thousands of digits
        raise _UnreadableError(str(error)) from error
    if deeper_than(value, MAX_DEPTH):
        raise _UnreadableError(f"it is nested deeper than {MAX_DEPTH} levels")
    return storable_json(_plain(value)), ()


def _toml_reason(message: str) -> str:
    """tomllib's own words, with the line counted from the beginning of the file."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if place is None:
        return message
    line = f"line {int(place.group(1)) + 1}: " if place.group(1) else ""
    return line + message[: place.start()]


def _plain(value: Json) -> Json:
    """TOML's own types as JSON has them: dates and times in ISO form."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return written_int(str(value)) if type(value) is int else value
