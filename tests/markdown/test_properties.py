"""What holds for any text: nothing is lost, nothing unsafe is in the tree, pieces are the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, count, pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kbtui.core.text import is_line_safe
from kbtui.markdown import read_page, read_pieces, walk
from kbtui.markdown.tree import Block, Callout, Definitions, Footnote, Item, ListBlock, Quote
from tests.markdown.shapes import blocks, strings_of

# `@` stands for a word, each time another one. Addresses and tags come whole or not at all: what stands in the title
# of a link or in the attributes of a tag is not for readers.
WORDS = [
    *("@", "@ ", " @\n", "@\n\n", "# @ {#@}\n", "- @\n", "- [ ] @\n", "- [?] @\n", "1. @\n", "> @\n", "> [!@] @\n"),
    *("```@ @\n", "~~~\n@\n", "    @\n", "@\n: @\n", "@\n===\n", "| @ | @ |\n|---|---|\n| @ | @ | @ |\n", "`@`", "``@"),
    *("[@](@)", "![@](@)", "[](@)", "[[@|@]]", "[[@#@]]", "![[@]]", "https://@.@/@", "<https://@>", "{{@}}", "<@>"),
    *("</@>", "<@ @>", "<b>@</b>", "<kbd>@", "<p>@</p>", "<li>@", "<ul>", "</ul>", "<h2>@</h2>\n", "<pre>@", "</pre>"),
    *("<table><tr><td>@</td>", "<th>@", "</table>", "<blockquote>", "</blockquote>", "<!-- @ -->", "<!-- @", "-->"),
    *("<details>\n", "<summary>@</summary>", "</details>\n", "<script>@", "</script>", "<div>\n", "</div>\n", "<br>"),
    *(":::@ @\n", ":::\n", '!!! @ "@"\n', "{{< @ >}}", "{% @ %}", "{: @}", "==@==", "[^@]", "[@]", "**@**", "~~@"),
]
SIGNS = [*"*_`~[]()!#>|<&\\=-+{}:\t\n $%^@1.", "\n\n", "  ", "    ", "```\n", "---\n", "***", "[[", "{{", "<!", "\r\n"]
UNSAFE = [*"\x9b\u202e\u200b\x00\x07\u200d\ufe0f😀", "\x1b[2J", "&#x202e;", "&#x9b;", "%1B", "&#10;"]


def texts_of(*parts: list[str]) -> st.SearchStrategy[str]:
    """Texts of some paragraphs that are put together from these parts."""
    paragraph = st.lists(st.one_of(*map(st.sampled_from, parts)), min_size=1, max_size=12).map("".join)
    return st.lists(paragraph, min_size=1, max_size=12).map("\n\n".join)


texts = texts_of(WORDS, SIGNS, UNSAFE)


@settings(max_examples=200)
@given(texts_of(WORDS, SIGNS))
def test_no_word_is_lost(template: str) -> None:
    numbers = count()
    text = "begin\n\n" + re.sub("@", lambda _: f"w{next(numbers)}x", template)
    # A definition that nothing refers to is not shown; a title needs a space behind the address.
    assume("]:" not in text and not re.search(r"\]\([^)\n]*\s", text))
    kept = "\n".join(strings_of(blocks(text)))
    assert [word for word in re.findall(r"w\d+x", text) if word not in kept] == []


@settings(max_examples=150)
@given(texts)
def test_nothing_unsafe_is_in_the_tree_and_lines_ascend(text: str) -> None:
    found = blocks(text)
    for string in strings_of(found):
        assert all(map(is_line_safe, string.split("\n"))), string
    _check_lines(found, 0, len(re.split(r"\r\n|\r|\n", text)))


def _check_lines(found: Iterable[Block | Item], first: int, end: int) -> None:
    """Blocks begin where they stand, behind each other, and inside of what holds them."""
    lines = [block.line for block in found]
    assert all(before <= behind for before, behind in pairwise(lines)), lines
    assert all(first <= line < end for line in lines), (lines, first, end)
    for block in found:
        if not isinstance(block, Item):
            assert block.lines >= 1
        _check_lines(list(_inside(block)), block.line, end)


def _inside(block: Block | Item) -> Iterator[Block | Item]:
    match block:
        case ListBlock():
            yield from block.items
        case Item() | Quote() | Callout() | Footnote():
            yield from block.blocks
        case Definitions():
            yield from chain.from_iterable(blocks for _, blocks in block.entries)


@settings(max_examples=150)
@given(texts, st.integers(1, 60), st.integers(1, 60))
def test_pieces_are_the_whole(text: str, first: int, rest: int) -> None:
    assume("]:" not in text)
    assert tuple(chain.from_iterable(read_pieces(text, first, rest))) == read_page(text).blocks


@settings(max_examples=120)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    found = blocks(text)
    assert all(map(is_line_safe, "\n".join(strings_of(found)).split("\n")))
    assert list(walk(found)) == list(walk(read_page(text).blocks))
