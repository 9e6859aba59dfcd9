"""The blocks of a Markdown text without what stands inside their lines: what finding checklists needs.

The structure of CommonMark 0.31 (https://spec.commonmark.org): quotes, list items, headings, code, HTML and
paragraphs. A definition of a link is a paragraph here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

MOST_NESTED = 100
"""Containers inside one another; deeper ones are text."""


class BlockKind(Enum):
    """What a block is."""

    PAGE = auto()
    QUOTE = auto()
    ITEM = auto()
    HEADING = auto()
    PARAGRAPH = auto()
    CODE = auto()
    HTML = auto()
    RULE = auto()


@dataclass(slots=True)
class Block:
    """A block of a page. Lines are counted from 0."""

    kind: BlockKind
    line: int
    lines: list[str] = field(default_factory=list)
    """The text without what makes it a block: no indentation, no fence, no sign of a heading."""
    children: list[Block] = field(default_factory=list)
    marker: str = ""
    """Of an item: `-`, `*`, `+`, `.` or `)`. Items side by side with the same one are a list."""
    number: int = 0
    """Of a numbered item."""
    level: int = 0
    """Of a heading: 1 to 6."""
    language: str = ""
    """Of fenced code: the first word behind the fence, lower case."""
    width: int = 0
    """Of an item: the columns that what belongs to it is indented by."""

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def read_blocks(markdown: str) -> Block:
    """The page of a Markdown text. Every text is one; the time grows with its length."""
    reader = _Reader()
    for number, line in enumerate(markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        reader.feed(number, line)
    return reader.page


_HEADING = re.compile(r"(#{1,6})(?=[ \t]|$)")
_FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_MARKER = re.compile(r"(?:([-*+])|(\d{1,9})([.)]))(?=[ \t]|$)")
_LANGUAGE = re.compile(r"[ \t]*\{?\.?([^\s{},]*)")
_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    "fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|"
    "menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|"
    "track|ul"
)
# Of each kind of HTML block: how it begins, how its last line is told; None: by an empty line.
_HTML: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...] = (
    (
        re.compile(r"<(?:script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE),
        re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(rf"</?(?:{_BLOCK_TAGS})(?=\s|/?>|$)", re.IGNORECASE), None),
)
_ATTRIBUTE = r"""\s++[A-Za-z_:][\w:.-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?+"""
_LONE_TAG = re.compile(rf"(?:<[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE})*+\s*+/?>|</[A-Za-z][A-Za-z0-9-]*\s*>)\s*$")
_LONGEST_TAG = 2_000
# A line that begins with anything else goes on with a paragraph or begins one.
_BEGINNINGS = frozenset("#`~=-*_+<>0123456789")


class _Reader:
    """Takes the lines of a page one by one."""

    def __init__(self) -> None:
        self.page = Block(BlockKind.PAGE, 0)
        self._open = [self.page]
        self._leaf: Block | None = None
        """The block that the next line may go on with; it is the last in the last open container."""
        self._fence = ""
        self._fence_indent = 0
        self._html_end: re.Pattern[str] | None = None

    def feed(self, number: int, raw: str) -> None:
        """Take the next line."""
        line = _Line(number, raw)
        matched = self._match_containers(line)
        all_matched = matched == len(self._open)
        leaf = self._leaf
        if leaf is not None and leaf.kind is not BlockKind.PARAGRAPH:
            if all_matched and self._goes_on(line, leaf):
                return
            self._leaf = None
        left = self._begin_blocks(line, matched)
        if left is not None:
            self._add_text(line, left)

    def _match_containers(self, line: _Line) -> int:
        """How many of the open containers the line belongs to; the line then stands behind their signs."""
        matched = 1
        for container in self._open[1:]:
            if container.kind is BlockKind.QUOTE:
                if not line.skip_quote():
                    break
            elif line.is_blank:
                if not container.children:
                    break
            elif not line.skip_columns(container.width):
                break
            matched += 1
        return matched

    def _goes_on(self, line: _Line, leaf: Block) -> bool:
        """Give a line to open code or HTML; whether it took it."""
        if leaf.kind is BlockKind.HTML:
            if self._html_end is None and line.is_blank:
                return False
            self._add_html(line, leaf)
            return True
        if not self._fence:
            if not line.is_blank and line.indent < 4:
                return False
            leaf.lines.append(line.rest(4))
            return True
        text = line.text
        if line.indent < 4 and text.startswith(self._fence) and not text.lstrip(self._fence[0]).strip(" "):
            self._leaf = None
        else:
            leaf.lines.append(line.rest(self._fence_indent))
        return True

    def _begin_blocks(self, line: _Line, matched: int) -> int | None:
        """Open the blocks that begin on the line; how many containers the rest stands in, None where there is none."""
        while not line.is_blank:
            is_joined = matched == len(self._open)
            paragraph = self._leaf
            if line.indent >= 4:
                if paragraph is not None:
                    return matched
                self._fence = ""
                self._add(matched, Block(BlockKind.CODE, line.number, [line.rest(4)]), stays_open=True)
                return None
            if line.text[0] not in _BEGINNINGS or len(self._open) > MOST_NESTED:
                return matched
            if self._begin_leaf(line, matched, paragraph if is_joined else None):
                return None
            container = self._container(line, paragraph if is_joined else None)
            if container is None:
                return matched
            self._add(matched, container)
            self._open.append(container)
            matched = len(self._open)
        return matched

    def _begin_leaf(self, line: _Line, matched: int, paragraph: Block | None) -> bool:
        text = line.text
        if paragraph is not None and text[0] in "=-" and _UNDERLINE.match(text):
            paragraph.kind, paragraph.level = BlockKind.HEADING, 1 if text[0] == "=" else 2
            self._leaf = None
        elif text[0] == "#" and (heading := _HEADING.match(text)):
            title = _without_closing(text[heading.end() :].strip(" \t"))
            self._add(matched, Block(BlockKind.HEADING, line.number, [title], level=len(heading[1])))
        elif text[0] in "`~" and (fence := _FENCE.match(text)):
            self._fence, self._fence_indent = fence[1] or fence[3], line.indent
            language = _LANGUAGE.match(fence[2] or fence[4] or "")
            name = language[1].lower() if language else ""
            self._add(matched, Block(BlockKind.CODE, line.number, language=name), stays_open=True)
        elif text[0] in "*-_" and _RULE.match(text):
            self._add(matched, Block(BlockKind.RULE, line.number))
        elif text[0] == "<" and self._begins_html(text):
            made = Block(BlockKind.HTML, line.number)
            self._add(matched, made, stays_open=True)
            self._add_html(line, made)
        else:
            return False
        return True

    def _begins_html(self, text: str) -> bool:
        for begin, end in _HTML:
            if begin.match(text):
                self._html_end = end
                return True
        self._html_end = None
        # Any other tag stands alone on its line, and not in a paragraph.
        return self._leaf is None and len(text) < _LONGEST_TAG and _LONE_TAG.match(text) is not None

    def _add_html(self, line: _Line, block: Block) -> None:
        block.lines.append(line.rest(0))
        if self._html_end is not None and self._html_end.search(line.text):
            self._leaf = None

    def _container(self, line: _Line, paragraph: Block | None) -> Block | None:
        """The quote or item that begins here, whose sign is then skipped."""
        if line.skip_quote():
            return Block(BlockKind.QUOTE, line.number)
        match = _MARKER.match(line.text)
        if match is None:
            return None
        is_empty = not line.text[match.end() :].strip()
        # So that no line of a paragraph becomes a list because it happens to begin with a number or a hyphen.
        if paragraph is not None and (is_empty or (match[2] and int(match[2]) != 1)):
            return None
        width = line.skip_marker(len(match[0]))
        number = int(match[2]) if match[2] else 0
        return Block(BlockKind.ITEM, line.number, marker=match[1] or match[3], number=number, width=width)

    def _add_text(self, line: _Line, matched: int) -> None:
        """What is left of a line is text of a paragraph, or nothing."""
        if line.is_blank:
            del self._open[matched:]
            self._leaf = None
        elif self._leaf is not None:
            self._leaf.lines.append(line.text)  # also where signs of its containers are left out
        else:
            self._add(matched, Block(BlockKind.PARAGRAPH, line.number, [line.text]), stays_open=True)

    def _add(self, matched: int, block: Block, *, stays_open: bool = False) -> None:
        del self._open[matched:]
        self._open[-1].children.append(block)
        self._leaf = block if stays_open else None


def _without_closing(title: str) -> str:
    """The title without the signs that may stand behind it: `title ##`."""
    text = title.rstrip("#")
    return text.rstrip(" \t") if not text or text[-1] in " \t" else title


class _Line:
    """A line, and how far it was read. Tabs count as the columns up to the next multiple of four."""

    __slots__ = ("_at", "_raw", "_spread", "indent", "is_blank", "number", "text")

    def __init__(self, number: int, raw: str) -> None:
        self.number = number
        self._raw = raw
        self._spread = raw.expandtabs(4) if "\t" in raw else raw
        self._go_to(0)

    def _go_to(self, column: int) -> None:
        self._at = column
        left = self._spread[column:]
        self.text = left.lstrip(" ")
        """What is left, without its indentation."""
        self.indent = len(left) - len(self.text)
        self.is_blank = not self.text.strip(" ")

    def skip_columns(self, width: int) -> bool:
        """Go behind so many spaces; whether there are as many."""
        if self.indent < width:
            return False
        self._go_to(self._at + width)
        return True

    def skip_quote(self) -> bool:
        """Go behind the sign of a quote and one space; whether there is one."""
        if self.indent > 3 or not self.text.startswith(">"):
            return False
        sign = self._at + self.indent + 1
        self._go_to(sign + (self._spread[sign : sign + 1] == " "))
        return True

    def skip_marker(self, length: int) -> int:
        """Go behind the marker of an item and the spaces that belong to it; how many columns that was in all."""
        begin, marker = self._at, self.indent + length
        self._go_to(begin + marker)
        if self.is_blank:
            return marker + 1
        spaces = self.indent if self.indent <= 4 else 1
        self._go_to(begin + marker + spaces)
        return marker + spaces

    def rest(self, indent: int) -> str:
        """What is left, with its tabs, without up to so many columns of indentation."""
        stop = self._at + min(indent, self.indent)
        if self._spread is self._raw:
            return self._raw[stop:]
        column = 0
        for place, character in enumerate(self._raw):
            if column >= stop:
                return " " * (column - stop) + self._raw[place:]
            column += 4 - column % 4 if character == "\t" else 1
        return ""
