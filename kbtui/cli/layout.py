"""How lists look on a terminal. Rich does it; everything of a post goes in as plain, cleaned text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import zip_longest

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kbtui.core.badges import Badge, badges
from kbtui.core.index_document import NOTE_KIND
from kbtui.core.post import PostSummary
from kbtui.core.searching.results import SearchHit, SimilarPost, Snippet, TermMatch
from kbtui.core.text import one_line

TOOLS_SHOWN = 6
MARK = "bold underline"


def hits(
    found: Sequence[SearchHit],
    offset: int,
    stale_after_days: int,
    reasons: Mapping[str, Sequence[TermMatch]],
) -> RenderableType:
    """Three lines a hit: rank, title and badges; slug and tools; the passage that matched. Its reasons below.

    A line stands between the hits with all the words and those with some, where they lie apart.
    """
    number_width = len(str(offset + len(found)))
    blocks: list[RenderableType] = []
    divided = _first_partial(found)
    for place, hit in enumerate(found):
        if place == divided:
            blocks.append(Text("some of the words:", "dim"))
        number = str(offset + place + 1).rjust(number_width)
        lines: list[RenderableType] = [_snippet(hit.snippet)] if hit.snippet.text else []
        lines += map(_reason, reasons.get(hit.post.slug, ()))
        blocks.append(_entry(hit.post, number, stale_after_days, lines))
    return Group(*blocks)


def similar(found: Sequence[SimilarPost], stale_after_days: int) -> RenderableType:
    """Three lines a post: rank, title and badges; slug and tools; what both have."""
    number_width = len(str(len(found)))
    return Group(
        *(
            _entry(one.post, str(n).rjust(number_width), stale_after_days, [_shared(one)])
            for n, one in enumerate(found, 1)
        )
    )


def _entry(post: PostSummary, number: str, stale_after_days: int, below: Sequence[RenderableType]) -> RenderableType:
    indent = (0, 0, 0, len(number) + 1)
    beneath = Text(" · ").join([Text(one_line(post.slug), "cyan"), *_tools(post)])
    return Group(
        _one_row(Text(f"{number} ", "dim"), _title(post), *_badges(post, stale_after_days)),
        *(Padding(line, indent) for line in (_cut(beneath), *below)),
    )


def _first_partial(found: Sequence[SearchHit]) -> int | None:
    """Where the hits with some of the words begin; None where there are none, or in another order they lie mixed."""
    partial = [hit.partial for hit in found]
    return partial.index(True) if any(partial) and partial == sorted(partial) else None


def _reason(match: TermMatch) -> Text:
    """`502 as 502s: title, body ×3 · 4.21`."""
    found = "" if match.found == match.typed else f" as {one_line(match.found)}"
    where = ", ".join(name if count == 1 else f"{name} ×{count}" for name, count in match.fields)
    return Text(f"{one_line(match.typed)}{found}: {where} · {match.weight:.2f}", "dim", overflow="fold")


def _shared(one: SimilarPost) -> Text:
    """The shared tools, then the words that are no tools."""
    tools = [one_line(tool) for tool in one.tools]
    known = {tool.casefold() for tool in tools}
    words = [one_line(word) for word in one.words if word.casefold() not in known]
    return Text(" · ").join([Text(", ".join(part), overflow="fold") for part in (tools, words) if part])


def posts(listed: Sequence[PostSummary], stale_after_days: int) -> RenderableType:
    """One line a post: slug, title, tools and badges, cut to the width."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=3, style="cyan")
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=4)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=3)
    for post in listed:
        about = Text(" ").join([*_badges(post, stale_after_days), *_tools(post)])
        table.add_row(Text(one_line(post.slug)), _title(post), about)
    return table


def table(rows: Iterable[Sequence[object]], header: Sequence[str] = ()) -> RenderableType:
    """Aligned columns. Nothing is cut: on a narrow terminal a long row goes on in the next line."""
    kept = [[one_line(str(field)) for field in row] for row in rows]
    every = [list(header), *kept] if header else kept
    widths = [max(map(cell_len, column)) for column in zip_longest(*every, fillvalue="")]
    lines = [
        "  ".join(field + " " * (width - cell_len(field)) for field, width in zip(row, widths, strict=False)).rstrip()
        for row in every
    ]
    styles = ["dim" if header and not number else "" for number in range(len(lines))]
    return Group(
        *(Text(line, style, no_wrap=True, overflow="ignore") for line, style in zip(lines, styles, strict=True))
    )


def badge_text(found: Sequence[Badge]) -> Text:
    """Badges side by side."""
    return Text(" ").join(Text(f"[{badge.value}]", "yellow") for badge in found)


def _title(post: PostSummary) -> Text:
    return Text(one_line(post.title), "bold")


def _badges(post: PostSummary, stale_after_days: int) -> list[Text]:
    if post.kind == NOTE_KIND:
        return [Text(f"note, {one_line(post.status)}", "cyan")]
    found = badges(post, datetime.now(UTC).date(), stale_after_days)
    return [badge_text(found)] if found else []


def _tools(post: PostSummary) -> list[Text]:
    if not post.tools:
        return []
    more = ", …" if len(post.tools) > TOOLS_SHOWN else ""
    return [Text(", ".join(map(one_line, post.tools[:TOOLS_SHOWN])) + more, "dim")]


def _one_row(number: Text, title: Text, *after: Text) -> Table:
    """Number, title and badges; where there is no room, the title is cut."""
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(no_wrap=True, min_width=len(number))
    row.add_column(no_wrap=True, overflow="ellipsis")
    for text in after:
        row.add_column(no_wrap=True, overflow="ellipsis", min_width=min(len(text), 24))
    row.add_row(Text(number.plain.rstrip(), "dim"), title, *after)
    return row


def _cut(text: Text) -> Text:
    text.no_wrap, text.overflow = True, "ellipsis"
    return text


def _snippet(snippet: Snippet) -> Text:
    text = Text(snippet.text, overflow="fold")
    for start, end in snippet.marks:
        text.stylize(MARK, start, end)
    return text
