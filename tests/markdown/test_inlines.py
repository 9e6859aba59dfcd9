"""Text in a line: marks, links, placeholders, HTML."""

from __future__ import annotations

import pytest

from kbtui.markdown.tree import Inline, Link, LinkKind, Mark, Paragraph, Run, Table, plain
from tests.markdown.shapes import blocks, only, runs, runs_of


def marked(text: str) -> list[tuple[str, Mark]]:
    return [(run.text, run.mark) for run in runs(text) if run.mark]


def links(text: str) -> list[tuple[str, Link]]:
    return [(run.text, run.link) for run in runs(text) if run.link]


def shown(text: str) -> str:
    return plain(runs(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a *b* c", ("b", Mark.EMPHASIS)),
        ("a **b** c", ("b", Mark.STRONG)),
        ("a ~~b~~ c", ("b", Mark.STRIKE)),
        ("a ==b== c", ("b", Mark.HIGHLIGHT)),
        ("a `b` c", ("b", Mark.CODE)),
        ("press <kbd>ctrl+c</kbd>", ("ctrl+c", Mark.KEY)),
        ("H<sub>2</sub>O", ("2", Mark.SUB)),
        ("m<sup>2</sup>", ("2", Mark.SUPER)),
        ("a <b>b</b> c", ("b", Mark.STRONG)),
        ("a <i>b</i> c", ("b", Mark.EMPHASIS)),
        ("a <code>b</code> c", ("b", Mark.CODE)),
        ("a <del>b</del> c", ("b", Mark.STRIKE)),
        ("a <mark>b</mark> c", ("b", Mark.HIGHLIGHT)),
    ],
)
def test_marks(text: str, expected: tuple[str, Mark]) -> None:
    assert marked(text) == [expected]


def test_marks_add_up_and_end_where_they_end() -> None:
    assert runs("a **b *c* b** <b>d <b>e</b> f</b> g") == (
        Run("a "),
        Run("b ", Mark.STRONG),
        Run("c", Mark.STRONG | Mark.EMPHASIS),
        Run(" b", Mark.STRONG),
        Run(" "),
        Run("d e f", Mark.STRONG),
        Run(" g"),
    )


@pytest.mark.parametrize("text", ["pip install foo==1.0 bar==2.0", "a == b and c == d", "if a ==b then", "====="])
def test_comparisons_are_no_highlights(text: str) -> None:
    assert runs("x " + text) == (Run("x " + text),)


def test_lines_flow_and_break_where_the_author_breaks_them() -> None:
    assert shown("one\ntwo  \nthree\\\nfour<br>five<br/>six") == "one two\nthree\nfour\nfive\nsix"


# Placeholders


@pytest.mark.parametrize(
    "word", ["<host>", "<POD_NAME>", "<your pod>", "<name|id>", "<host:port>", "{{name}}", "{{path/to/file}}"]
)
def test_a_placeholder_is_text(word: str) -> None:
    assert runs(f"ssh user@{word} -p {word}") == (
        Run("ssh user@"),
        Run(word, Mark.PLACEHOLDER),
        Run(" -p "),
        Run(word, Mark.PLACEHOLDER),
    )
    assert runs(f"`ssh user@{word}`") == (Run("ssh user@", Mark.CODE), Run(word, Mark.CODE | Mark.PLACEHOLDER))


def test_placeholders_of_tldr() -> None:
    assert runs("`tail {{[-f|--follow]}} \\{\\{x\\}\\} {{a}}{{b}}`") == (
        Run("tail ", Mark.CODE),
        Run("{{[-f|--follow]}}", Mark.CODE | Mark.PLACEHOLDER),
        Run(" \\{\\{x\\}\\} ", Mark.CODE),
        Run("{{a}}{{b}}", Mark.CODE | Mark.PLACEHOLDER),
    )


@pytest.mark.parametrize("code", ["List<String>", "<b>", "<div>x</div>", "a < b > c", "<br>", "x <- y -> z"])
def test_code_that_is_no_placeholder(code: str) -> None:
    assert runs(f"`{code}`") == (Run(code, Mark.CODE),)


@pytest.mark.parametrize("text", ["a < b and c > d", "1 <2 x> 3", "<@user>", "x <- y", "{a}", "${VAR}", "{}"])
def test_text_that_is_no_placeholder(text: str) -> None:
    assert runs(text) == (Run(text),)


# What is for machines


@pytest.mark.parametrize(
    "source",
    [
        "<!-- a comment -->",
        '{{< ref "page.md" >}}',
        '{{% notice tip "x" %}}',
        "{% setvar name value %}",
        "{: .class #id}",
        "[[_TOC_]]",
        '<font color="red">',
        "</unknown>",
        "<?php x ?>",
    ],
)
def test_what_is_for_machines_is_dimmed_as_it_stands(source: str) -> None:
    assert runs(f"before {source} behind") == (Run("before "), Run(source, Mark.DIM), Run(" behind"))


def test_tags_that_belong_together_are_no_placeholders() -> None:
    assert marked("a <Tab>b</Tab> <Tab>") == [("<Tab>", Mark.DIM), ("</Tab>", Mark.DIM), ("<Tab>", Mark.PLACEHOLDER)]


def test_tags_that_only_group_go_and_their_content_stays() -> None:
    assert runs('a <span class="x">b *c*</span> d') == (Run("a b "), Run("c", Mark.EMPHASIS), Run(" d"))


def test_a_tag_that_is_never_closed_is_text() -> None:
    assert runs("array<b> and c</i>") == (
        Run("array"),
        Run("<b>", Mark.PLACEHOLDER),
        Run(" and c"),
        Run("</i>", Mark.DIM),
    )


# Links


@pytest.mark.parametrize(
    ("target", "link"),
    [
        ("https://a.b/c?d=e#f", Link("https://a.b/c?d=e#f", LinkKind.OUTSIDE)),
        ("mailto:a@b.c", Link("mailto:a@b.c", LinkKind.OUTSIDE)),
        ("javascript:alert(1)", Link("javascript:alert(1)", LinkKind.OUTSIDE)),
        ("//a.b/c", Link("//a.b/c", LinkKind.OUTSIDE)),
        ("other.md", Link("other.md", LinkKind.FILE)),
        ("../a/b.md#part", Link("../a/b.md#part", LinkKind.FILE)),
        ("my%20file%231.md", Link("my file%231.md", LinkKind.FILE)),
        ("<my file.md>", Link("my file.md", LinkKind.FILE)),
        ("c:/x.md", Link("c:/x.md", LinkKind.FILE)),
        ("#a-part", Link("a-part", LinkKind.ANCHOR)),
        ("#%C3%BC", Link("ü", LinkKind.ANCHOR)),
        ("a%0A%1B.md", Link("a␊␛.md", LinkKind.FILE)),
    ],
)
def test_targets(target: str, link: Link) -> None:
    assert runs(f"see [it]({target})") == (Run("see "), Run("it", link=link))


@pytest.mark.parametrize("text", ["[it]()", "[it](#)", "<a>it</a>"])
def test_a_target_that_leads_nowhere_is_none(text: str) -> None:
    assert runs(text) == (Run("it"),)


def test_a_link_without_a_text_shows_where_it_leads() -> None:
    assert runs("[](a.md)") == (Run("a.md", link=Link("a.md", LinkKind.FILE)),)


def test_references_are_found_before_and_behind_their_definition() -> None:
    found = blocks("[a][x] and [x]\n\n[x]: y.md 'title'\n\n[b][x]")
    assert [run.link for run in runs_of(found) if run.link] == [Link("y.md", LinkKind.FILE)] * 3


def test_links_in_html() -> None:
    assert runs('<a href="x.md?a=1&amp;b=2">see <b>it</b></a>') == (
        Run("see ", link=Link("x.md?a=1&b=2", LinkKind.FILE)),
        Run("it", Mark.STRONG, Link("x.md?a=1&b=2", LinkKind.FILE)),
    )


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("<tel:+123>", "tel:+123"),
        ("see https://a.b/c_d_e.", "https://a.b/c_d_e"),
        ("(https://a.b/c_(d))", "https://a.b/c_(d)"),
        ("<https://a.b>", "https://a.b"),
        ("https://a.b?x=1&amp;y=2, and", "https://a.b?x=1&y=2"),
        ("HTTP://a.b!", "HTTP://a.b"),
        ("**https://a.b/c**", "https://a.b/c"),
        ("mailto:a@b.de.", "mailto:a@b.de"),
    ],
)
def test_bare_addresses_are_links(text: str, address: str) -> None:
    assert links(text) == [(address, Link(address, LinkKind.OUTSIDE))]


@pytest.mark.parametrize(
    "text",
    ["see a.md", "www.a.b", "xhttps://a.b", "https://", "https:// a", "git+https://a.b", "https://<host>/x"],
)
def test_what_is_no_bare_address(text: str) -> None:
    assert links(text) == []
    assert shown(text) == text


def test_an_address_inside_a_link_is_its_text() -> None:
    assert links("[https://a.b](c.md)") == [("https://a.b", Link("c.md", LinkKind.FILE))]


def test_footnote_references() -> None:
    paragraph = blocks("a[^1] b[^2]\n\n[^1]: note")[0]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == (Run("a"), Run("[1]", link=Link("1", LinkKind.FOOTNOTE)), Run(" b[^2]"))


# Pictures and wikilinks


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("![a *b*](x/y.png)", "a b"),
        ("![](x/y.png)", "y.png"),
        ('![](x/y.png "A title")', "A title"),
        ('<img src="x/y.png" alt="a\nb">', "a b"),
        ('<img src="x/y.png">', "y.png"),
    ],
)
def test_a_picture_is_its_caption_and_its_address(text: str, caption: str) -> None:
    assert runs("see " + text) == (Run("see "), Run(caption, link=Link("x/y.png", LinkKind.FILE, is_embed=True)))


def test_a_picture_in_a_link_leads_where_the_link_leads() -> None:
    assert links("[![badge](b.svg)](https://ci)") == [("badge", Link("https://ci", LinkKind.OUTSIDE))]


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("[[Page]]", Run("Page", link=Link("Page", LinkKind.NAME))),
        ("[[A page|the label]]", Run("the label", link=Link("A page", LinkKind.NAME))),
        ("[[Page#Heading]]", Run("Page#Heading", link=Link("Page#Heading", LinkKind.NAME))),
        ("[[#A heading!]]", Run("A heading!", link=Link("a-heading", LinkKind.ANCHOR))),
        ("[[#Part#A heading!]]", Run("Part#A heading!", link=Link("a-heading", LinkKind.ANCHOR))),
        ("![[x/y.png|alt]]", Run("alt", link=Link("x/y.png", LinkKind.NAME, is_embed=True))),
        ("![[x/y.png|300x200]]", Run("y.png", link=Link("x/y.png", LinkKind.NAME, is_embed=True))),
        ("![[Page]]", Run("Page", link=Link("Page", LinkKind.NAME, is_embed=True))),
    ],
)
def test_wikilinks(text: str, run: Run) -> None:
    assert runs(f"see {text}.") == (Run("see "), run, Run("."))


def test_a_wikilink_stands_beside_words_without_spaces() -> None:
    assert links("参照[[Page]]を") == [("Page", Link("Page", LinkKind.NAME))]


@pytest.mark.parametrize(
    "text",
    ["if [[ -f x ]]; then", '[["a"], ["b"]]', "x[[1]]", "[[:alpha:]]", "[[$x]]", "[[]]", "[[a]](b", "a[[b]]"],
)
def test_what_is_no_wikilink(text: str) -> None:
    assert links(text) == []
    assert shown(text) == text


def test_nothing_is_a_link_in_code() -> None:
    assert runs("`[[a]] https://b.c [d](e) ![f](g)`") == (Run("[[a]] https://b.c [d](e) ![f](g)", Mark.CODE),)


def test_a_wikilink_in_a_table_may_escape_its_bar() -> None:
    table = only("| a |\n|---|\n| [[Page\\|label]] |", Table)
    assert table.rows == (((Run("label", link=Link("Page", LinkKind.NAME)),),),)


# Safety


@pytest.mark.parametrize(
    "text",
    [
        "&#x202e;a",
        "\x1b[2J",
        "&#27;]52;c;x&#7;",
        "`\x9b`",
        "[a](b&#x200b;c)",
        "[a](b%E2%80%AEc)",
        "![&#x202e;](a)",
        "[[a\u202eb|c\u200bd]]",
        '<img alt="&#x202e;" src="&#27;">',
        "<!-- \x07 -->",
    ],
)
def test_hidden_characters_are_visible(text: str) -> None:
    found: Inline = runs("a " + text)
    strings = [run.text for run in found] + [run.link.target for run in found if run.link]
    assert all(character.isprintable() for string in strings for character in string)
    assert any(sign in "".join(strings) for sign in "⟨␛␇\ufffd")


def test_an_entity_breaks_no_line() -> None:
    assert shown("a&#10;b") == "a b"
