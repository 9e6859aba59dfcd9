"""A post as a printed page: title, badges, metadata box, body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from markdown_it.token import Token
from rich.box import HORIZONTALS
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, JustifyMethod, RenderableType, RenderResult
from rich.markdown import (
    BlockQuote,
    CodeBlock,
    Heading,
    ListItem,
    Markdown,
    MarkdownElement,
    Paragraph,
    TableDataElement,
)
from rich.segment import Segment
from rich.style import Style
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from kbtui.cli.layout import badge_text
from kbtui.cli.safe import Safe
from kbtui.core.badges import Badge
from kbtui.core.post import Post
from kbtui.core.text import one_line
from kbtui.markdown import parse
from kbtui.metadata_box import MetadataLine, metadata_lines

CODE_THEME = "ansi_dark"
"""Takes the terminal's own palette, so that it is legible on any background."""

MAX_HIGHLIGHTED = 20_000
"""Characters of a code block; a longer one is shown without colour, as lexers may take quadratic time."""

_SHORT_VALUE = 32
_CODE_INDENT = "    "
_WORD = re.compile(r"\S+\s*|\s+")


def rendered(post: Post, width: int, *, badges: Sequence[Badge] = ()) -> RenderableType:
    """The page for the command line: title, badges, metadata box, body. Nothing in it reaches the terminal unsafe.

    Prose is wrapped at `width`; a line of code never is, so print it with `crop=False`.
    """
    tokens = _spelt_out(parse(post.body))
    title = one_line(post.title)
    if [t.type for t in tokens[:2]] == ["heading_open", "inline"] and one_line(tokens[1].content) == title:
        tokens = tokens[3:]
    parts: list[RenderableType] = [Text(title, style="bold", overflow="fold")]
    if badges:
        parts.append(badge_text(badges))
    parts += [_box(metadata_lines(post), width), Text(), _Body(tokens)]
    return Safe(Group(*parts))


def _box(lines: Sequence[MetadataLine], width: int) -> Table:
    table = Table(box=HORIZONTALS, show_header=False, border_style="dim", width=width, pad_edge=False)
    table.add_column(style="dim", no_wrap=True, max_width=max(8, width // 4), overflow="ellipsis")
    table.add_column(ratio=1, overflow="fold")
    for line in lines:
        table.add_row(Text(line.label), Text(_joined(line.values)))
    return table


def _joined(values: Sequence[str]) -> str:
    if len(values) == 1:
        return values[0]
    if all(len(value) <= _SHORT_VALUE for value in values):
        return ", ".join(values)
    return "\n".join(f"• {value}" for value in values)


def _spelt_out(tokens: Sequence[Token]) -> list[Token]:
    """Tokens with links and images as text, so that the address of neither is lost where nothing can be clicked."""
    for token in tokens:
        if token.children:
            token.children = list(_inline(token.children))
    return list(tokens)


def _inline(children: Sequence[Token]) -> Iterator[Token]:
    links: list[tuple[str, list[str]]] = []
    for token in children:
        if token.type == "link_open":
            links.append((one_line(str(token.attrGet("href") or "")), []))
        elif token.type == "link_close":
            href, shown = links.pop()
            if href and "".join(shown) not in (href, href.removeprefix("mailto:")):
                yield _plain(f" ({href})")
        elif token.type == "image":
            caption = f"[image: {one_line(token.content)}]" if token.content else "[image]"
            yield _plain(f"{caption} ({one_line(str(token.attrGet('src') or ''))})")
        else:
            for _, shown in links:
                shown.append(token.content)
            yield token


def _plain(text: str) -> Token:
    return Token("text", "", 0, content=text)


def _indented(
    console: Console, element: RenderableType, options: ConsoleOptions, first: str, rest: str
) -> RenderResult:
    """Lines behind a prefix. Unlike Rich's own, never cut: a command in a list keeps its end."""
    inner = options.update(width=max(8, options.max_width - len(first)))
    for number, line in enumerate(Segment.split_lines(console.render(element, inner))):
        yield Segment(rest if number else first, Style(dim=True))
        yield from line
        yield Segment.line()


class _Paragraph(Paragraph):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in _wrapped(self.text, options.max_width):
            yield from line.render(console)
            yield Segment.line()


def _wrapped(text: Text, width: int) -> Iterator[Text]:
    """Lines of at most `width` columns. Unlike Rich's own, an address or a path is not broken in its middle."""
    for line in text.split("\n", allow_blank=True):
        cuts, used = [], 0
        for word in _WORD.finditer(line.plain):
            columns = cell_len(word.group())
            if used and used + cell_len(word.group().rstrip()) > width:
                cuts.append(word.start())
                used = 0
            used += columns
        for piece in line.divide(cuts):
            piece.rstrip()
            yield piece


class _Heading(Heading):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = Text(self.text.plain, style="bold", overflow="fold")
        yield text
        if underline := {"h1": "═", "h2": "─"}.get(self.tag):
            yield Text(underline * min(text.cell_len, options.max_width), style="dim")


class _Code(CodeBlock):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        code = self.text.plain.rstrip("\n")
        text = Text(code)
        if console.color_system is not None and self.lexer_name != "text" and len(code) <= MAX_HIGHLIGHTED:
            text = Syntax(code, self.lexer_name, theme=CODE_THEME).highlight(code)
            text.rstrip()
        for line in text.split("\n", allow_blank=True):
            yield Segment(_CODE_INDENT)
            yield from line.render(console)
            yield Segment.line()


class _Cell(TableDataElement):
    def __init__(self, justify: JustifyMethod) -> None:
        super().__init__(justify)
        self.content.overflow = "fold"


class _Quote(BlockQuote):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from _indented(console, self.elements, options, "▌ ", "▌ ")


class _Item(ListItem):
    def render_bullet(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from _indented(console, self.elements, options, " • ", "   ")

    def render_number(self, console: Console, options: ConsoleOptions, number: int, last_number: int) -> RenderResult:
        width = len(str(last_number)) + 2
        yield from _indented(console, self.elements, options, f"{number}.".rjust(width) + " ", " " * (width + 1))


class _Body(Markdown):
    """Rich's Markdown over our tokens, sober: no panels, nothing cropped."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "th_open": _Cell,
        "td_open": _Cell,
        "paragraph_open": _Paragraph,
        "heading_open": _Heading,
        "fence": _Code,
        "code_block": _Code,
        "blockquote_open": _Quote,
        "list_item_open": _Item,
    }

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__("", hyperlinks=False)
        self.parsed = tokens
