"""Short ways to write and to look at pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeVar

from kbtui.markdown import inlines_of, read_page, walk
from kbtui.markdown.tree import Block, Callout, Code, Footnote, Heading, Inline, Paragraph, Run, Verbatim

AnyBlock = TypeVar("AnyBlock")


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text."""
    return read_page(text).blocks


def only(text: str, kind: type[AnyBlock]) -> AnyBlock:
    """The one block that a text is."""
    [block] = blocks(text)
    assert isinstance(block, kind), block
    return block


def runs(text: str) -> Inline:
    """The runs of a text that is one paragraph."""
    return only(text, Paragraph).text


def runs_of(found: Iterable[Block]) -> Iterator[Run]:
    """Every run of some blocks."""
    return chain.from_iterable(chain.from_iterable(map(inlines_of, walk(found))))


def strings_of(found: Iterable[Block]) -> Iterator[str]:
    """Every string that is in some blocks: their text, where links lead, anchors, labels."""
    for run in runs_of(found):
        yield run.text
        if run.link:
            yield run.link.target
    for block in walk(found):
        match block:
            case Heading():
                yield block.anchor
            case Code():
                yield from (block.text, block.language, block.title)
            case Callout():
                yield block.kind
            case Footnote():
                yield block.label
            case Verbatim():
                yield block.text
