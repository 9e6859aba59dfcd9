"""Working through checklists: runs are begun, ticked off and ended, and what they tell is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from kbtui.core.actor import Actor
from kbtui.core.checklists.checklist import Checklist, Difference, compare_steps
from kbtui.core.checklists.document import run_document
from kbtui.core.checklists.finding import find_checklists
from kbtui.core.checklists.history import ChangesSince, PostStanding, RunHistory, Standing, TroubledStep
from kbtui.core.checklists.run import (
    ChecklistRun,
    EventKind,
    RunEvent,
    RunInfo,
    RunState,
    RunStep,
    RunSummary,
    StepState,
    summarise,
)
from kbtui.core.errors import (
    EvidenceTooLargeError,
    NoChecklistError,
    PostNotFoundError,
    RunNotFoundError,
    StepNotFoundError,
    UsageError,
)
from kbtui.core.ports import ChecklistStore, Clock, PostStore
from kbtui.core.post import Post
from kbtui.core.text import one_line, shorten
from kbtui.core.ulid import new_ulid
from kbtui.library.posts import get_post
from kbtui.library.reading import may_be_kept

LIMIT = 50
DEFAULT_EVIDENCE_MB = 1
BYTES_PER_MB = 1_000_000
_LONGEST_REFERENCE = 2_000
_SHOWN = 3


class Checklists:
    """The checklists of the library's posts, and their runs. Every change is on disk when its method returns."""

    def __init__(
        self,
        store: ChecklistStore,
        posts: PostStore,
        clock: Clock,
        actor: Callable[[], Actor],
        evidence_mb: int = DEFAULT_EVIDENCE_MB,
    ) -> None:
        self._store = store
        self._posts = posts
        self._clock = clock
        self._actor = actor
        self.evidence_limit = evidence_mb * BYTES_PER_MB
        """Bytes of one piece of evidence."""

    # Before a run

    def found(self, post: Post) -> list[Checklist]:
        """The checklists of a post: those that are meant as such first, then its plain lists."""
        return find_checklists(post)

    def choose(self, post: Post, name: str = "") -> Checklist:
        """The checklist of this name; without one, the first that is meant as such, else the only plain list.

        Raises `NoChecklistError`, which says what there is.
        """
        found = find_checklists(post)
        if name:
            chosen = [checklist for checklist in found if checklist.name == name]
        else:
            chosen = [checklist for checklist in found if checklist.is_meant][:1] or (found if len(found) == 1 else [])
        if chosen:
            return chosen[0]
        what = f"no checklist {name!r}" if name else "no checklist that is meant as one"
        raise NoChecklistError(f"The post {post.slug!r} has {what}. {_said(found)}")

    def changes_since_last(self, post: Post, checklist: Checklist) -> ChangesSince | None:
        """What changed in a checklist since it was last finished; None where it never was, or nothing changed."""
        last = self._store.last_finished(_place(post), checklist.name)
        former = None if last is None else self._store.find(last.id)
        if last is None or former is None:
            return None
        changes = compare_steps([step.step for step in former.steps], checklist.steps)
        return ChangesSince(last, tuple(changes)) if any(c.difference is not Difference.SAME for c in changes) else None

    # Runs

    def start(self, slug: str, name: str = "") -> ChecklistRun:
        """Begin a run of a checklist of a post. Raises `PostNotFoundError` or `NoChecklistError`."""
        post = get_post(self._posts, slug)
        at = self._store.post_at(_place(post))
        if at is None:
            raise PostNotFoundError(slug)
        checklist = self.choose(post, name)
        now, actor = self._clock(), self._actor()
        info = RunInfo(
            id=new_ulid(now),
            slug=post.slug,
            title=post.title,
            source=post.source,
            path=post.path,
            revision=post.saves,
            content_hash=at.content_hash,
            checklist=checklist.name,
            section=checklist.section,
            who=actor.who,
            host=actor.host,
            started_at=now,
            steps=len(checklist.steps),
        )
        self._store.start(info, checklist.steps)
        return self.run(info.id)

    def open_runs(self, limit: int = LIMIT) -> list[RunInfo]:
        """Runs that go on, the last started first."""
        return self._store.page(states=[RunState.OPEN], limit=limit)

    def runs(
        self,
        post: Post | None = None,
        states: Collection[RunState] = tuple(RunState),
        *,
        limit: int = LIMIT,
        offset: int = 0,
    ) -> list[RunInfo]:
        """Runs of all posts or of one: open ones first, and of those alike the last started."""
        place = None if post is None else _place(post)
        return self._store.page(states=states, place=place, limit=limit, offset=offset)

    def run(self, run_id: str) -> ChecklistRun:
        """The whole run. Raises `RunNotFoundError`."""
        run = self._store.find(run_id)
        if run is None:
            raise RunNotFoundError(f"There is no run {run_id!r}; `kbtui check list` shows what there is.")
        return run

    def version(self, run_id: str) -> int:
        """The number of the last event of a run: cheap to ask, and another one when another terminal changed it."""
        return self._store.version(run_id)

    def resolve(self, beginning: str = "") -> str:
        """The id of the only run that begins so; without a beginning, of the only open run.

        Raises `RunNotFoundError`, which names those that may be meant.
        """
        if not beginning:
            ids = [run.id for run in self._store.page(states=[RunState.OPEN], limit=_SHOWN + 1)]
            what = "run is open"
        else:
            ids = self._store.beginning_with(beginning.upper(), _SHOWN + 1)
            what = f"run begins with {beginning!r}"
        if len(ids) == 1:
            return ids[0]
        if not ids:
            raise RunNotFoundError(f"No {what}; `kbtui check list` shows what there is.")
        more = ", …" if len(ids) > _SHOWN else ""
        raise RunNotFoundError(f"More than one {what}: {', '.join(ids[:_SHOWN])}{more}. Name the one that is meant.")

    def standing(self, run: RunInfo) -> PostStanding:
        """Whether the post of a run is still what it began with."""
        at = self._store.post_at((run.source, run.path))
        if at is None:
            return PostStanding(Standing.GONE, began_with=run.revision)
        same = at.content_hash == run.content_hash
        return PostStanding(Standing.SAME if same else Standing.CHANGED, at.slug, run.revision, at.revision)

    def step(self, run: ChecklistRun, reference: str) -> RunStep:
        """The step that is meant by a number or a part of its text. Raises `StepNotFoundError`."""
        wanted = one_line(reference[:_LONGEST_REFERENCE]).casefold()
        # A number is never a part of a text: the step 5 of four is not the one that has a port 5432.
        is_number = wanted.isdecimal()
        if is_number and 0 < int(wanted[:9]) <= len(run.steps):
            return run.steps[int(wanted) - 1]
        texts = [] if is_number else [(step, one_line(step.step.text).casefold()) for step in run.steps]
        found = [step for step, text in texts if text == wanted] or [
            s for s, text in texts if wanted and wanted in text
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            raise StepNotFoundError(
                f"No step of the run is {shorten(reference, 60)!r}; its steps are 1 to {len(run.steps)}."
            )
        numbers = ", ".join(str(step.number) for step in found[:_SHOWN])
        raise StepNotFoundError(
            f"Several steps are {shorten(reference, 60)!r}: {numbers}{', …' if len(found) > _SHOWN else ''}."
        )

    # Changes. Each gives the event that was kept, or None where the step was marked so before; each raises
    # `RunNotFoundError`, `RunClosedError` or `StepNotFoundError`.

    def done(self, run_id: str, step: int) -> RunEvent | None:
        """Mark a step as done. Raises `StepSettledError` where it is skipped or failed."""
        return self._append(run_id, EventKind.DONE, step)

    def skip(self, run_id: str, step: int, reason: str) -> RunEvent | None:
        """Mark a step as skipped. `UsageError` without a reason, `StepSettledError` where it is done or failed."""
        return self._append(run_id, EventKind.SKIPPED, step, self._said(reason, "reason"))

    def fail(self, run_id: str, step: int, reason: str) -> RunEvent | None:
        """Mark a step as failed. `UsageError` without a reason, `StepSettledError` where it is done or skipped."""
        return self._append(run_id, EventKind.FAILED, step, self._said(reason, "reason"))

    def undo(self, run_id: str, step: int) -> RunEvent | None:
        """Take back what a step is marked as; that it was stays in the events."""
        return self._append(run_id, EventKind.UNDONE, step)

    def note(self, run_id: str, step: int, text: str) -> RunEvent | None:
        """Add a note to a step. Raises `UsageError` where it is empty."""
        return self._append(run_id, EventKind.NOTED, step, self._said(text, "note"))

    def evidence(self, run_id: str, step: int, text: str, origin: str = "") -> RunEvent | None:
        """Add evidence to a step; `origin` says where it came from.

        Raises `EvidenceTooLargeError` beyond `evidence_limit`, `UsageError` where it is empty.
        """
        size = self._size(text, "evidence")
        if not text.strip():
            raise UsageError("The evidence is empty.")
        return self._append(run_id, EventKind.EVIDENCE, step, origin, evidence=text, size=size)

    def evidence_text(self, run_id: str, number: int) -> str:
        """The evidence of the event with this number; "" where there is none."""
        return self._store.evidence(run_id, number) or ""

    def finish(self, run_id: str) -> RunSummary:
        """End a run whose steps are all settled. Raises `RunUnfinishedError` where one is to be done."""
        self._append(run_id, EventKind.FINISHED, 0)
        return self.summary(self.run(run_id))

    def abandon(self, run_id: str, reason: str) -> None:
        """End a run before its end. Raises `UsageError` without a reason."""
        self._append(run_id, EventKind.ABANDONED, 0, self._said(reason, "reason"))

    def values(self, run_id: str) -> dict[str, str]:
        """What was filled in for placeholders in this run."""
        return self._store.values(run_id)

    def remember_values(self, run_id: str, values: Mapping[str, str]) -> None:
        """Remember what was filled in; an empty value is forgotten, and what may be a secret is never kept."""
        kept = {name: value for name, value in values.items() if may_be_kept(name, value)}
        if kept:
            self._store.remember_values(run_id, kept)

    # What runs tell

    def summary(self, run: ChecklistRun) -> RunSummary:
        """What a run comes to by now."""
        return summarise(run, self._clock())

    def history(self, post: Post, limit: int = LIMIT) -> RunHistory:
        """The last runs of a post that have ended, and the steps most often skipped or failed in all of them."""
        runs = self._store.page(states=[RunState.DONE, RunState.ABANDONED], place=_place(post), limit=limit)
        troubles = self._store.troubles(_place(post), 2 * limit)
        skipped, failed = (
            tuple(TroubledStep(one.text, one.times) for one in troubles if one.state is state)
            for state in (StepState.SKIPPED, StepState.FAILED)
        )
        return RunHistory(tuple(reversed(runs)), skipped, failed)

    def last_successful_run(self, post: Post) -> RunInfo | None:
        """The run of a post that was last finished without a failed step: that day the post was right."""
        return self._store.last_successful(_place(post))

    def markdown(self, run_id: str) -> str:
        """The run as a document to attach to a ticket, with its evidence; safe to show. Raises `RunNotFoundError`."""
        run = self.run(run_id)
        notice = self.standing(run.info).notice
        return run_document(run, lambda number: self.evidence_text(run_id, number), notice, self._clock())

    def _append(
        self, run_id: str, kind: EventKind, step: int, text: str = "", *, evidence: str = "", size: int = 0
    ) -> RunEvent | None:
        actor = self._actor()
        event = RunEvent(kind=kind, at=self._clock(), who=actor.who, host=actor.host, step=step, text=text, size=size)
        return self._store.append(run_id, event, evidence)

    def _said(self, text: str, what: str) -> str:
        """A text that must not be empty, without what surrounds it."""
        self._size(text, what)
        if not text.strip():
            raise UsageError(f"The {what} is empty; say it in a few words.")
        return text.strip()

    def _size(self, text: str, what: str) -> int:
        size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        if size > self.evidence_limit:
            raise EvidenceTooLargeError(what, self.evidence_limit // BYTES_PER_MB)
        return size


def _place(post: Post) -> tuple[str, str]:
    return post.source, post.path


def _said(found: Collection[Checklist]) -> str:
    if not found:
        return "It has no list that could be made one either."
    lists = [
        f"{one.name} ({len(one.steps)} steps{f', {shorten(one.section, 40)!r}' if one.section else ''})"
        for one in found
    ]
    return f"Choose one of its lists: {'; '.join(lists[:12])}{'; …' if len(lists) > 12 else ''}."
