"""Code: its lines as they are, in the colours of its language, moved sideways or wrapped where they are too long."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from pygments.lexer import Lexer  # type: ignore[import-untyped]
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
from pygments.token import Token  # type: ignore[import-untyped]
from pygments.util import ClassNotFound  # type: ignore[import-untyped]
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from kbtui.tui.document.canvas import PROSE_WIDTH, Pen, Row
from kbtui.tui.document.pieces import CodeLines
from kbtui.tui.document.wrapping import Span, window, wrap

GUTTER = 3
"""Cells before each line: a bar, a sign where the line destroys something, and a space."""
DANGER = "!"
LONGEST_CONTEXT = 6_000
"""Characters of a code that is coloured as a whole; of a longer one each piece by itself."""
LOOKS = {
    Token.Comment: "comment",
    Token.Keyword: "keyword",
    Token.String: "string",
    Token.Number: "number",
    Token.Name.Builtin: "name",
    Token.Name.Function: "name",
    Token.Name.Tag: "name",
    Token.Name.Attribute: "variable",
    Token.Name.Variable: "variable",
    Token.Generic.Prompt: "comment",
    Token.Generic.Output: "output",
    Token.Generic.Deleted: "deleted",
    Token.Generic.Inserted: "inserted",
    Token.Generic.Heading: "name",
    Token.Generic.Subheading: "name",
}


def code_rows(leaf: CodeLines, room: int, pen: Pen) -> tuple[list[Row], int]:
    """The rows of some code, and how many cells of its block are out of sight."""
    inner = max(4, room - GUTTER - 1)
    hidden = 0 if pen.is_wrapped else max(0, leaf.widest - inner)
    shift = min(pen.shift, hidden)
    panel = room if hidden else min(room, max(leaf.widest + GUTTER + 1, PROSE_WIDTH - pen.width + room))
    rows = []
    for start, end in _lines(leaf.text):
        gutter = _gutter(leaf, leaf.text[start:end], pen)
        pieces = wrap_line(leaf.text, start, end, inner) if pen.is_wrapped else [(start, end)]
        for piece in pieces:
            row = _line(leaf, piece, shift, inner, pen) if hidden else _whole(leaf, piece, pen)
            rows.append(row.behind(gutter, GUTTER).filled(panel, pen.palette["code"]))
            gutter = _gutter(leaf, "", pen)
    if leaf.is_first and rows:
        rows[0] = _with_language(rows[0], leaf.code.language, pen)
    return rows, hidden


def code_height(leaf: CodeLines, room: int, pen: Pen) -> int:
    """How many rows there will be."""
    if not pen.is_wrapped:
        return leaf.text.count("\n") + 1
    inner = max(4, room - GUTTER - 1)
    return sum(len(wrap_line(leaf.text, start, end, inner)) for start, end in _lines(leaf.text))


def wrap_line(text: str, start: int, end: int, width: int) -> list[Span]:
    """One line of a text wrapped."""
    return [(start + first, start + last) for first, last in wrap(text[start:end], width)]


def _lines(text: str) -> list[Span]:
    lengths = [len(line) + 1 for line in text.split("\n")]
    return [(end - length, end - 1) for length, end in zip(lengths, accumulate(lengths), strict=True)]


def _gutter(leaf: CodeLines, line: str, pen: Pen) -> list[Segment]:
    chosen = leaf.code is pen.chosen
    bar = Segment("█" if chosen else "▎", pen.palette["code-chosen" if chosen else "code-bar"])
    danger = bool(line) and pen.is_destructive(line)
    sign = Segment(DANGER if danger else " ", pen.palette["code-danger" if danger else "code"])
    return [bar, sign, Segment(" ", pen.palette["code"])]


def _whole(leaf: CodeLines, span: Span, pen: Pen) -> Row:
    start, end = span
    return Row(_coloured(leaf, start, end, pen), ((0, start, end),))


def _line(leaf: CodeLines, span: Span, shift: int, inner: int, pen: Pen) -> Row:
    """What is seen of a line, its edges marked where it goes on."""
    start, end = window(leaf.text, *span, shift, inner)
    edge = pen.palette["code-edge"]
    left = start > span[0] and span[1] > span[0]
    right = end < span[1]
    if not left and not right:
        return _whole(leaf, span, pen)
    start, end = min(end, start + left), max(start, end - right)
    segments = [Segment("‹", edge)] if left else []
    segments += _coloured(leaf, start, end, pen)
    row = Row(segments, ((int(left), start, end),))
    if right:
        row = row.filled(inner - 1, pen.palette["code"])
        row = Row([*row.segments, Segment("›", edge)], row.spans)
    return row


def _coloured(leaf: CodeLines, start: int, end: int, pen: Pen) -> list[Segment]:
    code, moved = leaf.text, 0
    if leaf.start is not None and len(leaf.code.text) <= LONGEST_CONTEXT:
        code, moved = leaf.code.text, leaf.start
    # Lines that had to be cut were not written to be read: they have no colours.
    starts, looks = _looks(code, leaf.code.language if leaf.start is not None else "")
    segments, number = [], max(0, bisect_right(starts, start + moved) - 1)
    while start < end:
        stop = min(end, starts[number + 1] - moved) if number + 1 < len(starts) else end
        if start < stop:
            segments.append(Segment(leaf.text[start:stop], pen.palette.joined("code", over=looks[number])))
        start, number = max(start, stop), number + 1
    return segments


@lru_cache(maxsize=256)
def _looks(text: str, language: str) -> tuple[list[int], list[str]]:
    """Where another look begins in a code, and which."""
    starts, looks = [0], [""]
    lexer = lexer_of(language)
    if lexer is not None:
        for start, kind, _ in lexer.get_tokens_unprocessed(text):
            look = _look(kind)
            if look != looks[-1]:
                starts.append(start)
                looks.append(look)
    return starts, looks


def _look(kind: object) -> str:
    token = kind
    while token is not None:
        if token in LOOKS:
            return LOOKS[token]
        token = getattr(token, "parent", None)
    return ""


@lru_cache(maxsize=64)
def lexer_of(language: str) -> Lexer | None:
    """What knows the words of a language, if anything does. The first time, this takes tens of milliseconds."""
    if language in ("", "text", "txt", "plain", "plaintext", "output"):
        return None
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


def _with_language(row: Row, language: str, pen: Pen) -> Row:
    """The first row with the name of the language at its end, if there is room."""
    text = row.segments[-1].text
    if not language or text.strip() or len(text) < cell_len(language) + 3:
        return row
    *before, space = row.segments
    style: Style = pen.palette["code-language"]
    left = Segment(space.text[: len(text) - cell_len(language) - 1], space.style)
    return Row([*before, left, Segment(f"{language} ", style)], row.spans)
