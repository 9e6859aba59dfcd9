"""What is known about a post, beside its page: its metadata, who links to it, what is like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kbtui.core.notes.change_note import NoteInfo
from kbtui.core.post import Post, PostSummary
from kbtui.core.searching.results import SimilarPost
from kbtui.tui.notes.lines import change_row
from kbtui.tui.presentation import about_content, fitted, similar_content
from kbtui.tui.widgets.choices import Choice

CHANGED, LINKS_HERE, SIMILAR = "Recent changes", "Links here", "Similar"
ALONE = "No other post links here or is like it."
WIDTH = 42
TEXT_WIDTH = WIDTH - 4
"""Columns for text: without the line at the left, margins and the scroll bar. So lines are broken only once."""


class NoteRow(Choice):
    """The row of a change note."""


class AboutPanel(VerticalScroll):
    """The metadata box."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False, id="about.down", tooltip="One line down"),
        Binding("k", "scroll_up", "Up", show=False, id="about.up", tooltip="One line up"),
        Binding("g", "scroll_home", "Top", show=False, id="about.top", tooltip="To the beginning"),
        Binding("G", "scroll_end", "End", show=False, id="about.end", tooltip="To the end"),
    ]

    def compose(self) -> ComposeResult:
        yield Static("", id="metadata", markup=False)

    def show(self, post: Post) -> None:
        """Show the metadata of a post."""
        self.query_one("#metadata", Static).update(about_content(post, TEXT_WIDTH))
        self.scroll_home(animate=False)


class RelatedList(OptionList):
    """Changes that touch what the post is about, the posts that link to it, then those that are like it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor_down", "Down", show=False, id="related.down", tooltip="Next post"),
        Binding("k,up", "cursor_up", "Up", show=False, id="related.up", tooltip="Previous post"),
        Binding("g,home", "first", "First", show=False, id="related.first", tooltip="First post"),
        Binding("G,end", "last", "Last", show=False, id="related.last", tooltip="Last post"),
        Binding("enter", "select", "Read", show=False, id="related.open", tooltip="Read the post"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # Textual's own name for it
        super().__init__(id=id, markup=False)
        self._first_similar = 0

    def show(
        self,
        backlinks: Sequence[PostSummary],
        similar: Sequence[SimilarPost],
        changes: Sequence[NoteInfo],
        now: datetime,
    ) -> None:
        """Show changes and other posts."""
        rows: list[Option] = [_heading(CHANGED)] if changes else []
        rows += [NoteRow(change_row(note, now, TEXT_WIDTH), note.id) for note in changes]
        rows += [Option("", disabled=True)] if changes and (backlinks or similar) else []
        rows += [_heading(LINKS_HERE)] if backlinks else []
        rows += [Choice(Content(fitted(post.title, TEXT_WIDTH)), post.slug) for post in backlinks]
        rows += [Option("", disabled=True)] if backlinks and similar else []
        rows += [_heading(SIMILAR)] if similar else []
        self._first_similar = len(rows) if similar else 0
        rows += [Choice(similar_content(one, TEXT_WIDTH), one.post.slug) for one in similar]
        self.set_options(rows or [Option(Content(ALONE).stylize("dim"), disabled=True)])

    def go_to_similar(self) -> None:
        """Go to the first post that is like this one, or else to the first of all."""
        self.focus()
        self.action_first()
        if self._first_similar:
            self.highlighted = self._first_similar


class SidePanel(Vertical):
    """Metadata above, other posts below."""

    @dataclass
    class Chosen(Message):
        """The user wants to read another post."""

        slug: str

    @dataclass
    class NoteChosen(Message):
        """The user wants to read a change note."""

        note_id: str

    def __init__(self, *, id: str | None = None) -> None:  # Textual's own name for it
        super().__init__(id=id)
        self.styles.width = WIDTH

    about = query_one("#about", AboutPanel)
    related = query_one("#related", RelatedList)

    def compose(self) -> ComposeResult:
        yield AboutPanel(id="about")
        yield RelatedList(id="related")

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(event.option, NoteRow):
            self.post_message(self.NoteChosen(event.option.value))
        elif isinstance(event.option, Choice):
            self.post_message(self.Chosen(event.option.value))


def _heading(text: str) -> Option:
    return Option(Content(text).stylize("$text-primary bold"), disabled=True)
