"""All of a page, in the order of the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from kbtui.markdown.tree import (
    Block,
    Callout,
    Code,
    Definitions,
    Footnote,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Quote,
    Table,
    Verbatim,
    plain,
)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block, and behind each one those inside it."""
    for block in blocks:
        yield block
        yield from walk(_inside(block))


def inlines_of(block: Block) -> tuple[Inline, ...]:
    """The texts of a block itself: of a table its cells, of definitions the terms; not those of blocks inside it."""
    match block:
        case Heading() | Paragraph():
            return (block.text,)
        case Callout():
            return (block.title,)
        case Table():
            return tuple(chain(block.header, *block.rows))
        case Definitions():
            return tuple(term for term, _ in block.entries)
    return ()


def text_of(blocks: Iterable[Block]) -> str:
    """All text of the blocks in order, a block or a cell a line or more; labels and the words behind fences too."""
    return "\n".join(chain.from_iterable(_texts(block) for block in blocks))


def _inside(block: Block) -> Iterable[Block]:
    match block:
        case ListBlock():
            return chain.from_iterable(item.blocks for item in block.items)
        case Quote() | Callout() | Footnote():
            return block.blocks
        case Definitions():
            return chain.from_iterable(blocks for _, blocks in block.entries)
    return ()


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Code():
            yield from filter(None, (block.language, block.title))
            yield block.text
        case Verbatim():
            yield block.text
        case Callout():
            yield block.kind
        case Footnote():
            yield block.label
        case Definitions():
            for term, blocks in block.entries:
                yield plain(term)
                yield from chain.from_iterable(map(_texts, blocks))
            return
    yield from map(plain, inlines_of(block))
    yield from chain.from_iterable(map(_texts, _inside(block)))
