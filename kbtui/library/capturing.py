"""What a new change note begins with: taken from where the user stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kbtui.core.actor import Actor
from kbtui.core.errors import PostNotFoundError, RunNotFoundError
from kbtui.core.notes.change_note import DEFAULT_TEMPLATE, GitState, NoteContent
from kbtui.core.notes.content import without_secrets
from kbtui.core.ports import ChecklistStore, PostStore, Workplace
from kbtui.core.secrets.scanning import SecretFinding, find_secrets, mask_secrets
from kbtui.core.text import shorten
from kbtui.core.workplace import HistoryCommand

if TYPE_CHECKING:
    from kbtui.core.checklists.run import ChecklistRun

HISTORY_LIMIT = 50
ORIGIN_LENGTH = 200


class Capturing:
    """Fills in what need not be typed."""

    def __init__(
        self, *, workplace: Workplace, posts: PostStore, runs: ChecklistStore, actor: Callable[[], Actor]
    ) -> None:
        self._workplace = workplace
        self._posts = posts
        self._runs = runs
        self._actor = actor

    def begin(self, *, folder: Path, template: str = "", post: str = "", run: str = "") -> NoteContent:
        """A note without a reason, with what looks like a secret masked.

        It has files, commit, branch and statistics from git; the owner from git, else the system; the host; of a run
        its post, its host, and the commands of the steps that were done, as they were filled in; the tools of the post.
        Raises `PostNotFoundError` or `RunNotFoundError`.
        """
        actor = self._actor()
        facts = self._workplace.repository(folder)
        done = self._run(run) if run else None
        slug = post or (self._slug(done) if done is not None else "")
        found = self._posts.find(slug) if slug else None
        if post and found is None:
            raise PostNotFoundError(post)
        content = NoteContent(
            reason="",
            template=template or DEFAULT_TEMPLATE,
            files=facts.files if facts is not None else (),
            commands=tuple(dict.fromkeys(self._commands(done))) if done is not None else (),
            owner=(facts.user if facts is not None else "") or actor.who,
            tools=found.tools if found is not None else (),
            host=(done.info.host if done is not None else "") or actor.host,
            posts=(slug,) if slug else (),
            run=done.info.id if done is not None else "",
            git=facts.state if facts is not None else GitState(),
        )
        return without_secrets(content)

    def run_evidence(self, run_id: str) -> Iterator[tuple[str, str]]:
        """The evidence of a run as (where it came from, text), what looks like a secret masked: to be attached to its
        note. None where there is no such run."""
        run = self._runs.find(run_id)
        for step in run.steps if run is not None else ():
            for piece in step.evidence:
                origin = f"step {step.number} of the run: {step.step.text}"
                yield shorten(origin, ORIGIN_LENGTH), mask_secrets(self._runs.evidence(run_id, piece.number) or "")

    def history(self, limit: int = HISTORY_LIMIT) -> list[tuple[HistoryCommand, tuple[SecretFinding, ...]]]:
        """Commands of the shell's history, the newest first, with what looks like a secret in them."""
        return [(command, find_secrets(command.text)) for command in self._workplace.history(limit)]

    def _run(self, run_id: str) -> ChecklistRun:
        run = self._runs.find(run_id)
        if run is None:
            raise RunNotFoundError(f"There is no run {run_id!r}; `kbtui check list` shows what there is.")
        return run

    def _slug(self, run: ChecklistRun) -> str:
        """What the post of a run is called by now; where it is gone, what it was called."""
        at = self._runs.post_at((run.info.source, run.info.path))
        return run.info.slug if at is None else at.slug

    def _commands(self, run: ChecklistRun) -> Iterator[str]:
        # Most notes are of no run.
        from kbtui.core.checklists.run import StepState
        from kbtui.core.commands.console import copyable
        from kbtui.core.commands.placeholders import fill

        values = self._runs.values(run.info.id)
        for step in run.steps:
            if step.state is StepState.DONE:
                for code in step.step.commands:
                    if text := fill(copyable(code.text, code.language).text, values, code.language).strip():
                        yield text
