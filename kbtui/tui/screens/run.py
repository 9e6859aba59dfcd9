"""One run of a checklist: its steps, ticked off one by one, and beside them what the step under the cursor holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on, work
from textual.app import App
from textual.binding import BindingType
from textual.message import Message

from kbtui.core.checklists.run import RunStep, StepState
from kbtui.core.errors import PostNotFoundError
from kbtui.core.text import shorten
from kbtui.library import Library
from kbtui.tui.commands import RUN, bindings
from kbtui.tui.notes.actions import write_note
from kbtui.tui.runs.evidence import write_evidence
from kbtui.tui.runs.lines import summary_text
from kbtui.tui.runs.reading import FindPost, codes_of, place_of, post_of
from kbtui.tui.screens.ask import AskScreen, LineScreen, Reply, TextScreen
from kbtui.tui.screens.copying import copy_found
from kbtui.tui.screens.finishing import FINISH, FINISH_AND_NOTE, FinishScreen
from kbtui.tui.screens.redlines import RedlinesScreen
from kbtui.tui.screens.run_history import RunHistoryScreen
from kbtui.tui.screens.run_room import RunRoom
from kbtui.tui.services import Services

REASON_LENGTH = 2_000
LONGEST_COPY = 200_000
"""Characters of a record that go to the terminal's clipboard."""
IT_IS_SO = Reply("so", "It is so: the step is done")
CHANGES = frozenset(
    {"done", "skip", "fail", "undo", "note", "evidence", "write_evidence", "propose", "finish", "abandon"}
)
"""What only a run that goes on takes."""


class RunScreen(RunRoom):
    """A run to work through: what can be done with its steps and with itself."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(RUN)]

    @dataclass
    class PostWanted(Message):
        """The user wants to read the post at a step."""

        slug: str
        position: float | None
        """0.0 to 1.0; None where the step stands in no text."""

    class ValuesKept(Message):
        """What was filled in is on disk."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Whether a command can be done: one that changes the run only while it goes on."""
        return action not in CHANGES or self.is_open

    # Steps

    async def _asked(self, title: str, hint: str) -> str | None:
        return await self.app.push_screen_wait(LineScreen(self.services, title, hint, REASON_LENGTH))

    @work(group="change", exit_on_error=False)
    async def action_done(self) -> None:
        """Mark the step as done; one that is done is to be done again. A gate is asked for before."""
        if (step := self.steps.current) is None:
            return
        number = step.number
        if step.state is StepState.DONE:
            await self.make(lambda library: library.checklists.undo(self.run_id, number))
        elif step.state is not StepState.TODO or await self._confirmed(step):
            await self.make(lambda library: library.checklists.done(self.run_id, number), number)

    async def _confirmed(self, step: RunStep) -> bool:
        if not step.step.is_gate:
            return True
        text = f"{step.step.text}\n\n{step.step.notes}".rstrip()
        question = AskScreen(self.services, f"Step {step.number} is a gate", text, [IT_IS_SO, Reply("", "Not yet")])
        return await self.app.push_screen_wait(question) == IT_IS_SO.value

    @work(group="change", exit_on_error=False)
    async def action_skip(self) -> None:
        """Skip the step, with a reason."""
        if (step := self.steps.current) and (reason := await self._asked(f"Skip step {step.number}", "why")):
            await self.make(lambda library: library.checklists.skip(self.run_id, step.number, reason), step.number)

    @work(group="change", exit_on_error=False)
    async def action_fail(self) -> None:
        """Mark the step as failed, with a reason."""
        if (step := self.steps.current) and (
            reason := await self._asked(f"Step {step.number} failed", "what happened")
        ):
            await self.make(lambda library: library.checklists.fail(self.run_id, step.number, reason), step.number)

    @work(group="change", exit_on_error=False)
    async def action_undo(self) -> None:
        """Take back what the step is marked as."""
        if step := self.steps.current:
            await self.make(lambda library: library.checklists.undo(self.run_id, step.number))

    @work(group="change", exit_on_error=False)
    async def action_note(self) -> None:
        """Write a note on the step."""
        if step := self.steps.current:
            number, title = step.number, f"Note on step {step.number}"
            await self.make_of_text(
                lambda text: LineScreen(self.services, title, "a few words", REASON_LENGTH, text),
                lambda library, text: library.checklists.note(self.run_id, number, text),
            )

    @work(group="change", exit_on_error=False)
    async def action_evidence(self) -> None:
        """Paste what came out onto the step."""
        if step := self.steps.current:
            number, title, limit = step.number, f"Evidence of step {step.number}", await self._limit()
            await self.make_of_text(
                lambda text: TextScreen(self.services, title, limit, text),
                lambda library, text: library.checklists.evidence(self.run_id, number, text),
            )

    @work(group="change", exit_on_error=False)
    async def action_write_evidence(self) -> None:
        """Write what came out in the user's editor."""
        if step := self.steps.current:
            number = step.number

            async def keep(text: str) -> None:
                await self.make(lambda library: library.checklists.evidence(self.run_id, number, text))

            await write_evidence(self.app, self.services, self.run_id, number, keep)

    @work(group="change", exit_on_error=False)
    async def action_propose(self) -> None:
        """Write the step as it should be, for whoever looks after the post."""
        if (step := self.steps.current) is None:
            return
        number, title, limit = step.number, f"Step {step.number} as it should be", await self._limit()
        before = await self.services.reader.run(lambda library: library.redlines.beginning(self.run_id, number))
        text = await self.make_of_text(
            lambda text: TextScreen(self.services, title, limit, text or before, wraps=True),
            lambda library, text: text.strip() == before or library.redlines.propose(self.run_id, number, text),
        )
        if text is not None:
            said = (
                "The text is as it was." if text.strip() == before else "Proposed; R shows it beside the post's text."
            )
            self.notify(said, markup=False)

    async def _limit(self) -> int:
        return await self.services.reader.run(lambda library: library.checklists.evidence_limit)

    # The end

    @work(exclusive=True, group="end", exit_on_error=False)
    async def action_finish(self) -> None:
        """Sum the run up and finish it; while steps are open, go to one of them."""
        run = self.run
        if run is None:
            return
        summary = await self.services.reader.run(lambda library: library.checklists.summary(run))
        answer = await self.app.push_screen_wait(FinishScreen(self.services, run, summary))
        if answer in (FINISH, FINISH_AND_NOTE):
            await self.make(lambda library: library.checklists.finish(self.run_id))
            self.notify(f"Finished: {summary_text(summary)} Y copies the record.", markup=False)
            if answer == FINISH_AND_NOTE:
                await write_note(self.app, self.services, run=self.run_id)
        elif answer is not None:
            self.steps.go_to(int(answer))

    @work(exclusive=True, group="end", exit_on_error=False)
    async def action_abandon(self) -> None:
        """End the run before its end, with a reason."""
        if reason := await self._asked("Abandon the run", "why"):
            await self.make(lambda library: library.checklists.abandon(self.run_id, reason))

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
        run, step = self.run, self.steps.current
        if run is None or step is None or not step.step.commands:
            self.notify("This step has no command.", markup=False)
            return
        codes = await self.services.reader.run(lambda library: codes_of(library, run, step))
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
        self.draw()

    @work(exclusive=True, group="open", exit_on_error=False)
    async def action_open_post(self) -> None:
        """Read the post at this step."""
        run, step = self.run, self.steps.current
        if run is None:
            return
        try:
            place = await self.services.reader.run(lambda library: place_of(library, run, step))
        except PostNotFoundError:
            self.notify("The post is no longer in the library.", severity="warning", markup=False)
            return
        self.post_message(self.PostWanted(place.slug, place.position))

    def action_redlines(self) -> None:
        """Show the changes that are proposed for the post."""
        if (run := self.run) is not None:
            self.app.push_screen(RedlinesScreen(self.services, lambda library: post_of(library, run.info)))

    @work(exclusive=True, group="open", exit_on_error=False)
    async def action_history(self) -> None:
        """Show how the runs of the post went."""
        if (run := self.run) is not None:
            await show_history(self.app, self.services, lambda library: post_of(library, run.info))


def show_run(app: App[Any], services: Services, run_id: str) -> None:
    """Show a run: where it is open under other screens, by closing those."""
    if any(isinstance(screen, RunScreen) and screen.run_id == run_id for screen in app.screen_stack):
        while not (isinstance(app.screen, RunScreen) and app.screen.run_id == run_id):
            app.pop_screen()
    else:
        app.push_screen(RunScreen(services, run_id))


async def show_history(app: App[Any], services: Services, find: FindPost) -> None:
    """Show how the runs of a post went, then the one that is chosen. Call it from a worker."""
    run_id = await app.push_screen_wait(RunHistoryScreen(services, find))
    if run_id is not None:
        show_run(app, services, run_id)
