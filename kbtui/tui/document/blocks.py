"""A text as blocks: the top-level pieces of a page, each drawn on its own when it comes into sight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from kbtui.core.text import one_line
from kbtui.markdown import parse

LONGEST_CODE = 100
"""Lines of code, and items of a list, that are drawn at once: drawing a block must not hold the app."""
LONGEST_LIST = 40


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list, table, quote or code block."""

    tokens: tuple[Token, ...]
    lines: int
    """Lines of its source: the first guess of its height."""
    gap: bool = True
    """Whether an empty line follows; not between the pieces of one long block."""


def parse_blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text. Pure work, to be done off the event loop."""
    return list(_split(parse(text)))


def _split(tokens: list[Token]) -> Iterator[Block]:
    for group in _groups(tokens):
        first = group[0]
        lines = first.map or [0, 1]
        if first.type in ("fence", "code_block") and lines[1] - lines[0] > LONGEST_CODE:
            yield from _code_in_pieces(first)
        elif first.type in ("bullet_list_open", "ordered_list_open"):
            yield from _list_in_pieces(group)
        else:
            yield Block(tuple(group), max(1, lines[1] - lines[0]))


def _groups(tokens: list[Token]) -> Iterator[list[Token]]:
    """The runs of tokens that belong together: one token, or an opening one to its closing one."""
    start = depth = 0
    for position, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start : position + 1]
            start = position + 1


def _code_in_pieces(token: Token) -> Iterator[Block]:
    """A long code block as several that follow each other without a gap."""
    lines = token.content.splitlines(keepends=True)
    for start in range(0, len(lines), LONGEST_CODE):
        piece = token.copy(content="".join(lines[start : start + LONGEST_CODE]))
        yield Block((piece,), min(LONGEST_CODE, len(lines) - start), gap=start + LONGEST_CODE >= len(lines))


def _list_in_pieces(group: list[Token]) -> Iterator[Block]:
    """A long list as several that go on counting."""
    opening, *inner, closing = group
    items = list(_groups(inner))
    first_number = int(opening.attrGet("start") or 1)
    for start in range(0, len(items), LONGEST_LIST):
        chosen = items[start : start + LONGEST_LIST]
        head = opening.copy(attrs={**opening.attrs, "start": first_number + start})
        lines = (chosen[-1][0].map or [0, 1])[1] - (chosen[0][0].map or [0, 1])[0]
        tokens = (head, *(token for item in chosen for token in item), closing)
        yield Block(tokens, max(1, lines), gap=start + LONGEST_LIST >= len(items))


def without_title(blocks: list[Block], title: str) -> list[Block]:
    """The blocks without a first heading that only repeats the title."""
    if not blocks or blocks[0].tokens[0].type != "heading_open" or blocks[0].tokens[0].tag != "h1":
        return blocks
    heading = "".join(token.content for token in blocks[0].tokens if token.type == "inline")
    return blocks[1:] if one_line(heading) == one_line(title) else blocks
