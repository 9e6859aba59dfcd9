"""A block of code on its way to the clipboard: what is copied of it, what is filled in, what to be wary of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kbtui.core.commands.console import copyable, warnings
from kbtui.core.commands.destructive import Destruction, destructions
from kbtui.core.commands.placeholders import Placeholder, fill, find_placeholders
from kbtui.core.commands.rollback import rollback_text
from kbtui.core.post import Post
from kbtui.core.text import clean, escape_hidden, shorten, visible
from kbtui.library import Library
from kbtui.markdown.tree import Code
from kbtui.tui.document.wrapping import wrap
from kbtui.tui.widgets.lines_view import Line, Look

NOTICE_LENGTH = 50
MOST_PLACEHOLDERS = 30
"""So many are asked for; a block with more of them is a template, to be filled in elsewhere."""
LONGEST_PREFIX = 40
"""Characters before a line of code that may belong to quotes and lists around it."""

_FENCE = re.compile("`{3,}|~{3,}")
_TROUBLE = re.compile(r"[^\n -~]")


@dataclass(frozen=True, slots=True)
class FilledCode:
    """The text to be copied, as far as it is filled in."""

    text: str
    dangers: tuple[Destruction, ...] = ()
    open: tuple[str, ...] = ()
    """What is still to be filled in, as it is written."""


@dataclass(frozen=True, slots=True)
class CodeToCopy:
    """A block of code, before its placeholders are filled in."""

    text: str
    language: str
    prompts: int
    """How many prompts were taken off."""
    left_out: int
    """How many lines of output were left out."""
    placeholders: tuple[Placeholder, ...]
    values: Mapping[str, str]
    """What to begin with for each placeholder, by its name: what was filled in last time, else the usual value."""
    warnings: tuple[str, ...]
    rollback: str
    """How the post says to go back; empty where it does not."""

    def filled(self, values: Mapping[str, str]) -> FilledCode:
        """The text with these values in it; hidden characters in them come as visible signs."""
        text = escape_hidden(fill(self.text, values, self.language), visible)
        still = find_placeholders(text, self.language)
        return FilledCode(text, tuple(destructions(text, self.language)), tuple(each.written for each in still))

    @property
    def is_plain(self) -> bool:
        """Whether it is one harmless line that is copied as it stands in the page."""
        odd = self.prompts or self.left_out or self.placeholders or self.warnings or "\n" in self.text
        return not odd and not destructions(self.text, self.language)


def code_to_copy(library: Library, post: Post, code: Code) -> CodeToCopy:
    """What is copied of a block of a post's page."""
    known = library.reading.placeholder_values(post)
    return code_as_written(as_written(post.body, code), code.language, known, rollback_text(post.body, post.extra))


def code_as_written(written: str, language: str, known: Mapping[str, str], rollback: str = "") -> CodeToCopy:
    """What is copied of a block as it stands in its source; `known` are the values that were filled in before."""
    copy = copyable(written, language)
    placeholders = tuple(find_placeholders(copy.text, language)[:MOST_PLACEHOLDERS])
    return CodeToCopy(
        text=copy.text,
        language=language,
        prompts=copy.prompts,
        left_out=len(copy.left_out),
        placeholders=placeholders,
        values={each.name: known.get(each.name) or each.default for each in placeholders},
        warnings=tuple(warnings(written)),
        rollback=rollback,
    )


def as_written(body: str, code: Code) -> str:
    """A block as it stands in the source: its page has blanks for tabs, and signs for hidden characters.

    Where the source cannot be told from what is around it, the text of the page.
    """
    source = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")[code.line : code.line + code.lines]
    if not _TROUBLE.search("\n".join(source)):
        return code.text
    fence = _FENCE.search(source[0])
    prefix = fence.start() if fence else 0
    wanted = code.text.split("\n")
    for first in (1, 0) if fence else (0,):
        lines = [_inside(line, text, prefix) for line, text in zip(source[first:], wanted, strict=False)]
        if len(lines) == len(wanted) and None not in lines:
            return "\n".join(line for line in lines if line is not None)
    return code.text


def notice(copied: FilledCode) -> str:
    """What to tell of a text that was copied."""
    lines = copied.text.count("\n") + 1
    first = shorten(next(filter(str.strip, copied.text.split("\n")), ""), NOTICE_LENGTH)
    told = f"Copied “{first}”." if lines == 1 else f"Copied {lines} lines, from “{first}”."
    if not copied.open:
        return told
    verb = "is" if len(copied.open) == 1 else "are"
    return f"{told} {shorten(', '.join(copied.open), NOTICE_LENGTH)} {verb} still to be filled in."


def drawn(code: FilledCode, width: int) -> list[Line]:
    """The lines of a text for `width` columns: each whole, a mark and a line below for what destroys."""
    dangers = {danger.line: danger.what for danger in code.dangers}
    still = sorted(code.open, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, still))) if still else None
    lines: list[Line] = []
    for number, line in enumerate(code.text.split("\n")):
        text = clean(line)
        mark = "! " if number in dangers else "  "
        for start, end in wrap(text, max(1, width - len(mark))):
            lines.append(((mark, Look.DANGER), *_pieces(text[start:end], pattern)))
            mark = "↳ "
        if number in dangers:
            lines.append(((f"  ^ {dangers[number]}", Look.DANGER),))
    return lines


def _inside(line: str, wanted: str, prefix: int) -> str | None:
    """The end of a line of the source that is `wanted` in the page; None where none is."""
    for start in (prefix, *range(LONGEST_PREFIX)):
        if clean(line[start:]) == wanted:
            return line[start:]
    # Behind a prefix a tab took fewer blanks than it takes alone.
    rest = line[prefix:]
    return rest if clean(rest).split() == wanted.split() else None


def _pieces(text: str, pattern: re.Pattern[str] | None) -> Iterator[tuple[str, Look]]:
    at = 0
    for match in pattern.finditer(text) if pattern else ():
        yield text[at : match.start()], Look.PLAIN
        yield match.group(), Look.OPEN
        at = match.end()
    yield text[at:], Look.PLAIN
