"""A room with a page of a post whose links are followed in place, and the way back and forward."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from textual import on, work

from kbtui.core.links import FoundLink
from kbtui.core.post import Post
from kbtui.core.text import shorten
from kbtui.markdown.tree import LinkKind
from kbtui.tui.document.view import DocumentView
from kbtui.tui.pages import Landing, anchor_in, post_link
from kbtui.tui.screens.address import AddressScreen
from kbtui.tui.screens.page_room import PageRoom
from kbtui.tui.services import Services
from kbtui.tui.trail import Stop, Trail


class LinkedRoom(PageRoom):
    """Shows one post after the other, each link a step onward."""

    def __init__(self, services: Services, slug: str) -> None:
        super().__init__(services)
        self.slug = slug
        """The post that is read."""
        self._post: Post | None = None
        self._trail = Trail()
        self._anchor = ""
        """A heading that is to be shown as soon as it is there."""
        self._is_whole = False
        """Whether all of the page is there."""

    @abstractmethod
    def load(self, slug: str, landing: Landing, trail: Trail) -> object:
        """Begin to show a post; `trail` is how one came there."""

    @abstractmethod
    def show_title(self) -> None:
        """Show the heading over the page: what the post is, and how far one can go back."""

    def read(self, slug: str, anchor: str = "") -> None:
        """Read another post, from one of its headings on or from where it was left; the way back leads here."""
        self.load(slug, Landing(anchor=anchor), self._trail.onward(self._here))

    @property
    def _here(self) -> Stop:
        return Stop(self.slug, self.page.position)

    @on(DocumentView.LinkFollowed)
    def _link_followed(self, event: DocumentView.LinkFollowed) -> None:
        link = event.link
        if link.kind is LinkKind.ANCHOR:
            self._go_to_anchor(link.target)
        elif link.kind is LinkKind.FOOTNOTE:
            self._jump(lambda: self.page.go_to_footnote(link.target))
        elif found := post_link(link):
            self._follow(found, anchor_in(link, found))
        else:
            self.app.push_screen(AddressScreen(self.services, link, event.text))

    @work(exclusive=True, group="follow", exit_on_error=False)
    async def _follow(self, found: FoundLink, anchor: str) -> None:
        post = self._post
        if post is None:
            return
        slug = (await self.services.reader.run(lambda library: library.links.resolve(post, [found])))[found]
        if slug is None:
            text = f"There is no post “{shorten(found.target, 80)}” in this library."
            self.notify(text, severity="warning", markup=False)
        elif slug == self.slug and anchor:
            self._go_to_anchor(anchor)
        else:
            self.read(slug, anchor)

    def _go_to_anchor(self, anchor: str) -> None:
        if not self._jump(lambda: self.page.go_to_anchor(anchor)):
            self._anchor = anchor
            self.go_to_awaited()

    def _jump(self, go: Callable[[], bool]) -> bool:
        """Go to another place of the page; the way back leads here."""
        trail = self._trail.onward(self._here)
        has_gone = go()
        if has_gone:
            self._trail = trail
            self.show_title()
        return has_gone

    def go_to_awaited(self) -> None:
        """Go to the heading that is waited for; if it is not on the page, say so."""
        if self._anchor and self.page.go_to_anchor(self._anchor):
            self._anchor = ""
        elif self._anchor and self._is_whole:
            text = f"There is no heading “{shorten(self._anchor, 80)}” on this page."
            self.notify(text, severity="warning", markup=False)
            self._anchor = ""

    def action_back(self) -> None:
        """Back to where a link was followed, or to where one came from."""
        step = self._trail.back(self._here)
        if step is None:
            self.dismiss()
        else:
            self._walk(*step)

    def action_forward(self) -> None:
        """Forward again."""
        step = self._trail.forward(self._here)
        if step is not None:
            self._walk(*step)

    def _walk(self, stop: Stop, trail: Trail) -> None:
        self.load(stop.slug, Landing(position=stop.position), trail)
