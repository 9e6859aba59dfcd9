"""Changes that were proposed for a post: what each would change, to be taken into the post or declined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList

from kbtui.core.errors import EditNotSavedError, KbtuiError
from kbtui.core.post import Post
from kbtui.core.revisions import PostHome
from kbtui.core.text import one_line, shorten
from kbtui.library import Library
from kbtui.library.redlines import RedlineEdit
from kbtui.tui.ages import ago
from kbtui.tui.commands import bindings
from kbtui.tui.dialog_commands import REDLINES
from kbtui.tui.diff_lines import diff_lines
from kbtui.tui.presentation import BOLD, DIM, fitted
from kbtui.tui.runs.lines import wrapped
from kbtui.tui.runs.reading import FindPost, Proposal, proposals_of
from kbtui.tui.screens.ask import AskScreen, LineScreen, Reply
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceList
from kbtui.tui.widgets.lines_view import Line, LinesView, Look
from kbtui.tui.widgets.post_rows import row_width

TITLE_LENGTH = 60
TEXT_LENGTH = 200
REASON_LENGTH = 2_000
SCROLL_BAR_WIDTH = 1
SAID_ALREADY = "The post says so already; to take it only writes that down."


class RedlinesScreen(Dialog):
    """The proposed changes of a post that nobody decided on, and what the one under the cursor would change.

    Gives the slug of the post where something was decided, else None.
    """

    AUTO_FOCUS = "#choices"
    CSS_PATH: ClassVar[list[str]] = ["dialog.tcss", "run_dialogs.tcss"]  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(REDLINES)]

    choices = query_one("#choices", ChoiceList)
    change = query_one("#change", LinesView)

    def __init__(self, services: Services, find: FindPost) -> None:
        """`find` gives the post."""
        super().__init__(services)
        self._find = find
        self._post: Post | None = None
        self._home = PostHome()
        self._proposals: Sequence[Proposal] = ()
        self._edit: RedlineEdit | None = None
        """What would be saved of the change under the cursor; None where it cannot be, or is not looked up yet."""
        self._has_decided = False

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Proposed changes"
            box.border_subtitle = "enter takes it into the post · d declines · tab reads"
            yield ChoiceList()
            yield LinesView("change")

    def on_resize(self) -> None:
        """Cut the rows and wrap the lines anew."""
        self.call_after_refresh(self._load)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        await self._read()

    async def _read(self) -> None:
        post, self._home, self._proposals = await self.services.reader.run(self._look_up)
        self._post = post
        if not self._proposals:
            if not self._has_decided:
                self.app.notify("No change is proposed for this post.", markup=False)
            self.action_close()
            return
        title = f"Proposed changes of “{shorten(post.title, TITLE_LENGTH)}”"
        self.query_one("#box").border_title = Content(title)
        now, width, at = datetime.now(UTC), row_width(self.choices) - 2, self.choices.highlighted
        self.choices.show([Choice(_row(each, now, width), str(n)) for n, each in enumerate(self._proposals)])
        self.choices.highlighted = min(at or 0, len(self._proposals) - 1)

    def _look_up(self, library: Library) -> tuple[Post, PostHome, Sequence[Proposal]]:
        post = self._find(library)
        return post, library.editing.home(post), proposals_of(library, post)

    @property
    def _current(self) -> Proposal | None:
        choice = self.choices.current
        return None if choice is None else self._proposals[int(choice.value)]

    # What it would change

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._draw(is_other=True)

    @work(exclusive=True, group="draw", exit_on_error=False)
    async def _draw(self, *, is_other: bool = False) -> None:
        proposal = self._current
        self._edit = None
        if proposal is None:
            return
        width = max(1, self.change.container_size.width - SCROLL_BAR_WIDTH)
        edit, lines = await self.services.reader.run(lambda library: _change(library, proposal, width))
        if proposal is self._current:
            self._edit = edit
            self.change.show(lines, keep_place=not is_other)

    # Deciding

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_take()

    @work(exclusive=True, group="decide", exit_on_error=False)
    async def action_take(self) -> None:
        """Ask, then save the post with the change in it."""
        proposal, edit = self._current, self._edit
        if proposal is None or edit is None:
            self.notify("This change cannot be taken as it is; below is why.", severity="warning", markup=False)
            return
        if await self.app.push_screen_wait(self._question(edit)) is None:
            return
        try:
            told = await self.services.writer.run(lambda library: _take(library, proposal, edit))
        except EditNotSavedError as error:
            await self.app.push_screen_wait(AskScreen(self.services, "Not taken", str(error)))
        else:
            self._has_decided = True
            self.app.notify(told, markup=False)
        await self._read()

    def _question(self, edit: RedlineEdit) -> AskScreen:
        text = f"It is saved as revision {edit.based_on + 1}; the text before stays among the revisions."
        if edit.text == edit.before:
            text = SAID_ALREADY
        elif self._home.file is not None and self._home.local_since is None:
            text += f" From then on it is a local version, which imports leave alone; {self._home.file} stays as it is."
        return AskScreen(self.services, "Take the change into the post?", text, [Reply("take", "Take it")])

    @work(exclusive=True, group="decide", exit_on_error=False)
    async def action_decline(self) -> None:
        """Decline the change, with a reason."""
        proposal = self._current
        if proposal is None:
            return
        screen = LineScreen(self.services, "Decline the change", "why", REASON_LENGTH)
        if reason := await self.app.push_screen_wait(screen):
            run_id, number = proposal.run.id, proposal.redline.number
            await self.services.writer.run(lambda library: library.redlines.decline(run_id, number, reason))
            self._has_decided = True
            await self._read()

    def action_close(self) -> None:
        """Close, and tell whether something was decided."""
        self.dismiss(self._post.slug if self._post is not None and self._has_decided else None)


def _take(library: Library, proposal: Proposal, edit: RedlineEdit) -> str:
    saved = library.redlines.take(proposal.run.id, proposal.redline.number, edit)
    post = library.posts.get(saved.slug)
    if saved.outcome == "unchanged":
        return f"“{shorten(post.title, TITLE_LENGTH)}” said so already."
    return f"Took the change into “{shorten(post.title, TITLE_LENGTH)}” as revision {post.saves}."


def _row(proposal: Proposal, now: datetime, width: int) -> Content:
    label = f"Step {proposal.step.number}: {shorten(proposal.step.step.text, TEXT_LENGTH)}"
    who = f"  proposed by {one_line(proposal.redline.who)}, {ago(proposal.redline.at, now)}"
    return Content("\n").join([Content(fitted(label, width)).stylize(BOLD), Content(fitted(who, width)).stylize(DIM)])


def _change(library: Library, proposal: Proposal, width: int) -> tuple[RedlineEdit | None, list[Line]]:
    """What would be saved, None where that cannot be; and in lines: what would change, or why it cannot."""
    edit: RedlineEdit | None = None
    try:
        edit = library.redlines.edit(proposal.run.id, proposal.redline.number)
        difference = edit.difference()
        lines = [line for ((text, look),) in diff_lines(difference) for line in wrapped(text, width, look)]
        lines = lines or wrapped(SAID_ALREADY, width)
    except KbtuiError as error:
        lines = wrapped(one_line(str(error)), width, Look.OPEN)
        lines += wrapped(f"- {one_line(proposal.step.step.text)}", width, Look.REMOVED)
        lines += wrapped(f"+ {one_line(proposal.redline.text)}", width, Look.ADDED)
    for note in proposal.step.notes:
        lines += [(), *wrapped(f"note · {note.who}", width, Look.PLACE), *wrapped(note.text, width)]
    return edit, lines
