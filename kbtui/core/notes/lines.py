"""Lines of a Markdown text between headings, so that nothing in a text is taken for a heading of its own.

Three things count where they stand outside of a fence: a heading of the second level, a line of help, and the
beginning of a fence. A text that has such a line, or a fence without an end, has a backslash put before it; a line
that has backslashes there has one more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_HEADING = re.compile(r"##[ \t]+(\S.*)")
_HELP = re.compile(r"<!-- help: .*-->[ \t]*")
_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})(.*)", re.DOTALL)
_PROTECTED = re.compile(r"(?:(?=\\+##[ \t]+\S|\\+<!-- help: .*-->[ \t]*\Z)|( {0,3})(?=\\+(?:```|~~~)))")
_TICKS = re.compile("`+")


@dataclass(frozen=True, slots=True)
class Fence:
    """The first line of a block of code."""

    sign: str
    length: int

    def is_closed_by(self, line: str) -> bool:
        """Whether a line ends the block."""
        return _closing(line, self.sign) >= self.length


def heading(line: str) -> str:
    """The title of a heading of the second level; "" for any other line."""
    found = _HEADING.fullmatch(line)
    return found.group(1).strip() if found else ""


def title_key(title: str) -> str:
    """What a title is compared by: case, underscores, spaces and a colon at the end do not count."""
    return " ".join(title.replace("_", " ").casefold().split()).rstrip(":")


def is_help(line: str) -> bool:
    """Whether it is a line of help, which is dropped when a text is read."""
    return _HELP.fullmatch(line) is not None


def opened(line: str) -> Fence | None:
    """The block of code that a line begins."""
    found = _FENCE.fullmatch(line)
    if found is None or (found.group(2)[0] == "`" and "`" in found.group(3)):
        return None
    return Fence(found.group(2)[0], len(found.group(2)))


def fences(lines: Sequence[str]) -> Iterator[tuple[str, Fence | None, bool]]:
    """Each line with the block of code that it belongs to, and whether it begins a block that has no end.

    Such a line belongs to none. Linear in the number of lines.
    """
    # By sign: the longest closing line from here on.
    longest = {sign: _longest_after(lines, sign) for sign in "`~"}
    fence: Fence | None = None
    for number, line in enumerate(lines):
        if fence is not None:
            yield line, fence, False
            fence = None if fence.is_closed_by(line) else fence
            continue
        begun = opened(line)
        if begun is not None and longest[begun.sign][number + 1] >= begun.length:
            fence = begun
        yield line, fence, begun is not None and fence is None


def protect(lines: Sequence[str]) -> list[str]:
    """The lines so that none is taken for something else; `unprotect` gives them back."""
    return [
        line if fence is not None else _protected(line, is_unclosed=unclosed) for line, fence, unclosed in fences(lines)
    ]


def unprotect(lines: Sequence[str]) -> list[str]:
    """What `protect` was given, without the lines of help."""
    kept: list[str] = []
    for line, fence, _ in fences(lines):
        if fence is not None:
            kept.append(line)
        elif not is_help(line):
            found = _PROTECTED.match(line)
            kept.append(line if found is None else found.group() + line[found.end() + 1 :])
    return kept


def fenced(text: str, language: str) -> list[str]:
    """A text as a block of code, with a fence longer than any in it."""
    fence = "`" * max(3, 1 + longest_run(text))
    return [fence + language, *text.split("\n"), fence]


def longest_run(text: str) -> int:
    """How many ticks stand together at most."""
    return max(map(len, _TICKS.findall(text)), default=0)


def listed(items: Iterable[str]) -> list[str]:
    """Texts as the items of a list; further lines of an item stand behind two spaces."""
    lines: list[str] = []
    for item in items:
        first, *rest = item.split("\n")
        lines += [f"- {first}", *(f"  {line}" if line else "" for line in rest)]
    return lines


def items(lines: Sequence[str]) -> list[str]:
    """The items of a list, and each block of code outside of one. Any other line is an item itself, or goes on with
    the item right above."""
    found: list[list[str]] = []
    inside: Fence | None = None
    goes_on = was_blank = False
    for line, fence, _ in fences(lines):
        if fence is not None and not goes_on:
            if fence is not inside:
                found.append([])
            elif not fence.is_closed_by(line):
                found[-1].append(line)
            inside = fence
        elif line[:2] in ("- ", "* "):
            found.append([line[2:]])
            goes_on = True
        elif goes_on and (line.startswith("  ") or not line.strip()):
            found[-1].append(line[2:])
        elif line.strip() and goes_on and not was_blank:
            found[-1].append(line)
        elif line.strip():
            found.append([line])
            goes_on = False
        was_blank = not line.strip()
    return ["\n".join(item) for item in found]


def trimmed(text: str) -> str:
    """The text without the blank lines at its beginning and its end."""
    lines = text.split("\n")
    written = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[written[0] : written[-1] + 1]) if written else ""


def _protected(line: str, *, is_unclosed: bool) -> str:
    found = _PROTECTED.match(line)
    if found is None and not (is_unclosed or heading(line) or is_help(line)):
        return line
    indent = len(line) - len(line.lstrip(" ")) if is_unclosed or found is not None else 0
    return f"{line[:indent]}\\{line[indent:]}"


def _closing(line: str, sign: str) -> int:
    """How long a fence this line can close; 0 for other lines."""
    said = line.rstrip(" \t")
    bare = said.lstrip(" ")
    return len(bare) if len(said) - len(bare) <= 3 and len(bare) >= 3 and not bare.strip(sign) else 0


def _longest_after(lines: Sequence[str], sign: str) -> list[int]:
    """For each line and the end: how long a fence can be that a line from there on closes."""
    longest = [0] * (len(lines) + 1)
    for number in range(len(lines) - 1, -1, -1):
        longest[number] = max(longest[number + 1], _closing(lines[number], sign))
    return longest
