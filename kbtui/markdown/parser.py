"""Markdown as both faces read it: one parser, whose tokens hold text that is safe to show.."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kbtui.core.text import clean


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough; no HTML, no guessing of links.

    With HTML on, `ssh user@<host>` would lose its host.
    """
    return MarkdownIt("gfm-like", {"html": False, "linkify": False})


def parse(text: str) -> list[Token]:
    """The tokens of a Markdown text, cleaned before and after: `&#x202e;` becomes a character while parsing."""
    tokens = parser().parse(clean(text))
    for token in tokens:
        for part in (token, *(token.children or ())):
            part.content = clean(part.content)
    return tokens
