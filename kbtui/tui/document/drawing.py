"""How blocks of Markdown look in the app. Links are drawn as text and address, never as terminal hyperlinks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from markdown_it.token import Token
from rich import markdown as rich_markdown
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.syntax import Syntax
from rich.text import Text

DARK_CODE = "monokai"
LIGHT_CODE = "friendly"
MAX_HIGHLIGHTED = 20_000
"""Characters of code in colour; longer code is shown plain."""


class Page(rich_markdown.Markdown):
    """Markdown tokens as something Rich can draw."""

    elements: ClassVar[dict[str, type[rich_markdown.MarkdownElement]]]

    def __init__(self, tokens: Sequence[Token], *, code_theme: str = DARK_CODE) -> None:
        super().__init__("", code_theme=code_theme, hyperlinks=False)
        self.parsed = list(tokens)


class _Heading(rich_markdown.Heading):
    """A heading at the left, its level shown by its style."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = self.text.copy()
        text.justify = "left"
        yield text
        if self.tag == "h1":
            yield Text("─" * min(options.max_width, max(8, text.cell_len)), style="markdown.hr")


class _Code(rich_markdown.CodeBlock):
    """A code block on the page's own background, its lines as they are where they fit."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        code = str(self.text).rstrip()
        # Some lexers take a time that grows with the square of the code.
        lexer = self.lexer_name if len(code) <= MAX_HIGHLIGHTED else "text"
        syntax = Syntax(code, lexer, theme=self.theme, word_wrap=True, background_color="default")
        bar = Style.parse("dim")
        width = max(8, options.max_width - 2)
        for line in console.render_lines(syntax, options.update(width=width), pad=False):
            yield Segment("▎ ", bar)
            yield from line
            yield Segment.line()


Page.elements = {
    **rich_markdown.Markdown.elements,
    "heading_open": _Heading,
    "fence": _Code,
    "code_block": _Code,
}
