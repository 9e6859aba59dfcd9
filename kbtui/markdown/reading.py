"""From block tokens to the tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from kbtui.core.text import clean
from kbtui.markdown.anchors import Anchors, anchor_of
from kbtui.markdown.html_blocks import html_blocks
from kbtui.markdown.inlines import is_dim, runs
from kbtui.markdown.tree import (
    Block,
    Callout,
    Code,
    Definitions,
    Footnote,
    Heading,
    Inline,
    Item,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
    Verbatim,
    plain,
)

_LANGUAGE = re.compile(r"\{?\.?([\w+#./-]*)")


def read_tokens(tokens: Sequence[Token], first_line: int, anchors: Anchors) -> tuple[Block, ...]:
    """The blocks of whole tokens whose lines count from `first_line`; their headings take anchors."""
    return _Reader(tokens, first_line, anchors).blocks()


class _Reader:
    """Walks over tokens once, from opening to closing ones."""

    def __init__(self, tokens: Sequence[Token], first_line: int, anchors: Anchors) -> None:
        self._tokens = tokens
        self._first_line = first_line
        self._anchors = anchors
        self._next = 0

    def blocks(self) -> tuple[Block, ...]:
        """The blocks up to the next closing token, which is taken too, or to the end."""
        found: list[Block] = []
        while self._next < len(self._tokens):
            token = self._take()
            if token.nesting < 0:
                break
            if handler := _HANDLERS.get(token.type):
                found.extend(handler(self, token))
        return tuple(found)

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _inline(self) -> Inline:
        return runs(self._take().children or ())

    def _place(self, token: Token) -> tuple[int, int]:
        """The line of a token and how many lines it takes."""
        begin, end = token.map or (0, 1)
        return self._first_line + begin, max(1, end - begin)

    def _heading(self, token: Token) -> Sequence[Block]:
        text = self._inline()
        self._take()
        wanted = token.meta.get("id") or anchor_of(plain(text))
        line, lines = self._place(token)
        return [Heading(int(token.tag[1]), text, self._anchors.take(wanted), line, lines)]

    def _paragraph(self, token: Token) -> Sequence[Block]:
        text = self._inline()
        self._take()
        if not text:
            return []
        return [Verbatim(plain(text), *self._place(token)) if is_dim(text) else Paragraph(text, *self._place(token))]

    def _code(self, token: Token) -> Sequence[Block]:
        info = clean(unescapeAll(token.info)).strip()
        match = _LANGUAGE.match(info)
        language, end = (match[1], match.end()) if match else ("", 0)
        title = info[end:].strip()
        if info.startswith("{") and title.endswith("}"):
            title = title[:-1].strip()
        line, lines = self._place(token)
        return [Code(token.content.removesuffix("\n"), language.lower(), line, lines, title)]

    def _list(self, token: Token) -> Sequence[Block]:
        items, is_tight = [], True
        while (opening := self._take()).type == "list_item_open":
            following = self._tokens[self._next]
            is_tight = is_tight and (following.type != "paragraph_open" or following.hidden)
            line, _ = self._place(opening)
            items.append(Item(self.blocks(), line, opening.meta.get("checked")))
        start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
        line, lines = self._place(token)
        return [ListBlock(tuple(items), line, lines, start, is_tight)]

    def _quote(self, token: Token) -> Sequence[Block]:
        return [Quote(self.blocks(), *self._place(token))]

    def _callout(self, token: Token) -> Sequence[Block]:
        title = self._inline()
        return [Callout(token.meta["kind"], title, self.blocks(), *self._place(token))]

    def _footnote(self, token: Token) -> Sequence[Block]:
        return [Footnote(clean(token.meta["label"]), self.blocks(), *self._place(token))]

    def _definitions(self, token: Token) -> Sequence[Block]:
        entries: list[tuple[Inline, tuple[Block, ...]]] = []
        while (opening := self._take()).type in ("dt_open", "dd_open"):
            if opening.type == "dt_open":
                entries.append((self._inline(), ()))
                self._take()
            else:
                term, blocks = entries[-1]
                entries[-1] = (term, blocks + self.blocks())
        return [Definitions(tuple(entries), *self._place(token))]

    def _table(self, token: Token) -> Sequence[Block]:
        rows: list[list[Inline]] = []
        align: list[str] = []
        while (part := self._take()).type != "table_close":
            if part.type == "tr_open":
                rows.append([])
            elif part.type == "inline":
                rows[-1].append(runs(part.children or ()))
            elif part.type == "th_open":
                align.append(str(part.attrs.get("style", "")).removeprefix("text-align:") or "left")
        header, *body = (tuple(row) for row in rows)
        return [Table(header, tuple(body), tuple(align), *self._place(token))]

    def _rule(self, token: Token) -> Sequence[Block]:
        return [Rule(*self._place(token))]

    def _definition(self, token: Token) -> Sequence[Block]:
        """Nothing for a reader, but where it is the way to write a comment: `[//]: # (comment)`."""
        label, url, title = (str(token.meta[key]) for key in ("label", "url", "title"))
        if url not in ("", "#") or not title:
            return []
        return [Verbatim(clean(f"[{label}]: # ({title})"), *self._place(token))]

    def _html(self, token: Token) -> Sequence[Block]:
        line, _ = self._place(token)
        return html_blocks(token.content, line, self._anchors)

    def _verbatim(self, token: Token) -> Sequence[Block]:
        return [Verbatim(token.content.strip("\n"), *self._place(token))]


_HANDLERS: dict[str, Callable[[_Reader, Token], Sequence[Block]]] = {
    "heading_open": _Reader._heading,
    "paragraph_open": _Reader._paragraph,
    "fence": _Reader._code,
    "code_block": _Reader._code,
    "bullet_list_open": _Reader._list,
    "ordered_list_open": _Reader._list,
    "blockquote_open": _Reader._quote,
    "callout_open": _Reader._callout,
    "footnote_reference_open": _Reader._footnote,
    "dl_open": _Reader._definitions,
    "table_open": _Reader._table,
    "hr": _Reader._rule,
    "definition": _Reader._definition,
    "html_block": _Reader._html,
    "verbatim": _Reader._verbatim,
}
