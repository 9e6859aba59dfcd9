"""The last line between untrusted text and the terminal.

Every widget cleans what it shows (`core.text`); this filter sees every line of every widget after that, so that a
forgotten place still cannot move the cursor, write the clipboard or hide characters.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from kbtui.core.text import is_line_safe, line_safe


class ControlFilter(LineFilter):
    """Replaces every control and hidden character by a dot of the same width, and removes hyperlinks."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [self._safe(segment) for segment in segments]

    def _safe(self, segment: Segment) -> Segment:
        text, style, control = segment
        if control is None and not is_line_safe(text):
            safe = line_safe(text)
            text = safe + " " * max(0, cell_len(text) - cell_len(safe))
        if style is not None and style.link:
            style = style.update_link(None)
        return Segment(text, style, control)
