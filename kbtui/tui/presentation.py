"""Values of the domain as text of the screen: cleaned, styled, never parsed as markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.style import Style

from kbtui.core.badges import Badge, badges
from kbtui.core.index_document import NOTE_KIND
from kbtui.core.post import Post, PostSummary, summary_of
from kbtui.core.searching.results import SearchHit, SimilarPost, Snippet
from kbtui.core.text import one_line, shorten
from kbtui.metadata_box import MetadataLine, MetadataValue, metadata_lines
from kbtui.tui.document.wrapping import wrap

DIM = Style(dim=True)
BOLD = Style(bold=True)
COLOURS = {Badge.NEEDS_REVIEW: "$warning", Badge.DRAFT: "$warning", Badge.STALE: "$error"}
TITLE_LENGTH = 200
TOOLS_SHOWN = 4
LEAST_TITLE = 14
"""Columns that a title keeps; badges that leave it less are dropped from the last."""
BOOKMARK = "★"

LABEL_WIDTH = 13
SHORT_VALUE = 32
"""Characters of a value that may stand beside others."""
LONGEST_VALUE = 4_000
BAR_WIDTH = 10
MOST_LINES = 500
"""Lines of metadata that are shown: a file may carry any amount."""


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
    """What stands behind a title: (words, colour), warnings first, then the number of checklist items; or that it is a
    change note, and its state."""
    if post.kind == NOTE_KIND:
        return [(f"note, {one_line(post.status)}", "$accent")]
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
    first = _titled(fitted(post.title, width - _width_of(marks)), marks)
    tools = ", ".join(one_line(tool) for tool in post.tools[:TOOLS_SHOWN])
    details = " · ".join(filter(None, (one_line(post.topic) or one_line(post.path), tools, one_line(post.source))))
    lines = [first, Content(fitted(details, width)).stylize(DIM)]
    return Content("\n").join([*lines, snippet_content(hit.snippet, max(20, width * 9 // 5))])


def _width_of(marks: list[tuple[str, str]]) -> int:
    return sum(2 + cell_len(word) for word, _ in marks)


def fitted(text: str, width: int) -> str:
    """`text` on one line of at most `width` columns."""
    text = one_line(text)
    return text if cell_len(text) <= width else set_cell_size(text, max(1, width - 1)).rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a reader stands: what the heading over a page says beside what it is."""

    behind: int = 0
    """Pages that one can go back to."""
    ahead: int = 0
    is_bookmarked: bool = False


def article_title(post: Post, today: date, stale_after_days: int, standing: Standing) -> Content:
    """The heading over a page: title, badges, where the post comes from, how far one can go back and forward."""
    marks = _marks(summary_of(post), today, stale_after_days)
    if standing.is_bookmarked:
        marks.insert(0, (BOOKMARK, "$accent"))
    first = _titled(shorten(post.title, TITLE_LENGTH), marks)
    steps = [f"← {standing.behind}" if standing.behind else "", f"→ {standing.ahead}" if standing.ahead else ""]
    where = " · ".join(filter(None, (*steps, one_line(post.source), one_line(post.path), f"{post.minutes} min")))
    return Content("\n").join([first, Content(where).stylize(DIM)])


def similar_content(similar: SimilarPost, width: int) -> Content:
    """A post that is like another one, and below that why: what both have, on one line where there is room."""
    tools = ", ".join(one_line(tool) for tool in similar.tools)
    words = ", ".join(one_line(word) for word in similar.words)
    reasons = [f"tools: {tools}" if tools else "", f"words: {words}" if words else ""]
    both = " · ".join(filter(None, reasons))
    lines = [both] if cell_len(both) <= width - 2 else filter(None, reasons)
    title = Content(fitted(similar.post.title, width)).stylize(BOLD)
    return Content("\n").join([title, *(Content(f"  {fitted(line, width - 2)}").stylize(DIM) for line in lines)])


def about_content(post: Post, width: int) -> Content:
    """The metadata box in so many columns: every field that has a value, lists as lists, scores as bars."""
    lines = list(islice((line for field in metadata_lines(post) for line in _field(field, width)), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [Content("… and more").stylize(DIM)]
    return Content("\n").join(lines)


def _field(field: MetadataLine, width: int) -> Iterator[Content]:
    """A label with its value behind it, or with its values below."""
    label = Content(f"{shorten(field.label, width):<{LABEL_WIDTH}}").stylize("$text-primary")
    short = _short(field)
    if short and len(short) <= width - LABEL_WIDTH - 1:
        yield Content.assemble(label, f" {short}")
        return
    yield label.rstrip()
    if short:
        yield from _hanging(short, "  ", "  ", width)
        return
    for item in field.items:
        yield from _item(item, is_listed=len(field.items) > 1, width=width)


def _short(field: MetadataLine) -> str:
    """The values in one line, where there is one or all are short and plain."""
    texts = [item.text for item in field.items]
    plain = all(item.depth == 0 and item.score is None and item.flag is None for item in field.items)
    if plain and (len(texts) == 1 or all(len(text) <= SHORT_VALUE and ": " not in text for text in texts)):
        return ", ".join(texts)
    return ""


def _item(item: MetadataValue, *, is_listed: bool, width: int) -> Iterator[Content]:
    if item.score is not None:
        name, _, _ = item.text.rpartition(":")
        full = round(BAR_WIDTH * min(100, max(0, item.score)) / 100)
        bar = Content.assemble(("█" * full, "$accent"), ("░" * (BAR_WIDTH - full), "$text-disabled"))
        yield Content.assemble(f"  {name:<10} ", bar, f" {item.score:>3}")
    elif item.flag is not None:
        name = item.text.rpartition(":")[0]
        lines = _hanging(name, "  ✓ " if item.flag else "  – ", "    ", width)
        yield from lines if item.flag else (line.stylize(DIM) for line in lines)
    else:
        indent = "  " * (item.depth + 1)
        bullet = "• " if item.depth == 0 and is_listed else ""
        lines = _hanging(item.text, indent + bullet, indent + " " * len(bullet), width)
        yield from (line.stylize(DIM) for line in lines) if item.depth else lines


def _hanging(text: str, first: str, rest: str, width: int) -> list[Content]:
    """Text broken into lines, all but the first behind `rest`."""
    text = text[:LONGEST_VALUE]
    spans = wrap(text, max(8, width - len(first)))
    return [Content((rest if number else first) + text[start:end]) for number, (start, end) in enumerate(spans)]
