"""Markdown files and cheat sheets."""

from __future__ import annotations

from datetime import date

import pytest

from kbtui.core.importing import ParsedPost
from kbtui.core.post import Post
from kbtui.formats.parser import FileParser
from tests.linear import Repeated, assert_linear


def parsed(text: str, path: str = "page.md") -> ParsedPost:
    (found,) = FileParser().parse(path, text.encode())
    assert isinstance(found, ParsedPost)
    return found


def post(text: str, path: str = "page.md") -> Post:
    return parsed(text, path).post


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# One\n", "One"),
        ("\n\n  # One ##\ntext", "One"),
        ("One\n===\n", "One"),
        ("text\n\n# Later\n", "Later"),
        ("# **Bold** `code` and [a link](https://x) ![pic](y.png) <b>x</b>\n", "Bold code and a link pic x"),
        ("# E[x]tract \\*all\\* &amp; go {#anchor}\n", "E[x]tract *all* & go"),
        ("```\n# no\n```\n\n# Yes\n", "Yes"),
        ("    # code\n\n# Yes\n", "Yes"),
        ("<!--\n# no\n-->\n\n# Yes\n", "Yes"),
        ("> # quoted\n\n# Yes\n", "Yes"),
        ("## Two first\n\ntext\n", "page"),
        ("#no heading\n", "page"),
        ("# ![](x.png)\n\n# Second\n", "Second"),
        ("# [[\n", "[["),
        ("text\n", "page"),
        ("---\ntitle: Front\n---\n# Body\n", "Front"),
        ("---\ntitle:\n---\n# Body\n", "Body"),
        ("---\ntitle: 1.10\n---\n", "1.10"),
        ("# " + "x" * 2000 + "\n", "x" * 2000),
        ("# " + "x" * 9000 + "\n", "page"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert post(text).title == title


@pytest.mark.parametrize(
    ("path", "title", "slug"),
    [
        ("a/post_mortem-template.md", "post mortem template", "post-mortem-template"),
        ("KubePodCrashLooping.md", "KubePodCrashLooping", "kubepodcrashlooping"),
        ("en/Basic formatting - syntax.md", "Basic formatting - syntax", "basic-formatting-syntax"),
        ("archived/using-vpn/index.md", "using vpn", "using-vpn"),
        ("a/テンプレート/README.md", "テンプレート", "テンプレート"),
        ("a/b/_index.md", "b", "b"),
        ("README.md", "README", "readme"),
        ("common/..md", ".", "full-stop"),
        ("common/[[.md", "[[", "left-square-bracket-left-square-bracket"),
        ("common/-.md", "-", "hyphen-minus"),
        ("v1.9.14.md", "v1.9.14", "v1-9-14"),
    ],
)
def test_title_and_slug_from_the_name(path: str, title: str, slug: str) -> None:
    found = post("text\n", path)
    assert (found.title, found.slug, found.path) == (title, slug, path)


def test_front_matter_is_not_part_of_the_body_and_the_body_is_kept() -> None:
    body = "\n# T  \n\ttab \\ `x` <b>\n\n\n---\nnot front matter\n---\n   "
    found = parsed("---\ntags: [a]\ndate: 2020-01-02\nslug: wish\n---\n" + body)
    assert found.post.body == body
    assert found.post.tags == ("a",)
    assert found.post.published == date(2020, 1, 2)
    assert found.post.slug == "wish"
    assert found.warnings == ()


def test_broken_front_matter_costs_nothing_but_a_warning() -> None:
    text = "---\ntitle: a: b\n---\n# Real\n"
    found = parsed(text)
    assert found.post.title == "Real"
    assert found.post.body == text
    assert "line 2" in found.warnings[0]


def test_task_lists_become_the_checklist() -> None:
    body = (
        "# T\n\n- [ ] check **this** `cmd --x`\n- [x] done\n  - [X] nested\n- plain\n- [?] custom\n\n"
        "1. [ ] numbered\n2. no\n\n> - [ ] quoted\n\n```\n- [ ] in code\n```\n\n    - [ ] in code too\n\n"
        "[[_TOC_]]\n\n[1]: https://x\n\n* [ ]\n* [ ]tight\n+ [ ] over\n  two lines\n"
    )
    tasks = ("check this cmd --x", "done", "nested", "numbered", "quoted", "over two lines")
    assert post(body).checklist == tasks
    assert post("---\nchecklist: [given]\n---\n" + body).checklist == ("given",)
    assert post("---\nchecklist: []\n---\n" + body).checklist == ()


def test_cheat_sheet_is_code_under_its_name() -> None:
    found = post("---\nsyntax: bash\ntags: [ compression ]\n---\n# To extract:\ntar -xf a.tar\n", "apt-get")
    assert found.title == "apt-get"
    assert found.slug == "apt-get"
    assert found.tags == ("compression",)
    assert found.language == "bash"
    assert found.body == "```bash\n# To extract:\ntar -xf a.tar\n```\n"
    assert found.extra == {"syntax": "bash"}


def test_cheat_sheet_with_fences_of_its_own() -> None:
    found = post("# x\n```\ny\n```\n", "markdown")
    assert found.body == "````sh\n# x\n```\ny\n```\n````\n"
    assert found.language == ""


@pytest.mark.parametrize(
    ("text_of", "size"),
    [
        (Repeated("> ", after="# x\n- [ ] y"), 5_000),
        (Repeated("- ", after="\n- [ ] y\n# x"), 5_000),
        (Repeated("[", before="x\n", after="\n===\n- [ ] y"), 6_000),
        (Repeated("*a_", before="# "), 500),
        (Repeated("`", before="- [ ] ", after="\n# x"), 2_500),
        (Repeated("x", before="a\n# b\n"), 400_000),
        (Repeated("- [ ] task\n"), 8_000),
        (Repeated("<a ", after="\n# x\n- [ ] y"), 7_500),
        (Repeated(" ", before="# a", after="b"), 50_000),
        (Repeated("#", before="# a ", after=" b\n# c"), 50_000),
        (Repeated(" ", before="---\na"), 50_000),
        (Repeated("\n---x", before="---\na:"), 250_000),
        (Repeated(" \n", after="x\n# y\n- [ ] z"), 100_000),
        (Repeated("\n", after="x\n# y"), 62_500),
    ],
    ids=str,
)
def test_hostile_pages_are_quick(text_of: Repeated, size: int) -> None:
    assert_linear(lambda text: post(text).title, text_of, size)
