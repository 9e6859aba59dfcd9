"""A page as a tree of blocks with runs of text in them: values that each face draws in its own way.

All text in the tree is safe to show: hidden and control characters are visible, lines end with a newline alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import TypeAlias


class Mark(Flag):
    """How a run of text differs from plain text."""

    NONE = 0
    EMPHASIS = auto()
    STRONG = auto()
    STRIKE = auto()
    HIGHLIGHT = auto()
    CODE = auto()
    KEY = auto()
    """A key of the keyboard."""
    SUB = auto()
    SUPER = auto()
    PLACEHOLDER = auto()
    """Stands for what the reader fills in: `{{name}}`, `<pod>`."""
    DIM = auto()
    """Says something to a machine, not to the reader: a comment, a tag, a shortcode."""


class LinkKind(Enum):
    """Where a link leads."""

    OUTSIDE = "outside"
    """An address with a scheme."""
    FILE = "file"
    """A path relative to the page, with `#anchor` or without."""
    NAME = "name"
    """The name of another page, as a wikilink has it, with `#heading` or without."""
    ANCHOR = "anchor"
    """A place in this page: the target is the anchor without `#`."""
    FOOTNOTE = "footnote"
    """A footnote of this page: the target is its label."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a run of text leads to."""

    target: str
    kind: LinkKind
    is_embed: bool = False
    """Whether the page asks for the target itself in this place: a picture, another page."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one look. A newline in it is a line break that the author asked for."""

    text: str
    mark: Mark = Mark.NONE
    link: Link | None = None


Inline: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the anchor is unique in its page, as GitHub makes them."""

    level: int
    text: Inline
    anchor: str
    line: int
    """The line of the source that it begins on, from 0. All blocks have it."""
    lines: int = 1
    """How many lines of the source it takes: the first guess of its height."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: Inline
    line: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Code:
    """A code block, its lines as they are, without the last newline."""

    text: str
    language: str
    """The first word behind the fence, lower case; empty where there is none."""
    line: int
    lines: int = 1
    title: str = ""
    """What else stands behind the fence."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list."""

    blocks: tuple[Block, ...]
    line: int
    is_checked: bool | None = None
    """Of a task: whether it is done. None for a plain item."""


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list."""

    items: tuple[Item, ...]
    line: int
    lines: int = 1
    start: int | None = None
    """The first number; None for a list without numbers."""
    is_tight: bool = True
    """Whether no empty lines stand between the items."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    blocks: tuple[Block, ...]
    line: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Callout:
    """A boxed remark: a note, a tip, a warning, the summary and the details of `<details>`."""

    kind: str
    """`note`, `tip`, `important`, `warning`, `caution`, `details` or the author's own word, lower case."""
    title: Inline
    blocks: tuple[Block, ...]
    line: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Rows have as many cells as the header."""

    header: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]
    align: tuple[str, ...]
    """`left`, `center` or `right` for each column."""
    line: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms, each with what it means."""

    entries: tuple[tuple[Inline, tuple[Block, ...]], ...]
    line: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Footnote:
    """What a footnote says; stands where its text stands in the source."""

    label: str
    blocks: tuple[Block, ...]
    line: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Verbatim:
    """What is not for the reader, or not understood, shown dimmed as it is: comments, shortcodes, raw HTML."""

    text: str
    line: int
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""

    line: int
    lines: int = 1


Block: TypeAlias = (
    Heading | Paragraph | Code | ListBlock | Quote | Callout | Table | Definitions | Footnote | Verbatim | Rule
)


def plain(text: Inline) -> str:
    """The text of runs alone."""
    return "".join(run.text for run in text)
