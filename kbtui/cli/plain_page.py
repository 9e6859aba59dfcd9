"""A post as linear text, for a screen reader or a terminal that can do nothing: no colour, no frames, no columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from kbtui.cli.prose import NARROWEST, blocks_of, cuts, spelt_out
from kbtui.core.badges import Badge
from kbtui.core.post import Post
from kbtui.core.text import line_safe, one_line
from kbtui.markdown.tree import (
    Block,
    Callout,
    Code,
    Definitions,
    Footnote,
    Heading,
    Inline,
    Item,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
    Verbatim,
)
from kbtui.metadata_box import MetadataLine, metadata_lines

_CODE_INDENT = "    "
_INDENT = "  "
_SHORT_VALUE = 32


def plain_page(post: Post, width: int, *, badges: Sequence[Badge] = ()) -> str:
    """The page as text that is read from top to bottom, safe to show; ASCII but for the post's own characters.

    Prose is wrapped at `width`; a line of code never is.
    """
    lines = [f"# {one_line(post.title)}"]
    if badges:
        lines.append("Warning: " + ", ".join(badge.value for badge in badges))
    lines.append("")
    for line in metadata_lines(post):
        lines += _metadata(line, width)
    lines += ["", *_blocks(blocks_of(post), width)]
    return "\n".join(line_safe(line.rstrip()) for line in lines).rstrip("\n") + "\n"


def _metadata(line: MetadataLine, width: int) -> Iterator[str]:
    texts = [item.text for item in line.items]
    is_flat = not any(item.depth for item in line.items)
    if len(texts) == 1 or (is_flat and all(len(text) <= _SHORT_VALUE for text in texts)):
        yield from _hanging(f"{line.label}: {', '.join(texts)}", width)
        return
    yield f"{line.label}:"
    for item in line.items:
        yield from _behind("- ", _INDENT, _wrapped(item.text, max(NARROWEST, width - 2)), _INDENT * item.depth)


def _blocks(blocks: Iterable[Block], width: int, *, is_tight: bool = False) -> Iterator[str]:
    """The lines of blocks, an empty one between two of them unless they stand in a tight list."""
    for number, block in enumerate(blocks):
        if number and not is_tight:
            yield ""
        yield from _block(block, width)


def _block(block: Block, width: int) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {one_line(_text(block.text))}"
        case Paragraph():
            yield from _wrapped(_text(block.text), width)
        case Code():
            yield from filter(None, [block.title])
            yield from (_CODE_INDENT + line for line in block.text.split("\n"))
        case ListBlock():
            yield from _list(block, width)
        case Quote():
            yield "Quote:"
            yield from _indented(block.blocks, width)
        case Callout():
            title = _text(block.title)
            yield from _hanging(f"{block.kind.capitalize()}: {title}".rstrip(), width)
            yield from _indented(block.blocks, width)
        case Table():
            yield from _table(block, width)
        case Definitions():
            for term, blocks in block.entries:
                yield from _wrapped(_text(term), width)
                yield from _indented(blocks, width)
        case Footnote():
            inner = _blocks(block.blocks, max(NARROWEST, width - len(_INDENT)))
            yield from _behind(f"[{block.label}] ", _INDENT, inner)
        case Verbatim():
            yield from _wrapped(block.text, width)
        case Rule():
            yield "---"


def _list(block: ListBlock, width: int) -> Iterator[str]:
    for number, item in enumerate(block.items):
        if number and not block.is_tight:
            yield ""
        bullet = "- " if block.start is None else f"{block.start + number}. "
        inner = _blocks(item.blocks, max(NARROWEST, width - len(bullet)), is_tight=block.is_tight)
        yield from _behind(bullet + _task(item), " " * len(bullet), inner)


def _table(block: Table, width: int) -> Iterator[str]:
    """Each row as lines of header and value, which makes sense without seeing columns."""
    header = [one_line(_text(cell)) for cell in block.header]
    if not block.rows:
        yield from _wrapped(", ".join(filter(None, header)), width)
    for number, row in enumerate(block.rows):
        if number:
            yield ""
        for name, cell in zip(header, row, strict=True):
            if value := _text(cell):
                yield from _hanging(f"{name}: {value}" if name else value, width)


def _task(item: Item) -> str:
    return {None: "", True: "[x] ", False: "[ ] "}[item.is_checked]


def _text(inline: Inline) -> str:
    return "".join(run.text for run in spelt_out(inline))


def _indented(blocks: Iterable[Block], width: int) -> Iterator[str]:
    return (_INDENT + line for line in _blocks(blocks, max(NARROWEST, width - len(_INDENT))))


def _behind(first: str, rest: str, lines: Iterable[str], before: str = "") -> Iterator[str]:
    """Lines behind a prefix; one line of the prefix alone where there are none."""
    drawn = iter(lines)
    yield before + first + next(drawn, "")
    yield from (before + rest + line for line in drawn)


def _hanging(text: str, width: int) -> Iterator[str]:
    """Lines of a text, all but the first indented."""
    return _behind("", _INDENT, _wrapped(text, max(NARROWEST, width - len(_INDENT))))


def _wrapped(text: str, width: int) -> Iterator[str]:
    for line in text.split("\n"):
        edges = [0, *cuts(line, width), len(line)]
        yield from (line[start:end].rstrip() for start, end in pairwise(edges))
