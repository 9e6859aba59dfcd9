"""The metadata box, the badges and the printed page."""

from __future__ import annotations

from datetime import date

import pytest

from kbtui.cli import output
from kbtui.cli.page import rendered
from kbtui.core.post import Entity, Image, Post, Revision, Score
from kbtui.core.text import is_line_safe
from kbtui.markdown import parser
from kbtui.metadata_box import metadata_lines

LONG = "kubectl get pods --all-namespaces -o wide --sort-by=.metadata.creationTimestamp --context production"


def printed(body: str, *, width: int = 60, coloured: bool = False, **fields: object) -> str:
    post = Post(title="A title", body=body, **fields)  # type: ignore[arg-type]
    return output.to_text(rendered(post, width), width, coloured=coloured)


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
        "nested": ('deep: {"er": [1]}',),
    }
    assert list(lines)[:2] == ["topic", "outline"]


def test_the_box_is_safe_to_show() -> None:
    post = Post(title="t", topic="a\x1b[2Jb\nc", extra={"\x1b]52;c;x\x07": {"k\u202e": "\x9b31m"}})
    for line in metadata_lines(post):
        assert all(map(is_line_safe, (line.label, *line.values)))


def test_what_looks_like_html_keeps_its_text() -> None:
    assert "ssh user@<host> <b>x</b> <script>" in printed("ssh user@<host> <b>x</b> <script>")
    assert parser().render("see www.example.com") == "<p>see www.example.com</p>\n"


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


@pytest.mark.parametrize("body", ["> " * 3000 + "x", "- " * 3000 + "x", "[" * 5000, "*" * 5000, "`" * 5000, ""])
def test_pathological_markdown_is_printed(body: str) -> None:
    assert printed(body).startswith("A title\n")


def test_the_title_stands_once() -> None:
    assert printed("# A title\n\ntext").count("A title") == 1
    assert printed("# Another\n\ntext").count("A title") == 1
