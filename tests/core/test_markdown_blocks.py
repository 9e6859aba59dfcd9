"""The blocks of a page, held to another parser over real pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kbtui.core.markdown_blocks import MOST_NESTED, Block, BlockKind, read_blocks
from tests.corpora import CORPORA
from tests.factories import texts
from tests.linear import Repeated, assert_linear

Told = list[tuple[object, ...]]
LONGEST_PAGE = 300_000


def own(markdown: str) -> Told:
    """Headings, items, code, quotes and rules of a page with their lines."""
    return list(_own(read_blocks(markdown)))


def _own(block: Block) -> Iterator[tuple[object, ...]]:
    for child in block.children:
        if child.kind is BlockKind.HEADING:
            yield ("heading", child.level, child.line)
        elif child.kind is BlockKind.ITEM:
            yield ("item", child.number if child.marker in ".)" else child.marker, child.line)
        elif child.kind is BlockKind.CODE:
            yield ("code", _code(child.text))
        elif child.kind in (BlockKind.QUOTE, BlockKind.RULE):
            yield (child.kind.name.lower(), child.line)
        yield from _own(child)


def other(markdown: str) -> Told:
    """The same by markdown-it."""
    told: Told = []
    for token in MarkdownIt("commonmark").disable("inline").parse(markdown):
        line = token.map[0] if token.map else -1
        if token.type == "heading_open":
            told.append(("heading", int(token.tag[1]), line))
        elif token.type == "list_item_open":
            told.append(("item", int(token.info) if token.info else token.markup, line))
        elif token.type in ("fence", "code_block"):
            told.append(("code", _code(token.content)))
        elif token.type in ("blockquote_open", "hr"):
            told.append(("quote" if token.type != "hr" else "rule", line))
    return told


def _code(text: str) -> str:
    """Code as far as both agree: markdown-it ends it with a newline, and empty lines at its edges."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not here")
def test_real_pages_have_the_blocks_that_another_parser_finds() -> None:
    files = sorted(CORPORA.rglob("*.md"))
    texts_of = ((file, file.read_text(encoding="utf-8", errors="replace")) for file in files)
    wrong = [str(file) for file, text in texts_of if len(text) < LONGEST_PAGE and own(text) != other(text)]
    assert files
    assert wrong == []


@pytest.mark.parametrize(
    "markdown",
    [
        "- a\n- b\n\n  c\n\n      code\n",
        "1. a\n\n   ```sh\n   x\n   ```\n2. b\n",
        "> - a\n> - b\nlazy\n- c\n",
        "- a\n\n\n- b\n-\n\n  no longer in it\n",
        "text\n2. no list\n1. a list\n",
        "text\n- a list\n-\n",
        "- - a\n  - b\n-     code\n",
        "* * *\n- - -\n***\n",
        "a\n===\nb\n---\n- c\n---\n",
        "```\na\n``` x\n~~~\n```\nb\n",
        "<div>\n- [ ] no\n\n- [ ] yes\n</div>\n",
        "<!-- - a\n\n- b -->\n- c\n",
        "text\n<b>\n- a\n\n<b>\n- no\n",
        "-\ta\n\n\t\tcode\n\n>\t- b\n",
        "# a #\n#b\n####### c\n#\n## d # e ##\n",
        "    code\n\n    more\ntext\n",
        "10) a\n1234567890. b\n",
    ],
)
def test_blocks_are_those_of_another_parser(markdown: str) -> None:
    assert own(markdown) == other(markdown)


def test_code_keeps_its_tabs_and_says_its_language() -> None:
    page = read_blocks("1.  x\n\n    ```{.Makefile}\n    all:\n    \tcc\n    ```\n")
    (code,) = (block for block in page.children[0].children if block.kind is BlockKind.CODE)
    assert (code.language, code.text) == ("makefile", "all:\n\tcc")


@given(st.lists(st.sampled_from(["- ", "1. ", "> ", "# ", "```", "\n", "\t", "    ", "a", "[ ] ", "<b>"])).map("".join))
def test_every_text_is_a_page_and_each_line_lies_in_one_place(markdown: str) -> None:
    def lines(block: Block) -> Iterator[int]:
        for child in block.children:
            yield child.line
            yield from lines(child)

    found = list(lines(read_blocks(markdown)))
    assert found == sorted(found)


@given(texts(60, surrogates=True))
def test_odd_text_is_a_page(markdown: str) -> None:
    assert read_blocks(markdown).kind is BlockKind.PAGE


def test_what_is_nested_too_deeply_is_text() -> None:
    block, depth = read_blocks("> " * 10 * MOST_NESTED + "x"), 0
    while block.children:
        block, depth = block.children[0], depth + 1
    assert (block.kind, depth) == (BlockKind.PARAGRAPH, MOST_NESTED + 1)


PIECES = ["- [ ] x\n", "> ", " - ", "<a b=c ", "# a ", "```\n", "<a " + " " * 1_900 + "x\n", "> - 1. a\n", "\t", "* "]


@pytest.mark.parametrize("repeated", [Repeated(piece) for piece in PIECES], ids=str)
def test_the_time_grows_with_the_length(repeated: Repeated) -> None:
    assert_linear(read_blocks, repeated, 20_000)
