"""The Markdown that pages are read with: CommonMark, GitHub's tables and the dialects of this package."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.common.html_blocks import block_names
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.html_block import html_block
from markdown_it.rules_core import StateCore, text_join
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from kbtui.markdown.autolinks import autolinks_plugin
from kbtui.markdown.containers import block_end, containers_plugin
from kbtui.markdown.highlights import highlights_plugin
from kbtui.markdown.preparing import prepare
from kbtui.markdown.shortcodes import shortcodes_plugin
from kbtui.markdown.wikilinks import wikilinks_plugin

DEEPEST = 20
"""Levels of blocks inside blocks; a list takes two. What lies deeper is shown as it stands."""

LONGEST_PARAGRAPH = 50_000
"""Characters. A longer one is a dump, in which signs are no marks: it is shown as it stands, without delay."""

References: TypeAlias = MutableMapping[str, Any]
"""The link references and footnotes of a text, as markdown-it keeps them."""

_TAG_NAME = re.compile(r"</?([A-Za-z][\w-]*)")
_BLOCK_NAMES = frozenset({*block_names, "pre", "script", "style", "textarea"})


_OPTIONS = {"html": True, "linkify": False, "maxNesting": DEEPEST + 4, "inline_definitions": True}


class _Syntax(MarkdownIt):
    """markdown-it that leaves addresses as they are written: whoever opens one decides what may be opened."""

    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link


@lru_cache(maxsize=1)
def syntax() -> MarkdownIt:
    """The parser. It keeps nothing of a text, so that threads may share it."""
    md = _Syntax("gfm-like", _OPTIONS)
    md.disable("linkify")
    md.use(deflist_plugin).use(footnote_plugin, inline=False, move_to_end=False)
    md.use(containers_plugin).use(highlights_plugin).use(shortcodes_plugin).use(wikilinks_plugin).use(autolinks_plugin)
    md.block.ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    md.block.ruler.before("table", "too_deep", _too_deep)
    # The rulers sort their rules at the first use, which is not safe in several threads.
    md.parse("x")
    return md


@lru_cache(maxsize=1)
def _html() -> MarkdownIt:
    md = _Syntax("zero", {"html": True})
    md.enable(["html_inline", "entity", "text_join"])
    md.use(shortcodes_plugin).use(autolinks_plugin)
    md.parse("x")
    return md


def no_definitions() -> References:
    """References to begin with."""
    return {"references": {}, "footnotes": {"refs": {}, "list": {}}}


def block_tokens(text: str, definitions: References) -> list[Token]:
    """The blocks of a clean text, their text not parsed yet; what it defines is added to the definitions."""
    tokens: list[Token] = []
    syntax().block.parse(text, syntax(), definitions, tokens)
    return tokens


def with_inlines(tokens: Sequence[Token], source: str, definitions: References) -> list[Token]:
    """Whole blocks of a source with their text parsed."""
    prepared = prepare(list(tokens), source)
    for token in prepared:
        if token.type == "inline" and len(token.content) > LONGEST_PARAGRAPH:
            token.children = _lines(token.content)
        elif token.type == "inline":
            token.children = []
            syntax().inline.parse(token.content, syntax(), definitions, token.children)
    text_join(StateCore(source, syntax(), definitions, prepared))
    return prepared


def _lines(text: str) -> list[Token]:
    """A text without marks, its lines as they are."""
    tokens: list[Token] = []
    for line in text.split("\n"):
        tokens += [Token("text", "", 0, content=line), Token("hardbreak", "br", 0)]
    return tokens


def html_inlines(html: str) -> list[Token]:
    """The inline tokens of a piece of HTML, in which no Markdown is read."""
    [token] = _html().parseInline(html, no_definitions())
    return token.children or []


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """HTML blocks, but for any other tag alone on a line: `<host>` and what follows it are Markdown."""
    begin = state.bMarks[start] + state.tShift[start]
    tag = _TAG_NAME.match(state.src, begin, state.eMarks[start])
    if tag and tag[1].lower() not in _BLOCK_NAMES:
        return False
    return html_block(state, start, end, silent)


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Takes the rest of a block whole, where more nesting would only exhaust the stack."""
    if silent or state.level < DEEPEST:
        return False
    line = block_end(state, start, end)
    token = state.push("verbatim", "", 0)
    token.map = [start, line]
    token.content = state.getLines(start, line, state.blkIndent, False)
    state.line = line
    return True
