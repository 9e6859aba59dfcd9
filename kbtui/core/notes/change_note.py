"""Change notes: why something was changed, what was touched, and whether it held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from kbtui.core.text import one_line, shorten

DEFAULT_TEMPLATE = "change"
DEFAULT_DUE = timedelta(days=1)
"""How long after a change its effect is to be verified."""

_TITLE_LENGTH = 120

FieldValue = str | tuple[str, ...]
"""Text, or texts of which each is an item of its own."""


class NoteState(Enum):
    """Where a change stands. The last three are verdicts."""

    DRAFT = "draft"
    SHIPPED = "shipped"
    KEPT = "kept"
    REVERTED = "reverted"
    INCONCLUSIVE = "inconclusive"


VERDICTS = (NoteState.KEPT, NoteState.REVERTED, NoteState.INCONCLUSIVE)
"""What a shipped change can be verified as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What was observed before the change."""

    route: str = ""
    """The route, job or page."""
    input: str = ""
    """The expected input."""
    symptom: str = ""
    """The slow query or the failing command."""
    noticed: str = ""
    """Where the user notices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitState:
    """The commit that a change was noted at."""

    commit: str = ""
    """40 or 64 hexadecimal digits; empty in a repository without commits."""
    branch: str = ""
    """Empty where the head is detached."""
    repository: str = ""
    """The name of the working tree's folder."""
    author: str = ""
    added: int = 0
    """Lines."""
    removed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteContent:
    """What a person writes in a change note. Only the reason has to be there."""

    reason: str
    """Why; its first line serves as the title."""
    template: str = DEFAULT_TEMPLATE
    files: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    """Each may have several lines."""
    owner: str = ""
    expected: str = ""
    """The expected result."""
    rollback: str = ""
    baseline: Baseline = field(default_factory=Baseline)
    assumptions: tuple[str, ...] = ()
    cache_cleared: str = ""
    tools: tuple[str, ...] = ()
    stack: tuple[str, ...] = ()
    environment: str = ""
    host: str = ""
    posts: tuple[str, ...] = ()
    """Slugs."""
    run: str = ""
    """The id of the run of a checklist that the change was made in."""
    git: GitState = field(default_factory=GitState)
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    """What the template asks for beyond these."""

    @property
    def title(self) -> str:
        """The first line of the reason, at most 120 characters, safe to show."""
        lines = self.reason.strip().splitlines()
        return shorten(one_line(lines[0]), _TITLE_LENGTH) if lines else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEvidence:
    """What was attached to a note. Its text is read apart."""

    number: int
    """From 1, in the order in which it was attached."""
    origin: str
    """Where it came from: `pasted`, the name of a file, a command."""
    size: int
    """Bytes."""
    at: datetime
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInfo:
    """A change note in a list: what is told without reading it whole."""

    id: str
    """A ULID."""
    title: str
    state: NoteState
    template: str = DEFAULT_TEMPLATE
    owner: str = ""
    author: str = ""
    environment: str = ""
    host: str = ""
    rollback: str = ""
    """Its first line."""
    files: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    created_at: datetime
    updated_at: datetime
    shipped_at: datetime | None = None
    due_at: datetime | None = None
    """When its effect is to be verified; None in a draft and once it is."""
    verified_at: datetime | None = None
    outcome: str = ""
    """What was said when it was verified."""
    revision: int = 1
    """How often it was saved."""

    @property
    def happened_at(self) -> datetime:
        """When the change was shipped; of a draft when it was begun."""
        return self.shipped_at or self.created_at

    def is_due(self, now: datetime) -> bool:
        """Whether its effect should have been verified by now."""
        return self.due_at is not None and self.due_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNote:
    """A whole change note. Its samples and the texts of its evidence are read apart."""

    info: NoteInfo
    content: NoteContent
    evidence: tuple[NoteEvidence, ...] = ()

    @property
    def id(self) -> str:
        return self.info.id

    def with_content(self, content: NoteContent) -> ChangeNote:
        """The same note with other content."""
        return replace(self, content=content)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRevision:
    """A former or the present state of a note."""

    number: int
    saved_at: datetime
    who: str
    what: str
    """What was done: `written`, `shipped`, `kept: latency halved`."""
    content: NoteContent


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFilter:
    """Which notes to list. What is empty does not filter."""

    states: tuple[NoteState, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    """By when the change happened."""
    files: tuple[str, ...] = ()
    """A whole path, or the end of one after a `/`: `nginx.conf` finds `/etc/nginx/nginx.conf`. Any of them."""
    tools: tuple[str, ...] = ()
    """Any of them; case does not count. Those of `stack` count as well."""
    posts: tuple[str, ...] = ()
    run: str = ""
    owner: str = ""
    environment: str = ""
    words: tuple[str, ...] = ()
    """Each stands in the title; case does not count."""
    due_before: datetime | None = None
    """Only those whose verification is due by then."""
