"""The posts that come with kbtui: whole metadata, links that resolve, fences that say their language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kbtui.config import bundled_data
from kbtui.core.importing import ParsedPost
from kbtui.formats.parser import FileParser

POSTS = sorted((bundled_data() / "posts").glob("*.md"))
LINK = re.compile(r"\]\(([\w-]+\.md)(?:#[\w-]*)?\)")
FENCE = re.compile(r"^ *```(\S*)", re.MULTILINE)


def test_there_are_enough() -> None:
    assert len(POSTS) >= 40


@pytest.mark.parametrize("file", POSTS, ids=lambda file: file.stem)
def test_a_bundled_post_is_whole(file: Path) -> None:
    (parsed,) = FileParser().parse(file.name, file.read_bytes())
    assert isinstance(parsed, ParsedPost)
    assert parsed.warnings == ()
    post = parsed.post
    assert post.slug == file.stem
    assert post.extra == {}
    for name in ("topic", "summary", "brief", "stack", "tools", "tags", "language", "owner", "reference", "entities"):
        assert getattr(post, name), name
    assert len(post.outline) == 4
    assert post.difficulty in {"beginner", "intermediate", "advanced"}
    assert post.score.quality is not None
    assert post.revision.last_reviewed is not None
    assert len(post.checklist) >= 4
    assert post.body.lstrip().startswith(f"# {post.title}\n")
    names = {other.name for other in POSTS}
    assert {link for link in LINK.findall(post.body) if link not in names} == set()
    assert {slug for slug in post.similar if f"{slug}.md" not in names} == set()
    fences = FENCE.findall(post.body)
    assert len(fences) % 2 == 0
    assert all(fences[::2]), "every fence says its language"
