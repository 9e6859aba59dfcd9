"""Change notes for tests, and strategies that make any content there can be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from kbtui.core.measuring.measurement import METRICS, Phase, Sample
from kbtui.core.notes.change_note import Baseline, ChangeNote, GitState, NoteContent, NoteInfo, NoteState
from kbtui.core.ulid import new_ulid
from tests.factories import NOON, texts

INFO_FIELDS = ("id", "state", "created_at", "updated_at", "shipped_at", "due_at", "verified_at", "outcome", "author")


def full_content(**fields: Any) -> NoteContent:
    """Content with something in every field."""
    everything: dict[str, Any] = {
        "reason": "Cache the front page\n\nIt took two seconds.",
        "files": ("/etc/nginx/nginx.conf", "conf.d/site.conf"),
        "commands": ("nginx -t\nsystemctl reload nginx", "curl -I localhost"),
        "owner": "Platform",
        "expected": "Below 300 ms",
        "rollback": "git revert abc\nsystemctl reload nginx",
        "baseline": Baseline(route="/", input="GET", symptom="SELECT 1", noticed="the shop"),
        "assumptions": ("no cookies",),
        "cache_cleared": "opcache",
        "tools": ("NGINX", "curl"),
        "stack": ("PHP",),
        "environment": "production",
        "host": "web-1",
        "posts": ("nginx-502",),
        "run": "01JDQ0000000000000000000AA",
        "git": GitState(commit="a" * 40, branch="main", repository="shop", author="ann", added=3, removed=1),
        "fields": {"bypass": ("cookie", "query"), "checked": "yes"},
    }
    return NoteContent(**{**everything, **fields})


def a_note(minute: float = 0, **fields: Any) -> ChangeNote:
    """A note that ann wrote so many minutes after noon; shipped then, unless another state is given."""
    at = NOON + timedelta(minutes=minute)
    given = {name: fields.pop(name) for name in INFO_FIELDS if name in fields}
    content = fields.pop("content", None) or NoteContent(**{"reason": "Raise the limit", **fields})
    state = given.get("state", NoteState.SHIPPED)
    info: dict[str, Any] = {"id": new_ulid(at), "state": state, "created_at": at, "updated_at": at, "author": "ann"}
    if state is not NoteState.DRAFT:
        info |= {"shipped_at": at}
    if state is NoteState.SHIPPED:
        info |= {"due_at": at + timedelta(days=1)}
    return ChangeNote(info=NoteInfo(title=content.title, **{**info, **given}), content=content)


def a_sample(value: float | None = 1.0, phase: Phase = Phase.BEFORE, **fields: Any) -> Sample:
    """A response time that was measured at noon."""
    return Sample(metric=METRICS["response time"], phase=phase, value=value, at=NOON, **fields)


def contents(*, surrogates: bool = False) -> st.SearchStrategy[NoteContent]:
    """Any content that has a reason; lone surrogates on request."""
    line = texts(12, surrogates=surrogates)
    few = st.lists(line, max_size=3).map(tuple)
    count = st.integers(0, 2**63 - 1)
    return st.builds(
        NoteContent,
        reason=line.map(lambda text: f"why {text}"),
        template=line,
        files=few,
        commands=few,
        owner=line,
        expected=line,
        rollback=line,
        baseline=st.builds(Baseline, route=line, input=line, symptom=line, noticed=line),
        assumptions=few,
        cache_cleared=line,
        tools=few,
        stack=few,
        environment=line,
        host=line,
        posts=few,
        run=line,
        git=st.builds(GitState, commit=line, branch=line, repository=line, author=line, added=count, removed=count),
        fields=st.dictionaries(line, line | few, max_size=3),
    )
