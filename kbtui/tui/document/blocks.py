"""A text as blocks: the top-level pieces of a page, each drawn on its own when it comes into sight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from kbtui.core.text import one_line
from kbtui.markdown import parse


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list, table, quote or code block."""

    tokens: tuple[Token, ...]
    lines: int
    """Lines of its source: the first guess of its height."""


def parse_blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text. Pure work, to be done off the event loop."""
    return list(_split(parse(text)))


def _split(tokens: list[Token]) -> Iterator[Block]:
    start = depth = 0
    for position, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            group = tuple(tokens[start : position + 1])
            lines = group[0].map or [0, 1]
            yield Block(group, max(1, lines[1] - lines[0]))
            start = position + 1


def without_title(blocks: list[Block], title: str) -> list[Block]:
    """The blocks without a first heading that only repeats the title."""
    if not blocks or blocks[0].tokens[0].type != "heading_open" or blocks[0].tokens[0].tag != "h1":
        return blocks
    heading = "".join(token.content for token in blocks[0].tokens if token.type == "inline")
    return blocks[1:] if one_line(heading) == one_line(title) else blocks
