"""Pieces drawn as lines of the screen."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from kbtui.tui.document.canvas import PROSE_WIDTH, Ink, Pen, Row
from kbtui.tui.document.code import code_height, code_rows
from kbtui.tui.document.pieces import CodeLines, Frame, Piece, Prose, TableRows
from kbtui.tui.document.tables import table_height, table_rows
from kbtui.tui.document.wrapping import wrap

WITH_LINE_BELOW = "h1"


MARGIN = 2
"""Empty cells at the left and at the right."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the screen, as wide as it."""

    strip: Strip
    spans: tuple[tuple[int, int, int], ...] = ()
    """Which text stands where in it: (first cell, start, end), counted in the text of the piece."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A piece as it is seen."""

    lines: list[Line]
    text: str
    """Of the piece."""
    hidden: int
    """Cells of it out of sight at the sides."""


def draw(piece: Piece, pen: Pen) -> Drawn:
    """A piece as lines of the screen, the empty line above it among them."""
    frames = _fitting(piece, pen.width)
    used = sum(cell_len(frame.rest) for frame in frames)
    rows, hidden = _content(piece, pen, used)
    begun = piece.begun - (len(piece.frames) - len(frames))
    first = [_side(frame.rest if number < begun else frame.first, frame, pen) for number, frame in enumerate(frames)]
    rest = [_side(frame.rest, frame, pen) for frame in frames]
    rows = [row.behind(rest if number else first, used) for number, row in enumerate(rows)]
    if piece.gap >= 0:
        rows.insert(0, Row([_side(frame.rest, frame, pen) for frame in _fitting_gap(piece, frames)]))
    return Drawn([_finished(row, pen) for row in rows], piece.leaf.text, hidden)


def _finished(row: Row, pen: Pen) -> Line:
    """The row between its margins, on the page's own colours."""
    ground, width = pen.palette[""], pen.width + 2 * MARGIN
    placed = row.behind([Segment(" " * MARGIN)], MARGIN).filled(width, ground)
    segments = [Segment(text, ground + style if style else ground) for text, style, _ in placed.segments if text]
    return Line(Strip(segments, width), placed.spans)


def height(piece: Piece, pen: Pen) -> int:
    """How many lines `draw` gives, without drawing them."""
    used = sum(cell_len(frame.rest) for frame in _fitting(piece, pen.width))
    leaf = piece.leaf
    if isinstance(leaf, Prose):
        lines = len(wrap(leaf.text, _prose_room(pen, used))) + (leaf.look == WITH_LINE_BELOW)
    elif isinstance(leaf, CodeLines):
        lines = code_height(leaf, pen.width - used, pen)
    elif isinstance(leaf, TableRows):
        lines = table_height(leaf, pen.width - used)
    else:
        lines = 1
    return lines + piece.gap_lines


def _content(piece: Piece, pen: Pen, used: int) -> tuple[list[Row], int]:
    leaf, room = piece.leaf, pen.width - used
    if isinstance(leaf, Prose):
        return _prose(leaf, _prose_room(pen, used), pen), 0
    if isinstance(leaf, CodeLines):
        return code_rows(leaf, room, pen)
    if isinstance(leaf, TableRows):
        return table_rows(leaf, room, pen)
    return [Row([Segment("─" * _prose_room(pen, used), pen.palette["rule"])])], 0


def _prose(leaf: Prose, room: int, pen: Pen) -> list[Row]:
    spans = wrap(leaf.text, room)
    ink = Ink(leaf.runs, leaf.look, pen)
    rows = [Row(list(ink.segments(*span)), ((0, *span),)) for span in spans]
    if leaf.look.endswith("-title"):
        rows = [row.filled(room, pen.palette[leaf.look]) for row in rows]
    if leaf.look == WITH_LINE_BELOW:
        rows.append(Row([Segment("━" * room, pen.palette["rule"])]))
    return rows


def _prose_room(pen: Pen, used: int) -> int:
    return min(pen.width, PROSE_WIDTH) - used


def _fitting(piece: Piece, width: int) -> tuple[Frame, ...]:
    """The innermost frames, as many as leave half of the width to the text."""
    room, fitting = min(width, PROSE_WIDTH) // 2, 0
    for frame in reversed(piece.frames):
        room -= cell_len(frame.rest)
        if room < 0:
            break
        fitting += 1
    return piece.frames[len(piece.frames) - fitting :]


def _fitting_gap(piece: Piece, frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """Those of the frames that go through the empty line above."""
    return frames[: max(0, piece.gap - (len(piece.frames) - len(frames)))]


def _side(text: str, frame: Frame, pen: Pen) -> Segment:
    return Segment(text, pen.palette[frame.look])
