"""What the inline rules of this package have in common."""

from __future__ import annotations

from markdown_it.rules_inline import StateInline


def take(state: StateInline, kind: str, end: int, silent: bool) -> bool:
    """Adds a token of a kind whose content is the source up to `end`, and goes on behind it. True, as a rule gives."""
    if not silent:
        state.push(kind, "", 0).content = state.src[state.pos : end]
    state.pos = end
    return True
