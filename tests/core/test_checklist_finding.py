"""Checklists as they are found in posts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from kbtui.core.checklists.checklist import Checklist, ChecklistKind, Step, StepCode
from kbtui.core.checklists.finding import find_checklists, rewritten
from kbtui.core.post import Post
from kbtui.core.text import clean
from kbtui.formats.structure import tasks
from tests.corpora import CORPORA
from tests.factories import NASTY, posts
from tests.linear import Repeated, assert_linear


def found(body: str, *field: str) -> dict[str, Checklist]:
    post = Post(title="t", body=body, checklist=field)
    return {checklist.name: checklist for checklist in find_checklists(post)}


def texts_of(checklist: Checklist) -> list[str]:
    return [step.text for step in checklist.steps]


RELEASE = """# Release

- [ ] Tag **the** [commit](x.md)

## Build

* [x] Build it

  ```bash
  make dist
  ```

  Takes a minute.
  - [ ] for `arm64`
  - not for others
1. [ ] Verify the checksum

   > really

   ```
   sha256sum dist/*
   ```
2) [ ] Stop here
"""


def test_task_lists_of_every_kind_are_one_checklist() -> None:
    tasks = found(RELEASE)["tasks"]
    assert texts_of(tasks) == ["Tag the commit", "Build it", "for arm64", "Verify the checksum", "Stop here"]
    assert [step.section for step in tasks.steps] == ["", "Build", "Build", "Build", "Build"]
    assert [step.depth for step in tasks.steps] == [0, 0, 1, 0, 0]
    assert [step.line for step in tasks.steps] == [2, 6, 13, 15, 22]
    assert tasks.steps[1].commands == (StepCode("make dist", "bash"),)
    assert tasks.steps[1].notes == "Takes a minute.\n\n- not for others"
    assert (tasks.steps[3].commands, tasks.steps[3].notes) == ((StepCode("sha256sum dist/*"),), "> really")
    assert [step.text for step in tasks.steps if step.is_gate] == ["Verify the checksum", "Stop here"]
    assert tasks.kind is ChecklistKind.TASKS
    assert tasks.is_meant


def test_tasks_in_code_are_none() -> None:
    assert "tasks" not in found("- [] d\n- [y] e\n- [ ]\n- [ ]x\n")
    assert "tasks" not in found("```\n- [ ] a\n```\n\n    - [ ] b\n\n<pre>\n- [ ] c\n</pre>\n")


def test_the_field_is_a_checklist_unless_it_repeats_the_tasks() -> None:
    assert texts_of(found("text", "look", "", "restart `nginx`")["field"]) == ["look", "restart nginx"]
    assert found("- [ ] look\n- [x] ssh <host>\n", "look", "ssh").keys() == {"tasks"}
    assert found("- [ ] look\n", "look", "leave").keys() == {"tasks", "field"}


@pytest.mark.parametrize(
    "task",
    [
        "see `__init__` and `a*b*c`",
        "`<b>[x](y)` is literal",
        "x < 5 and y > 3",
        r"\*not\* bold",
        "[a](b) <host> ![c](d)",
    ],
)
def test_a_field_that_was_made_of_the_tasks_is_known_by_what_it_says(task: str) -> None:
    body = f"- [ ] {task}\n- [ ] leave\n"
    assert found(body, *tasks(body)).keys() == {"tasks"}


def test_a_field_that_was_made_of_the_beginning_of_a_long_page_is_known() -> None:
    body = "".join(f"- [ ] step {number} of many\n\n  and {'more ' * 20}\n" for number in range(6_000))
    assert len(tasks(body)) < 6_000
    assert "field" not in found(body, *tasks(body))


def test_a_step_that_says_nothing_is_none() -> None:
    assert found("- [ ] \n- [ ]\n- [x]\n", "", " ", "\u200b") == {}
    assert texts_of(found("- [ ] \u200b\n- [ ] look\n", "\u200b", "look")["tasks"]) == ["look"]


def test_a_numbered_list_goes_on_behind_what_nobody_indented() -> None:
    body = "## Restart\n\n1. stop\n```sh\nsystemctl stop x\n```\n2. wait\n\nfor a minute\n\n3. start\n\n9. other\n"
    (checklist,) = found(body).values()
    assert (checklist.name, checklist.kind, checklist.section) == ("list-1", ChecklistKind.NUMBERED, "Restart")
    assert texts_of(checklist) == ["stop", "wait", "start", "other"]
    assert checklist.steps[0].commands == (StepCode("systemctl stop x", "sh"),)
    assert checklist.steps[1].notes == "for a minute"
    assert not checklist.is_meant


def test_a_list_whose_numbers_are_all_one_goes_on_behind_code() -> None:
    (checklist,) = found("1. a\n```\nx\n```\n1. b\n").values()
    assert texts_of(checklist) == ["a", "b"]
    assert found("1. a\n\ntext\n\n1. b\n") == {}


def test_plain_lists_are_named_in_order() -> None:
    lists = found("- a\n- b\n\n## Later\n\n1. c\n   1. d\n   - e\n2. f\n\ntext\n\n* only one\n\n> - g\n> - h\n")
    assert {name: texts_of(checklist) for name, checklist in lists.items()} == {
        "list-1": ["a", "b"],
        "list-2": ["c", "d", "f"],
        "list-3": ["g", "h"],
    }
    assert [step.depth for step in lists["list-2"].steps] == [0, 1, 0]
    assert lists["list-2"].steps[0].notes == "- e"


def test_a_step_that_is_code_alone_is_named_by_it() -> None:
    (checklist,) = found("1. ```sh\n   make\n   ```\n2. look\n").values()
    assert texts_of(checklist) == ["make", "look"]
    assert checklist.steps[0].commands == (StepCode("make", "sh"),)


@pytest.mark.parametrize("body", ["", "text", "-\n-\n", "- [ ]\n", "1.\n\n2.\n"])
def test_a_post_without_steps_has_no_checklist(body: str) -> None:
    assert found(body) == {}


def test_hostile_items_are_kept_as_they_are() -> None:
    (checklist,) = found(
        "".join(f"- [ ] a {clean(text)} {text} z\n".replace("\n", " ") + "\n" for text in NASTY)
    ).values()
    assert len(checklist.steps) == len(NASTY)
    assert any("\x1b" in step.text for step in checklist.steps)


def test_ten_thousand_items_and_items_of_five_kilobytes() -> None:
    many = found("".join(f"- [ ] step {n}\n" for n in range(10_000)))["tasks"]
    assert (len(many.steps), many.steps[-1].text) == (10_000, "step 9999")
    (long,) = found(f"- [ ] {'word ' * 1_000}\n")["tasks"].steps
    assert len(long.text) == 4_999


@pytest.mark.parametrize("piece", ["- [ ] a\n", "1. a\n```\nx\n```\n", "- a\n  - b\n", "> 1. a\n", "# h\n- a\n- b\n"])
def test_the_time_grows_with_the_length(piece: str) -> None:
    repeated = Repeated(piece)
    assert_linear(lambda size: find_checklists(Post(title="t", body=repeated(size))), lambda size: size, 8_000)


@given(posts())
def test_every_post_can_be_looked_through(post: Post) -> None:
    for checklist in find_checklists(post):
        assert all(step.text and "\n" not in step.text for step in checklist.steps)


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not here")
def test_all_tasks_of_real_pages_are_found() -> None:
    parser = MarkdownIt("commonmark").use(tasklists_plugin)
    wrong, total = [], 0
    for file in sorted(CORPORA.rglob("*.md")):
        body = file.read_text(encoding="utf-8", errors="replace")
        if not any(box in body for box in ("[ ]", "[x]", "[X]")):
            continue
        expected = sum("task-list-item" in str(token.attrGet("class")) for token in parser.parse(body))
        mine = found(body).get("tasks")
        total += expected
        if expected != (len(mine.steps) if mine else 0):
            wrong.append(str(file))
    assert wrong == []
    assert total > 30


# Another text for a step


def step_of(post: Post, text: str) -> Step:
    return next(step for checklist in find_checklists(post) for step in checklist.steps if step.text == text)


def test_a_step_is_rewritten_in_its_place() -> None:
    post = Post(title="t", body=RELEASE)
    changed = rewritten(post, step_of(post, "Build it"), "Build it **twice**")
    assert changed is not None
    assert changed.body == RELEASE.replace("* [x] Build it", "* [x] Build it **twice**")
    nested = rewritten(post, step_of(post, "for arm64"), "for\nall")
    assert nested is not None
    assert nested.body == RELEASE.replace("- [ ] for `arm64`", "- [ ] for all")


def test_a_step_of_several_lines_and_the_field_beside_it() -> None:
    post = Post(title="t", body="> 1. [ ] one\n>    two\n> 2. [ ] three\n", checklist=("one two", "three"))
    changed = rewritten(post, step_of(post, "one two"), "`four`")
    assert changed is not None
    assert (changed.body, changed.checklist) == ("> 1. [ ] `four`\n> 2. [ ] three\n", ("four", "three"))
    field = rewritten(Post(title="t", checklist=("a", "b")), Step("b"), "c")
    assert field is not None
    assert field.checklist == ("a", "c")


def test_of_tasks_with_the_same_text_only_one_is_changed_in_the_field() -> None:
    post = Post(
        title="t", body="- [ ] Tell Ben\n- [ ] Tag\n- [ ] Tell Ben\n", checklist=("Tell Ben", "Tag", "Tell Ben")
    )
    first, _, last = find_checklists(post)[0].steps
    for step, field in ((first, ("Ann", "Tag", "Tell Ben")), (last, ("Tell Ben", "Tag", "Ann"))):
        changed = rewritten(post, step, "Ann")
        assert changed is not None
        assert changed.checklist == field
        assert [checklist.name for checklist in find_checklists(changed)] == ["tasks"]


def test_a_field_of_its_own_is_left_alone_when_the_body_changes() -> None:
    post = Post(title="t", body="- [ ] look\n\n1. leave\n2. stay\n", checklist=("leave", "look"))
    for text in ("look", "leave"):
        step = next(s for c in find_checklists(post) for s in c.steps if s.text == text and s.line >= 0)
        changed = rewritten(post, step, "else")
        assert changed is not None
        assert changed.checklist == ("leave", "look")


def test_of_items_of_the_field_with_the_same_text_none_is_changed() -> None:
    post = Post(title="t", checklist=("a", "b", "a"))
    assert rewritten(post, Step("a"), "c") is None
    assert rewritten(post, Step("b"), "<b>") is None


@pytest.mark.parametrize(
    "text", ["ssh <host> as *me*", "run `ssh <host>`", "see <https://example.com/a>", "x < 5 and y > 3", r"\<host>"]
)
def test_a_field_that_was_made_of_the_tasks_is_not_written_as_one_of_its_own(text: str) -> None:
    body = "- [ ] look\n- [ ] leave\n"
    post = Post(title="t", body=body, checklist=tasks(body))
    changed = rewritten(post, step_of(post, "leave"), text)
    assert changed is not None
    assert changed.checklist == tasks(changed.body)


@pytest.mark.parametrize("text", ["", "# heading", "- item", "```", "> quote", "<!-- x"])
def test_a_text_that_would_change_more_than_its_step_is_refused(text: str) -> None:
    post = Post(title="t", body="1. first\n2. second\n\n   note\n")
    assert rewritten(post, step_of(post, "first"), text) is None


@given(st.text(max_size=20), st.sampled_from(["first", "second"]))
def test_what_is_rewritten_differs_in_that_step_alone(text: str, chosen: str) -> None:
    post = Post(title="t", body="# T\n\n- [ ] first\n\n  ```\n  x\n  ```\n- [ ] second\n  and more\n- [ ] third\n")
    step = next(step for step in find_checklists(post)[0].steps if step.text.startswith(chosen))
    changed = rewritten(post, step, text)
    if changed is not None:
        after = find_checklists(changed)[0].steps
        others = [s.text for s in find_checklists(post)[0].steps if s.line != step.line]
        assert [s.text for s in after if s.line != step.line and s.text in others] == others
        assert len(after) == 3
