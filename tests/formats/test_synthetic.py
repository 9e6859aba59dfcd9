"""Generated posts: the same everywhere, all different, as large and as varied as real ones."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import pytest

from kbtui.core.importing import ParsedPost
from kbtui.core.post import Post, to_document
from kbtui.formats.export import to_markdown
from kbtui.formats.parser import FileParser
from kbtui.formats.synthetic import synthetic_posts


@pytest.fixture(scope="module")
def posts() -> list[Post]:
    return list(synthetic_posts(400, 1))


def test_a_post_depends_on_seed_and_place_alone(posts: list[Post]) -> None:
    assert list(synthetic_posts(30, 1)) == posts[:30]
    assert next(synthetic_posts(1, 2)) != posts[0]


def test_posts_are_the_same_in_every_version_of_python(posts: list[Post]) -> None:
    documents = json.dumps([to_document(post) for post in posts[:50]], sort_keys=True)
    assert (
        hashlib.sha256(documents.encode()).hexdigest()
        == "c2d1546e09476600cdebd2f5af98bf24fc4be18f058f8c266b6e1f1a23b8c80a"
    )


def test_every_field_has_a_value(posts: list[Post]) -> None:
    for post in posts:
        document = to_document(post)
        empty = {key for key, value in document.items() if value in (None, "", [], {})}
        assert empty <= {"source", "similar", "extra"}
        assert None not in document["score"].values()
        assert document["revision"]["last_reviewed"]
    assert any(post.similar for post in posts)
    assert any(post.needs_review for post in posts)
    assert not all(post.needs_review for post in posts)


def test_size_structure_and_variety(posts: list[Post]) -> None:
    assert all(5_000 <= len(post.body) <= 8_400 for post in posts)
    assert all("\n## " in post.body and "\n- [ ] " in post.body for post in posts)
    assert sum("\n```" in post.body for post in posts) > 350
    assert len({post.topic.partition(" / ")[0] for post in posts}) > 40
    assert len({post.stack[0] for post in posts}) == 20
    assert 80 <= len({tool for post in posts for tool in post.tools}) <= 110


def test_titles_are_all_different_also_in_a_large_set() -> None:
    from kbtui.formats import synthetic

    titles = {synthetic._subject(index, 5)[0] for index in range(100_000)}
    assert len(titles) == 100_000


def slope(frequencies: Sequence[int]) -> float:
    """The least-squares slope of log frequency over log rank."""
    points = [(math.log(rank), math.log(count)) for rank, count in enumerate(frequencies, start=1)]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    rise = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return rise / sum((x - mean_x) ** 2 for x, _ in points)


@pytest.mark.parametrize("word", [r"\w+", r"[\w./-]*\w"])
def test_words_follow_zipfs_law(posts: list[Post], word: str) -> None:
    counts = Counter(found for post in posts for found in re.findall(word, post.body.lower()))
    frequencies = [count for _, count in counts.most_common()]
    assert len(frequencies) > 8_000
    for most in (500, 5_000, len(frequencies)):
        assert -1.4 < slope(frequencies[:most]) < -0.7


def test_posts_survive_the_way_through_markdown(posts: list[Post]) -> None:
    for post in islice(posts, 0, 400, 25):
        (found,) = FileParser().parse(post.path, to_markdown(post).encode())
        assert isinstance(found, ParsedPost)
        assert found.post == post
        assert found.warnings == ()
