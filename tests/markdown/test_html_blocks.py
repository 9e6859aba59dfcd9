"""HTML that stands as a block of its own."""

from __future__ import annotations

import pytest

from kbtui.markdown import text_of
from kbtui.markdown.tree import (
    Code,
    Heading,
    Link,
    LinkKind,
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


def test_wrappers_go_and_their_content_stays() -> None:
    text = '<div align="center">\n  <p>one<br>two &lt;x&gt;</p>\n  <h2 id="own">A <i>b</i></h2>\n  <hr>\n</div>'
    assert blocks(text) == (
        Paragraph((Run("one\ntwo <x>"),), 1),
        Heading(2, (Run("A "), Run("b", Mark.EMPHASIS)), "own", 2),
        Rule(3),
    )


def test_markdown_between_wrappers_is_read() -> None:
    assert [type(block) for block in blocks("<div>\n\n# a\n\n</div>")] == [Heading]


def test_markdown_beside_tags_is_not() -> None:
    assert only("<p>*a*\n[b](c)</p>", Paragraph).text == (Run("*a* [b](c)"),)


def test_lists() -> None:
    found = only('<ol start="3">\n<li>a\n<li>b <ul><li>c</li></ul> d</li>\n</ol>', ListBlock)
    assert found.start == 3
    assert [text_of(item.blocks) for item in found.items] == ["a", "b\nc\nd"]
    assert only("<li>a</li>\n<li>b", ListBlock).start is None


def test_a_list_inside_a_list_but_in_no_item() -> None:
    assert text_of(blocks("<ul>x<li>a</li><ul><li>b</li></ul>y</ul>")) == "x\na\nb\ny"


def test_code_is_decoded_and_loses_its_colours() -> None:
    code = 'ls &amp;&amp; <span class="x">rm</span>\n\n  &lt;pod&gt; <name>\n'
    text = f'<pre><code class="hljs language-sh">{code}</code></pre>'
    assert only(text, Code) == Code("ls && rm\n\n  <pod> <name>", "sh", 0, 4)


def test_tables() -> None:
    text = (
        "<table>\n<caption>About</caption>\n<thead><tr><th>a</th><th>b <b>c</b></th></tr></thead>\n"
        '<tbody><tr><td><ul><li>1</li><li>2</li></ul></td></tr>\n<tr><td>3<td><a href="x">4</a></tr></tbody>\n</table>'
    )
    caption, table = blocks(text)
    assert text_of([caption]) == "About"
    assert isinstance(table, Table)
    assert [plain(cell) for cell in table.header] == ["a", "b c"]
    assert table.rows == (((Run("1\n2"),), ()), ((Run("3"),), (Run("4", link=Link("x", LinkKind.FILE)),)))
    assert (table.line, table.lines) == (0, 6)


def test_a_table_without_a_header_has_an_empty_one() -> None:
    assert only("<table><tr><td>a</td><td>b</td></tr></table>", Table).header == ((), ())


def test_a_table_in_a_table_keeps_its_text() -> None:
    text = "<table><tr><td>a<table><tr><td>b</td></tr></table>c</td><td>d</td></tr></table>"
    assert text_of(blocks(text)).split() == ["a", "b", "c", "d"]


def test_a_row_of_any_length_is_no_table_of_any_size() -> None:
    table = only("<table><tr>" + "<td>x" * 5_000 + "<tr><td>y" * 5_000 + "</table>", Table)
    assert len(table.header) <= 100
    assert text_of([table]).count("x") == 5_000


def test_quotes() -> None:
    assert text_of(only("<blockquote><p>a</p>b</blockquote>", Quote).blocks) == "a\nb"


@pytest.mark.parametrize("text", ["<style>\na { b: c }\n</style>", "<!-- a -->", "<textarea>a</textarea>"])
def test_what_is_for_machines(text: str) -> None:
    assert only(text, Verbatim).text == text


def test_unknown_tags_are_text() -> None:
    found = only("<p>ssh <host> or <name-of-pod></p>", Paragraph)
    assert [run.text for run in found.text if run.mark == Mark.PLACEHOLDER] == ["<host>", "<name-of-pod>"]


def test_a_tag_alone_on_a_line_is_no_html() -> None:
    assert only("<host>\n*a*", Paragraph).text == (Run("<host>", Mark.PLACEHOLDER), Run(" "), Run("a", Mark.EMPHASIS))


@pytest.mark.parametrize("text", ["<div>a &#x202e; \x1b</div>", "<pre>&#x202e;</pre>", "<h1 id='&#x200b;'>a</h1>"])
def test_hidden_characters_are_visible(text: str) -> None:
    assert "⟨U+" in repr(blocks(text))
    assert "\\u202e" not in repr(blocks(text))
