"""Lines about runs, whatever their posts say."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kbtui.core.checklists.checklist import Step, StepCode, compare_steps
from kbtui.core.checklists.history import ChangesSince, RunHistory, TroubledStep
from kbtui.core.checklists.run import EventKind, Redline, RedlineState, RunState, replay, summarise
from kbtui.core.text import is_line_safe
from kbtui.tui.diff_lines import diff_lines
from kbtui.tui.runs.history_lines import history_lines, past_lines, past_row
from kbtui.tui.runs.lines import changes_lines, redline_lines, run_row, run_title, summary_text
from kbtui.tui.widgets.lines_view import Line, Look
from tests.factories import NOON, texts
from tests.runs import STEPS, a_run, an_event

CODES = st.builds(StepCode, texts(20), st.just("sh"))
ANY_STEPS = st.lists(
    st.builds(Step, texts(30), texts(5), st.lists(CODES, max_size=2).map(tuple), texts(20)), max_size=5
)
WIDTHS = st.integers(2, 90)
LATER = NOON + timedelta(minutes=5)


def written(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


@given(ANY_STEPS, ANY_STEPS, texts(10), WIDTHS)
def test_changes_are_safe_to_show(before: list[Step], after: list[Step], who: str, width: int) -> None:
    changes = ChangesSince(a_run(who=who, finished_at=LATER), tuple(compare_steps(before, after)))
    shown = written(changes_lines(changes, width))
    assert all(is_line_safe(line) for line in shown)
    assert all(cell_len(line) <= width or line.startswith("  … ") for line in shown)


@given(texts(20), texts(20), WIDTHS)
def test_a_history_is_safe_to_show(who: str, step: str, width: int) -> None:
    run = a_run(who=who, state=RunState.ABANDONED, finished_at=LATER)
    trouble = (TroubledStep(step, 3),)
    assert all(is_line_safe(line) for line in written(history_lines(RunHistory((run,), trouble, trouble), NOON, width)))


@given(texts(20), texts(20), st.integers(60, 200))
def test_a_row_and_a_title_are_safe_to_show(title: str, section: str, width: int) -> None:
    run = a_run(title=title, section=section)
    row = run_row(run, LATER, width).plain
    assert is_line_safe(row) and cell_len(row) <= width
    lines = run_title(run, LATER).plain.split("\n")
    assert len(lines) == 2 and all(map(is_line_safe, lines))


@given(texts(20), texts(20), WIDTHS, st.sampled_from(RunState))
def test_the_past_is_safe_to_show(who: str, step: str, width: int, state: RunState) -> None:
    run = a_run(who=who, state=state, finished_at=LATER)
    trouble = (TroubledStep(step, 3),)
    shown = written(past_lines(RunHistory((run, run), trouble, trouble), run, LATER, width))
    assert all(is_line_safe(line) for line in shown)
    row = past_row(run, LATER, width + 60).plain
    assert is_line_safe(row) and cell_len(row) <= width + 60


@given(texts(20), texts(20), texts(20), WIDTHS, st.sampled_from(RedlineState))
def test_proposed_changes_are_safe_to_show(who: str, text: str, why: str, width: int, state: RedlineState) -> None:
    decided = None if state is RedlineState.OPEN else LATER
    redline = Redline(1, 2, text, NOON, who, state, why, decided, who)
    assert all(is_line_safe(line) and cell_len(line) <= width for line in written(redline_lines(redline, width)))


@given(texts(20))
def test_a_comparison_is_safe_to_show(text: str) -> None:
    assert all(map(is_line_safe, written(diff_lines(["--- a", "+++ b", f"-{text}".replace("\n", " ")]))))


def test_the_chart_says_how_each_run_ended() -> None:
    ended = [
        a_run(state=RunState.DONE, done=3, finished_at=NOON + timedelta(minutes=8)),
        a_run(state=RunState.DONE, done=2, failed=1, finished_at=NOON + timedelta(minutes=4)),
        a_run(state=RunState.ABANDONED, finished_at=NOON + timedelta(minutes=1)),
    ]
    shown = written(past_lines(RunHistory(tuple(ended), (), ()), ended[0], LATER, 80))
    assert shown[0].startswith("Last successful run: ") and shown[0].endswith("8 min 00 s")
    assert [line.rstrip() for line in shown[2:]] == [
        "Last 3 runs, longest 8 min 00 s:  ✓ successful  ✗ failed  – abandoned",
        "█",
        "█",
        "█ █",
        "█ █ ▄",
        "✓ ✗ –",
    ]


def test_a_line_that_was_removed_may_begin_with_hyphens() -> None:
    (_, _, (removed,)) = diff_lines(["--- a", "+++ b", "--- x"])
    assert removed == ("--- x", Look.REMOVED)


def test_a_longer_run_stands_higher_in_the_plot() -> None:
    runs = tuple(a_run(state=RunState.DONE, finished_at=NOON + timedelta(minutes=minutes)) for minutes in (1, 8))
    assert written(history_lines(RunHistory(runs, (), ()), NOON, 80))[0] == "Run 2 times before  ▁█"


def test_steps_that_stayed_the_same_are_counted() -> None:
    after = [STEPS[0], Step("verify the mount", "Later", depth=1), STEPS[2]]
    changes = ChangesSince(a_run(finished_at=LATER), tuple(compare_steps(STEPS, after)))
    assert written(changes_lines(changes, 80))[1:] == [
        "  … 1 step as before",
        "~ verify the mount",
        "  - under “Before”",
        "  + under “Later”",
        "  … 1 step as before",
    ]


def test_the_summary_names_the_slowest_step() -> None:
    events = [an_event(EventKind.DONE, 1, minute=1), an_event(EventKind.FAILED, 2, "no", minute=9)]
    text = summary_text(summarise(replay(a_run(), STEPS, events), NOON + timedelta(minutes=10)))
    assert text == "1 done, 1 failed, 1 open in 10 min 00 s. Longest: step 2, “verify the mount”, 8 min 00 s."
