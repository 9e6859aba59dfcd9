"""What needs a human: posts that are flagged, stale, drafts or proposed to be changed, and imports that had trouble."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from kbtui.core.actor import Actor
from kbtui.core.errors import PostNotFoundError, UsageError
from kbtui.core.freshness import first_fresh_day
from kbtui.core.ports import Clock, EditStore, ImportLog, Judgement, Place, PostStore, ReviewStore
from kbtui.core.post import PostSummary
from kbtui.core.review import OpenProblem, ReviewCounts, ReviewItem, ReviewReason, WaitingPost, open_problems
from kbtui.core.revisions import Origin
from kbtui.library.homes import Homes
from kbtui.library.importing import CHANGED_BUT_LOCAL
from kbtui.library.posts import get_post

LIMIT = 50
LONGEST_REASON = 10_000
REVIEWED = "reviewed"
FLAG = "needs_human_review"
EVERY_REASON = tuple(ReviewReason)
_RUNS_LOOKED_AT = 500

Problems = Mapping[Place, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What marking a post as reviewed did."""

    slug: str
    revision: int
    """The number of the new revision."""
    is_local: bool
    """Whether imports leave the post alone from now on."""


class Reviews:
    """The queue of what waits for a human, and what the human says of it."""

    def __init__(
        self,
        *,
        store: ReviewStore,
        posts: PostStore,
        edits: EditStore,
        log: ImportLog,
        homes: Homes,
        clock: Clock,
        actor: Callable[[], Actor],
    ) -> None:
        self._store = store
        self._posts = posts
        self._edits = edits
        self._log = log
        self._homes = homes
        self._clock = clock
        self._actor = actor

    def page(
        self,
        stale_after_days: int,
        reasons: Collection[ReviewReason] = EVERY_REASON,
        *,
        limit: int = LIMIT,
        offset: int = 0,
    ) -> list[ReviewItem]:
        """One page of what waits for one of these reasons.

        Files that gave no post first, then posts: the most pressing, and of those alike the longest not reviewed.
        """
        found = self._look(stale_after_days)
        files = sorted(found.files) if ReviewReason.IMPORT in reasons else []
        chosen = files[offset : offset + limit]
        posts = self._store.waiting(found.by, reasons, limit - len(chosen), max(0, offset - len(files)))
        return [*(found.file(place) for place in chosen), *self._items(posts, found)]

    def counts(self, stale_after_days: int) -> ReviewCounts:
        """How much waits, in all and for each reason."""
        found = self._look(stale_after_days)
        posts, files = self._store.counts(found.by), len(found.files)
        by_reason = {**posts.by_reason, ReviewReason.IMPORT: posts.by_reason[ReviewReason.IMPORT] + files}
        return ReviewCounts(posts.total + files, by_reason)

    def get(self, name: str, stale_after_days: int) -> ReviewItem:
        """What waits of a post, by its slug, or of a file, by `source/path`; a post may have no reason to wait.

        Raises `PostNotFoundError`, which names the nearest slugs.
        """
        found = self._look(stale_after_days)
        for place in found.files if self._posts.find(name) is None else ():
            if "/".join(place) == name:
                return found.file(place)
        post = get_post(self._posts, name)
        waiting = self._store.one(found.by, post.id) or WaitingPost(post.id, ())
        (item,) = self._items([waiting], found)
        return item

    def mark_reviewed(self, slug: str, reason: str) -> Reviewed:
        """Vouch for a post: a new revision with today's date, the status `reviewed` and no flag; it says who and why.

        What the last import said of the post counts as looked at. Proposed changes stay open. A post that came from a
        file is a local version from now on, so that no import takes the review back in silence. Raises
        `PostNotFoundError`, `UsageError` without a reason, or `EditConflictError` where it is saved at this moment.
        """
        why, who = _said(reason), self._actor().who
        post, now = get_post(self._posts, slug), self._clock()
        place = (post.source, post.path)
        revision = replace(post.revision, status=REVIEWED, last_reviewed=now.date())
        flags = {**post.flags, FLAG: False} if post.needs_review else post.flags
        is_local = not self._homes.is_own(post)
        self._edits.revise(
            replace(post, revision=revision, flags=flags),
            now,
            based_on=post.saves,
            origin=Origin.REVIEW,
            local=is_local,
            who=who,
            why=why,
        )
        self._store.accept([(place, said) for said in self._problems().get(place, ())], now, who, why)
        return Reviewed(post.slug, post.saves + 1, is_local)

    def accept_file(self, source: str, path: str, reason: str) -> None:
        """Note that what imports say of a file that gave no post was looked at; it waits again where they say else.

        Raises `UsageError` without a reason, `PostNotFoundError` where nothing waits there.
        """
        why, place = _said(reason), (source, path)
        problems = self._problems().get(place)
        if problems is None:
            raise PostNotFoundError("/".join(place))
        self._store.accept([(place, problem) for problem in problems], self._clock(), self._actor().who, why)

    def _problems(self) -> Problems:
        """What imports said and nobody looked at yet."""
        accepted = self._store.accepted()

        def is_open(place: Place, problem: OpenProblem) -> bool:
            at = accepted.get((place, problem.reason))
            # Most are told again by each import; this one only where the file says something else again.
            return at is None or (problem.reason.startswith(CHANGED_BUT_LOCAL) and problem.at > at)

        told = open_problems(self._log.runs(_RUNS_LOOKED_AT), self._log.problems)
        kept = {place: tuple(one.reason for one in said if is_open(place, one)) for place, said in told.items()}
        return {place: said for place, said in kept.items() if said}

    def _look(self, stale_after_days: int) -> _Look:
        problems = self._problems()
        posts = self._store.posts_at(problems.keys())
        by = Judgement(first_fresh_day(self._clock().date(), stale_after_days), frozenset(posts.values()))
        return _Look(problems, problems.keys() - posts.keys(), by)

    def _items(self, posts: Sequence[WaitingPost], found: _Look) -> list[ReviewItem]:
        summaries = self._posts.summaries([one.id for one in posts])
        shown = [(one, summaries[one.id]) for one in posts if one.id in summaries]
        return [found.item(one, post) for one, post in shown]


@dataclass(frozen=True, slots=True)
class _Look:
    """What imports tell at this moment, and by what posts are judged."""

    problems: Problems
    files: Set[Place]
    """The places of problems without a post."""
    by: Judgement

    def item(self, waiting: WaitingPost, post: PostSummary) -> ReviewItem:
        """A post, with what imports tell of it."""
        problems = self.problems.get((post.source, post.path), ())
        return ReviewItem(post.source, post.path, waiting.reasons, post, problems, waiting.redlines)

    def file(self, place: Place) -> ReviewItem:
        """The file at a place."""
        return ReviewItem(*place, (ReviewReason.IMPORT,), problems=self.problems[place])


def _said(reason: str) -> str:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise UsageError(f"A reason has 1 to {LONGEST_REASON:,} characters; say in a few words what was looked at.")
    return reason.strip()
