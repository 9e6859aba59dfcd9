"""A post on one line of a list: its title, and dim at the right what it is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList

from kbtui.core.badges import badges
from kbtui.core.links import name_key
from kbtui.core.post import PostSummary
from kbtui.core.text import one_line, shorten
from kbtui.tui.presentation import COLOURS, DIM
from kbtui.tui.services import Services

MATCH = "$accent bold"
TITLE_LENGTH = 200
SCROLL_BAR_WIDTH = 1
AGE_WIDTH = 10

_BETWEEN_WORDS = re.compile(r"[\s_-]")


def post_row(
    post: PostSummary, services: Services, width: int, title: Content | None = None, last: str = ""
) -> Content:
    """The row of a post in `width` columns; `title` is its title in another look, `last` stands at its end."""
    left = Content(shorten(post.title, TITLE_LENGTH)) if title is None else title
    found = badges(post, services.today(), services.settings.stale_after_days)
    about = " · ".join(filter(None, (one_line(post.topic), one_line(post.source))))
    right = Content("  ").join(
        [*(Content.styled(badge.value, COLOURS[badge]) for badge in found), Content(about).stylize(DIM)]
    )
    room = max(width // 3, width - left.cell_length - 2)
    end = Content(f"  {last:>{AGE_WIDTH}}" if last else "").stylize(DIM)
    right = Content.assemble(right.truncate(max(0, room - end.cell_length), ellipsis=True), end)
    left = left.truncate(max(1, width - right.cell_length - 2), ellipsis=True, pad=True)
    return Content.assemble(left, "  ", right)


def row_width(listed: OptionList) -> int:
    """The columns of a list for the text of a row, always with room for the scroll bar."""
    return max(1, listed.size.width - SCROLL_BAR_WIDTH)


def marked(text: str, typed: str) -> Content:
    """A name with the letters marked that fit what was typed; `text` must be clean and on one line."""
    content = Content(text)
    for start, end in fitting(text, typed):
        content = content.stylize(MATCH, start, end)
    return content


def fitting(text: str, typed: str) -> list[tuple[int, int]]:
    """Where a name fits what was typed, in order: each word of it, else its letters one by one.

    Case, and which kind of blank or hyphen it is, make no difference: see `core.links.name_key`. Empty where it
    does not fit at all.
    """
    words = _folded(name_key(typed)).split()
    if not words:
        return []
    letters, places = _letters(text)
    starts = [(_word_at(letters, word), len(word)) for word in words]
    if all(start >= 0 for start, _ in starts):
        spans = [(places[start], places[start + length - 1] + 1) for start, length in starts]
    else:
        spans = [(places[at], places[at] + 1) for at in _in_order(letters, "".join(words))]
    return _joined(spans)


def _letters(text: str) -> tuple[str, Sequence[int]]:
    """The letters of a name as they are compared, and at which place of the text each stands."""
    if text.isascii():
        return _folded(text), range(len(text))
    found = [(letter, place) for place, character in enumerate(text) for letter in _folded(character)]
    return "".join(letter for letter, _ in found), [place for _, place in found]


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    return _BETWEEN_WORDS.sub(" ", folded)


def _word_at(letters: str, word: str) -> int:
    """Where a word stands: at the beginning of one if it can be."""
    if letters.startswith(word):
        return 0
    begins = letters.find(f" {word}")
    return begins + 1 if begins >= 0 else letters.find(word)


def _in_order(letters: str, wanted: str) -> list[int]:
    found, at = [], -1
    for letter in wanted:
        at = letters.find(letter, at + 1)
        if at < 0:
            return []
        found.append(at)
    return found


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that touch or overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
