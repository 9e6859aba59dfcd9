"""Steps, gates, and what differs between two states of a checklist."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.checklists.checklist import Difference, Step, StepCode, compare_steps

steps = st.lists(st.sampled_from(["look", "look again", "restart", "stop", "write"]).map(Step), max_size=8)


def told(before: list[Step], after: list[Step]) -> list[tuple[str, str, str]]:
    return [
        (c.difference.value, c.before.text if c.before else "", c.after.text if c.after else "")
        for c in compare_steps(before, after)
    ]


@pytest.mark.parametrize(
    ("text", "is_gate"),
    [
        ("Verify the checksum", True),
        ("CONFIRM with the owner", True),
        ("(stop) wait for an answer", True),
        ("Gate: go or no-go", True),
        ("Confirmation is sent", False),
        ("Look, then verify", False),
    ],
)
def test_a_gate_is_told_by_its_first_word(text: str, *, is_gate: bool) -> None:
    assert Step(text).is_gate is is_gate


def test_steps_are_the_same_changed_added_or_removed() -> None:
    before = [Step("look"), Step("restart nginx"), Step("write it down"), Step("leave")]
    after = [Step("look"), Step("restart nginx twice"), Step("leave"), Step("tell")]
    assert told(before, after) == [
        ("same", "look", "look"),
        ("changed", "restart nginx", "restart nginx twice"),
        ("removed", "write it down", ""),
        ("same", "leave", "leave"),
        ("added", "", "tell"),
    ]


def test_other_commands_change_a_step() -> None:
    (change,) = compare_steps([Step("look", commands=(StepCode("ls"),))], [Step("look", commands=(StepCode("df"),))])
    assert change.difference is Difference.CHANGED


def test_a_moved_line_changes_nothing() -> None:
    (change,) = compare_steps([Step("look", line=3)], [Step("look", line=30)])
    assert change.difference is Difference.SAME


@given(steps, steps)
def test_the_changes_hold_every_step_in_order(before: list[Step], after: list[Step]) -> None:
    changes = compare_steps(before, after)
    assert [change.before for change in changes if change.before] == before
    assert [change.after for change in changes if change.after] == after


@given(steps)
def test_nothing_changed_in_itself(same: list[Step]) -> None:
    assert all(change.difference is Difference.SAME for change in compare_steps(same, same))
