"""One change note as a page, and what is done with it."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Footer, Static

from kbtui.core.errors import NoteNotFoundError
from kbtui.core.text import one_line
from kbtui.markdown.tree import LinkKind
from kbtui.tui.code_copy import code_as_written
from kbtui.tui.commands import bindings
from kbtui.tui.document.view import DocumentView
from kbtui.tui.notes.actions import attach_evidence
from kbtui.tui.notes.commands import NOTE
from kbtui.tui.notes.lines import note_heading
from kbtui.tui.notes.page import NotePage, more_parts, open_note
from kbtui.tui.screens.address import AddressScreen
from kbtui.tui.screens.copying import copy_found
from kbtui.tui.screens.finding_room import FindingRoom
from kbtui.tui.screens.note_revisions import NoteRevisionsScreen
from kbtui.tui.screens.note_room import NoteRoom
from kbtui.tui.services import Services
from kbtui.tui.widgets.find_bar import FindBar

REFRESH_SECONDS = 1.0


class NoteScreen(NoteRoom, FindingRoom):
    """A change note to read. It is shown anew when it is changed, here or in another terminal."""

    CSS_PATH = "changes.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(NOTE)]

    class PostWanted(Message):
        """The user wants to read a post that the note names."""

        def __init__(self, slug: str) -> None:
            super().__init__()
            self.slug = slug

    def __init__(self, services: Services, note_id: str) -> None:
        super().__init__(services)
        self.note_id = note_id
        """The note that is read."""
        self._page: NotePage | None = None
        self._heading = Content("")

    def compose(self) -> ComposeResult:
        yield Static("", id="title", markup=False)
        yield DocumentView(id="page")
        yield FindBar(id="find")
        yield Footer()

    def on_mount(self) -> None:
        self._load()
        self.set_interval(REFRESH_SECONDS, self._tick)

    def on_screen_resume(self) -> None:
        """See at once what was done meanwhile."""
        self._load()

    def _tick(self) -> None:
        if self.app.screen is self:
            self._load()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        """Show the note, or what has become of it at the same place."""
        shown = self._page
        try:
            page = await self.services.reader.run(lambda library: open_note(library, self.note_id, shown))
        except NoteNotFoundError as error:
            self.notify(one_line(str(error)), severity="warning", markup=False)
            self.dismiss()
            return
        heading = note_heading(page.note.info, self.services.now())
        if not heading.is_same(self._heading):
            self._heading = heading
            self.query_one("#title", Static).update(heading)
        if page is shown:
            return
        place = 0.0 if shown is None else self.page.position
        self._page = page
        self.page.show(page.first, place, page.lines)
        self._load_rest(page)

    @work(exclusive=True, group="rest", exit_on_error=False)
    async def _load_rest(self, page: NotePage) -> None:
        while parts := await self.services.reader.run(lambda _: more_parts(page)):
            for part in parts:
                self.page.extend(part)

    def action_leave_room(self) -> None:
        """Out of the finding, then out of the note."""
        if self.find_bar.display:
            self.end_finding()
        else:
            self.dismiss()

    @on(DocumentView.LinkFollowed)
    def _link_followed(self, event: DocumentView.LinkFollowed) -> None:
        if event.link.kind is LinkKind.ANCHOR:
            self.page.go_to_anchor(event.link.target)
        elif event.link.kind is LinkKind.NAME:
            self.post_message(self.PostWanted(event.link.target))
        else:
            self.app.push_screen(AddressScreen(self.services, event.link, event.text))

    # What is done with it

    @property
    def chosen_note(self) -> str:
        """The note that is read."""
        return self.note_id

    def show_again(self) -> None:
        """Show what has become of the note."""
        self._load()

    @work(exclusive=True, group="note", exit_on_error=False)
    async def action_attach(self) -> None:
        """Paste evidence."""
        await self.act(attach_evidence)

    def action_revisions(self) -> None:
        """Show what the note said before."""
        self.app.push_screen(NoteRevisionsScreen(self.services, self.note_id))

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def action_copy_code(self) -> None:
        """Copy the chosen block, or the first in sight."""
        code, page = self.page.current_code, self._page
        if page is None or code is None:
            self.notify("There is no block in sight; ] goes to the next one.", markup=False)
            return
        found = code_as_written(code.text, code.language, {}, page.note.content.rollback)
        await copy_found(self.app, self.services, page.note.content.title, found, lambda *_: None)
