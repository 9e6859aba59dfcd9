"""Values for tests of checklist runs, and strategies that make any events there can be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from kbtui.core.checklists.checklist import Step, StepCode
from kbtui.core.checklists.run import EventKind, RunEvent, RunInfo
from tests.factories import NOON, texts

STEPS = (
    Step("look", "Before", (StepCode("df -h", "bash"),), "a note", 0, 3, 1),
    Step("verify the mount", "Before", depth=1, line=9),
    Step("restart", "After"),
)
STEP_KINDS = (
    EventKind.DONE,
    EventKind.SKIPPED,
    EventKind.FAILED,
    EventKind.UNDONE,
    EventKind.NOTED,
    EventKind.EVIDENCE,
    EventKind.REDLINED,
)


def a_run(**fields: Any) -> RunInfo:
    """A run of three steps that begins at noon."""
    everything: dict[str, Any] = {
        "id": "01JDQ0000000000000000000AA",
        "slug": "disk-full",
        "title": "The disk is full",
        "source": "notes",
        "path": "disk-full.md",
        "revision": 1,
        "content_hash": "abc",
        "checklist": "tasks",
        "who": "ann",
        "host": "web-1",
        "started_at": NOON,
        "steps": len(STEPS),
    }
    return RunInfo(**{**everything, **fields})


def an_event(kind: EventKind, step: int = 0, text: str = "", *, minute: int = 0, **fields: Any) -> RunEvent:
    """Something that ann did so many minutes after noon."""
    return RunEvent(kind=kind, step=step, text=text, at=NOON + timedelta(minutes=minute), who="ann", **fields)


def changes() -> st.SearchStrategy[RunEvent]:
    """Anything that may be asked of a run of three steps, also what it refuses."""
    return st.builds(
        an_event,
        st.sampled_from(STEP_KINDS) | st.sampled_from(EventKind),
        st.integers(0, len(STEPS) + 1),
        texts(8),
        minute=st.integers(0, 500),
        refers=st.integers(0, 8),
    )
