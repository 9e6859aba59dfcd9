"""HTML that stands as a block of its own: its paragraphs, headings, lists, tables and code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from markdown_it.common.html_blocks import block_names
from markdown_it.common.html_re import close_tag, open_tag

from kbtui.core.text import clean
from kbtui.markdown.anchors import Anchors, anchor_of
from kbtui.markdown.inlines import is_dim, runs
from kbtui.markdown.syntax import html_inlines
from kbtui.markdown.tags import MARKS, Tag, decoded, tag_of
from kbtui.markdown.tree import (
    Block,
    Code,
    Heading,
    Inline,
    Item,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
    Verbatim,
    plain,
)

_DEEPEST = 20
"""Blocks inside blocks; what lies deeper loses its shape, never its text."""

_WIDEST = 100
"""Cells of a row."""

_TAG = re.compile(rf"{open_tag}|{close_tag}|<!--|<[!?]")
_ENDS = {"<!--": "-->", "<?": "?>", "<!": ">"}
_SPACE = re.compile(r"\s+")
_LANGUAGE = re.compile(r"\blanguage-([\w+#-]+)")
_TABLE_TAGS = frozenset({"thead", "tbody", "tfoot", "tr", "th", "td"})
_FOR_BROWSERS = frozenset({"base", "basefont", "frame", "iframe", "link", "param", "track"})
_BLOCKS = frozenset({*block_names, "pre", "script", "style", "textarea"}) - _FOR_BROWSERS


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tag, a stretch of text, or what is for machines: a comment, a declaration."""

    source: str
    line: int
    tag: Tag | None = None
    is_machine: bool = False

    @property
    def lines(self) -> int:
        return self.source.count("\n") + 1


def html_blocks(source: str, line: int, anchors: Anchors) -> tuple[Block, ...]:
    """The blocks of a piece of HTML that begins on `line`. Nothing is fetched or run; unknown tags are shown."""
    return tuple(_Reader(list(_pieces(source, line)), anchors).blocks())


def _pieces(source: str, line: int) -> Iterator[_Piece]:
    position = 0
    while position < len(source):
        match = _TAG.search(source, position)
        start = match.start() if match else len(source)
        if text := source[position:start]:
            yield _Piece(text, line)
            line += text.count("\n")
        if match is None:
            return
        position = match.end()
        if closing := _ENDS.get(match.group()):
            end = source.find(closing, position)
            position = end + len(closing) if end >= 0 else len(source)
        text = source[start:position]
        yield _Piece(text, line, tag_of(text), is_machine=bool(closing))
        line += text.count("\n")


class _Reader:
    """Walks over the pieces once; a closing tag that belongs to nothing only ends a paragraph."""

    def __init__(self, pieces: Sequence[_Piece], anchors: Anchors) -> None:
        self._pieces = pieces
        self._anchors = anchors
        self._next = 0
        self._depth = 0

    def blocks(self, until: str = "") -> list[Block]:
        """The blocks up to where an element of this name ends, or to the end."""
        found: list[Block] = []
        fragment: list[_Piece] = []
        while self._next < len(self._pieces) and not self._ends(until):
            piece = self._take()
            blocks = self._blocks_of(piece)
            if blocks is None:
                fragment.append(piece)
            else:
                found += [*_paragraph(fragment), *blocks]
                fragment = []
        return found + _paragraph(fragment)

    def _take(self) -> _Piece:
        self._next += 1
        return self._pieces[self._next - 1]

    def _lines_since(self, piece: _Piece) -> int:
        """How many lines of the source have been read from a piece on."""
        last = self._pieces[min(self._next, len(self._pieces)) - 1]
        return last.line + last.lines - piece.line

    def _ends(self, name: str) -> bool:
        """Whether the next tag closes an element; an item ends at the next one too, and with its list."""
        tag = self._pieces[self._next].tag
        if tag is None or not name:
            return False
        if name == "li":
            return tag.name == "li" or (tag.is_closing and tag.name in ("ul", "ol"))
        return tag.is_closing and tag.name == name

    def _until(self, name: str) -> list[_Piece]:
        """The pieces up to the end of an element, its closing tag taken and left out."""
        start = self._next
        while self._next < len(self._pieces) and not self._ends(name):
            self._next += 1
        inside = list(self._pieces[start : self._next])
        self._next += 1
        return inside

    def _blocks_of(self, piece: _Piece) -> list[Block] | None:
        """What begins with a piece: blocks, none where a paragraph only ends, None for a piece of a paragraph."""
        tag = piece.tag
        if piece.is_machine:
            return [Verbatim(clean(piece.source), piece.line, piece.lines)]
        if tag is None or tag.name not in _BLOCKS:
            return None
        handler = None if tag.is_closing else _HANDLERS.get(tag.name)
        if handler is None or self._depth >= _DEEPEST:
            return []
        self._depth += 1
        blocks = handler(self, piece, tag)
        self._depth -= 1
        return blocks

    def _heading(self, piece: _Piece, tag: Tag) -> list[Block]:
        text = _text(self._until(tag.name))
        anchor = self._anchors.take(clean(tag.attribute("id")) or anchor_of(plain(text)))
        return [Heading(int(tag.name[1]), text, anchor, piece.line, self._lines_since(piece))]

    def _quote(self, piece: _Piece, tag: Tag) -> list[Block]:
        blocks = tuple(self.blocks(tag.name))
        self._next += 1
        return [Quote(blocks, piece.line, self._lines_since(piece))]

    def _code(self, piece: _Piece, tag: Tag) -> list[Block]:
        return [_code(self._until(tag.name), piece.line)]

    def _rule(self, piece: _Piece, _: Tag) -> list[Block]:
        return [Rule(piece.line)]

    def _for_machines(self, piece: _Piece, tag: Tag) -> list[Block]:
        start = self._next - 1
        self._until(tag.name)
        text = "".join(part.source for part in self._pieces[start : self._next])
        return [Verbatim(clean(text), piece.line, text.count("\n") + 1)]

    def _list(self, piece: _Piece, tag: Tag) -> list[Block]:
        """A list; of an item that stands outside any, the list that it lacks."""
        if tag.name == "li":
            self._next -= 1
        before: list[Block] = []
        items: list[Item] = []
        while self._next < len(self._pieces):
            part = self._take()
            if part.tag and part.tag.is_closing and part.tag.name in ("ul", "ol"):
                break
            if part.tag and part.tag.name == "li" and not part.tag.is_closing:
                items.append(Item(tuple(self.blocks("li")), part.line))
                continue
            others = self._blocks_of(part) or _paragraph([part])
            if items:
                items[-1] = replace(items[-1], blocks=(*items[-1].blocks, *others))
            else:
                before += others
        start = tag.attribute("start")
        first = (int(start) if start.isdecimal() and len(start) < 10 else 1) if tag.name == "ol" else None
        return before + ([ListBlock(tuple(items), piece.line, self._lines_since(piece), first)] if items else [])

    def _table(self, piece: _Piece, _: Tag) -> list[Block]:
        """A table, behind what stands in it but in no cell."""
        outside: list[_Piece] = []
        rows: list[list[list[_Piece]]] = []
        has_header, depth, cell = False, 1, outside
        while self._next < len(self._pieces):
            part = self._take()
            name = part.tag.name if part.tag else ""
            is_closing = part.tag is not None and part.tag.is_closing
            if name == "table":
                depth += -1 if is_closing else 1
            if depth == 0:
                break
            if depth > 1 or name not in _TABLE_TAGS:
                cell.append(part)
            elif is_closing:
                cell = outside
            elif name == "tr":
                rows.append([])
            elif name in ("td", "th"):
                has_header = has_header or (name == "th" and len(rows) <= 1)
                rows = rows or [[]]
                rows[-1].append([])
                cell = rows[-1][-1]
        shaped = _same_length([[_text(cell) for cell in row] for row in rows if row])
        if not shaped:
            return _paragraph(outside)
        width = len(shaped[0])
        header = shaped.pop(0) if has_header else ((),) * width
        table = Table(header, tuple(shaped), ("left",) * width, piece.line, self._lines_since(piece))
        return [*_paragraph(outside), table]


_HANDLERS: dict[str, Callable[[_Reader, _Piece, Tag], list[Block]]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _Reader._heading),
    **dict.fromkeys(("ul", "ol", "li"), _Reader._list),
    **dict.fromkeys(("script", "style", "textarea"), _Reader._for_machines),
    "blockquote": _Reader._quote,
    "pre": _Reader._code,
    "table": _Reader._table,
    "hr": _Reader._rule,
}


def _same_length(rows: list[list[Inline]]) -> list[tuple[Inline, ...]]:
    """The rows, each filled up to the longest one; what is too long for any screen is in the last cell."""
    for row in rows:
        if len(row) > _WIDEST:
            row[_WIDEST - 1 :] = [tuple(chain.from_iterable(row[_WIDEST - 1 :]))]
    width = max(map(len, rows), default=0)
    return [(*row, *[()] * (width - len(row))) for row in rows]


def _paragraph(pieces: Sequence[_Piece]) -> list[Block]:
    text = _text(pieces)
    if not text:
        return []
    shown = [piece for piece in pieces if piece.source.strip()]
    line, lines = shown[0].line, shown[-1].line + shown[-1].lines - shown[0].line
    return [Verbatim(plain(text), line, lines) if is_dim(text) else Paragraph(text, line, lines)]


def _text(pieces: Sequence[_Piece]) -> Inline:
    """The runs of some pieces; a block among them, as in a cell, is a line of its own."""
    parts: list[str] = []
    is_new_line = True
    for piece in pieces:
        if not piece.tag or piece.tag.name not in _BLOCKS:
            parts.append(_SPACE.sub(" ", piece.source))
            is_new_line = is_new_line and not piece.source.strip()
        elif not is_new_line:
            parts.append("<br>")
            is_new_line = True
    return runs(html_inlines("".join(parts)))


def _code(pieces: Sequence[_Piece], line: int) -> Code:
    """What stands in `<pre>`: its lines, without the tags that colour them."""
    language = ""
    parts: list[str] = []
    for piece in pieces:
        if piece.tag is None or piece.tag.name not in MARKS:
            parts.append(piece.source)
        elif match := _LANGUAGE.search(piece.tag.attribute("class")):
            language = match[1].lower()
    text = clean(decoded("".join(parts)))
    return Code(text.removeprefix("\n").removesuffix("\n"), language, line, text.count("\n") + 1)
