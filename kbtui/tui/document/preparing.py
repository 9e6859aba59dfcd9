"""From the tree of a page to the pieces that it is drawn in. Pure work, to be done off the event loop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, zip_longest
from typing import TypeVar

from rich.cells import cell_len

from kbtui.core.text import one_line
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
    Run,
    Table,
    Verbatim,
    plain,
)
from kbtui.tui.document.code import lexer_of
from kbtui.tui.document.pieces import (
    CodeBlock,
    CodeLines,
    Columns,
    Frame,
    Leaf,
    Line,
    OutlineEntry,
    Part,
    Piece,
    Prose,
    TableRows,
    fold,
)
from kbtui.tui.document.runs import drawn_runs

Each = TypeVar("Each")

LONGEST_PROSE = 3_000
"""Characters of one paragraph, or of one cell, that are drawn at once: drawing a piece must not hold the app."""
LONGEST_CODE = 40
"""Lines of code."""
LONGEST_CODE_LINE = 2_000
"""Characters; a longer line goes on in the next."""
LONGEST_TABLE = 20
"""Rows of a table."""
LONGEST_PIECE = 3_000
"""Characters of lines of code or of rows, unless one alone is longer."""
MEASURED_ROWS = 300
"""Rows that the widths of columns are taken from; what is wider further below is wrapped."""
LONGEST_WORD = 20
"""Cells that a column keeps for its longest word."""

SIZE_OF_CELL = 10
"""What a cell costs besides its text, in characters."""
_JOINING = ("\u200d", "\ufe0e", "\ufe0f")
BULLETS = ("• ", "◦ ", "▪ ")
BOXES = {True: "☑ ", False: "☐ "}
KINDS = {
    **dict.fromkeys(("tip", "hint", "success", "check", "done"), "tip"),
    **dict.fromkeys(("important", "question", "help", "faq"), "important"),
    **dict.fromkeys(("warning", "attention"), "warning"),
    **dict.fromkeys(("caution", "danger", "error", "failure", "fail", "missing", "bug"), "danger"),
    "details": "details",
}
"""The colour of a callout for the words of its authors; all others are notes."""


def prepare(blocks: Iterable[Block]) -> Part:
    """Blocks made ready to be shown."""
    builder = _Builder()
    for block in blocks:
        builder.add(block)
    return builder.part()


class _Builder:
    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._blocks: list[int] = []
        self._outline: list[OutlineEntry] = []
        self._codes: list[CodeBlock] = []
        self._footnotes: list[tuple[str, int]] = []
        self._frames: tuple[Frame, ...] = ()
        self._begun = 0
        self._gap = -1
        self._bullets = 0
        self._end = 0

    def part(self) -> Part:
        texts = [piece.leaf.text for piece in self._pieces]
        text = "".join(f"{each}\n" for each in texts)
        return Part(
            pieces=tuple(self._pieces),
            text=text,
            starts=tuple(accumulate((len(each) + 1 for each in texts[:-1]), initial=0)) if texts else (),
            folded=fold(text),
            blocks=tuple(self._blocks),
            outline=tuple(self._outline),
            codes=tuple(self._codes),
            links=tuple(number for number, piece in enumerate(self._pieces) if piece.has_links),
            footnotes=tuple(self._footnotes),
            lines=self._end,
        )

    def add(self, block: Block) -> None:
        """A block of the page itself."""
        self._gap = 0 if self._pieces else -1
        self._blocks.append(len(self._pieces))
        self._add(block)
        last = int(self._pieces[-1].line) if len(self._pieces) > self._blocks[-1] else block.line
        self._end = max(self._end, block.line + block.lines, last + 1)

    def _emit(self, leaf: Leaf, line: float, lines: int = 0) -> None:
        if self._pieces:
            # Places are kept as lines of the source: two pieces must not have the same.
            line = max(line, self._pieces[-1].line + 0.001)
        self._pieces.append(Piece(leaf, self._frames, self._begun, self._gap, line, lines))
        self._gap, self._begun = -1, len(self._frames)

    def _within(self, frame: Frame, blocks: Sequence[Block], *, line: int, gaps: bool = True) -> None:
        """Blocks in a frame; at least an empty line, so that the frame is seen."""
        outer = self._frames
        self._frames = (*outer, frame)
        if not blocks:
            self._emit(Prose(()), line)
        self._add_all(blocks, gaps=gaps)
        self._frames, self._begun = outer, min(self._begun, len(outer))

    def _add_all(self, blocks: Sequence[Block], *, gaps: bool = True) -> None:
        for number, block in enumerate(blocks):
            if number and gaps:
                self._gap = len(self._frames)
            self._add(block)

    def _add(self, block: Block) -> None:
        match block:
            case Heading():
                entry = OutlineEntry(block.level, one_line(plain(block.text)), block.anchor, len(self._pieces))
                self._outline.append(entry)
                self._prose(block.text, block, f"h{min(6, max(1, block.level))}")
            case Paragraph():
                self._prose(block.text, block)
            case Code():
                self._code(block)
            case ListBlock():
                self._list(block)
            case Quote():
                self._within(Frame("▌ ", "▌ ", "quote-bar"), block.blocks, line=block.line)
            case Callout():
                self._callout(block)
            case Table():
                self._table(block)
            case Definitions():
                self._definitions(block)
            case Footnote():
                self._footnote(block)
            case Verbatim():
                self._prose((Run(block.text),), block, "verbatim")
            case Rule():
                self._emit(Line(), block.line, 1)

    def _prose(self, text: Inline, block: Block, look: str = "") -> None:
        parts = list(_cut(drawn_runs(text)))
        for number, runs in enumerate(parts):
            self._emit(Prose(runs, look), block.line + block.lines * number / len(parts))

    def _code(self, block: Code) -> None:
        lexer_of(block.language)  # So that it is known when the app needs it.
        first, lines = len(self._pieces), list(_code_lines(block.text))
        widest = max((len(line) for line in lines), default=0)
        if block.title:
            self._emit(Prose((Run(block.title),), "code-title"), block.line)
        is_as_written = len(lines) == block.text.count("\n") + 1
        number = start = 0
        for chosen in _in_bunches(lines, [len(line) for line in lines], LONGEST_CODE):
            text = "\n".join(chosen)
            leaf = CodeLines(text, block, widest, start if is_as_written else None, is_first=number == 0)
            self._emit(leaf, block.line + block.lines * number / len(lines), len(chosen))
            number, start = number + len(chosen), start + len(text) + 1
        self._codes.append(CodeBlock(block, first, len(self._pieces)))

    def _list(self, block: ListBlock) -> None:
        bullet = BULLETS[self._bullets % len(BULLETS)]
        last = (block.start or 0) + len(block.items) - 1
        width = len(f"{last}. ")
        self._bullets += block.start is None
        for number, item in enumerate(block.items):
            if number and not block.is_tight:
                self._gap = len(self._frames)
            sign = bullet if block.start is None else f"{block.start + number}. ".rjust(width)
            self._item(item, sign, is_tight=block.is_tight)
        self._bullets -= block.start is None

    def _item(self, item: Item, sign: str, *, is_tight: bool) -> None:
        if item.is_checked is not None:
            box = BOXES[item.is_checked]
            sign = box if sign.strip() in "".join(BULLETS) else sign + box
        frame = Frame(sign, " " * cell_len(sign), "done" if item.is_checked else "bullet")
        self._within(frame, item.blocks, line=item.line, gaps=not is_tight)

    def _callout(self, block: Callout) -> None:
        family = KINDS.get(block.kind, "note")
        kind = "▾" if family == "details" else block.kind.capitalize()
        title = block.title if plain(block.title).strip() else ()
        if not title or plain(title).casefold() == kind.casefold():
            title = title or (Run("Details" if family == "details" else kind),)
            kind = "▾" if family == "details" else ""
        elif family != "details":
            kind += ":"
        outer = self._frames
        self._frames = (*outer, Frame("▌ ", "▌ ", f"{family}-bar"))
        heading = (Run(f"{kind} "), *drawn_runs(title)) if kind else drawn_runs(title)
        self._emit(Prose(heading, f"{family}-title"), block.line)
        self._add_all(block.blocks)
        self._frames, self._begun = outer, min(self._begun, len(outer))

    def _table(self, block: Table) -> None:
        header = tuple(drawn_runs(cell) for cell in block.header)
        rows = [tuple(drawn_runs(cell) for cell in row) for row in block.rows]
        columns = _columns([header, *rows[:MEASURED_ROWS]], block.align)
        if any(plain(cell).strip() for cell in header):
            self._emit(TableRows((header,), columns, -1), block.line, 2)
        rows = [part for row in rows for part in _cut_row(row)]
        sizes = [sum(len(plain(cell)) + SIZE_OF_CELL for cell in row) for row in rows]
        number = 0
        for chosen in _in_bunches(rows, sizes, LONGEST_TABLE):
            line = block.line + 2 + (block.lines - 2) * number / len(rows)
            self._emit(TableRows(tuple(chosen), columns, number), line, len(chosen))
            number += len(chosen)

    def _definitions(self, block: Definitions) -> None:
        for number, (term, meaning) in enumerate(block.entries):
            if number:
                self._gap = len(self._frames)
            self._emit(Prose(drawn_runs(term), "term"), meaning[0].line - 1 if meaning else block.line)
            if meaning:
                self._within(Frame("  ", "  ", ""), meaning, line=block.line)

    def _footnote(self, block: Footnote) -> None:
        self._footnotes.append((block.label, len(self._pieces)))
        label = Run(f"[{one_line(block.label)}] ", Mark.STRONG)
        first = block.blocks[0] if block.blocks else None
        blocks: tuple[Block, ...]
        if isinstance(first, Paragraph):
            blocks = (Paragraph((label, *first.text), first.line, first.lines), *block.blocks[1:])
        else:
            blocks = (Paragraph((label,), block.line), *block.blocks)
        self._within(Frame("╎ ", "╎ ", "footnote-bar"), blocks, line=block.line)


def _cut(runs: Inline) -> Iterator[Inline]:
    """The runs of a very long paragraph in several, cut at spaces where there are any."""
    if sum(len(run.text) for run in runs) <= LONGEST_PROSE:
        yield runs
        return
    left, room = list(reversed(runs)), LONGEST_PROSE
    now: list[Run] = []
    while left:
        run = left.pop()
        if len(run.text) <= room:
            now.append(run)
            room -= len(run.text)
            continue
        end = max(run.text.rfind(" ", 0, room), run.text.rfind("\n", 0, room)) + 1
        end = end or (0 if now else _whole(run.text, LONGEST_PROSE))
        if end:
            now.append(Run(run.text[:end], run.mark, run.link))
        left.append(Run(run.text[end:], run.mark, run.link))
        yield tuple(now)
        now, room = [], LONGEST_PROSE
    yield tuple(now)


def _code_lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        rest = line
        while len(rest) > LONGEST_CODE_LINE:
            end = _whole(rest, LONGEST_CODE_LINE)
            yield rest[:end]
            rest = rest[end:]
        yield rest


def _whole(text: str, end: int) -> int:
    """`end`, or the place before it where no joined signs are torn apart."""
    at = end
    while at > 1 and (text[at : at + 1] in _JOINING or text[at - 1] in _JOINING):
        at -= 1
    return at if at > 1 else end


def _cut_row(row: tuple[Inline, ...]) -> Iterator[tuple[Inline, ...]]:
    """A row whose cells are very long as several, one below the other."""
    if sum(len(plain(cell)) for cell in row) <= LONGEST_PROSE:
        return iter((row,))
    return zip_longest(*(_cut(cell) for cell in row), fillvalue=())


def _in_bunches(items: Sequence[Each], sizes: Sequence[int], most: int) -> Iterator[list[Each]]:
    """Lines or rows in bunches of at most so many, and not too large together."""
    bunch: list[Each] = []
    total = 0
    for item, size in zip(items, sizes, strict=True):
        if bunch and (len(bunch) == most or total + size > LONGEST_PIECE):
            yield bunch
            bunch, total = [], 0
        bunch.append(item)
        total += size
    if bunch:
        yield bunch


def _columns(rows: Sequence[tuple[Inline, ...]], align: tuple[str, ...]) -> Columns:
    natural, least = [1] * len(rows[0]), [1] * len(rows[0])
    for row in rows:
        for number, cell in enumerate(row):
            text = plain(cell)
            natural[number] = max(natural[number], *map(cell_len, text.split("\n")))
            words = text.split() or [""]
            least[number] = max(least[number], min(LONGEST_WORD, max(map(len, words))))
    return Columns(tuple(natural), tuple(map(min, least, natural)), align)
