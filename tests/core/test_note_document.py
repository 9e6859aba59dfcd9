"""A change note as a page, as lines of a commit message and as an item of a changelog."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtui.core.measuring.comparison import compare, comparison_sentence
from kbtui.core.measuring.measurement import METRICS, Comparison, Phase, Sample
from kbtui.core.notes.change_note import Baseline, ChangeNote, GitState, NoteContent, NoteEvidence, NoteInfo, NoteState
from kbtui.core.notes.document import note_changelog_entry, note_page, note_trailer
from kbtui.core.notes.template import NoteTemplate, TemplateField
from kbtui.core.text import clean
from tests.factories import NASTY, NOON

ID = "01JDQ0000000000000000000AA"
TEXT = st.sampled_from(
    [*NASTY, "```", "~~~\nx", "## Rollback", "<!-- x", "<script>", "a\n\nb", "---", "# x", "\t", "Metric: x", "`a``b"]
) | st.text(max_size=30)
ITEMS = st.lists(TEXT, max_size=3).map(tuple)


def a_note(content: NoteContent, **info: Any) -> ChangeNote:
    told = NoteInfo(id=ID, title=content.title, state=NoteState.DRAFT, created_at=NOON, updated_at=NOON, author="ann")
    evidence = (NoteEvidence(number=1, origin="plan\nafter", size=8, at=NOON, who="ann"),)
    values = {name: getattr(told, name) for name in NoteInfo.__dataclass_fields__}
    return ChangeNote(info=NoteInfo(**{**values, **info}), content=content, evidence=evidence)


def measured(
    before: Sequence[float] = (420, 421, 419, 425, 418), after: Sequence[float] = (180,) * 5
) -> list[Comparison]:
    metric = METRICS["response time"]
    return compare(
        [
            Sample(metric=metric, phase=phase, value=value, at=NOON)
            for phase, values in ((Phase.BEFORE, before), (Phase.AFTER, after))
            for value in values
        ]
    )


MEASURED = measured()


def headings(page: str) -> list[str]:
    """The headings of a page, read apart from what made it."""
    fence, found = "", []
    for line in page.split("\n"):
        bare = line.lstrip(" ")
        if fence:
            is_end = bare.startswith(fence) and not bare.strip(fence[0]).strip()
            fence = "" if is_end and len(line) - len(bare) < 4 else fence
        elif len(line) - len(bare) < 4 and bare.startswith(("```", "~~~")):
            run = bare[: len(bare) - len(bare.lstrip(bare[0]))]
            fence = run if "`" not in bare[len(run) :] or run[0] == "~" else ""
        elif line.startswith("#"):
            found.append(line)
    assert fence == ""
    return found


def test_the_page_holds_everything() -> None:
    content = NoteContent(
        reason="Raise the pool\n\nOrders timed out.",
        template="database-change",
        files=("nginx.conf", "a`b"),
        commands=("systemctl reload nginx", "cat <<EOF\n```\nEOF"),
        owner="Ana",
        expected="no timeout",
        rollback="git revert a\nsystemctl reload nginx",
        baseline=Baseline(route="/orders", symptom="SELECT 1"),
        assumptions=("one host", "two\nlines"),
        cache_cleared="none",
        tools=("nginx", "psql"),
        environment="production",
        host="web-1",
        posts=("nginx-502",),
        run="01RUN",
        git=GitState(commit="a" * 40, branch="main", repository="shop", author="Ana", added=1200, removed=3),
        fields={"zeta": "z", "plan_before": "Seq Scan\n  rows", "old_one": ("x", "y")},
    )
    template = NoteTemplate(
        name="database-change", title="x", fields=(TemplateField(name="plan_before", label="Plan, before"),)
    )
    note = a_note(content, state=NoteState.KEPT, outcome="it holds", shipped_at=NOON, verified_at=NOON + timedelta(1))
    comparisons = MEASURED
    page = note_page(note, comparisons, lambda number: f"evidence {number}", template)
    assert page.startswith(f"# Raise the pool\n\n- Note: {ID}, kept\n- Outcome: kept, 2026-03-02 12:00:00Z: it holds\n")
    for part in (
        "- Written: 2026-03-01 12:00:00Z by ann\n- Shipped: 2026-03-01 12:00:00Z\n- Owner: Ana\n",
        "- Environment: production\n- Host: web-1\n",
        "- Host: web-1\n- Tools: nginx, psql\n",
        f"- Commit: {'a' * 40} on main of shop by Ana, +1,200 -3 lines\n- Posts: nginx-502\n",
        "- Run: 01RUN\n",
        "## Reason\n\nRaise the pool\n\nOrders timed out.\n",
        f"## What it did\n\n- {comparison_sentence(comparisons[0])}\n",
        "## Rollback\n\n```text\ngit revert a\nsystemctl reload nginx\n```\n",
        "## Commands\n\n```sh\nsystemctl reload nginx\n```\n\n````sh\ncat <<EOF\n```\nEOF\n````\n",
        "## Files\n\n- `nginx.conf`\n- ``a`b``\n",
        "## Baseline\n\n- Route: /orders\n\nSELECT 1\n",
        "## Assumptions\n\n- one host\n- two lines\n",
        "## Plan, before\n\n```text\nSeq Scan\n  rows\n```\n\n## Zeta\n\nz\n\n## Old one\n\n- x\n- y\n",
        "## Evidence 1: plan after\n\nann, 2026-03-01 12:00:00Z, 8 bytes\n\n```text\nevidence 1\n```\n",
    ):
        assert part in page


def test_what_was_not_said_takes_no_room() -> None:
    page = note_page(a_note(NoteContent(reason="Why")), [], lambda _: "x")
    assert headings(page) == ["# Why", "## Evidence 1: plan after"]


@settings(max_examples=100)
@given(
    reason=TEXT,
    rollback=TEXT,
    commands=ITEMS,
    cache=TEXT,
    fields=st.dictionaries(TEXT, TEXT | ITEMS, max_size=2),
    evidence=TEXT,
)
def test_no_text_makes_sections_of_its_own_or_anything_to_obey(
    *, reason: str, rollback: str, commands: tuple[str, ...], cache: str, fields: dict[str, str], evidence: str
) -> None:
    content = NoteContent(
        reason=reason,
        rollback=rollback,
        commands=commands,
        cache_cleared=cache,
        expected=reason,
        files=commands,
        assumptions=commands,
        owner=evidence,
        fields=fields,
        baseline=Baseline(symptom=rollback, route=cache),
    )
    page = note_page(a_note(content), MEASURED, lambda _: evidence)
    assert clean(page) == page
    found = headings(page)
    assert found[-1] == "## Evidence 1: plan after"
    assert len(found) <= 12 + len(fields)
    for line in (
        *note_trailer(a_note(content), MEASURED).split("\n"),
        note_changelog_entry(a_note(content), MEASURED),
    ):
        assert clean(line) == line


@pytest.mark.parametrize("outcome", ["", "it ran full again"])
def test_the_changelog_tells_what_moved(outcome: str) -> None:
    state = NoteState.REVERTED if outcome else NoteState.SHIPPED
    note = a_note(NoteContent(reason="Raise the pool\nmore"), state=state, outcome=outcome)
    entry = note_changelog_entry(note, [*MEASURED, *measured(after=(1,))])
    end = f" Reverted: {outcome}." if outcome else ""
    assert entry == f"- Raise the pool. {comparison_sentence(MEASURED[0])}{end} ({ID})\n"


@settings(max_examples=25)
@given(TEXT.filter(str.strip), TEXT)
def test_git_reads_the_trailers(reason: str, rollback: str) -> None:
    trailer = note_trailer(a_note(NoteContent(reason=reason, rollback=rollback)), MEASURED)
    read = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=f"Subject\n\nBody.\n\n{trailer}".encode(),
        stdout=subprocess.PIPE,
        check=True,
    ).stdout.decode()
    said = [" ".join(line.split()) for line in read.splitlines()]
    lines = [" ".join(clean(line).split()) for line in rollback.split("\n")]
    assert said == [
        f"Change-Note: {ID}",
        " ".join(f"Reason: {clean(reason)}".split()),
        *(f"Rollback: {line}" for line in lines if line),
        f"Metric: {comparison_sentence(MEASURED[0])}",
    ]


def test_trailers_are_folded() -> None:
    trailer = note_trailer(a_note(NoteContent(reason="word " * 40, rollback="one\n\n  two")), [])
    lines = trailer.split("\n")
    assert all(len(line) <= 72 for line in lines)
    assert lines[2].startswith(" word")
    assert trailer.endswith("\nRollback: one\nRollback: two\n")
