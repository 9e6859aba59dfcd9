"""A room with results and beside them a page that follows the cursor."""

from __future__ import annotations

import asyncio
from abc import abstractmethod

from textual import on, work
from textual.content import Content
from textual.getters import query_one

from kbtui.core.index_document import NOTE_KIND
from kbtui.core.post import PostSummary
from kbtui.core.searching.clauses import Query
from kbtui.core.text import shorten
from kbtui.tui.document.preparing import prepare
from kbtui.tui.document.view import DocumentView
from kbtui.tui.notes.page import open_note
from kbtui.tui.pages import Landing, open_page, read_on
from kbtui.tui.screens.room import Room
from kbtui.tui.widgets.results import ResultList

PREVIEW_PAUSE = 0.06
RESTING_SECONDS = 0.5
"""How long a post is looked at until all of its preview is read."""
TITLE_LENGTH = 120


class PreviewRoom(Room):
    """Shows the post or the note under the cursor of the results."""

    preview = query_one("#preview", DocumentView)

    @property
    @abstractmethod
    def searched(self) -> Query | None:
        """The query that gave the results: its words are marked."""

    @on(ResultList.Highlighted)
    def _follow(self, event: ResultList.Highlighted) -> None:
        if event.hit is None:
            self.preview.border_title = ""
            self.preview.show(prepare(()))
        elif self.preview.display:
            self.preview_post(event.hit.post)

    @work(exclusive=True, group="preview", exit_on_error=False)
    async def preview_post(self, post: PostSummary) -> None:
        """Show the beginning of a post, all of it once it was looked at for a while."""
        await asyncio.sleep(PREVIEW_PAUSE)
        if post.kind == NOTE_KIND:
            note = await self.services.reader.run(lambda library: open_note(library, post.slug))
            self.preview.border_title = Content(shorten(post.title, TITLE_LENGTH))
            self.preview.show(note.first)
            return
        landing = Landing(position=0.0, query=self.searched)
        page = await self.services.reader.run(lambda library: open_page(library, post.slug, landing))
        self.preview.border_title = Content(shorten(post.title, TITLE_LENGTH))
        self.preview.show(page.first, page.position, page.lines)
        self.preview.mark(page.words)
        self.preview.go_to_best(page.sought)
        if page.is_whole:
            return
        # The rest only for who looks longer: whoever types on would wait for it.
        await asyncio.sleep(RESTING_SECONDS)
        while parts := (await self.services.reader.run(lambda library: read_on(library, page)))[0]:
            for part in parts:
                self.preview.extend(part)
