"""Tables: columns that fit the page by wrapping their cells, or a wide table that is moved sideways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual.strip import Strip

from kbtui.markdown.tree import plain
from kbtui.tui.document.canvas import Ink, Pen, Row
from kbtui.tui.document.pieces import Columns, TableRows
from kbtui.tui.document.wrapping import Span, wrap

BETWEEN = " │ "
WIDEST = 40
"""Cells of the widest column of a table that does not fit."""


def widths(columns: Columns, room: int) -> list[int]:
    """The width of each column. Where no word need be broken they fit into `room`; else the table is wider than it."""
    room -= len(BETWEEN) * (len(columns.natural) - 1)
    if sum(columns.natural) <= room:
        return list(columns.natural)
    spare = room - sum(columns.least)
    if spare < 0:
        return [min(WIDEST, natural) for natural in columns.natural]
    wanted = [natural - least for natural, least in zip(columns.natural, columns.least, strict=True)]
    return [least + spare * more // sum(wanted) for least, more in zip(columns.least, wanted, strict=True)]


def table_rows(leaf: TableRows, room: int, pen: Pen) -> tuple[list[Row], int]:
    """The lines of some rows, and how many cells of the table are out of sight."""
    sizes = widths(leaf.columns, room)
    hidden = max(0, sum(sizes) + len(BETWEEN) * (len(sizes) - 1) - room)
    shift = min(pen.shift, hidden)
    is_header, start = leaf.first < 0, 0
    lines: list[Row] = []
    for number, row in enumerate(leaf.rows):
        striped = not is_header and (leaf.first + number) % 2 == 1
        look = "table-header" if is_header else "table-stripe" if striped else ""
        seen, high, x = [], 1, 0
        for runs, size, align in zip(row, sizes, leaf.columns.align, strict=True):
            text = plain(runs)
            wrapped = wrap(text, size)
            high = max(high, len(wrapped))
            if x + size >= shift and x <= shift + room:
                seen.append(_Cell(x, size, align, Ink(runs, look, pen), start, wrapped))
            start += len(text) + 1
            x += size + len(BETWEEN)
        lines += [_line(seen, at, look, pen) for at in range(high)]
    if is_header:
        lines.append(Row([Segment("─┼─".join("─" * size for size in sizes), pen.palette["table-line"])]))
    return [_cropped(line, shift, room) for line in lines] if hidden else lines, hidden


def table_height(leaf: TableRows, room: int) -> int:
    """How many lines there will be."""
    sizes = widths(leaf.columns, room)
    wrapped = (max(len(wrap(plain(c), size)) for c, size in zip(row, sizes, strict=True)) for row in leaf.rows)
    return sum(wrapped) + (leaf.first < 0)


@dataclass(frozen=True, slots=True)
class _Cell:
    x: int
    """Where the column begins in the whole table."""
    width: int
    align: str
    ink: Ink
    start: int
    """Where its text begins in that of the piece."""
    lines: list[Span]


def _line(cells: Sequence[_Cell], at: int, look: str, pen: Pen) -> Row:
    """One line of a row, empty left of the first of these cells."""
    ground, between = pen.palette[look], pen.palette.joined(look, over="table-line")
    segments = [Segment(" " * cells[0].x, ground)]
    spans: list[tuple[int, int, int]] = []
    for number, cell in enumerate(cells):
        if number:
            segments.append(Segment(BETWEEN, between))
        start, end = cell.lines[at] if at < len(cell.lines) else (0, 0)
        drawn = Row(list(cell.ink.segments(start, end)))
        free = cell.width - drawn.width
        left = {"right": free, "center": free // 2}.get(cell.align, 0)
        segments += [Segment(" " * left, ground), *drawn.segments, Segment(" " * (free - left), ground)]
        if start < end:
            spans.append((cell.x + left, cell.start + start, cell.start + end))
    return Row([segment for segment in segments if segment.text], tuple(spans))


def _cropped(row: Row, shift: int, room: int) -> Row:
    """What is seen of a line in `room` cells. Texts that are cut are not found by the pointer, and not marked."""
    whole = Strip(row.segments)
    segments = list(whole.crop(shift, shift + room))
    spans = tuple(
        (x - shift, start, end) for x, start, end in row.spans if shift <= x and x + end - start <= shift + room
    )
    if shift:
        segments = [Segment("‹"), *Strip(segments).crop(1)]
    if shift + room < whole.cell_length:
        segments = [*Strip(segments).crop(0, room - 1), Segment("›")]
    return Row(segments, spans)
