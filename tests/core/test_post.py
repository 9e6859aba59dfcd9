"""Posts: their JSON shape, their hash and their facets."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from kbtui.core.post import (
    FACET_VALUE_LENGTH,
    FACETS,
    Entity,
    Image,
    Post,
    Revision,
    Score,
    content_hash,
    facet_value,
    from_document,
    placed,
    to_document,
)
from tests.factories import a_post, full_post, posts, texts

OF_THE_LIBRARY = {"id", "saves", "good_run", "created_at", "updated_at"}


@given(posts())
def test_a_post_survives_json(post: Post) -> None:
    document = json.loads(json.dumps(to_document(post)))
    assert from_document(document) == post
    assert content_hash(document) == content_hash(to_document(post))


def test_a_document_has_every_key_of_an_empty_post() -> None:
    assert to_document(Post(title="x")).keys() == to_document(full_post()).keys()


def test_a_full_post_has_every_field_filled() -> None:
    plain = Post(title="")
    same = [f.name for f in fields(Post) if getattr(full_post(), f.name) == getattr(plain, f.name)]
    assert set(same) == OF_THE_LIBRARY


CHANGED: dict[str, Any] = {
    "outline": (("context", "a proxy"),),
    "reading_minutes": 8,
    "views": 121,
    "score": Score(80, 70, 60, 51),
    "revision": Revision("reviewed", "1.1", date(2026, 1, 2)),
    "flags": {"needs_human_review": True, "has_images": True},
    "entities": (Entity("NginxHighErrorRate", "stack"),),
    "images": (Image("disk", "a.png", "another"),),
    "payload": {"seed": 7, "nested": {"a": [1, 2.5, 0]}},
    "published": None,
    "extra": {"team": ["a", {"b": "d"}]},
}


@pytest.mark.parametrize("name", [f.name for f in fields(Post) if f.name not in OF_THE_LIBRARY])
def test_the_hash_feels_every_field(name: str) -> None:
    before = full_post()
    value = getattr(before, name)
    longer = value + " " if isinstance(value, str) else (*value, "more") if isinstance(value, tuple) else None
    other: Any = CHANGED.get(name, longer)
    after = replace(before, **{name: other})
    assert content_hash(to_document(after)) != content_hash(to_document(before))


def test_the_hash_is_of_the_content_not_of_the_order_of_keys() -> None:
    document = to_document(full_post())
    assert content_hash(dict(reversed(document.items()))) == content_hash(document)
    assert content_hash(to_document(replace(full_post(), id=9, saves=3))) == content_hash(document)


def test_the_hash_takes_lone_surrogates() -> None:
    assert content_hash(to_document(a_post(body="\ud800"))) != content_hash(to_document(a_post(body="?")))


@pytest.mark.parametrize("broken", [{}, {"score": None}, {**to_document(full_post()), "published": "soon"}])
def test_another_shape_is_no_post(broken: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_document(broken)


def test_facets_of_a_full_post() -> None:
    pairs = full_post().facets()
    assert {name for name, _ in pairs} == set(FACETS)
    assert ("tool", "kubectl") in pairs
    assert ("entity", "nginxhigherrorrate") in pairs
    assert ("status", "reviewed") in pairs


def test_facets_are_folded_and_counted_once() -> None:
    pairs = a_post(tools=("Redis", "redis ", " REDIS", "", "  ", "A\n B")).facets()
    assert [pair for pair in pairs if pair[0] == "tool"] == [("tool", "redis"), ("tool", "a b")]


@given(posts())
def test_facets_are_unique_filled_and_known(post: Post) -> None:
    pairs = post.facets()
    assert len(set(pairs)) == len(pairs)
    assert all(name in FACETS and value for name, value in pairs)


@given(texts(300, surrogates=True))
def test_a_facet_value_is_its_own_value(text: str) -> None:
    value = facet_value(text)
    assert len(value) <= FACET_VALUE_LENGTH
    assert facet_value(value) == value


def test_minutes_are_the_authors_or_estimated() -> None:
    assert a_post(reading_minutes=4).minutes == 4
    assert a_post(body="word " * 600).minutes == 3
    assert a_post().minutes == 1


def test_placed_changes_the_identity_alone() -> None:
    moved = placed(full_post(), slug="s", source="x", path="y.md")
    assert (moved.slug, moved.source, moved.path) == ("s", "x", "y.md")
    assert placed(moved, slug="nginx-502", source="runbooks", path="web/nginx-502.md") == full_post()
