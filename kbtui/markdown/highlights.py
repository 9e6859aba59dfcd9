"""`==highlighted text==`, as Obsidian writes it."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

# Beside a word it compares: `foo==1.0 bar==2.0`.
_HIGHLIGHT = re.compile(r"(?<![\w=])==(?=[^\s=])(?P<inside>[^\n]{1,400}?)(?<=[^\s=])==(?![\w=])")


def highlights_plugin(md: MarkdownIt) -> None:
    """Adds `mark_open` and `mark_close`."""
    md.inline.ruler.after("emphasis", "highlight", _highlight)


def _highlight(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "=":
        return False
    match = _HIGHLIGHT.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        behind = state.posMax
        state.push("mark_open", "mark", 1)
        state.pos, state.posMax = match.span("inside")
        state.md.inline.tokenize(state)
        state.push("mark_close", "mark", -1)
        state.posMax = behind
    state.pos = match.end()
    return True
