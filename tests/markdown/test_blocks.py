"""Blocks as Markdown and GitHub have them."""

from __future__ import annotations

import pytest

from kbtui.markdown import Page, read_page, text_of, walk
from kbtui.markdown.tree import (
    Code,
    Definitions,
    Footnote,
    Heading,
    ListBlock,
    Mark,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    Verbatim,
    plain,
)
from tests.markdown.shapes import blocks, only


def test_no_text_is_an_empty_page() -> None:
    assert read_page("") == read_page("\n \n") == Page(())


def test_blocks_know_their_lines() -> None:
    text = "# A\n\npara\ngraph\n\n- a\n- b\n\n```sh\nls\n```\n\n---\n\n> q\n\n    code\n"
    assert [(type(block), block.line, block.lines) for block in blocks(text)] == [
        (Heading, 0, 1),
        (Paragraph, 2, 2),
        (ListBlock, 5, 3),
        (Code, 8, 3),
        (Rule, 12, 1),
        (Quote, 14, 1),
        (Code, 16, 1),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_way(newline: str) -> None:
    assert [block.line for block in blocks(newline.join(["# A", "", "b", "c"]))] == [0, 2]


# Headings


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Set up *the* `tool`!", "set-up-the-tool"),
        ("What's new in 1.9.14?", "whats-new-in-1914"),
        ("A - b", "a---b"),
        ("Größe_x 日本語", "größe_x-日本語"),
        ("[Link](x.md) text", "link-text"),
        ("A {#own-id}", "own-id"),
        ("A {: #own}", "own"),
        ("!!!", "section"),
    ],
)
def test_anchors(heading: str, anchor: str) -> None:
    assert only(f"## {heading}", Heading).anchor == anchor


def test_an_own_id_is_hidden() -> None:
    assert plain(only("## Set up {#x}", Heading).text) == "Set up"


def test_anchors_are_unique() -> None:
    headings = blocks("# A\n# A\n# A-1\n# A\n# B {#a}\n\n> # A\n\n<h2>A</h2>\n")
    anchors = [block.anchor for block in walk(headings) if isinstance(block, Heading)]
    assert anchors == ["a", "a-1", "a-1-1", "a-2", "a-3", "a-4", "a-5"]


def test_underlined_headings() -> None:
    assert [
        (block.level, plain(block.text)) for block in blocks("A\n===\n\nB\n---\n") if isinstance(block, Heading)
    ] == [
        (1, "A"),
        (2, "B"),
    ]


# Code


@pytest.mark.parametrize(
    ("info", "language", "title"),
    [
        ("", "", ""),
        ("Bash", "bash", ""),
        ('yaml title="a b.yml"', "yaml", 'title="a b.yml"'),
        ("js{1,3}", "js", "{1,3}"),
        ("{.python .numberLines}", "python", ".numberLines"),
        ("c++", "c++", ""),
        ("f&ouml;", "fö", ""),
        ("a\u202eb", "a", "⟨U+202E⟩b"),
    ],
)
def test_the_words_behind_a_fence(info: str, language: str, title: str) -> None:
    code = only(f"```{info}\nls\n```", Code)
    assert (code.language, code.title) == (language, title)


def test_code_keeps_its_lines() -> None:
    assert only("```\na\n\n  b  \n\n```", Code).text == "a\n\n  b  \n"
    assert only("    a\n\n      b\n", Code).text == "a\n\n  b"
    assert only("```\nnever <closed>", Code).text == "never <closed>"
    assert only("```\n\x1b[2J\n```", Code).text == "␛[2J"


# Lists


def test_lists() -> None:
    numbered = only("3. a\n4. b\n\n   c\n", ListBlock)
    assert (numbered.start, numbered.is_tight, [item.line for item in numbered.items]) == (3, False, [0, 1])
    assert [plain(block.text) for block in numbered.items[1].blocks if isinstance(block, Paragraph)] == ["b", "c"]
    bullets = only("- a\n  - b\n- c\n", ListBlock)
    assert (bullets.start, bullets.is_tight) == (None, True)
    assert isinstance(bullets.items[0].blocks[1], ListBlock)


def test_tasks() -> None:
    tasks = only("- [ ] a\n- [x] b\n- [X] *c*\n- [?] d\n- [-] e\n- f\n- [ ](g.md)\n- [1] h\n- [ ]\n", ListBlock)
    assert [(text_of(item.blocks), item.is_checked) for item in tasks.items] == [
        ("a", False),
        ("b", True),
        ("c", True),
        ("[?] d", False),
        ("[-] e", False),
        ("f", None),
        ("g.md", None),
        ("[1] h", None),
        ("", False),
    ]
    assert only("1. [x] a", ListBlock).items[0].is_checked


# Tables


def test_tables() -> None:
    table = only("| a | b | c |\n|:--|:-:|--:|\n| 1 | `x\\|y` |\n", Table)
    assert table.header == ((Run("a"),), (Run("b"),), (Run("c"),))
    assert table.rows == (((Run("1"),), (Run("x|y", Mark.CODE),), ()),)
    assert table.align == ("left", "center", "right")


@pytest.mark.parametrize("before", ["", "> ", "  "])
def test_a_row_that_is_too_long_keeps_its_text(before: str) -> None:
    text = "\n".join(before + line for line in ["| a | b |", "|---|---|", "| 1 | `x | y` | z |"])
    [table] = [block for block in walk(blocks(text)) if isinstance(block, Table)]
    assert table.rows == (((Run("1"),), (Run("x | y", Mark.CODE), Run(" | z"))),)


# Definitions, footnotes


def test_definitions() -> None:
    found = only("Term *one*\n: means\n\n    - this\n\nTwo\n: b\n: c\n", Definitions)
    assert [(plain(term), text_of(inside)) for term, inside in found.entries] == [
        ("Term one", "means\nthis"),
        ("Two", "b\nc"),
    ]


def test_footnotes_stand_where_they_stand() -> None:
    found = blocks("[^n]: first\n\n    second\n\na[^n]\n")
    assert [type(block) for block in found] == [Footnote, Paragraph]
    assert text_of(found) == "n\nfirst\nsecond\na[n]"


# What is for machines


@pytest.mark.parametrize(
    "text",
    [
        "<!-- a\n\nb -->",
        "{{< figure src='x' >}}",
        "{% include x %}",
        "{: .note}",
        "[[_TOC_]]",
        "<!DOCTYPE html>",
        "<script>\nx()\n\ny()\n</script>",
        "[//]: # (a comment)",
        '<iframe src="x"></iframe>',
    ],
)
def test_what_is_for_machines_is_kept_as_it_stands(text: str) -> None:
    found = only(text, Verbatim)
    assert (found.text, found.line, found.lines) == (text, 0, text.count("\n") + 1)


@pytest.mark.parametrize(
    "front", ["---\ntitle: x\ntags: [a]\n---\n", "+++\ntitle = 'x'\n+++\n", "---\n# c: d\nx: y\n...\n"]
)
def test_front_matter_is_hidden(front: str) -> None:
    [heading] = blocks(front + "# A")
    assert (heading.line, heading.lines) == (front.count("\n"), 1)


@pytest.mark.parametrize("text", ["---\n\na: b\n\n---\n", "---\njust text\n\n---\n", "---\ntitle: never closed\n"])
def test_a_rule_is_no_front_matter(text: str) -> None:
    assert text_of(blocks(text)) == text.strip("-\n")
