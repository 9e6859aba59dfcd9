"""What the Markdown of a body says about its post: its first heading and its task list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kbtui.core.markdown_blocks import Block, BlockKind, read_blocks

MAX_TITLE_LENGTH = 4_000
"""Characters. A longer first heading is a page without line breaks, not a title."""

# Cheap signs that a page may have a heading or tasks at all: most pages need no parser.
_OPENING_HEADING = re.compile(r"(?:[ \t]*\n)* {0,3}#[ \t]+(?P<text>[^\n]*)")
_MAYBE_HEADING = re.compile(r"^ {0,3}(?:#[ \t]|=+[ \t]*$)", re.MULTILINE)
_MAYBE_TASK = re.compile(r"^[ \t>*+\-\d.)]*[*+\-.)][ \t]+\[[ xX]\][ \t]", re.MULTILINE)
_TASK = re.compile(r"\[[ xX]\][ \t]+(?=\S)")
_MARKUP = re.compile(r"[\\`*_\[\]<>&!]")
# Lines of these before an underlined heading belong to no heading.
_DEFINITIONS = re.compile(r"\A(?:\[[^\[\]\n]+\]:[ \t]*\S+[ \t]*(?:\n|\Z))+")
_ANCHOR = re.compile(r"\s*\{#[\w:.-]+\}\s*$")

# Beyond that many characters a page is a log or a dump: its first part says what it is, the rest only takes time.
_ANALYSED = 500_000


@cache
def _inline() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True})


def first_heading(body: str) -> str:
    """The text of the first top-level heading of level 1, without its markup; "" where there is none."""
    body = body[:_ANALYSED]
    # Most pages open with it, and at the very beginning it can be nothing else.
    if (opening := _OPENING_HEADING.match(body)) and (text := _title(_without_closing(opening["text"]))):
        return text
    if not _MAYBE_HEADING.search(body):
        return ""
    headings = (block for block in read_blocks(body).children if block.kind is BlockKind.HEADING and block.level == 1)
    return next(filter(None, (_title(_DEFINITIONS.sub("", heading.text)) for heading in headings)), "")


def _without_closing(heading: str) -> str:
    """The text of `# text ##` without the signs behind it."""
    heading = heading.rstrip(" \t")
    text = heading.rstrip("#")
    return text.rstrip(" \t") if text.endswith((" ", "\t")) or not text else heading


def _title(markdown: str) -> str:
    """The text of a heading; "" for one that cannot be a title."""
    text = _ANCHOR.sub("", plain(markdown)) if len(markdown) <= MAX_TITLE_LENGTH else ""
    return text if any(character.isprintable() for character in text) else ""


def tasks(body: str) -> tuple[str, ...]:
    """The items of task lists (`- [ ]`, `1. [x]`) in order, without their markup; those inside code are none."""
    if len(body) > _ANALYSED:
        body = body[: body.rfind("\n", 0, _ANALYSED) + 1] or body[:_ANALYSED]  # half an item would be another one
    if not _MAYBE_TASK.search(body):
        return ()
    return tuple(text for content in _item_beginnings(read_blocks(body)) if (text := _task(content)))


def _item_beginnings(block: Block) -> Iterator[str]:
    """The first paragraph of each list item."""
    for child in block.children:
        if child.kind is BlockKind.ITEM and child.children and child.children[0].kind is BlockKind.PARAGRAPH:
            yield child.children[0].text
        yield from _item_beginnings(child)


def _task(content: str) -> str:
    mark = _TASK.match(content)
    return plain(content[mark.end() :]) if mark else ""


def plain(markdown: str) -> str:
    """One paragraph's text as a reader sees it, on one line: no emphasis, of links and images their words."""
    if _MARKUP.search(markdown) is None:
        return " ".join(markdown.split())
    words = "".join(_words(_inline().parseInline(markdown)[0].children or []))
    return " ".join(words.split())


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield from _words(token.children or [])
