"""Reading a long text piece by piece."""

from __future__ import annotations

from itertools import chain

import pytest

from kbtui.markdown import read_page, read_pieces, text_of, walk
from kbtui.markdown.tree import Code, Footnote, Heading, Link, LinkKind, Run
from tests.markdown.shapes import runs_of

SECTION = "## Part\n\nSome [words][ref] and a note[^n], again [words][ref].\n\n- a\n\n- b\n\n"
DEFINITIONS = "[ref]: other.md\n\n[^n]: The note.\n"
TEXT = SECTION * 50 + DEFINITIONS


def test_the_first_piece_is_short_and_the_pieces_are_the_whole() -> None:
    pieces = list(read_pieces(TEXT, 500, 1_000))
    assert len(pieces) > 3
    assert len(text_of(pieces[0])) < 1_000
    assert tuple(chain.from_iterable(pieces)) == read_page(TEXT).blocks


def test_what_is_defined_at_the_end_is_known_at_the_beginning() -> None:
    first = next(read_pieces(TEXT, 100, 100))
    assert {run.link for run in runs_of(first) if run.link} == {
        Link("other.md", LinkKind.FILE),
        Link("n", LinkKind.FOOTNOTE),
    }


@pytest.mark.parametrize("before", ["> ", "   "])
def test_definitions_in_quotes_and_indented_ones_count(before: str) -> None:
    [run] = runs_of(next(read_pieces(f"[a]\n\n{before}[a]: b.md\n\nend", 1, 1)))
    assert run.link == Link("b.md", LinkKind.FILE)


def test_a_footnote_may_be_defined_directly_behind_a_paragraph() -> None:
    first = next(read_pieces("a[^n]\n\ntext\n[^n]: note\n\nend", 1, 1))
    assert Run("[n]", link=Link("n", LinkKind.FOOTNOTE)) in list(runs_of(first))


@pytest.mark.parametrize("definition", ["```\n\n[a]: b.md\n\n```", "text\n[a]: b.md", "    [a]: b.md", "x [a]: b.md"])
def test_what_is_no_definition_is_none(definition: str) -> None:
    text = f"[a]\n\n{definition}\n\nend"
    assert tuple(chain.from_iterable(read_pieces(text, 1, 1))) == read_page(text).blocks
    assert not any(run.link for run in runs_of(read_page(text).blocks))


def test_anchors_and_lines_count_through() -> None:
    headings = [block for block in chain.from_iterable(read_pieces(TEXT, 1, 1)) if isinstance(block, Heading)]
    assert [heading.anchor for heading in headings[:3]] == ["part", "part-1", "part-2"]
    assert [heading.line for heading in headings] == list(range(0, 50 * 8, 8))


@pytest.mark.parametrize(
    "text",
    [
        "```\n" + "a\n\n" * 100 + "```\n",
        "<!--\n" + "a\n\n" * 100 + "-->\n",
        "- a\n\n" * 100,
        "> a\n>\n" * 100,
        "!!! note\n" + "    a\n\n" * 100,
        ":::note\n" + "a\n\n" * 100 + ":::\n",
        "<details>\n" + "a\n\n" * 100 + "</details>\n",
        "[^a]: b\n\n" + "    a\n\n" * 100,
        "term\n\n" + ": a\n\n" * 100,
    ],
)
def test_a_block_is_not_cut(text: str) -> None:
    pieces = list(read_pieces("begin\n\n" + text + "\nend", 10, 10))
    assert tuple(chain.from_iterable(pieces)) == read_page("begin\n\n" + text + "\nend").blocks
    assert len(list(chain.from_iterable(pieces))) == 3


def test_pieces_are_read_when_they_are_asked_for() -> None:
    pieces = read_pieces("a\n\n" * 1_000, 30, 30)
    assert 1 <= len(next(pieces)) < 20


def test_no_text_has_no_pieces() -> None:
    assert list(read_pieces("")) == []
    assert list(read_pieces("[a]: b\n")) == []


def test_a_footnote_that_stands_twice() -> None:
    found = [block for block in walk(read_page("[^a]: b\n\n[^a]: c\n").blocks) if isinstance(block, Footnote)]
    assert [text_of(block.blocks) for block in found] == ["b", "c"]


def test_code_at_the_end_of_a_piece_keeps_its_empty_lines() -> None:
    [code] = chain.from_iterable(read_pieces("    a\n\n\n    b\n\n    c", 1, 1))
    assert isinstance(code, Code)
    assert code.text == "a\n\n\nb\n\nc"
