"""Text files as posts: the rendered text of a web article with its metadata box, and plain text.

Such an article has its title on the first line, section titles as short lines between blank ones, lists with
`•`, and after the text a line "... post meta" with the box, whose form `meta_box` explains.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from kbtui.core.importing import ParsedPost
from kbtui.core.post import Post
from kbtui.core.text import slugify
from kbtui.formats import meta_box, metadata, names
from kbtui.formats.markdown import with_tasks

_TABLE_NOISE = re.compile(r"[\s|:+=-]*")
_BULLET = re.compile(r"([ \t]*)[•‣◦▪●]\s+(.*)")
# What a section title never holds: the signs of commands, code and sentences.
_NO_HEADING = re.compile(r"[.:;,!?…]$|[$={}<>|;`•\\]|--|^\W")
_HEADING_LENGTH, _HEADING_WORDS = 80, 10
_TITLE_LENGTH = 120


def parse(path: str, text: str) -> ParsedPost:
    """The post of a text file: an article where it carries a metadata box, else the text as it is."""
    lines = text.split("\n")
    start = meta_box.find(lines)
    return _plain(path, text) if start is None else _article(path, lines[:start], lines[start + 1 :])


def _plain(path: str, text: str) -> ParsedPost:
    first = " ".join(next((line for line in text.split("\n") if line.strip()), "").split())
    title = first if first and len(first) <= _TITLE_LENGTH else names.title_from(path)
    return ParsedPost(with_tasks(Post(title=title, body=text, slug=names.slug_from(path), path=path)))


def _article(path: str, lines: Sequence[str], box: Sequence[str]) -> ParsedPost:
    begin = next((n for n, line in enumerate(lines) if not _TABLE_NOISE.fullmatch(line)), len(lines))
    title = " ".join(lines[begin].split()) if begin < len(lines) else names.title_from(path)
    # Saved pages have names that mean nothing, so the slug comes from the title.
    post = Post(title=title, body=_markdown(lines[begin + 1 :]), slug=slugify(title), path=path)
    given = meta_box.read(box)
    return ParsedPost(with_tasks(metadata.fill(post, given), given=metadata.has_key(given, "checklist")))


def _markdown(lines: Sequence[str]) -> str:
    """The text of an article as Markdown: its section titles as headings, its bullets as list items."""
    paragraphs = [list(group) for blank, group in groupby(lines, lambda line: not line.strip()) if not blank]
    last = len(paragraphs) - 1
    blocks = [
        # A title stands above something: the last paragraph is none.
        f"## {paragraph[0].strip()}" if number < last and _is_heading(paragraph) else _block(paragraph)
        for number, paragraph in enumerate(paragraphs)
    ]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _is_heading(paragraph: list[str]) -> bool:
    if len(paragraph) > 1:
        return False
    line = paragraph[0].strip()
    return (
        len(line) <= _HEADING_LENGTH
        and len(line.split()) <= _HEADING_WORDS
        and _NO_HEADING.search(line) is None
        and not line.isdecimal()
    )


def _block(paragraph: list[str]) -> str:
    return "\n".join(_line(line) for line in paragraph)


def _line(line: str) -> str:
    bullet = _BULLET.match(line)
    if bullet is None:
        return line.rstrip()
    # The outermost list stands two columns in.
    level = max(0, len(bullet.group(1).expandtabs(4)) // 2 - 1)
    return f"{'  ' * level}- {bullet.group(2).rstrip()}"
