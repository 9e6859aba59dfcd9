"""A run as a document for a ticket."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kbtui.core.checklists.checklist import Step
from kbtui.core.checklists.document import duration_text, run_document
from kbtui.core.checklists.run import EventKind, replay
from kbtui.core.text import clean
from tests.factories import NASTY, NOON, texts
from tests.runs import STEPS, a_run, an_event

EVENTS = [
    replace(event, number=number)
    for number, event in enumerate(
        [
            an_event(EventKind.DONE, 1, minute=4),
            an_event(EventKind.EVIDENCE, 1, "df.txt", minute=5, size=3),
            an_event(EventKind.SKIPPED, 2, "no mount here", minute=6),
            an_event(EventKind.NOTED, 2, "two\nlines", minute=6),
            an_event(EventKind.REDLINED, 3, "restart twice", minute=7),
            an_event(EventKind.ABANDONED, text="fire", minute=8),
        ],
        1,
    )
]


def document(evidence: str = "100%") -> str:
    return run_document(replay(a_run(), STEPS, EVENTS), lambda _: evidence, "The post is gone.", NOON)


def test_it_holds_everything_of_the_run() -> None:
    told = document()
    assert told.startswith("# The disk is full\n\n- Run: 01JDQ0000000000000000000AA, abandoned\n")
    for part in (
        "- Post: disk-full, revision 1, SHA-256 abc\n- By: ann on web-1\n",
        "- Duration: 8 min 00 s\n- Steps: 1 done, 1 skipped, 0 failed, 1 to do\n- Slowest step: 1. look (4 min 00 s)\n",
        "- Abandoned: fire\n\nThe post is gone.\n\n## Before\n\n",
        "- [x] 1. look (ann, 2026-03-01 12:04:00Z)\n\n  a note\n\n  ```bash\n  df -h\n  ```\n",
        "  Evidence from df.txt (ann, 2026-03-01 12:05:00Z):\n\n  ```text\n  100%\n  ```\n",
        "- [ ] 2. verify the mount **skipped**: no mount here (ann, 2026-03-01 12:06:00Z)\n",
        "  > ann, 2026-03-01 12:06:00Z: two\n  > lines\n",
        "  > Proposed change, open: restart twice\n",
        "6. 2026-03-01 12:08:00Z ann: run abandoned: fire\n",
    ):
        assert part in told


@pytest.mark.parametrize("evidence", ["```\nx\n````", "a\n```"])
def test_evidence_cannot_end_its_block(evidence: str) -> None:
    fence = "`" * (5 if "````" in evidence else 4)
    assert f"  {fence}text\n" in document(evidence)


def read(markdown: str) -> str:
    """The text that a reader of Markdown shows, in one line."""
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    return " ".join(unescape(re.sub(r"<[^<>]*>", "", html)).split())


@pytest.mark.parametrize(
    "text",
    [
        "log in to <host> as <user>",
        "see __init__ and snake_case and *all* files",
        "a `b` [c](https://example.com) ![d](e) ~~f~~",
        r"C:\*.log \_ &lt; &amp; x < 5 and 2 * 3",
        "<!-- nothing follows <details> -->",
    ],
)
def test_a_text_without_markup_reads_the_same(text: str) -> None:
    run = replay(a_run(title=text, who=text), [Step(text, text)], [])
    told = read(run_document(run, lambda _: "", "", NOON))
    assert told.count(" ".join(text.split())) == 4


@pytest.mark.parametrize(
    ("reason", "seen"), [("no <host> *today*", "no <host> today"), ("exit 1: `<boom>`", "exit 1: <boom>")]
)
def test_what_people_wrote_may_be_markdown_but_loses_no_placeholder(reason: str, seen: str) -> None:
    run = replay(a_run(), STEPS, [an_event(EventKind.FAILED, 1, reason, number=1)])
    assert read(run_document(run, lambda _: "", "", NOON)).count(seen) == 2


def test_a_long_step_is_not_told_twice() -> None:
    run = replay(a_run(), [Step("x" * 5_000)], [an_event(EventKind.DONE, 1, number=1)])
    assert len(run_document(run, lambda _: "", "", NOON)) < 6_000


@given(texts(40) | st.sampled_from(NASTY))
def test_nothing_in_it_can_be_obeyed(text: str) -> None:
    told = document(text)
    assert clean(told) == told


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.9, "59 s"), (61, "1 min 01 s"), (3_600, "1 h 00 min"), (90_000, "1 d 1 h")],
)
def test_durations_are_short(seconds: float, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text
