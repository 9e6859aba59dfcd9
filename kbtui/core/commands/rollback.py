"""How a post says to go back: what stands beside its commands that destroy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kbtui.core.post import Json

LONGEST = 1_000
"""Characters of a rollback text."""

_WAY_BACK = re.compile(r"\b(?:roll(?:ing)?[ -]?back|revert(?:ing)?|undo(?:ing)?|back(?:ing)?[ -]?out)\b", re.IGNORECASE)
_KEY = re.compile(
    r"(?:roll[ _-]?back|revert|undo|back[ _-]?out)(?:[ _-](?:plan|steps|procedure|note|notes))?", re.IGNORECASE
)
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


def rollback_text(body: str, extra: Mapping[str, Json]) -> str:
    """What a post says about going back, as it is written, at most 1,000 characters; "" where it says nothing.

    The post's metadata says it under a key such as `rollback`, else the first section of the Markdown whose heading
    names it. The title, a heading of the first level, names the subject of the post and no section.
    """
    for key, value in extra.items():
        if _KEY.fullmatch(key.strip()) and (text := _text(value)):
            return _shortened(text)
    return _shortened(_section(body)) if _WAY_BACK.search(body) else ""


def _text(value: Json) -> str:
    if isinstance(value, (list, tuple)):
        return "\n".join(f"- {_text(item)}" for item in value)
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _section(body: str) -> str:
    lines = body.split("\n")
    headings = list(_headings(lines))
    for number, (start, level, title, after) in enumerate(headings):
        if level > 1 and _WAY_BACK.search(title):
            later = (first for first, other, _, _ in headings[number + 1 :] if other <= level and first > start)
            return "\n".join(lines[after : next(later, len(lines))]).strip("\n")
    return ""


def _headings(lines: list[str]) -> Iterator[tuple[int, int, str, int]]:
    """(line, level, title, line after it) of each heading outside of code."""
    fence = ""
    for number, line in enumerate(lines):
        if opening := _FENCE.match(line):
            if not fence:
                fence = opening[1]
            elif opening[1].startswith(fence) and not line.strip("`~> \t"):
                fence = ""
        elif fence:
            continue
        elif heading := _HEADING.fullmatch(line):
            yield number, len(heading[1]), heading[2], number + 1
        elif number and (underline := _UNDERLINE.fullmatch(line)) and lines[number - 1].strip():
            yield number - 1, 1 if underline[1][0] == "=" else 2, lines[number - 1], number + 1


def _shortened(text: str) -> str:
    """The text, cut at the end of a line where it is too long."""
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 2]
    return f"{cut[: cut.rfind(chr(10))] if chr(10) in cut else cut}\n…"
