"""From the inline tokens of a paragraph to runs of text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from markdown_it.token import Token

from kbtui.core.text import clean
from kbtui.markdown.links import file_name, link_to
from kbtui.markdown.shortcodes import placeholders_in_code
from kbtui.markdown.tags import MARKS, Tag, pairs, tag_of
from kbtui.markdown.tree import Inline, Link, LinkKind, Mark, Run
from kbtui.markdown.wikilinks import wikilink

_MARKDOWN_MARKS = {"em": Mark.EMPHASIS, "strong": Mark.STRONG, "s": Mark.STRIKE, "mark": Mark.HIGHLIGHT}
_AT_BREAK = re.compile(r" *\n *")


def runs(tokens: Sequence[Token]) -> Inline:
    """The text of inline tokens, its marks and its links; neighbours that look the same are one run."""
    return _Builder(tokens).build()


def is_dim(text: Inline) -> bool:
    """Whether there is nothing in it for a reader."""
    return all(Mark.DIM in run.mark for run in text if run.text.strip())


class _OpenLink(NamedTuple):
    link: Link | None
    outermost: Link | None
    """Of the links around a text the one that it leads to."""
    words_before: int


class _Builder:
    """Walks over the tokens of one paragraph and keeps what is open: marks and links."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._runs: list[Run] = []
        self._words = 0
        """How many of the runs are more than white space."""
        self._marks: Counter[Mark] = Counter()
        self._mark = Mark.NONE
        self._links: list[_OpenLink] = []
        self._openings = pairs(tokens)
        self._closings = set(self._openings.values())

    def build(self) -> Inline:
        for position, token in enumerate(self._tokens):
            if token.type == "text":
                self._add(token.content.replace("\n", " "))
            elif token.type == "html_inline":
                self._html(position, token.content)
            else:
                _HANDLERS.get(token.type, _Builder._formatting)(self, token)
        return _trimmed(list(_merged(self._runs)))

    def _add(self, text: str, mark: Mark = Mark.NONE, link: Link | None = None) -> None:
        if text:
            outer = self._links[-1].outermost if self._links else None
            if self._mark is not Mark.NONE:
                mark |= self._mark
            self._runs.append(Run(clean(text), mark, outer or link))
            self._words += not text.isspace()

    def _count(self, mark: Mark, by: int) -> None:
        """Opens or closes a mark, which may be open several times."""
        self._marks[mark] = max(0, self._marks[mark] + by)
        self._mark = reduce(or_, (mark for mark, times in self._marks.items() if times), Mark.NONE)

    def _formatting(self, token: Token) -> None:
        """Emphasis and its kin; of anything else the text."""
        mark = _MARKDOWN_MARKS.get(token.tag)
        if mark is None or token.nesting == 0:
            self._add(token.content)
        else:
            self._count(mark, token.nesting)

    def _code(self, token: Token) -> None:
        for text, mark in placeholders_in_code(token.content):
            self._add(text, mark)

    def _softbreak(self, _: Token) -> None:
        self._add(" ")

    def _hardbreak(self, _: Token) -> None:
        self._add("\n")

    def _dim(self, token: Token) -> None:
        self._add(token.content, Mark.DIM)

    def _placeholder(self, token: Token) -> None:
        self._add(token.content, Mark.PLACEHOLDER)

    def _wikilink(self, token: Token) -> None:
        run = wikilink(token.content)
        self._add(run.text, run.mark, run.link)

    def _footnote(self, token: Token) -> None:
        label = clean(token.meta["label"])
        self._add(f"[{label}]", link=Link(label, LinkKind.FOOTNOTE))

    def _link_open(self, token: Token) -> None:
        self._open_link(str(token.attrs.get("href", "")))

    def _link_close(self, _: Token) -> None:
        self._close_link()

    def _open_link(self, target: str) -> None:
        link = link_to(target)
        outermost = (self._links[-1].outermost if self._links else None) or link
        self._links.append(_OpenLink(link, outermost, self._words))

    def _close_link(self) -> None:
        """Ends the last link; one without a text shows where it leads."""
        if (last := self._links[-1]).link and self._words == last.words_before:
            self._add(last.link.target)
        self._links.pop()

    def _image(self, token: Token) -> None:
        caption = "".join(run.text for run in runs(token.children or ()))
        self._embed(caption or str(token.attrs.get("title", "")), str(token.attrs.get("src", "")))

    def _embed(self, caption: str, source: str) -> None:
        link = link_to(source, is_embed=True)
        self._add(" ".join(caption.split()) or (file_name(link.target) if link else ""), link=link)

    def _html(self, position: int, source: str) -> None:
        tag = tag_of(source)
        if tag is None:
            self._add(source, Mark.DIM)
        elif tag.name == "br":
            self._add("\n")
        elif tag.name == "img" and not tag.is_closing:
            self._embed(tag.attribute("alt"), tag.attribute("src"))
        elif tag.name in MARKS and position in self._openings:
            self._count(MARKS[tag.name], 1)
            if tag.name == "a":
                self._open_link(tag.attribute("href"))
        elif tag.name in MARKS and position in self._closings:
            self._count(MARKS[tag.name], -1)
            if tag.name == "a":
                self._close_link()
        elif tag.name != "wbr":
            self._add(source, self._look(position, tag))

    def _look(self, position: int, tag: Tag) -> Mark:
        """Of a tag that is shown: a word alone stands for something, anything else is for a browser."""
        is_for_machines = tag.is_closing or position in self._openings or "=" in tag.rest or tag.rest.endswith("/")
        return Mark.DIM if is_for_machines else Mark.PLACEHOLDER


_HANDLERS: dict[str, Callable[[_Builder, Token], None]] = {
    "code_inline": _Builder._code,
    "softbreak": _Builder._softbreak,
    "hardbreak": _Builder._hardbreak,
    "dim": _Builder._dim,
    "placeholder": _Builder._placeholder,
    "wikilink": _Builder._wikilink,
    "footnote_ref": _Builder._footnote,
    "link_open": _Builder._link_open,
    "link_close": _Builder._link_close,
    "image": _Builder._image,
}


def _merged(parts: Sequence[Run]) -> Iterator[Run]:
    """Neighbours that look the same as one run, without spaces at line breaks."""
    start = 0
    for end, run in enumerate(parts, 1):
        if end < len(parts) and parts[end].mark is run.mark and parts[end].link == run.link:
            continue
        text = "".join([part.text for part in parts[start:end]])
        yield _with_text(run, _AT_BREAK.sub("\n", text) if "\n" in text else text)
        start = end


def _trimmed(parts: list[Run]) -> Inline:
    """Without white space at either end."""
    first, last = 0, len(parts)
    while first < last and not parts[first].text.strip():
        first += 1
    while last > first and not parts[last - 1].text.strip():
        last -= 1
    if first < last:
        parts[first] = _with_text(parts[first], parts[first].text.lstrip())
        parts[last - 1] = _with_text(parts[last - 1], parts[last - 1].text.rstrip())
    return tuple(parts[first:last])


def _with_text(run: Run, text: str) -> Run:
    return run if run.text == text else Run(text, run.mark, run.link)
