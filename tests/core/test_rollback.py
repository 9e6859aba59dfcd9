"""How a post says to go back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.commands.rollback import LONGEST, rollback_text

BODY = "# Undo a release\n\n## Do it\n\n## {}\n\nhelm rollback\n\n### Check\n\n```\n# comment\n```\n\n## After\n\nend"


@pytest.mark.parametrize(
    "heading", ["Roll back", "Rollback plan", "How to revert", "Undo it", "Back out ##", "4. Rolling back, per phase"]
)
def test_the_section_that_says_it(heading: str) -> None:
    assert rollback_text(BODY.format(heading), {}) == "helm rollback\n\n### Check\n\n```\n# comment\n```"


@pytest.mark.parametrize(
    "body",
    ["", "text about rollback", "# Rollback\n\ntext", BODY.format("Reverted templates"), "```\n## Rollback\ntext\n```"],
)
def test_a_post_that_does_not_say_it(body: str) -> None:
    assert rollback_text(body, {}) == ""


def test_headings_that_are_underlined() -> None:
    assert rollback_text("Title\n=====\n\nRoll back\n---------\ntext\n\nNext\n----\n", {}) == "text"


def test_metadata_says_it_before_the_text() -> None:
    assert rollback_text(BODY.format("Rollback"), {"owner": "x", "Rollback_plan": "Call us."}) == "Call us."
    assert rollback_text("", {"rollback": ["one", "two"]}) == "- one\n- two"
    assert rollback_text(BODY.format("Rollback"), {"rollback": True}).startswith("helm")


@given(st.text("ab \n", min_size=10).map(lambda text: text * (LONGEST // 10)))
def test_a_long_text_is_cut_at_a_line(text: str) -> None:
    shown = rollback_text(f"## Rollback\n\n{text}", {})
    assert len(shown) <= LONGEST
    assert text.strip("\n").startswith(shown.removesuffix("\n…"))


@given(st.text("#`=- \nrevert"))
def test_any_text_has_at_most_its_own(body: str) -> None:
    assert rollback_text(body, {}) in body
