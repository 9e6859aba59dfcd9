"""Between blocks and their text: what the beginning or the end of a block's text says about the block."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

_CALLOUT = re.compile(r"\[!(?P<kind>[^\[\]\n|]{1,60})(?:\|[^\[\]\n]*)?\][+-]?(?:[ \t]+(?P<title>[^\n]*)|(?=\n|$))\n?")
_TASK = re.compile(r"\[(?P<mark>[ xX]|[^\w\s\[\]])\](?=\s|$)[ \t]*")
_HEADING_ID = re.compile(r"\{:?\s*#(?P<id>[\w:.-]{1,200})\s*\}\s*$")


def prepare(tokens: list[Token], source: str) -> list[Token]:
    """The block tokens with `callout_open` for quotes that are callouts, `checked` in the meta of tasks' items and
    `id` in the meta of headings that name one; the signs that said so are gone from the text.

    What a row of a table has beyond its header is added to its last cell.
    """
    _complete_rows(tokens, source)
    prepared: list[Token] = []
    closings: list[str] = []
    for position, token in enumerate(tokens):
        if token.type == "blockquote_open":
            title = _callout(tokens, position)
            closings.append("callout_close" if title else "blockquote_close")
            prepared.append(token)
            prepared += title
        else:
            if token.type == "blockquote_close":
                token.type = closings.pop()
            elif token.type == "list_item_open":
                _task(tokens, position)
            elif token.type == "heading_open":
                _heading(token, tokens[position + 1])
            prepared.append(token)
    return prepared


def _first_text(tokens: Sequence[Token], position: int) -> Token | None:
    """The text of the paragraph that a block begins with."""
    if position + 2 < len(tokens) and tokens[position + 1].type == "paragraph_open":
        return tokens[position + 2]
    return None


def _callout(tokens: Sequence[Token], position: int) -> list[Token]:
    """The title of the callout that the quote at this position is, as one token; nothing for a plain quote."""
    text = _first_text(tokens, position)
    match = _CALLOUT.match(text.content) if text else None
    if text is None or match is None:
        return []
    quote, paragraph = tokens[position : position + 2]
    if paragraph.map:
        # The title's line is none of the paragraph behind it.
        paragraph.map = [paragraph.map[0] + 1, paragraph.map[1]]
    quote.type, quote.meta = "callout_open", {"kind": match["kind"].strip().lower()}
    text.content = text.content[match.end() :]
    return [Token("inline", "", 0, map=quote.map, content=match["title"] or "", children=[])]


def _task(tokens: Sequence[Token], position: int) -> None:
    text = _first_text(tokens, position)
    match = _TASK.match(text.content) if text else None
    if text is None or match is None:
        return
    tokens[position].meta = {"checked": match["mark"] in "xX"}
    if match["mark"] in " xX":
        text.content = text.content[match.end() :]


def _heading(heading: Token, text: Token) -> None:
    if match := _HEADING_ID.search(text.content):
        heading.meta = {"id": match["id"]}
        text.content = text.content[: match.start()].rstrip()


def _complete_rows(tokens: Sequence[Token], source: str) -> None:
    if not any(token.type == "table_open" for token in tokens):
        return
    lines = source.split("\n")
    cells: list[Token] = []
    row: Token | None = None
    for token in tokens:
        if token.type == "tr_open":
            row, cells = token, []
        elif token.type == "inline":
            cells.append(token)
        elif token.type == "tr_close" and row and row.map and cells:
            beyond = _cells(lines[row.map[0]])[len(cells) :]
            cells[-1].content = " | ".join([cells[-1].content, *beyond])


def _cells(line: str) -> list[str]:
    """The cells of a row as the parser cuts them, behind the signs of a quote."""
    cells = [cell.strip() for cell in escapedSplit(line.lstrip(" >").rstrip())]
    if cells[0] == "":
        cells.pop(0)
    if cells and cells[-1] == "":
        cells.pop()
    return cells
