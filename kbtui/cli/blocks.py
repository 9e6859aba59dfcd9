"""The blocks of a page for a terminal, drawn by Rich, sober: no panels, nothing cropped, no command wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.box import SIMPLE
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.syntax import Syntax
from rich.table import Table as RichTable
from rich.text import Text

from kbtui.cli.prose import NARROWEST, cuts, spelt_out
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
    Mark,
    Paragraph,
    Quote,
    Rule,
    Table,
    Verbatim,
)

CODE_THEME = "ansi_dark"
"""Takes the terminal's own palette, so that it is legible on any background."""

MAX_HIGHLIGHTED = 20_000
"""Characters of a code block; a longer one is shown without colour, as lexers may take quadratic time."""

_CODE_INDENT = "    "
_UNDERLINES = {1: "═", 2: "─"}
_STYLES = {
    Mark.EMPHASIS: Style(italic=True),
    Mark.STRONG: Style(bold=True),
    Mark.HIGHLIGHT: Style(underline=True),
    Mark.CODE: Style(color="cyan"),
    Mark.KEY: Style(bold=True),
    Mark.PLACEHOLDER: Style(color="yellow"),
    Mark.DIM: Style(dim=True),
}
_JUSTIFY: dict[str, JustifyMethod] = {"left": "left", "center": "center", "right": "right"}


class Blocks:
    """Blocks as Rich prints them. Prose keeps to the width; a line of code never does."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = tuple(blocks)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in _Drawing(console).blocks(self._blocks, options.max_width):
            yield from line.render(console)
            yield Segment.line()


class _Drawing:
    """Makes lines of blocks."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def blocks(self, blocks: Iterable[Block], width: int, *, is_tight: bool = False) -> Iterator[Text]:
        """The lines of blocks, an empty one between two of them unless they stand in a tight list."""
        for number, block in enumerate(blocks):
            if number and not is_tight:
                yield Text()
            yield from self._block(block, width)

    def _block(self, block: Block, width: int) -> Iterator[Text]:
        match block:
            case Heading():
                yield from self._heading(block, width)
            case Paragraph():
                yield from _wrapped(_text(block.text), width)
            case Code():
                yield from self._code(block)
            case ListBlock():
                yield from self._list(block, width)
            case Quote():
                yield from self._behind("▌ ", "▌ ", block.blocks, width)
            case Callout():
                yield from self._callout(block, width)
            case Table():
                yield from self._table(block, width)
            case Definitions():
                yield from self._definitions(block, width)
            case Footnote():
                yield from self._behind(f"[{block.label}] ", _CODE_INDENT, block.blocks, width)
            case Verbatim():
                yield from _wrapped(Text(block.text, "dim"), width)
            case Rule():
                yield Text("─" * width, "dim")

    def _behind(
        self, first: str, rest: str, blocks: Iterable[Block], width: int, *, is_tight: bool = False
    ) -> Iterator[Text]:
        """Blocks behind a prefix."""
        inner = max(NARROWEST, width - len(rest))
        lines = iter(self.blocks(blocks, inner, is_tight=is_tight))
        yield Text.assemble((first, "dim"), next(lines, Text()))
        for line in lines:
            yield Text.assemble((rest, "dim"), line)

    def _heading(self, heading: Heading, width: int) -> Iterator[Text]:
        lines = list(_wrapped(Text("".join(run.text for run in spelt_out(heading.text)), "bold"), width))
        yield from lines
        if underline := _UNDERLINES.get(heading.level):
            yield Text(underline * min(width, max((line.cell_len for line in lines), default=0)), "dim")

    def _code(self, code: Code) -> Iterator[Text]:
        text = Text(code.text)
        is_coloured = self._console.color_system is not None
        if is_coloured and code.language and len(code.text) <= MAX_HIGHLIGHTED:
            text = Syntax(code.text, code.language, theme=CODE_THEME).highlight(code.text)
            text.rstrip()
        if code.title:
            yield Text(code.title, "dim")
        for line in text.split("\n", allow_blank=True):
            yield Text.assemble(_CODE_INDENT, line)

    def _list(self, block: ListBlock, width: int) -> Iterator[Text]:
        last = len(str((block.start or 0) + len(block.items) - 1))
        for number, item in enumerate(block.items):
            if number and not block.is_tight:
                yield Text()
            bullet = " • " if block.start is None else f"{block.start + number}.".rjust(last + 2) + " "
            yield from self._behind(
                bullet + _task(item), " " * len(bullet), item.blocks, width, is_tight=block.is_tight
            )

    def _callout(self, callout: Callout, width: int) -> Iterator[Text]:
        title = Text.assemble((callout.kind.capitalize(), "bold"), (": " if callout.title else ""))
        for line in _wrapped(title.append_text(_text(callout.title)), max(NARROWEST, width - 2)):
            yield Text.assemble(("▌ ", "dim"), line)
        if callout.blocks:
            yield from self._behind("▌ ", "▌ ", callout.blocks, width)

    def _definitions(self, block: Definitions, width: int) -> Iterator[Text]:
        for term, blocks in block.entries:
            yield from _wrapped(_text(term), width)
            if blocks:
                yield from self._behind(_CODE_INDENT, _CODE_INDENT, blocks, width)

    def _table(self, block: Table, width: int) -> Iterator[Text]:
        table = RichTable(box=SIMPLE, pad_edge=False, border_style="dim", header_style="bold")
        for cell, align in zip(block.header, block.align, strict=True):
            table.add_column(_text(cell), justify=_JUSTIFY.get(align, "left"), overflow="fold")
        for row in block.rows:
            table.add_row(*map(_text, row))
        lines = self._console.render_lines(table, self._console.options.update(width=width), pad=False)
        drawn = [Text.assemble(*((segment.text, segment.style or "") for segment in line)) for line in lines]
        # The box begins and ends with an empty line of its own.
        yield from (line for line in drawn if line.plain.strip())


def _task(item: Item) -> str:
    return {None: "", True: "[x] ", False: "[ ] "}[item.is_checked]


def _text(inline: Inline) -> Text:
    text = Text()
    for run in spelt_out(inline):
        style = Style.combine([Style(), *(style for mark, style in _STYLES.items() if mark in run.mark)])
        text.append(run.text, style)
    return text


def _wrapped(text: Text, width: int) -> Iterator[Text]:
    """Lines of at most `width` columns. Unlike Rich's own, an address or a path is not broken in its middle."""
    for line in text.split("\n", allow_blank=True):
        for piece in line.divide(cuts(line.plain, width)):
            piece.rstrip()
            yield piece
