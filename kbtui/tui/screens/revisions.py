"""The states that a post was in: what changed since each, and a way back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList

from kbtui.core.errors import KbtuiError, PostNotFoundError
from kbtui.core.revisions import PostHome, RevisionInfo
from kbtui.core.text import one_line, shorten
from kbtui.library import Library
from kbtui.tui.commands import bindings
from kbtui.tui.dialog_commands import REVISIONS
from kbtui.tui.diff_lines import diff_lines
from kbtui.tui.presentation import BOLD, DIM
from kbtui.tui.screens.ask import AskScreen, Reply
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList
from kbtui.tui.widgets.lines_view import Line, LinesView, Look

PAUSE_SECONDS = 0.05
"""How long the cursor stands on a revision before it is compared."""
NOTE_LENGTH = 40
WHY_LENGTH = 120
KEYS = "enter shows it large · u restores"
KEYS_LARGE = "escape back to the list · u restores"


class RevisionsScreen(Dialog):
    """The revisions of a post, newest first, each compared with the current one.

    Gives the slug of the post where a revision was restored, else None.
    """

    AUTO_FOCUS = "#choices"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(REVISIONS)]

    choices = query_one("#choices", ChoiceList)
    diff = query_one("#diff", LinesView)

    def __init__(self, services: Services, slug: str) -> None:
        super().__init__(services)
        self._slug = slug
        self._revisions: Sequence[RevisionInfo] = ()
        self._home = PostHome()

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Revisions"
            box.border_subtitle = KEYS
            with Container(id="sides"):
                yield ChoiceList()
                yield LinesView("diff")

    def on_mount(self) -> None:
        self._load()

    @work(exit_on_error=False)
    async def _load(self) -> None:
        try:
            self._revisions, self._home = await self.services.reader.run(self._read)
        except PostNotFoundError as error:
            self.app.notify(one_line(str(error)), severity="warning", markup=False)
            self.dismiss(None)
            return
        current = self._revisions[0]
        self.query_one("#box").border_title = Content(f"Revisions of “{shorten(current.title, 60)}”")
        self.choices.show([Choice(_row(each, current), str(each.number)) for each in self._revisions])
        # The current one does not differ from itself: the one before is what may be wanted.
        if len(self._revisions) > 1:
            self.choices.highlighted = 1

    def _read(self, library: Library) -> tuple[Sequence[RevisionInfo], PostHome]:
        return library.revisions.of(self._slug), library.editing.home(library.posts.get(self._slug))

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        if isinstance(event.option, Choice):
            self._compare(int(event.option.value))

    @work(exclusive=True, group="compare", exit_on_error=False)
    async def _compare(self, number: int) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        current = self._revisions[0].number
        self.diff.show(await self.services.reader.run(lambda library: _changes(library, self._slug, number, current)))

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        self.action_enlarge()

    def action_enlarge(self) -> None:
        """Show the comparison on the whole screen."""
        self.add_class("-large")
        self.query_one("#box").border_subtitle = KEYS_LARGE
        self.diff.focus()

    def action_close(self) -> None:
        """From the large comparison back to the list; from the list out."""
        if not self.has_class("-large"):
            self.dismiss(None)
            return
        self.remove_class("-large")
        self.query_one("#box").border_subtitle = KEYS
        self.choices.focus()

    def action_restore(self) -> None:
        """Ask, then save the revision under the cursor anew."""
        choice = self.choices.current
        if choice is None:
            return
        if int(choice.value) == self._revisions[0].number:
            self.notify("This is the current revision.", markup=False)
        else:
            self._restore(int(choice.value))

    @work(exclusive=True, group="restore", exit_on_error=False)
    async def _restore(self, number: int) -> None:
        if await self.app.push_screen_wait(self._question(number)) is None:
            return
        saves = await self.services.writer.run(lambda library: _restore(library, self._slug, number))
        self.app.notify(f"Restored revision {number} as revision {saves}.", markup=False)
        self.dismiss(self._slug)

    def _question(self, number: int) -> AskScreen:
        text = f"Revision {number} becomes the current text. What is current now stays in the list."
        if self._home.file is not None and self._home.local_since is None:
            text += f" From then on it is a local version, which imports leave alone; {self._home.file} stays as it is."
        return AskScreen(self.services, f"Restore revision {number}?", text, [Reply("restore", "Restore")])


def _restore(library: Library, slug: str, number: int) -> int:
    saved = library.editing.restore(slug, number)
    return library.posts.get(saved.slug).saves


def _changes(library: Library, slug: str, number: int, current: int) -> list[Line]:
    """The comparison of two revisions, or a sentence in its place."""
    if number == current:
        return [(("This is the current revision.", Look.PLAIN),)]
    try:
        lines = library.revisions.compare(slug, number, current)
    except KbtuiError as error:
        return [((one_line(str(error)), Look.PLAIN),)]
    if not lines:
        return [((f"Revisions {number} and {current} say the same.", Look.PLAIN),)]
    return diff_lines(lines)


def _row(revision: RevisionInfo, current: RevisionInfo) -> Content:
    when = f"{revision.saved_at.astimezone():%Y-%m-%d %H:%M}"
    row = Content.assemble(
        (f"{revision.number:>4}  ", BOLD),
        f"{when}  {revision.origin.value:<7}",
        (f"  {revision.size:>9,} characters", DIM),
    )
    note = "current" if revision.is_current else shorten(revision.title, NOTE_LENGTH)
    said = f"{revision.who}: {shorten(revision.why, WHY_LENGTH)}" if revision.why else ""
    below = (note if note != current.title else "", one_line(said))
    return Content.assemble(row, *((f"\n      {line}", DIM) for line in below if line))
