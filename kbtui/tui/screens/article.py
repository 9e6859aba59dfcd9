"""The article: one post as a page, with what is known about it beside it, and the way from post to post."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.widgets import Static

from kbtui.core.commands.destructive import destruction
from kbtui.core.errors import PostNotFoundError
from kbtui.core.post import Post
from kbtui.core.searching.clauses import Query
from kbtui.core.searching.results import SimilarPost
from kbtui.core.text import clean, one_line, shorten
from kbtui.library import Library
from kbtui.markdown.tree import Link
from kbtui.tui.commands import ARTICLE, bindings
from kbtui.tui.document.view import DocumentView
from kbtui.tui.editing import edit_post
from kbtui.tui.pages import Landing, OpenedPage, anchor_links, dead_links, open_page, read_on
from kbtui.tui.presentation import Standing, article_title
from kbtui.tui.runs.lines import with_changes
from kbtui.tui.screens.copying import copy_code
from kbtui.tui.screens.linked_room import LinkedRoom
from kbtui.tui.screens.note import NoteScreen
from kbtui.tui.screens.page_room import QUIET_SECONDS
from kbtui.tui.screens.redlines import RedlinesScreen
from kbtui.tui.screens.revisions import RevisionsScreen
from kbtui.tui.screens.run import show_history
from kbtui.tui.screens.similar import SimilarScreen
from kbtui.tui.screens.starting import begin_checklist
from kbtui.tui.services import Services
from kbtui.tui.trail import Trail
from kbtui.tui.widgets.panes import Panel
from kbtui.tui.widgets.side import SidePanel

KEEP_PLACE_SECONDS = 2.0
MOST_BACKLINKS = 50
MOST_CHANGES = 5


class ArticleScreen(LinkedRoom):
    """A post to read, and from there others: the screen stays, its post changes.

    The place in each post is kept for the next time. Escape leads back to where one came from.
    """

    CSS_PATH = "article.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ARTICLE)]

    def __init__(
        self, services: Services, slug: str, query: Query | None = None, position: float | None = None
    ) -> None:
        """`query` is the search that found the post: its words are marked, the best place of them is shown.

        `position` is where to begin, 0.0 to 1.0; None for that place, or the one where the post was left.
        """
        super().__init__(services, slug)
        self._landing = Landing(position=position, query=query)
        self._position = self._kept = 0.0
        self._is_gone = False
        """Whether the post was found to be removed, which is told once."""
        self._dead: frozenset[Link] = frozenset()
        self._is_bookmarked = False
        self._changes = 0
        """How many changes are proposed for the post."""

    def on_mount(self) -> None:
        self.page.set_warnings(lambda line: bool(destruction(line)))
        self.set_interval(KEEP_PLACE_SECONDS, self._keep_place)
        self.load(self.slug, self._landing, self._trail)

    # Loading

    @work(exclusive=True, group="load", exit_on_error=False)
    async def load(self, slug: str, landing: Landing, trail: Trail, *, is_same: bool = False) -> None:
        """Show a post part by part, or what has become of the same one; the next that is asked for ends this."""
        try:
            page = await self.services.reader.run(lambda library: open_page(library, slug, landing))
        except PostNotFoundError as error:
            # Another process may have removed it since the list was shown.
            self.notify(one_line(str(error)), severity="warning", markup=False)
            self._trail = self._trail.without(slug)
            self.show_title()
            if self._post is None:
                self.dismiss()
            return
        self._keep_place()
        self._trail = trail
        self._begin(page, landing.anchor)
        if is_same:
            self.show_again(page)
        else:
            self.show_page(page)
            # Not waited for: reading must work while the library is being written, or cannot be.
            self.services.writer.submit(lambda library: library.posts.opened(page.post))
        self._relate(page.post)
        self._count_changes()
        await self._load_rest(page)

    def _begin(self, page: OpenedPage, anchor: str) -> None:
        self._post, self.slug, self._is_bookmarked = page.post, page.post.slug, page.is_bookmarked
        self._position = self._kept = page.position
        self._anchor, self._is_whole, self._is_gone, self._dead = anchor, False, False, frozenset()
        self.page.set_dead(self._dead.__contains__)
        self.panes.side.about.show(page.post)
        self.show_title()

    async def _load_rest(self, page: OpenedPage) -> None:
        parts, inside = [page.first], anchor_links(page.first)
        dead = await self.services.reader.run(lambda library: dead_links(library, page.post, page.first))
        while parts:
            self._mark_dead(dead)
            self.go_to_awaited()
            parts, dead = await self.services.reader.run(lambda library: read_on(library, page))
            self.add_parts(parts)
            inside |= anchor_links(*parts)
        self._is_whole = True
        self.go_to_awaited()
        anchors = {entry.anchor.casefold() for entry in self.page.outline}
        self._mark_dead({link for link in inside if link.target.casefold() not in anchors})

    def _mark_dead(self, links: set[Link]) -> None:
        if links:
            self._dead |= links
            self.page.set_dead(self._dead.__contains__)

    def show_title(self) -> None:
        """Show what the post is, where it comes from, and how far one can go back and forward."""
        if self._post is not None:
            standing = Standing(len(self._trail.behind), len(self._trail.ahead), self._is_bookmarked)
            stale = self.services.settings.stale_after_days
            title = article_title(self._post, self.services.today(), stale, standing)
            self.query_one("#title", Static).update(with_changes(title, self._changes))

    def on_screen_resume(self) -> None:
        """See what was proposed meanwhile."""
        self._count_changes()

    @work(exclusive=True, group="changes", exit_on_error=False)
    async def _count_changes(self) -> None:
        post = self._post
        if post is not None:
            changes = await self.services.reader.run(lambda library: library.redlines.count(post))
            if post is self._post and changes != self._changes:
                self._changes = changes
                self.show_title()

    @work(exclusive=True, group="relate", exit_on_error=False)
    async def _relate(self, post: Post) -> None:
        backlinks, similar, changes = await self.services.reader.run(
            lambda library: (
                library.links.backlinks(post, MOST_BACKLINKS),
                _similar(library, post.slug),
                library.changes.beside(post, MOST_CHANGES),
            )
        )
        self.panes.side.related.show(backlinks, similar, changes, self.services.now())

    # The place, kept

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

    # The post, changed

    @work(exclusive=True, group="look", exit_on_error=False)
    async def look_again(self) -> None:
        """Show the post anew, at the same place, if somebody changed it."""
        shown = self._post
        if shown is None:
            return
        try:
            post = await self.services.reader.run(lambda library: library.posts.get(shown.slug))
        except PostNotFoundError:
            if not self._is_gone:
                self.notify("This post is no longer in the library.", severity="warning", markup=False)
            self._is_gone = True
            return
        if shown is self._post and post.saves != shown.saves:
            self._reload()
            self.notify("The post was changed; this is its new text.", timeout=QUIET_SECONDS, markup=False)

    def _reload(self) -> None:
        self.load(self.slug, Landing(position=self.page.position), self._trail, is_same=True)

    # Other posts

    def action_leave_page(self) -> None:
        """Out of a panel, then out of the finding, then back to where one came from."""
        if not self.step_out():
            self.dismiss()

    def action_similar(self) -> None:
        """Go to the posts that are like this one, or show them."""
        if Panel.SIDE in self.panes.shown:
            self.panes.side.related.go_to_similar()
        else:
            self.app.push_screen(SimilarScreen(self.services, self.slug), self._read_chosen)

    @on(SidePanel.Chosen)
    def _related_chosen(self, event: SidePanel.Chosen) -> None:
        self.page.focus()
        self.read(event.slug)

    @on(SidePanel.NoteChosen)
    def _change_chosen(self, event: SidePanel.NoteChosen) -> None:
        self.app.push_screen(NoteScreen(self.services, event.note_id))

    def _read_chosen(self, slug: str | None) -> None:
        if slug is not None:
            self.read(slug)

    # What is done with the post

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def action_copy_code(self) -> None:
        """Copy the chosen code block, or the first in sight."""
        code = self.page.current_code
        if self._post is not None and code is not None:
            await copy_code(self.app, self.services, self._post, code)
        else:
            text = "There is no code block in sight; ] goes to the next one."
            self.notify(text, timeout=QUIET_SECONDS, markup=False)

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def action_copy(self) -> None:
        """Copy the post's Markdown, hidden characters made visible, to the terminal's clipboard."""
        post = self._post
        if post is not None:
            self.app.copy_to_clipboard(await self.services.reader.run(lambda _: clean(post.body).rstrip("\n")))
            self.notify(f"Copied the Markdown of “{shorten(post.title, 60)}”.", markup=False)

    @work(exclusive=True, group="edit", exit_on_error=False)
    async def action_edit(self) -> None:
        """Change the post in the user's editor."""
        if await edit_post(self.app, self.services, self.slug):
            self._reload()

    @work(exclusive=True, group="bookmark", exit_on_error=False)
    async def action_bookmark(self) -> None:
        """Set a bookmark, or take it away."""
        post, is_set = self._post, not self._is_bookmarked
        if post is None:
            return

        def change(library: Library) -> None:
            (library.reading.bookmark if is_set else library.reading.unbookmark)(post)

        await self.services.writer.run(change)
        if post is self._post:
            self._is_bookmarked = is_set
            self.show_title()

    @work(exclusive=True, group="checklist", exit_on_error=False)
    async def action_checklist(self) -> None:
        """Start a run of the post's checklist, or go on with it."""
        await begin_checklist(self.app, self.services, self.slug)

    @work(exclusive=True, group="checklist", exit_on_error=False)
    async def action_runs(self) -> None:
        """Show how the runs of the post's checklists went."""
        slug = self.slug
        await show_history(self.app, self.services, lambda library: library.posts.get(slug))

    def action_redlines(self) -> None:
        """Show the changes that are proposed for the post."""
        slug = self.slug
        self.app.push_screen(RedlinesScreen(self.services, lambda library: library.posts.get(slug)), self._restored)

    def action_revisions(self) -> None:
        """Show the revisions of the post."""
        self.app.push_screen(RevisionsScreen(self.services, self.slug), self._restored)

    def _restored(self, slug: str | None) -> None:
        if slug is not None:
            self._reload()


def _similar(library: Library, slug: str) -> list[SimilarPost]:
    try:
        return library.searching.similar(slug)
    except PostNotFoundError:
        return []
