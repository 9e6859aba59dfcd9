"""The shape of a post's metadata."""

from __future__ import annotations

from datetime import date

from hypothesis import given

from kbtui.core.freshness import GoodRun
from kbtui.core.post import Image, Post, Revision, Score
from kbtui.core.text import is_line_safe
from kbtui.metadata_box import DEEPEST, MetadataLine, metadata_lines
from tests.factories import json_values, posts


def lines_of(post: Post) -> dict[str, MetadataLine]:
    return {line.label: line for line in metadata_lines(post)}


def shape(line: MetadataLine) -> list[str]:
    """The values, two spaces before each for every step that it is nested."""
    return ["  " * item.depth + item.text for item in line.items]


def test_what_is_nested_stands_deeper() -> None:
    team = {
        "leads": ["Ann", "Bo"],
        "phones": [{"name": "desk", "number": 112}, {"name": "home"}],
        "none": None,
        "no": [],
    }
    assert shape(lines_of(Post(title="t", extra={"team": team}))["team"]) == [
        "leads:",
        "  Ann",
        "  Bo",
        "phones:",
        "  name: desk",
        "    number: 112",
        "  name: home",
    ]


def test_an_image_is_a_caption_and_below_it_where_it_is() -> None:
    post = Post(title="t", images=(Image("unsplash", "https://x", "a graph"), Image(url="https://y")))
    assert shape(lines_of(post)["image sources"]) == ["a graph", "  unsplash", "  https://x", "https://y"]
    assert lines_of(post)["image sources"].values == ("a graph, unsplash, https://x", "https://y")


def test_scores_and_flags_know_their_figures() -> None:
    lines = lines_of(Post(title="t", score=Score(97, None, 0), flags={"has_images": True, "x": False}))
    assert [(item.text, item.score) for item in lines["score"].items] == [("quality: 97", 97), ("depth: 0", 0)]
    assert [(item.text, item.flag) for item in lines["flags"].items] == [("has images: yes", True), ("x: no", False)]


def test_a_run_that_says_since_when_the_post_is_good_is_told() -> None:
    run, reviewed = GoodRun(date(2026, 11, 3), "a\x1b[2Jna"), Revision("", "", date(2026, 2, 1))
    (value,) = lines_of(Post(title="t", revision=reviewed, good_run=run))["known good"].values
    assert value.startswith("run finished 2026-11-03 by a")
    assert "known good" not in lines_of(Post(title="t", revision=reviewed))


def test_what_is_nested_too_deep_stands_on_one_line() -> None:
    value: object = "end"
    for _ in range(100):
        value = [value]
    (item,) = lines_of(Post(title="t", extra={"deep": value}))["deep"].items
    assert "end" in item.text
    value = "end"
    for _ in range(100):
        value = {"a": value}
    assert max(item.depth for item in lines_of(Post(title="t", extra={"deep": value}))["deep"].items) == DEEPEST


@given(posts())
def test_any_metadata_is_safe_to_show(post: Post) -> None:
    for line in metadata_lines(post):
        assert line.values
        assert is_line_safe(line.label)
        for item in line.items:
            assert item.text and is_line_safe(item.text)


@given(json_values())
def test_no_value_is_lost(value: object) -> None:
    line = lines_of(Post(title="t", extra={"any": value})).get("any")
    text = "" if line is None else " ".join(item.text for item in line.items)
    for leaf in _leaves(value):
        assert str(leaf) in text


def _leaves(value: object) -> list[int]:
    """The numbers in a value, which nothing about showing it changes."""
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in _leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in _leaves(inner)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []
