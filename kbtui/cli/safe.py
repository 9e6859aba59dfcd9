"""The last line of defence of the command line."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

from kbtui.core.text import line_safe


class Safe:
    """Wraps anything printed: no control function and no hidden character gets through."""

    def __init__(self, renderable: RenderableType) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text, style, control in console.render(self._renderable, options):
            if not control:
                safe = text if text == "\n" else "\n".join(map(line_safe, text.split("\n")))
                yield Segment(safe, style.update_link(None) if style and style.link else style)
