"""A text as a page, at once or piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from kbtui.core.text import clean
from kbtui.markdown.anchors import Anchors
from kbtui.markdown.definitions import definitions_in
from kbtui.markdown.reading import read_tokens
from kbtui.markdown.syntax import block_tokens, with_inlines
from kbtui.markdown.tree import Block

_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_FRONT_MATTER = re.compile(
    r"---[ \t]*\n(?=[ \t#]*[\w\"'-][\w \"'-]{0,100}:)(?:[^\n]*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
    r"|\+\+\+[ \t]*\n(?=[\w\"'-][\w \"'.-]{0,100}=)(?:[^\n]*\n)*?\+\+\+[ \t]*(?:\n|\Z)"
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a text says."""

    blocks: tuple[Block, ...]


def read_page(text: str) -> Page:
    """The whole of a Markdown text. Pure work of one to three seconds for a megabyte: off the event loop."""
    return Page(tuple(block for piece in read_pieces(text, first=len(text) + 1) for block in piece))


def read_pieces(text: str, first: int = 12_000, rest: int = 64_000) -> Iterator[tuple[Block, ...]]:
    """The blocks of a Markdown text in parts, the first of about `first` characters, the others of `rest`.

    A part ends between two blocks of the page, never inside one; together they are the blocks of `read_page`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    definitions, anchors = definitions_in(text), Anchors()
    front_matter = _FRONT_MATTER.match(text)
    position = front_matter.end() if front_matter else 0
    line, size = text.count("\n", 0, position), first
    while position < len(text):
        end = _empty_line(text, position + size)
        source = clean(text[position:end])
        tokens = block_tokens(source, definitions)
        lines, length = source.count("\n"), end - position
        if end < len(text):
            whole = _whole_blocks(tokens)
            if whole == 0:
                size *= 2
                continue
            lines = (tokens[whole].map or [0])[0]
            length = _length_of_lines(text, position, lines)
            tokens = tokens[:whole]
        if blocks := read_tokens(with_inlines(tokens, source, definitions), line, anchors):
            yield blocks
        position, line, size = position + length, line + lines, rest


def _empty_line(text: str, position: int) -> int:
    """Where the first line behind the next empty one begins, or the end."""
    match = _EMPTY_LINE.search(text, position)
    return match.end() if match else len(text)


def _whole_blocks(tokens: Sequence[Token]) -> int:
    """The position of the last block: those before it are whole, it may go on behind the end of this part."""
    depth = last = 0
    for position, token in enumerate(tokens):
        if depth == 0:
            last = position
        depth += token.nesting
    return last


def _length_of_lines(text: str, position: int, lines: int) -> int:
    """The characters of so many lines from a position on."""
    end = position
    for _ in range(lines):
        end = text.index("\n", end) + 1
    return end - position
