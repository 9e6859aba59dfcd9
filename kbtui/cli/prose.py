"""Running text of a printed page, with colour or without: links spelt out, lines broken between words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from rich.cells import cell_len

from kbtui.core.post import Post
from kbtui.core.text import one_line
from kbtui.markdown import read_page
from kbtui.markdown.tree import Block, Heading, Inline, Link, LinkKind, Mark, Run, plain

NARROWEST = 8
"""Columns that text keeps however deep it is nested."""

_WORD = re.compile(r"\S+\s*|\s+")
_SIGNS = re.compile(r"[\\*_`~]")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico)(?:[?#]|$)", re.IGNORECASE)


def blocks_of(post: Post) -> tuple[Block, ...]:
    """The blocks of a post's text, without a first heading that says the title again."""
    blocks = read_page(post.body).blocks
    if blocks and isinstance(blocks[0], Heading) and _bare(plain(blocks[0].text)) == _bare(post.title):
        return blocks[1:]
    return blocks


def spelt_out(text: Inline) -> Iterator[Run]:
    """The runs, with what is lost where nothing can be clicked or struck: addresses, what is struck out or raised."""
    for link, runs in groupby(text, key=lambda run: run.link):
        shown = list(map(_marked, runs))
        if link is None or link.kind is LinkKind.FOOTNOTE:
            yield from shown
        elif link.is_embed:
            what = "image" if link.kind is not LinkKind.NAME or _PICTURE.search(link.target) else "embed"
            yield Run(f"[{what}: {plain(tuple(shown))}] ({link.target})")
        else:
            yield from shown
            if plain(tuple(shown)) not in (link.target, link.target.removeprefix("mailto:")):
                yield Run(f" ({_address(link)})")


def cuts(line: str, width: int) -> list[int]:
    """Where a line is broken so that each part has at most `width` columns; an address or a path is never broken."""
    found, used = [], 0
    for word in _WORD.finditer(line):
        columns = cell_len(word.group())
        if used and used + cell_len(word.group().rstrip()) > width:
            found.append(word.start())
            used = 0
        used += columns
    return found


def _bare(title: str) -> str:
    """A title without the signs of Markdown that it may still have."""
    return one_line(_SIGNS.sub("", title))


def _marked(run: Run) -> Run:
    if Mark.STRIKE in run.mark:
        return replace(run, text=f"~~{run.text}~~")
    return replace(run, text=f"^{run.text}") if Mark.SUPER in run.mark else run


def _address(link: Link) -> str:
    return f"#{link.target}" if link.kind is LinkKind.ANCHOR else link.target
