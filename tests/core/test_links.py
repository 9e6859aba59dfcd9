"""Links between posts: what is one, and which post it finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.links import (
    MOST_OWN_KEYS,
    FoundLink,
    link_keys,
    links_in,
    name_key,
    name_link,
    own_keys,
    path_link,
    resolve_path,
)
from tests.corpora import CORPORA
from tests.linear import Repeated, assert_linear


def targets(body: str) -> list[tuple[str, str]]:
    return [(link.kind, link.target) for link in links_in(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[a](b.md)", ("path", "b.md")),
        ("[a](../b%20c.md#how-to)", ("path", "../b c.md")),
        ("[a](<b c.md> 'title')", ("path", "b c.md")),
        ('[a](b.md "title")', ("path", "b.md")),
        ("[a]( b_(x).md )", ("path", "b_(x).md")),
        (r"[a](b\_c.md)", ("path", "b_c.md")),
        ("[`kubectl`](b.md)", ("path", "b.md")),
        ("[![picture](c.png)](b.md)", ("path", "b.md")),
        ("[a](/docs/b?plain=1)", ("path", "/docs/b")),
        ("see [a][1]\n\n[1]: b.md 'title'\n", ("path", "b.md")),
        ("> - [a](b.md)", ("path", "b.md")),
        ("[[Page]]", ("name", "Page")),
        ("![[Page#Heading|label]]", ("name", "Page")),
        ("| [[Page\\|label]] |", ("name", "Page")),
        ("[[Folder/Page#^block]]", ("name", "Folder/Page")),
        ("[[../Page]]", ("path", "../Page")),
        ("text ``` text [a](b.md) ``` text", None),
        ("`a` [a](b.md) `c`", ("path", "b.md")),
        ("a \\` [a](b.md) `c`", ("path", "b.md")),
        ("a ` b\n\n[a](b.md) ` c", ("path", "b.md")),
        ("```\ncode\n```\n[a](b.md)\n```\ncode\n```", ("path", "b.md")),
        ("````\n```\n[a](b.md)\n````", None),
        ("~~~ sh\n[a](b.md)", None),
        ("- ```\n  [a](b.md)\n  ```", None),
        ("> ```\n> [[Page]]\n> ```", None),
        ("1.  Run it:\n\n        gcloud --format='csv[no-heading](id,type)' [[a]]", None),
        ("<pre>\n[a](b.md)\n</pre>", None),
        ("<details>\n[a](b.md)\n</details>", ("path", "b.md")),
        ("<pre>```\n[[Page]]\n```</pre>\n\n[a](b.md)", ("path", "b.md")),
        ("`[[Page]]`", None),
        ("``[a](b.md) ` ``", None),
        ("<!-- [a](b.md) -->", None),
        (r"\[a\](b.md) \[[Page]]", None),
        ("[a](https://b.c/d.md) [e](//f/g) [h](mailto:i) [j](#k) [[#l]] [m]()", None),
        ("![a](b.png) [a](c.svg) ![[d.png]]", None),
        ("[^1]: footnote\n[//]: # comment", None),
        ("{{[-f|--follow]}} if [ -f x ]; then", None),
    ],
)
def test_what_is_a_link(body: str, expected: tuple[str, str] | None) -> None:
    assert targets(body) == ([expected] if expected else [])


def test_links_come_once_and_in_order() -> None:
    body = "[[b]] [a](a.md) [[b|again]] [x][x]\n\n[x]: c.md\n"
    assert targets(body) == [("name", "b"), ("path", "a.md"), ("path", "c.md")]


def test_anchors_are_kept() -> None:
    assert path_link("b.md#how%20to") == FoundLink("path", "b.md", "how to")
    assert path_link("b.md/#x") == FoundLink("path", "b.md/", "x")
    assert name_link("Page#Heading") == FoundLink("name", "Page", "Heading")


@pytest.mark.parametrize(
    ("from_path", "target", "expected"),
    [
        ("a/b/c.md", "d.md", "a/b/d.md"),
        ("a/b/c.md", "./d.md", "a/b/d.md"),
        ("a/b/c.md", "../d.md", "a/d.md"),
        ("a/b/c.md", "../../../../d.md", "d.md"),
        ("a/b/c.md", "/d/e.md", "d/e.md"),
        ("a/b/c.md", "..", "a"),
        ("c.md", "./", ""),
        ("c.md", "a//b/./c/", "a/b/c"),
    ],
)
def test_a_path_is_resolved_against_the_linking_post(from_path: str, target: str, expected: str) -> None:
    assert resolve_path(from_path, target) == expected


@given(st.text("ab./"), st.text("ab./"))
def test_a_resolved_path_stays_below_the_root(from_path: str, target: str) -> None:
    parts = resolve_path(from_path, target).split("/")
    assert parts == [""] or not {"", ".", ".."} & set(parts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Disk  Full", "disk full"),
        ("disk-full", "Disk Full"),
        ("disk_full.md", "Disk Full"),
        ("Cafe\u0301", "CAFÉ"),
        ("/Folder / Page/", "folder/page"),
        ("STRASSE", "straße"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("a/b", "a b"), ("--", "-"), ("a", "á")])
def test_names_that_differ(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text())
def test_the_key_of_a_key_is_itself(name: str) -> None:
    key = name_key(name)
    if not key.endswith(".md"):
        assert name_key(key) == key


def finds(link: str, path: str, *, source_path: str = "a/from.md", title: str = "T", slug: str = "s") -> bool:
    return not set(link_keys(source_path, link)).isdisjoint(own_keys(path, title, ("An alias",), slug))


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("[x](to.md)", "a/to.md"),
        ("[x](to)", "a/to.md"),
        ("[x](to.html)", "a/to.md"),
        ("[x](To.MD)", "a/to.md"),
        ("[x](to.md/#anchor)", "a/to.md"),
        ("[x](to/)", "a/to/index.md"),
        ("[x](to/README.md)", "a/to/README.md"),
        ("[x](../to)", "to/README.md"),
        ("[x](../)", "README.md"),
        ("[x](/b/to)", "b/to.md"),
        ("[x](/b/to)", "docs/b/to.md"),
        ("[x](notes.txt)", "a/notes.txt"),
        ("[[to]]", "b/c/to.md"),
        ("[[c/to]]", "b/c/to.md"),
        ("[[b/c/d/e/to.md]]", "b/c/d/e/to.md"),
        ("[[to]]", "b/to/index.md"),
        ("[[b/to/index]]", "b/to/index.md"),
        ("[[t]]", "x.md"),
        ("[[S]]", "x.md"),
        ("[[an alias]]", "x.md"),
        ("[[an-alias]]", "x.jsonl#3"),
    ],
)
def test_a_link_that_finds(link: str, path: str) -> None:
    assert finds(link, path)


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("[x](to.md)", "to.md"),
        ("[x](to.md)", "b/to.md"),
        ("[x](/to.md)", "a/other.md"),
        ("[[b/to]]", "c/to.md"),
        ("[[o]]", "c/to.md"),
        ("[[other alias]]", "c/to.md"),
    ],
)
def test_a_link_that_does_not_find(link: str, path: str) -> None:
    assert not finds(link, path)


@given(st.text(), st.text(), st.lists(st.text()), st.text())
def test_a_post_has_few_keys_each_once(path: str, title: str, aliases: list[str], slug: str) -> None:
    keys = own_keys(path, title, aliases, slug)
    assert len(keys) == len(set(keys)) <= MOST_OWN_KEYS
    assert all(key for _, key in keys)


NAME = st.text(st.characters(exclude_characters="[]|#\\:\n\r/.`<>'\"$", exclude_categories=["Cs"]))


@given(st.lists(NAME, min_size=1))
def test_every_name_that_can_be_written_in_a_wikilink_finds(parts: list[str]) -> None:
    name = "/".join(part.strip() for part in parts).strip("/ ")[:200]
    if name_key(name) and name_link(name):
        assert finds(f"[[{name}|label]]", "x.md", title=name)


@given(st.text("[]()<>!#|`~\\\n ab./\"'-:^"))
def test_any_text_has_links_that_can_be_resolved(body: str) -> None:
    for kind, key in link_keys("a/b.md", body):
        assert kind in ("path", "name")
        assert key


@pytest.mark.parametrize(
    "text",
    [
        *map(Repeated, ["[[a", "](", "](a(", "[a]: b 'c\n", "](x)`\n`` ", "> ```\n](x)"]),
        *(Repeated(piece, before="](x)") for piece in ("<!-- ", "~~~ ", "[a", "`", "> ")),
    ],
    ids=str,
)
def test_hostile_text_takes_time_in_proportion(text: Repeated) -> None:
    assert_linear(links_in, text, 10_000)


def pages(root: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(root.rglob("*.md")):
        yield file.relative_to(root).as_posix(), file.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize(
    ("name", "least", "share"),
    [("openshift-runbooks", 70, 1), ("pagerduty-incident-response", 120, 0.97), ("obsidian-help", 1000, 0.98)],
)
def test_links_of_real_pages_find(name: str, least: int, share: float) -> None:
    found = dict(pages(CORPORA / name))
    if not found:
        pytest.skip("the corpus is not here")
    own = {key for path in found for key in own_keys(path, "", (), "")}
    asked = [key in own for path, text in found.items() for key in link_keys(path, text)]
    assert len(asked) >= least
    assert sum(asked) / len(asked) >= share
