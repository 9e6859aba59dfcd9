"""Values of the domain as text of the screen: cleaned, styled, never parsed as markup."""

from __future__ import annotations

from datetime import date

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.style import Style

from kbtui.core.badges import Badge, badges
from kbtui.core.post import Post, PostSummary, summary_of
from kbtui.core.results import SearchHit, Snippet
from kbtui.core.text import one_line, shorten
from kbtui.metadata_box import metadata_lines

DIM = Style(dim=True)
BOLD = Style(bold=True)
COLOURS = {Badge.NEEDS_REVIEW: "$warning", Badge.DRAFT: "$warning", Badge.STALE: "$error"}
TITLE_LENGTH = 200
TOOLS_SHOWN = 4
LEAST_TITLE = 14
"""Columns that a title keeps; badges that leave it less are dropped from the last."""


def snippet_content(snippet: Snippet, length: int) -> Content:
    """A snippet with its matches marked, cut to `length` characters around the first of them."""
    start = 0
    if snippet.marks and len(snippet.text) > length:
        lead = max(0, snippet.marks[0][0] - length // 3)
        start = snippet.text.rfind(" ", 0, lead) + 1 if lead else 0
    content = Content(snippet.text).stylize(DIM)
    for begin, end in snippet.marks:
        content = content.stylize("$accent bold not dim", begin, end)
    shown = content[start : start + length]
    before = Content("… ").stylize(DIM) if start and not snippet.text.startswith("…", start) else Content("")
    after = Content("…").stylize(DIM) if start + length < len(snippet.text) else Content("")
    return Content.assemble(before, shown.rstrip(), after)


def _marks(post: PostSummary, today: date, stale_after_days: int) -> list[tuple[str, str]]:
    """What stands behind a title: (words, colour), warnings first, then the number of checklist items."""
    warnings = [(badge.value, COLOURS[badge]) for badge in badges(post, today, stale_after_days)]
    return [*warnings, (f"☑ {post.checklist_items}", "$success")] if post.checklist_items else warnings


def _titled(title: str, marks: list[tuple[str, str]]) -> Content:
    parts: list[Content | tuple[str, str]] = [Content(title).stylize(BOLD)]
    for words, colour in marks:
        parts += [("  ", ""), (words, colour)]
    return Content.assemble(*parts)


def hit_content(hit: SearchHit, today: date, stale_after_days: int, width: int) -> Content:
    """A hit for a list of `width` columns: title and badges, what it is about, why it matched in two lines."""
    post = hit.post
    marks = _marks(post, today, stale_after_days)
    while marks and width - _width_of(marks) < LEAST_TITLE:
        marks.pop()
    first = _titled(_fitted(post.title, width - _width_of(marks)), marks)
    tools = ", ".join(one_line(tool) for tool in post.tools[:TOOLS_SHOWN])
    details = " · ".join(filter(None, (one_line(post.topic) or one_line(post.path), tools, one_line(post.source))))
    lines = [first, Content(_fitted(details, width)).stylize(DIM)]
    return Content("\n").join([*lines, snippet_content(hit.snippet, max(20, width * 9 // 5))])


def _width_of(marks: list[tuple[str, str]]) -> int:
    return sum(2 + cell_len(word) for word, _ in marks)


def _fitted(text: str, width: int) -> str:
    """`text` on one line of at most `width` columns."""
    text = one_line(text)
    return text if cell_len(text) <= width else set_cell_size(text, max(1, width - 1)).rstrip() + "…"


def article_title(post: Post, today: date, stale_after_days: int) -> Content:
    """The heading over a page: title, badges, where the post comes from."""
    first = _titled(shorten(post.title, TITLE_LENGTH), _marks(summary_of(post), today, stale_after_days))
    minutes = f"{post.minutes} min"
    where = " · ".join(filter(None, (one_line(post.source), one_line(post.path), minutes)))
    return Content("\n").join([first, Content(where).stylize(DIM)])


def about_content(post: Post) -> Content:
    """The metadata box: every field that has a value, labels above values."""
    lines: list[Content] = []
    for line in metadata_lines(post):
        lines.append(Content(line.label).stylize("$text-primary bold"))
        lines += [Content(f"  {value}") for value in line.values]
    return Content("\n").join(lines)
