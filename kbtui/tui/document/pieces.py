"""A page cut into pieces that are each drawn at once, however deep or long the blocks of its tree are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kbtui.core.text import one_line
from kbtui.markdown.tree import Block, Code, Heading, Inline, Link, plain
from kbtui.tui.document.runs import links_in


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands at the left of all that a quote, a callout or an item of a list holds."""

    first: str
    """Beside the first line of it: a bullet, a number."""
    rest: str
    """Beside all other lines, as wide."""
    look: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Text that is wrapped: a paragraph, a heading, the title of a callout."""

    runs: Inline
    look: str = ""

    @property
    def text(self) -> str:
        """All of its text; places in a piece are counted in it."""
        return plain(self.runs)


@dataclass(frozen=True, slots=True)
class CodeLines:
    """Some lines of a code block."""

    text: str
    code: Code
    widest: int
    """Characters of the longest line of the whole block."""
    start: int | None
    """Where the text begins in that of the block; None where lines had to be cut."""
    is_first: bool
    """Whether the block begins here."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table ask for, in cells of the screen."""

    natural: tuple[int, ...]
    """So wide that nothing is wrapped."""
    least: tuple[int, ...]
    """So wide that no word is broken."""
    align: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableRows:
    """Some rows of a table, or its header."""

    rows: tuple[tuple[Inline, ...], ...]
    columns: Columns
    first: int
    """The number of the first row; -1 for the header."""

    @property
    def text(self) -> str:
        """Cells with a tab between them, rows with a newline."""
        return "\n".join("\t".join(map(plain, row)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Line:
    """A line across the page."""

    @property
    def text(self) -> str:
        """Nothing."""
        return ""


Leaf: TypeAlias = Prose | CodeLines | TableRows | Line


@dataclass(frozen=True, slots=True)
class Piece:
    """What is drawn at once: a leaf of the tree, or a part of a long one, and what it stands in."""

    leaf: Leaf
    frames: tuple[Frame, ...]
    begun: int
    """How many of the frames have their first line before this piece."""
    gap: int
    """How many of the frames go through the empty line above; -1 where there is none."""
    line: float
    """The line of the source, from 0, growing from piece to piece."""
    lines: int = 0
    """Lines that it will take, where that is known; 0 for text that is wrapped."""

    @property
    def gap_lines(self) -> int:
        """Empty lines above it."""
        return int(self.gap >= 0)

    @property
    def has_links(self) -> bool:
        """Whether there are links in it."""
        leaf = self.leaf
        if isinstance(leaf, Prose):
            return any(run.link is not None for run in leaf.runs)
        return isinstance(leaf, TableRows) and any(run.link for row in leaf.rows for cell in row for run in cell)

    def links(self) -> list[tuple[int, int, Link]]:
        """The links in it: (start, end, link), counted in its text."""
        if isinstance(self.leaf, Prose):
            return list(links_in(self.leaf.runs))
        if not isinstance(self.leaf, TableRows):
            return []
        found, start = [], 0
        for row in self.leaf.rows:
            for cell in row:
                found += [(start + begin, start + end, link) for begin, end, link in links_in(cell)]
                start += len(plain(cell)) + 1
        return found


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading of the page."""

    level: int
    text: str
    anchor: str
    piece: int
    """The number of its piece, from 0."""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A code block, and the pieces that it is drawn in: `first` to before `end`."""

    code: Code
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks made ready to be shown: all of a page, or what has been read of it so far. Numbers count from 0 in it."""

    pieces: tuple[Piece, ...]
    text: str
    """The texts of the pieces, a newline behind each."""
    starts: tuple[int, ...]
    """Where the text of each piece begins."""
    folded: str
    """The text in small letters, each where it stands in the text."""
    blocks: tuple[int, ...]
    """The first piece of each block."""
    outline: tuple[OutlineEntry, ...]
    codes: tuple[CodeBlock, ...]
    links: tuple[int, ...]
    """The pieces with links in them."""
    footnotes: tuple[tuple[str, int], ...]
    """Label and first piece."""
    lines: int
    """Lines of the source up to the end."""


def fold(text: str) -> str:
    """Small letters, as many as `text` has."""
    return text.replace("İ", "I").lower()


def without_title(blocks: tuple[Block, ...], title: str) -> tuple[Block, ...]:
    """The blocks without a first heading that only repeats the title."""
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and first.level == 1 and one_line(plain(first.text)) == one_line(title):
        return blocks[1:]
    return blocks
