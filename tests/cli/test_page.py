"""The metadata box, the badges and the printed page."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.cli import output
from kbtui.cli.page import rendered
from kbtui.cli.plain_page import plain_page
from kbtui.core.badges import Badge
from kbtui.core.post import Entity, Image, Post, Revision, Score
from kbtui.core.text import is_line_safe
from kbtui.metadata_box import metadata_lines

LONG = "kubectl get pods --all-namespaces -o wide --sort-by=.metadata.creationTimestamp --context production"


def printed(body: str, *, width: int = 60, coloured: bool = False, **fields: object) -> str:
    post = Post(title="A title", body=body, **fields)  # type: ignore[arg-type]
    return output.to_text(rendered(post, width), width, coloured=coloured)


def read_aloud(body: str, *, width: int = 60, **fields: object) -> str:
    """The linear page without title and metadata."""
    post = Post(title="A title", body=body, **fields)  # type: ignore[arg-type]
    head, _, text = plain_page(post, width).partition("reading time: 1 min\n\n")
    assert head == "# A title\n\n"
    return text


def test_the_box_has_every_field_that_has_a_value_in_the_first_articles_order() -> None:
    post = Post(
        title="t",
        topic="queries",
        outline=(("context", "a team"),),
        tools=("git", "ruff"),
        views=276748,
        score=Score(97, None, 91, 0),
        revision=Revision("expanded", "1.9.5", date(2017, 3, 7)),
        flags={"image_heavy": False, "has_images": True},
        entities=(Entity("python", "area"), Entity("plain")),
        images=(Image("unsplash", "https://x", "caption"),),
        payload={"seed": 15981},
        extra={"author name": ["a", 1], "nested": {"deep": {"er": [1]}}, "none": None},
    )
    lines = {line.label: line.values for line in metadata_lines(post)}
    assert lines == {
        "topic": ("queries",),
        "outline": ("context: a team",),
        "tools": ("git", "ruff"),
        "reading time": ("1 min",),
        "view count": ("276748",),
        "score": ("quality: 97", "depth: 91", "clarity: 0"),
        "revision": ("status: expanded", "version: 1.9.5", "last reviewed: 2017-03-07"),
        "flags": ("image heavy: no", "has images: yes"),
        "entities": ("python (area)", "plain"),
        "image sources": ("caption, unsplash, https://x",),
        "payload": ("seed: 15981",),
        "author name": ("a", "1"),
        "nested": ("deep: er: 1",),
    }
    assert list(lines)[:2] == ["topic", "outline"]


def test_the_box_is_safe_to_show() -> None:
    post = Post(title="t", topic="a\x1b[2Jb\nc", extra={"\x1b]52;c;x\x07": {"k\u202e": "\x9b31m"}})
    for line in metadata_lines(post):
        assert all(map(is_line_safe, (line.label, *line.values)))


def test_what_looks_like_html_keeps_its_text() -> None:
    assert "ssh user@<host> x <script>" in printed("ssh user@<host> <b>x</b> <script>")


@pytest.mark.parametrize("coloured", [False, True])
@pytest.mark.parametrize("frame", ["```sh\n{}\n```", "1. one\n\n   ```\n   {}\n   ```", "> ```\n> {}\n> ```", "    {}"])
def test_a_command_is_never_wrapped_or_cut(frame: str, coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert any(line.endswith(LONG) for line in printed(frame.format(LONG), coloured=coloured).splitlines())


def test_paths_and_addresses_in_prose_are_not_broken() -> None:
    path = "/var/lib/" + "long/" * 30
    assert path in printed(f"See {path} for it.", width=40).splitlines()


def test_prose_keeps_to_the_width() -> None:
    out = printed("word " * 100 + "\n\n- " + "word " * 100 + "\n\n> " + "word " * 100, width=40)
    assert max(map(len, out.splitlines())) <= 40


def test_links_and_images_are_spelt_out() -> None:
    out = printed("[a `b`](c.md) <https://d.e> ![alt](f.png)\n\n| x |\n|---|\n| [g](h) |\n", width=100)
    assert "a b (c.md) https://d.e [image: alt] (f.png)" in out
    assert "g (h)" in out


def test_nothing_unsafe_survives_parsing() -> None:
    hostile = "&#x202e;a&#x9b;b [c](x&#x200b;y) `d\x1b` ![e&#x202e;](f&#7;)\n\n```\x1b\n\x1b[2J\n```\n\n# h&#x1b;\n"
    assert all(map(is_line_safe, printed(hostile).split("\n")))
    assert "\x1b]8" not in printed(hostile, coloured=True)


def test_emoji_names_and_markup_are_text() -> None:
    assert ":warning: [bold]x[/bold]" in printed(":warning: [bold]x[/bold]")


@pytest.mark.parametrize(
    "body", ["> " * 3000 + "x", "- " * 3000 + "x", "[" * 5000, "*" * 5000, "`" * 5000, ""], ids=len
)
def test_pathological_markdown_is_printed(body: str) -> None:
    assert printed(body).startswith("A title\n")


def test_the_title_stands_once() -> None:
    assert printed("# A title\n\ntext").count("A title") == 1
    assert printed("# Another\n\ntext").count("A title") == 1


RICH_PAGE = """
> [!TIP] Careful
> text

| name | use |
|---|--:|
| [x](y.md) | **z** |
| `ls` | |

1. one

   ```sh
   ls \\
     -l
   ```

2. two

- [ ] open
- [x] done
  - deep

> quoted

term
: meaning

10<sup>6</sup> ~~old~~ [[Page|label]] [[Other]] ![[x.png]] note[^1]

[^1]: foot

***
"""


def test_the_linear_page_reads_from_top_to_bottom() -> None:
    assert read_aloud(RICH_PAGE, width=80) == (
        "Tip: Careful\n  text\n\n"
        "name: x (y.md)\nuse: z\n\nname: ls\n\n"
        "1. one\n\n       ls \\\n         -l\n\n2. two\n\n"
        "- [ ] open\n- [x] done\n  - deep\n\n"
        "Quote:\n  quoted\n\n"
        "term\n  meaning\n\n"
        "10^6 ~~old~~ label (Page) Other [image: x.png] (x.png) note[1]\n\n"
        "[1] foot\n\n---\n"
    )


def test_the_framed_page_has_all_of_it_too() -> None:
    out = printed(RICH_PAGE, width=80)
    for line in ("▌ Tip: Careful", " x (y.md)", " • [ ] open", "    • deep", "▌ quoted", "    meaning", "[1] foot"):
        assert any(shown.startswith(line) for shown in out.splitlines()), line
    assert "10^6 ~~old~~ label (Page) Other [image: x.png] (x.png) note[1]" in out


def test_the_linear_page_begins_with_title_warnings_and_metadata() -> None:
    post = Post(
        title="A *title*", tools=("git", "ruff"), topic="x", extra={"a": {"b": [1]}}, body="# A *title*\n\ntext"
    )
    assert plain_page(post, 60, badges=[Badge.DRAFT, Badge.STALE]) == (
        "# A *title*\nWarning: draft, stale\n\n"
        "topic: x\ntools: git, ruff\nreading time: 1 min\na:\n- b:\n  - 1\n\ntext\n"
    )


def test_the_linear_page_is_ascii_but_for_the_texts_own_characters() -> None:
    out = plain_page(Post(title="t", body=RICH_PAGE + "# a\n\n---\n\n# b\n\n## c\n"), 80, badges=list(Badge))
    assert out.isascii()
    assert "\n# a\n" in out
    assert "\n## c\n" in out


def test_the_linear_page_wraps_prose_and_no_commands_or_paths() -> None:
    path = "/var/lib/" + "long/" * 30
    out = read_aloud(f"{'word ' * 50}\n\n- {'word ' * 50}\n\n| h |\n|---|\n| {'word ' * 50} |\n", width=40)
    assert max(map(len, out.splitlines())) <= 40
    assert f"    {LONG}\n" in read_aloud(f"```\n{LONG}\n```\n", width=40)
    assert path in read_aloud(f"See {path} for it.", width=40).splitlines()


def test_nothing_unsafe_reaches_the_linear_page() -> None:
    hostile = "&#x202e;a&#x9b;b [c](x&#x200b;y) `d\x1b`\n\n```\x1b\n\x1b[2J\n```\n\n# h&#x1b;\n\n<!-- \x1b -->\n"
    post = Post(title="t\x1b", body=hostile, topic="\x1b[31m", extra={"\x07": "\u202e"})
    assert all(map(is_line_safe, plain_page(post, 60).split("\n")))


@given(st.text(), st.integers(40, 100))
def test_any_text_is_printed_both_ways(body: str, width: int) -> None:
    post = Post(title="t", body=body)
    for shown in (plain_page(post, width), output.to_text(rendered(post, width), width, coloured=False)):
        assert all(map(is_line_safe, shown.split("\n")))
