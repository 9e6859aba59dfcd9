"""Changes of a step's text that were proposed during a run: taken into the post, or declined."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from kbtui.core.actor import Actor
from kbtui.core.checklists.checklist import Step
from kbtui.core.checklists.finding import find_checklists, rewritten
from kbtui.core.checklists.run import ChecklistRun, EventKind, Redline, RedlineState, RunEvent, RunInfo
from kbtui.core.errors import PostNotFoundError, RedlineError, RunNotFoundError, StepNotFoundError, UsageError
from kbtui.core.inline_text import inline_text
from kbtui.core.ports import ChecklistStore, Clock, Place, PostStore, SavedPost
from kbtui.core.post import Post
from kbtui.library.editing import Editing

LIMIT = 100
LONGEST = 10_000
"""Characters of a proposed change."""
MAX_LINES = 10_000
"""Lines of two texts beyond which they are not compared."""

_MARKS = re.compile(r"(?:[\s>]*(?:[-*+]|\d{1,9}[.)])(?=\s))*[\s>]*(?:\[[ xX]\]\s+)?")


@dataclass(frozen=True, slots=True)
class RedlineEdit:
    """A post's text with a proposed change in it, to be looked at, changed further and given to `take`."""

    slug: str
    text: str
    """Markdown with front matter."""
    based_on: int
    """The revision that it was made of."""
    before: str
    """The text of that revision."""

    def difference(self) -> list[str]:
        """The lines of a unified diff of the post as it is and as it would be; none where it says so already.

        Raises `RedlineError` where the post is too long to be compared.
        """
        before, after = self.before.split("\n"), self.text.split("\n")
        if len(before) + len(after) > MAX_LINES:
            raise RedlineError(f"The post {self.slug!r} is too long to be compared here.")
        names = f"{self.slug} (revision {self.based_on})", f"{self.slug} (with the change)"
        return list(unified_diff(before, after, *names, lineterm=""))


class Redlines:
    """What was found wrong during runs."""

    def __init__(
        self, store: ChecklistStore, posts: PostStore, editing: Editing, clock: Clock, actor: Callable[[], Actor]
    ) -> None:
        self._store = store
        self._posts = posts
        self._editing = editing
        self._clock = clock
        self._actor = actor

    def propose(self, run_id: str, step: int, text: str) -> RunEvent:
        """Propose another text, in Markdown, for a step of an open run; the event's number names the proposal.

        Raises `UsageError` where it is empty or too long, and what `Checklists.note` raises.
        """
        if not text.strip() or len(text) > LONGEST:
            raise UsageError(f"A proposed change has 1 to {LONGEST:,} characters: the step as it should be.")
        event = self._store.append(run_id, self._event(EventKind.REDLINED, text.strip(), step=step))
        if event is None:
            raise AssertionError("a proposed change is always new")
        return event

    def open(self, post: Post | None = None, limit: int = LIMIT) -> list[tuple[RunInfo, Redline]]:
        """Proposed changes that nobody decided on, of all posts or of one, the oldest first; each with its run."""
        return self._store.open_redlines(_place(post), limit)

    def count(self, post: Post | None = None) -> int:
        """How many proposed changes nobody decided on, of all posts or of one."""
        return self._store.count_open_redlines(_place(post))

    def beginning(self, run_id: str, step: int) -> str:
        """A step as a proposal begins with it: in Markdown where the post still has it, else as the run has it.

        Raises `RunNotFoundError` or `StepNotFoundError`.
        """
        run = self._find(run_id)
        if not 0 < step <= len(run.steps):
            raise StepNotFoundError(f"The run has no step {step}; its steps are 1 to {len(run.steps)}.")
        found = run.steps[step - 1].step
        try:
            post = self._post(run.info)
        except PostNotFoundError:
            return found.text
        placed = _placed(_steps(post, run.info), found)
        return found.text if placed is None else _written(post, placed)

    def edit(self, run_id: str, number: int) -> RedlineEdit:
        """The text of the post with a proposed change in the place of the step.

        Raises `PostNotFoundError` where the post is gone, `RedlineError` where its step is not there any more, or where
        the change would change more than this step: then the post is to be edited by hand.
        """
        info, step, redline = self._undecided(run_id, number)
        post = self._post(info)
        steps, before = _steps(post, info), self._editing.text(post)
        wanted = inline_text(redline.text)
        if wanted != step.text and any(one.text == wanted for one in steps):
            # It stands there already, as where the note that it was taken did not come to the disk.
            return RedlineEdit(post.slug, before, post.saves, before)
        nearest = _placed(steps, step)
        if nearest is None:
            raise RedlineError(f"The post {post.slug!r} has no such step any more; edit it, and then decide.")
        changed = rewritten(post, nearest, redline.text)
        if changed is None:
            raise RedlineError(
                f"The proposed change would change more of {post.slug!r} than its step; edit the post, and then decide."
            )
        return RedlineEdit(post.slug, self._editing.text(changed), post.saves, before)

    def take(self, run_id: str, number: int, edit: RedlineEdit | None = None) -> SavedPost:
        """Take a proposed change into the post as a new revision: as it is, or in the text of an `edit`.

        Raises what `edit` and `Editing.save` raise; the proposal then stays open.
        """
        chosen = edit or self.edit(run_id, number)
        self._undecided(run_id, number)
        saved = self._editing.save(chosen.slug, chosen.text, chosen.based_on)
        self._store.append(run_id, self._event(EventKind.TAKEN, refers=number))
        return saved

    def decline(self, run_id: str, number: int, reason: str) -> None:
        """Decline a proposed change. Raises `UsageError` without a reason, or `RedlineError`."""
        if not reason.strip() or len(reason) > LONGEST:
            raise UsageError(f"A reason has 1 to {LONGEST:,} characters.")
        self._store.append(run_id, self._event(EventKind.DECLINED, reason.strip(), refers=number))

    def _find(self, run_id: str) -> ChecklistRun:
        run = self._store.find(run_id)
        if run is None:
            raise RunNotFoundError(f"There is no run {run_id}.")
        return run

    def _undecided(self, run_id: str, number: int) -> tuple[RunInfo, Step, Redline]:
        run = self._find(run_id)
        for step in run.steps:
            for redline in step.redlines:
                if redline.number == number:
                    if redline.state is not RedlineState.OPEN:
                        raise RedlineError(f"The proposed change {number} was {redline.state.value} already.")
                    return run.info, step.step, redline
        raise RedlineError(f"The run {run_id} has no proposed change {number}.")

    def _post(self, info: RunInfo) -> Post:
        at = self._store.post_at((info.source, info.path))
        post = None if at is None else self._posts.find(at.slug)
        if post is None:
            raise PostNotFoundError(info.slug)
        return post

    def _event(self, kind: EventKind, text: str = "", *, step: int = 0, refers: int = 0) -> RunEvent:
        actor = self._actor()
        return RunEvent(
            kind=kind, at=self._clock(), who=actor.who, host=actor.host, step=step, text=text, refers=refers
        )


def _place(post: Post | None) -> Place | None:
    return None if post is None else (post.source, post.path)


def _steps(post: Post, info: RunInfo) -> list[Step]:
    """The steps that the post has by now in the checklist of a run."""
    return [step for checklist in find_checklists(post) if checklist.name == info.checklist for step in checklist.steps]


def _placed(steps: Sequence[Step], step: Step) -> Step | None:
    """Of steps that say the same as `step` the one nearest to its place."""
    alike = [one for one in steps if one.text == step.text]
    return min(alike, key=lambda one: (one.section != step.section, abs(one.line - step.line)), default=None)


def _written(post: Post, step: Step) -> str:
    """The Markdown of a step of this very post, on one line."""
    if step.line < 0:
        found = (item for item in post.checklist if inline_text(item) == step.text)
        return next(found, step.text)
    lines = post.body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    text = " ".join(_MARKS.sub("", "\n".join(lines[step.line : step.line + step.lines]), count=1).split())
    return text if inline_text(text) == step.text else step.text
