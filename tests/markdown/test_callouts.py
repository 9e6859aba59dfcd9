"""Boxed remarks in the dialects that people write them in."""

from __future__ import annotations

import pytest

from kbtui.markdown import text_of
from kbtui.markdown.tree import Callout, Code, ListBlock, Mark, Paragraph, Quote, Run, plain
from tests.markdown.shapes import blocks, only


@pytest.mark.parametrize(
    ("text", "kind", "title", "body"),
    [
        ("> [!NOTE]\n> a\n> b", "note", "", "a b"),
        ("> [!warning]- A *title*\n> a", "warning", "A title", "a"),
        ("> [!my kind|meta]+\n> a", "my kind", "", "a"),
        ("> [!tip] only a title", "tip", "only a title", ""),
        ('!!! tip "A *title*"\n    a', "tip", "A title", "a"),
        ('!!!info "t"\n\n    a\n\n    b', "info", "t", "a\nb"),
        ("??? note\n    a", "note", "", "a"),
        ('???+ aside hide-arrow "t"\n    a', "aside", "t", "a"),
        ('!!! danger ""\n    a', "danger", "", "a"),
        (":::note\na\n:::", "note", "", "a"),
        ("::: warning A *title*\na\n\nb\n:::", "warning", "A title", "a\nb"),
        (":::tip[t]\na\n:::", "tip", "t", "a"),
        (":::tip t {#id}\na\n:::", "tip", "t", "a"),
        (":::note\nnever closed\n\na", "note", "", "never closed\na"),
        ("<details>\n<summary>A <b>title</b></summary>\n\na\n\n</details>", "details", "A title", "a"),
        ("<details open><summary>t</summary>a</details>", "details", "t", "a"),
        ("<details>\na\n</details>", "details", "", "a"),
        ("<DETAILS>\n<summary>\nt\n</summary>\na\n</DETAILS>", "details", "t", "a"),
        ("<details>\nnever closed\n\na", "details", "", "never closed\na"),
    ],
)
def test_dialects(text: str, kind: str, title: str, body: str) -> None:
    callout = only(text, Callout)
    assert (callout.kind, plain(callout.title), text_of(callout.blocks)) == (kind, title, body)
    assert (callout.line, callout.lines) == (0, text.count("\n") + 1)


@pytest.mark.parametrize("text", ["> [!NOTE", "> [note]\n> a", "> a\n> [!NOTE]", "> \\[!NOTE]\n> a"])
def test_quotes(text: str) -> None:
    assert isinstance(blocks(text)[0], Quote)


@pytest.mark.parametrize(
    "text", ["!!! careful", "!!! Important: a", "??? why", "!!!\n    a", "::: \na", "<details", "::::"]
)
def test_what_is_no_callout_keeps_its_text(text: str) -> None:
    found = blocks(text)
    assert not any(isinstance(block, Callout) for block in found)
    assert text_of(found).split() == text.split()


def test_what_is_inside_is_read_and_knows_its_lines() -> None:
    text = "a\n\n!!! tip\n    - x\n\n    ```sh\n    ls\n    ```\n\nb"
    _, callout, last = blocks(text)
    assert isinstance(callout, Callout)
    assert [(type(block), block.line) for block in callout.blocks] == [(ListBlock, 3), (Code, 5)]
    assert last == Paragraph((Run("b"),), 9)


@pytest.mark.parametrize(
    "text",
    [
        "> [!note] t\n> a\n>\n> b",
        ":::note t\na\n\nb\n:::",
        "<details><summary>t</summary>\na\n\nb\n</details>",
        '!!! note "t"\n    a\n\n    b',
    ],
)
def test_lines_inside(text: str) -> None:
    callout = only(text, Callout)
    assert [block.line for block in callout.blocks] == [1, 3]


def test_callouts_nest() -> None:
    for text in (
        "> [!a]\n> > [!b]\n> > c",
        "::::a\n:::b\nc\n:::\n::::",
        ":::a\n:::b\nc\n:::\n:::",
        "!!! a\n    !!! b\n        c",
        "<details>\n<details>\nc\n</details>\n</details>",
    ):
        outer = only(text, Callout)
        [inner] = outer.blocks
        assert isinstance(inner, Callout)
        assert text_of(inner.blocks) == "c"


def test_code_inside_closes_nothing() -> None:
    for text in (":::note\n```\n:::\n```\nb\n:::", "<details>\n\n```\n</details>\n```\nb\n</details>"):
        callout = only(text, Callout)
        assert [type(block) for block in callout.blocks] == [Code, Paragraph]


def test_a_callout_in_an_item_ends_with_it() -> None:
    for text in ("- :::note\n  a\n\nb", "- <details>\n  a\n\nb", "- !!! note\n      a\n\nb"):
        items, last = blocks(text)
        assert isinstance(items, ListBlock)
        assert isinstance(items.items[0].blocks[0], Callout)
        assert last == Paragraph((Run("b"),), 3)


def test_a_callout_ends_a_paragraph() -> None:
    for text in ('a\n!!! note "t"\n    b', "a\n:::note\nb\n:::", "a\n<details>\nb\n</details>"):
        assert [type(block) for block in blocks(text)] == [Paragraph, Callout]


def test_marks_in_titles() -> None:
    assert only("> [!note] a `b`", Callout).title == (Run("a "), Run("b", Mark.CODE))
