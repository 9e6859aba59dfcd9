"""The article: one post as a page, its metadata beside it."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.getters import query_one
from textual.widgets import Footer, Static

from kbtui.core.errors import PostNotFoundError
from kbtui.core.post import Post
from kbtui.core.text import clean, one_line, shorten
from kbtui.library import Library
from kbtui.tui.commands import ARTICLE, bindings
from kbtui.tui.document.blocks import Block, parse_blocks, without_title
from kbtui.tui.document.view import DocumentView
from kbtui.tui.presentation import about_content, article_title
from kbtui.tui.screens.room import Room
from kbtui.tui.screens.similar import SimilarScreen
from kbtui.tui.services import Services

KEEP_PLACE_SECONDS = 2.0


class ArticleScreen(Room):
    """A post to read. Escape goes back to where one came from; the place is kept for the next time."""

    CSS_PATH = "article.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ARTICLE)]
    AUTO_FOCUS = "#page"

    page = query_one("#page", DocumentView)
    about = query_one("#about", VerticalScroll)

    def __init__(self, services: Services, slug: str) -> None:
        super().__init__(services)
        self._slug = slug
        self._post: Post | None = None
        self._position = self._kept = 0.0

    def compose(self) -> ComposeResult:
        yield Static("", id="title", markup=False)
        with Horizontal(id="sides"):
            yield DocumentView(id="page")
            with VerticalScroll(id="about", can_focus=True):
                yield Static("", id="metadata", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self.set_interval(KEEP_PLACE_SECONDS, self._keep_place)
        self._load()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        try:
            post, blocks, position = await self.services.reader.run(lambda library: _read(library, self._slug))
        except PostNotFoundError as error:
            # Another process may have removed it since the list was shown.
            self.notify(one_line(str(error)), severity="warning", markup=False)
            self.dismiss()
            return
        # Not waited for: reading must work while the library is being written, or cannot be.
        self.services.writer.submit(lambda library: library.posts.opened(post))
        self._post = post
        self._position = self._kept = position
        title = article_title(post, self.services.today(), self.services.settings.stale_after_days)
        self.query_one("#title", Static).update(title)
        self.query_one("#metadata", Static).update(about_content(post))
        self.page.show_blocks(blocks, position)

    @on(DocumentView.Scrolled)
    def _scrolled(self, event: DocumentView.Scrolled) -> None:
        self._position = event.position

    def _keep_place(self) -> None:
        """Write down how far the post is read, so that even a lost terminal loses no more than a moment of it."""
        post, position = self._post, self._position
        if post is not None and position != self._kept:
            self._kept = position
            self.services.writer.submit(lambda library: library.posts.left_at(post, position))

    def on_unmount(self) -> None:
        self._keep_place()

    def action_back(self) -> None:
        """Back to where one came from."""
        self.dismiss()

    def action_copy(self) -> None:
        """Copy the post's Markdown, hidden characters made visible, to the terminal's clipboard."""
        if self._post is not None:
            self.app.copy_to_clipboard(clean(self._post.body).rstrip("\n"))
            self.notify(f"Copied the Markdown of “{shorten(self._post.title, 60)}”.", markup=False)

    def action_similar(self) -> None:
        """Show posts that are like this one."""
        self.app.push_screen(SimilarScreen(self.services, self._slug), self._read_other)

    def _read_other(self, slug: str | None) -> None:
        if slug is not None:
            self.app.push_screen(ArticleScreen(self.services, slug))

    def action_toggle_about(self) -> None:
        """Show or hide the metadata."""
        shown = not self.about.display
        self.about.display = shown
        if not shown:
            self.page.focus()


def _read(library: Library, slug: str) -> tuple[Post, list[Block], float]:
    post = library.posts.get(slug)
    return post, without_title(parse_blocks(post.body), post.title), library.posts.position(post)
