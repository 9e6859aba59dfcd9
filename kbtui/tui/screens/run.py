"""One run of a checklist: its steps, ticked off one by one, and beside them what the step under the cursor holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Footer, Static

from kbtui.core.checklist_history import PostStanding
from kbtui.core.checklist_run import ChecklistRun, RunState, RunStep, StepState
from kbtui.core.errors import PostNotFoundError
from kbtui.core.rollback import rollback_text
from kbtui.core.text import one_line, shorten
from kbtui.library import Library
from kbtui.library.checklists import Checklists
from kbtui.tui.code_copy import CodeToCopy
from kbtui.tui.commands import RUN, bindings
from kbtui.tui.run_lines import run_title, step_codes, step_lines, summary_text
from kbtui.tui.screens.ask import AskScreen, LineScreen, Reply, TextScreen
from kbtui.tui.screens.copying import copy_found
from kbtui.tui.screens.room import Room
from kbtui.tui.services import Services
from kbtui.tui.widgets.lines_view import LinesView
from kbtui.tui.widgets.step_list import StepList

POLL_SECONDS = 1.0
REASON_LENGTH = 2_000
LONGEST_COPY = 200_000
"""Characters of a record that go to the terminal's clipboard."""
OPEN_SHOWN = 8
SCROLL_BAR_WIDTH = 1
CHANGES = frozenset({"done", "skip", "fail", "undo", "note", "evidence", "finish", "abandon"})
"""What only a run that goes on takes."""


class RunScreen(Room):
    """A run to work through. A row changes when the change is on disk, whichever terminal it was made in."""

    CSS_PATH = "run.tcss"
    AUTO_FOCUS = "#steps"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(RUN)]

    steps = query_one("#steps", StepList)
    details = query_one("#step", LinesView)

    @dataclass
    class PostWanted(Message):
        """The user wants to read the post at a step."""

        slug: str
        position: float | None
        """0.0 to 1.0; None where the step stands in no text."""

    class ValuesKept(Message):
        """What was filled in is on disk."""

    def __init__(self, services: Services, run_id: str) -> None:
        super().__init__(services)
        self.run_id = run_id
        """The run that is worked through."""
        self._run: ChecklistRun | None = None
        self._standing: PostStanding | None = None

    def compose(self) -> ComposeResult:
        yield Static("", id="title", markup=False)
        yield Static("", id="standing", markup=False)
        with Horizontal(id="panes"):
            yield StepList()
            yield LinesView("step")
        yield Footer()

    def on_mount(self) -> None:
        self._load()
        self.set_interval(POLL_SECONDS, self._tick)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Whether a command can be done: one that changes the run only while it goes on."""
        return action not in CHANGES or self._is_open

    @property
    def _is_open(self) -> bool:
        return self._run is not None and self._run.info.state is RunState.OPEN

    # Showing

    def _tick(self) -> None:
        if self._run is not None and self.app.screen is self:
            self._show_title(self._run)
            self._look()

    def on_screen_resume(self) -> None:
        """See at once what was done meanwhile."""
        if self._run is not None:
            self._look()

    @work(exclusive=True, group="look", exit_on_error=False)
    async def _look(self) -> None:
        """Show the run anew if another terminal changed it, or somebody its post."""
        shown = self._run
        if shown is None:
            return
        version, standing = await self.services.reader.run(
            lambda library: (library.checklists.version(self.run_id), library.checklists.standing(shown.info))
        )
        if shown is self._run and (version != shown.version or standing != self._standing):
            await self._read()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        await self._read()
        if self._run is not None and self._run.current is not None:
            self.steps.go_to(self._run.current.number)

    async def _read(self) -> None:
        run, standing = await self.services.reader.run(lambda library: _read(library, self.run_id))
        if self._run is not None and run.version < self._run.version:
            return
        self._run, self._standing = run, standing
        self.steps.show(run.steps)
        self._show_title(run)
        notice = Content(one_line(f"{standing.notice} {f'Abandoned: {run.reason}' if run.reason else ''}"))
        self.query_one("#standing", Static).update(notice)
        self.query_one("#standing").display = bool(notice.plain)
        self.refresh_bindings()
        self._draw()

    def _show_title(self, run: ChecklistRun) -> None:
        self.query_one("#title", Static).update(run_title(run.info, datetime.now(UTC)))

    @on(StepList.Moved)
    def _moved(self) -> None:
        self._draw(is_other=True)

    def on_resize(self) -> None:
        """Wrap the lines anew."""
        self.call_after_refresh(self._draw)

    @work(exclusive=True, group="draw", exit_on_error=False)
    async def _draw(self, *, is_other: bool = False) -> None:
        run, step = self._run, self.steps.current
        if run is None or step is None:
            return
        width = self.details.container_size.width - SCROLL_BAR_WIDTH
        lines = await self.services.reader.run(lambda library: step_lines(library, run, step, width))
        self.details.show(lines, keep_place=not is_other)

    # Changes

    async def _change(self, change: Callable[[Checklists], object], settled: int = 0) -> None:
        """Make a change and show what came of it; from the step that it settled on to the next that is open."""
        try:
            # Whoever leaves the screen right behind a key has pressed it all the same.
            await asyncio.shield(self.services.writer.run(lambda library: change(library.checklists)))
        finally:
            await self._read()
        if settled and self._run is not None and (step := self.steps.current) and step.number == settled:
            later = (each.number for each in self._run.steps[settled:] if each.state is StepState.TODO)
            if step.state is not StepState.TODO and (following := next(later, 0)):
                self.steps.go_to(following)

    async def _asked(self, title: str, hint: str) -> str | None:
        return await self.app.push_screen_wait(LineScreen(self.services, title, hint, REASON_LENGTH))

    @work(group="change", exit_on_error=False)
    async def action_done(self) -> None:
        """Mark the step as done; one that is done is to be done again. A gate is asked for before."""
        if (step := self.steps.current) is None:
            return
        number = step.number
        if step.state is StepState.DONE:
            await self._change(lambda checklists: checklists.undo(self.run_id, number))
        elif step.state is not StepState.TODO or await self._confirmed(step):
            await self._change(lambda checklists: checklists.done(self.run_id, number), number)

    async def _confirmed(self, step: RunStep) -> bool:
        if not step.step.is_gate:
            return True
        question = AskScreen(
            self.services, f"Step {step.number} is a gate", step.step.text, [Reply("done", "It is so")]
        )
        return await self.app.push_screen_wait(question) is not None

    @work(group="change", exit_on_error=False)
    async def action_skip(self) -> None:
        """Skip the step, with a reason."""
        if (step := self.steps.current) and (reason := await self._asked(f"Skip step {step.number}", "why")):
            await self._change(lambda checklists: checklists.skip(self.run_id, step.number, reason), step.number)

    @work(group="change", exit_on_error=False)
    async def action_fail(self) -> None:
        """Mark the step as failed, with a reason."""
        if (step := self.steps.current) and (
            reason := await self._asked(f"Step {step.number} failed", "what happened")
        ):
            await self._change(lambda checklists: checklists.fail(self.run_id, step.number, reason), step.number)

    @work(group="change", exit_on_error=False)
    async def action_undo(self) -> None:
        """Take back what the step is marked as."""
        if step := self.steps.current:
            await self._change(lambda checklists: checklists.undo(self.run_id, step.number))

    @work(group="change", exit_on_error=False)
    async def action_note(self) -> None:
        """Write a note on the step."""
        if (step := self.steps.current) and (text := await self._asked(f"Note on step {step.number}", "a few words")):
            await self._change(lambda checklists: checklists.note(self.run_id, step.number, text))

    @work(group="change", exit_on_error=False)
    async def action_evidence(self) -> None:
        """Paste what came out onto the step."""
        if (step := self.steps.current) is None:
            return
        limit = await self.services.reader.run(lambda library: library.checklists.evidence_limit)
        screen = TextScreen(self.services, f"Evidence of step {step.number}", limit)
        if (text := await self.app.push_screen_wait(screen)) is not None:
            await self._change(lambda checklists: checklists.evidence(self.run_id, step.number, text))

    # The end

    @work(exclusive=True, group="end", exit_on_error=False)
    async def action_finish(self) -> None:
        """Sum the run up and finish it; while steps are open, go to one of them."""
        run = self._run
        if run is None:
            return
        text = summary_text(await self.services.reader.run(lambda library: library.checklists.summary(run)))
        still = [step for step in run.steps if step.state is StepState.TODO][:OPEN_SHOWN]
        replies = [
            Reply(str(step.number), f"Go to step {step.number}: {shorten(step.step.text, 60)}") for step in still
        ]
        title = "Steps are still open" if still else "Finish the run?"
        screen = AskScreen(self.services, title, text, replies or [Reply("finish", "Finish the run")])
        answer = await self.app.push_screen_wait(screen)
        if answer == "finish":
            await self._change(lambda checklists: checklists.finish(self.run_id))
            self.notify(f"Finished: {text} Y copies the record.", markup=False)
        elif answer is not None:
            self.steps.go_to(int(answer))

    @work(exclusive=True, group="end", exit_on_error=False)
    async def action_abandon(self) -> None:
        """End the run before its end, with a reason."""
        if reason := await self._asked("Abandon the run", "why"):
            await self._change(lambda checklists: checklists.abandon(self.run_id, reason))

    # What is done with it

    def action_leave_room(self) -> None:
        """Leave the run; it goes on when one comes back."""
        self.dismiss()

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def action_copy_record(self) -> None:
        """Copy the run as Markdown to the terminal's clipboard."""
        text = await self.services.reader.run(lambda library: library.checklists.markdown(self.run_id))
        if len(text) > LONGEST_COPY:
            told = f"The record is too long for the clipboard; `kbtui check show {self.run_id} --markdown` writes it."
            self.notify(told, severity="warning", markup=False)
        else:
            self.app.copy_to_clipboard(text)
            self.notify("Copied the record of the run.", markup=False)

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def action_copy_code(self) -> None:
        """Copy a command of the step; what is filled in counts for the whole run."""
        run, step = self._run, self.steps.current
        if run is None or step is None or not step.step.commands:
            self.notify("This step has no command.", markup=False)
            return
        codes = await self.services.reader.run(lambda library: _codes(library, run, step))
        chosen: str | None = "0"
        if len(codes) > 1:
            replies = [Reply(str(at), shorten(code.text, 80)) for at, code in enumerate(codes)]
            chosen = await self.app.push_screen_wait(AskScreen(self.services, "Copy which command?", "", replies))
        if chosen is not None:
            await copy_found(
                self.app,
                self.services,
                run.info.title,
                codes[int(chosen)],
                self._remember,
            )

    def _remember(self, library: Library, values: Mapping[str, str]) -> None:
        """In the write lane."""
        library.checklists.remember_values(self.run_id, values)
        self.post_message(self.ValuesKept())

    @on(ValuesKept)
    def _values_kept(self) -> None:
        self._draw()

    @work(exclusive=True, group="open", exit_on_error=False)
    async def action_open_post(self) -> None:
        """Read the post at this step."""
        run, step = self._run, self.steps.current
        if run is None:
            return
        try:
            wanted = await self.services.reader.run(lambda library: _place(library, run, step))
        except PostNotFoundError:
            self.notify("The post is no longer in the library.", severity="warning", markup=False)
            return
        self.post_message(wanted)


def show_run(app: App[Any], services: Services, run_id: str) -> None:
    """Show a run: where it is open under other screens, by closing those."""
    if any(isinstance(screen, RunScreen) and screen.run_id == run_id for screen in app.screen_stack):
        while not (isinstance(app.screen, RunScreen) and app.screen.run_id == run_id):
            app.pop_screen()
    else:
        app.push_screen(RunScreen(services, run_id))


def _read(library: Library, run_id: str) -> tuple[ChecklistRun, PostStanding]:
    run = library.checklists.run(run_id)
    return run, library.checklists.standing(run.info)


def _codes(library: Library, run: ChecklistRun, step: RunStep) -> list[CodeToCopy]:
    slug = library.checklists.standing(run.info).slug
    try:
        post = library.posts.get(slug)
    except PostNotFoundError:
        return step_codes(step.step, library.checklists.values(run.info.id))
    known = {**library.reading.placeholder_values(post), **library.checklists.values(run.info.id)}
    return step_codes(step.step, known, rollback_text(post.body, post.extra))


def _place(library: Library, run: ChecklistRun, step: RunStep | None) -> RunScreen.PostWanted:
    """Where the post says now what the step says; else where it said so. Raises `PostNotFoundError`."""
    post = library.posts.get(library.checklists.standing(run.info).slug)
    if step is None or step.step.line < 0:
        return RunScreen.PostWanted(post.slug, None)
    lines = [each.line for found in library.checklists.found(post) for each in found.steps if each == step.step]
    lines += [
        each.line for found in library.checklists.found(post) for each in found.steps if each.text == step.step.text
    ]
    line = min(lines, key=lambda at: abs(at - step.step.line), default=step.step.line)
    return RunScreen.PostWanted(post.slug, min(1.0, line / (post.body.count("\n") + 1)))
