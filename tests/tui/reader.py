"""An app with one document and nothing else, and pages to show in it."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from rich.style import Style
from textual.app import App, ComposeResult
from textual.message import Message

from kbtui.core.text import clean
from kbtui.markdown import read_page
from kbtui.markdown.tree import (
    Block,
    Callout,
    Code,
    Definitions,
    Footnote,
    Heading,
    Inline,
    Item,
    Link,
    LinkKind,
    ListBlock,
    Mark,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    Verbatim,
)
from kbtui.tui.document.canvas import Pen
from kbtui.tui.document.looks import Palette
from kbtui.tui.document.pieces import Part
from kbtui.tui.document.preparing import prepare
from kbtui.tui.document.view import DocumentView


class Reader(App[None]):
    """One page, and the messages that came from it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Message] = []

    def compose(self) -> ComposeResult:
        yield DocumentView(id="page")

    @property
    def page(self) -> DocumentView:
        return self.query_one("#page", DocumentView)

    def on_document_view_section_changed(self, event: DocumentView.SectionChanged) -> None:
        self.told.append(event)

    on_document_view_found = on_document_view_code_chosen = on_document_view_section_changed
    on_document_view_link_chosen = on_document_view_link_followed = on_document_view_section_changed

    def last(self, kind: type[Message]) -> Message | None:
        """The last message of a kind."""
        return next((message for message in reversed(self.told) if isinstance(message, kind)), None)


def part_of(text: str) -> Part:
    """A Markdown text made ready to be shown."""
    return prepare(read_page(text).blocks)


def shown(page: DocumentView) -> list[str]:
    """What stands in the lines of the screen."""
    return [strip.text.rstrip() for strip in page.render_lines(page.size.region)]


def cells(page: DocumentView, wanted: Callable[[Style], bool]) -> list[str]:
    """The pieces of the lines in sight whose style is wanted."""
    strips = page.render_lines(page.size.region)
    return [segment.text for strip in strips for segment in strip if segment.style and wanted(segment.style)]


def look(page: DocumentView, name: str) -> Callable[[Style], bool]:
    """Tells whether a style is that of a component of the page: its colours."""
    component = page.get_component_rich_style(f"document--{name}")
    return lambda style: (style.color, style.bgcolor) == (component.color, component.bgcolor)


def plain_pen(width: int, *, is_wrapped: bool = False, shift: int = 0) -> Pen:
    """A pen without colours."""
    return Pen(width, Palette(lambda _: Style.null()), is_wrapped=is_wrapped, shift=shift)


_SIGNS = [
    *"abcdefgh WXYZ 123 .,-_()[]{}|<>*` \n",
    "漢字",
    "é",
    "e\u0301",
    "👍🏽",
    "✔\ufe0f",
    "👩\u200d🚒",
    "⚠",
    "word ",
]
LETTERS = st.lists(st.sampled_from(_SIGNS), max_size=60).map(lambda signs: clean("".join(signs)))
LONG = st.integers(1, 400).map(lambda count: "a rather longword " * count)
MARKS = st.sampled_from([Mark.NONE, Mark.STRONG, Mark.CODE, Mark.EMPHASIS | Mark.STRIKE, Mark.KEY, Mark.SUPER])
LINKS = st.none() | st.builds(
    Link, st.sampled_from(["a.md", "https://example.com/a/b", "x"]), st.sampled_from(LinkKind), st.booleans()
)
INLINES = st.lists(st.builds(Run, LETTERS, MARKS, LINKS), max_size=4).map(tuple)
LINES = st.integers(0, 1000)


def _tables() -> st.SearchStrategy[Table]:
    def of(columns: int) -> st.SearchStrategy[Table]:
        row = st.tuples(*[INLINES] * columns)
        align = st.tuples(*[st.sampled_from(["left", "center", "right"])] * columns)
        return st.builds(Table, row, st.lists(row, max_size=30).map(tuple), align, LINES)

    return st.integers(1, 6).flatmap(of)


LEAVES: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, st.integers(1, 6), INLINES, st.just("anchor"), LINES),
    st.builds(Paragraph, INLINES, LINES),
    st.builds(Paragraph, LONG.map(lambda text: (Run(text),)), LINES),
    st.builds(Code, LETTERS | LONG, st.sampled_from(["", "bash", "python", "nonsense"]), LINES),
    st.builds(Verbatim, LETTERS, LINES),
    st.builds(Rule, LINES),
    _tables(),
)


def _holders(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    blocks = st.lists(inner, max_size=3).map(tuple)
    items = st.lists(st.builds(Item, blocks, LINES, st.none() | st.booleans()), min_size=1, max_size=4).map(tuple)
    entries = st.lists(st.tuples(INLINES, blocks), max_size=3).map(tuple)
    return st.one_of(
        st.builds(ListBlock, items, LINES, st.just(1), st.none() | st.integers(0, 1000), st.booleans()),
        st.builds(Quote, blocks, LINES),
        st.builds(Callout, st.sampled_from(["note", "warning", "details", "odd"]), INLINES, blocks, LINES),
        st.builds(Definitions, entries, LINES),
        st.builds(Footnote, st.text("abc1", min_size=1, max_size=5), blocks, LINES),
    )


BLOCKS: st.SearchStrategy[tuple[Block, ...]] = st.lists(st.recursive(LEAVES, _holders, max_leaves=8), max_size=5).map(
    tuple
)
"""Trees of every shape, as a page may have them."""


def inline(text: str) -> Inline:
    """Plain text as runs."""
    return (Run(text),)
