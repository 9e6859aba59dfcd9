"""What the index is told of a post."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from kbtui.core.index_document import index_document
from kbtui.core.post import Post
from tests.factories import a_post, full_post, posts


def test_names_keywords_and_text() -> None:
    document = index_document(full_post(body="# Symptoms ##\n\ntext\n\n### Next steps\n"))
    assert document.names == ("NGINX answers 502", "Bad gateway", "nginx-502")
    assert {"web", "curl", "nginx", "http", "bash", "NginxHighErrorRate", "Symptoms ", "Next steps"} <= set(
        document.keywords
    )
    for part in ("What to do about a 502.", "Look upstream.", "a proxy", "restart", "a note", "Next steps"):
        assert part in document.text
    assert ("tool", "curl") in document.facets


@pytest.mark.parametrize(
    ("path", "name"), [("a/KubePodCrashLooping.md", "KubePodCrashLooping"), ("a/all.jsonl#3", "all"), ("tar", "")]
)
def test_the_name_of_the_file_is_a_name(path: str, name: str) -> None:
    names = index_document(a_post(title="T", slug="t", path=path)).names
    assert names == tuple(filter(None, ("T", "t", name)))


@given(posts())
def test_any_post_makes_a_document(post: Post) -> None:
    document = index_document(post)
    assert document.names[0] == post.title
    assert len(set(document.names)) == len(document.names)


@pytest.mark.parametrize(
    "line", ["# a" + " " * 100_000 + "b", "# a" + "#" * 100_000 + "b", "#" + " \t" * 50_000, "# " * 50_000]
)
def test_a_hostile_heading_takes_no_time(line: str) -> None:
    started = time.perf_counter()
    index_document(a_post(body=line))
    assert time.perf_counter() - started < 0.5
