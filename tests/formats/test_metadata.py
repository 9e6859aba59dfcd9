"""Foreign metadata onto fields: dialects, what stays in `extra`, and that nothing is lost or raises."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.post import Entity, Image, Post, Revision, Score
from kbtui.formats.metadata import fill
from kbtui.formats.values import as_date


def filled(**metadata: Any) -> Post:
    return fill(Post(title="old"), metadata)


def test_the_labels_of_the_first_article() -> None:
    post = fill(
        Post(title="t"),
        {
            "topic": "caches / redis",
            "ai outline": {"context": "a team", "recommended action": "measure"},
            "ai brief": "short",
            "stack": ["redis", "backend"],
            "tools": "redis-cli, sentinel",
            "code language": "bash",
            "difficulty": "advanced",
            "reading time": "15",
            "view count": "276,748",
            "score": {"quality": "97", "freshness": 81, "depth": "91", "clarity": 95},
            "revision": {"status": "expanded", "version": "1.9.5", "last reviewed": "2017-03-07"},
            "reference": "anp-ref-1",
            "hash": "0db96e",
            "flags": {"ai generated style": "1", "has images": 0, "needs human review": "yes"},
            "checklist": ["one", "two"],
            "entities": [{"name": "redis", "type": "stack"}, "sentinel"],
            "image sources": [{"source": "s", "url": "https://x", "caption": "c"}, "https://y"],
            "payload": {"source id": "a-1", "seed": 15981},
            "notes": "a note",
            "similar posts": ["other"],
        },
    )
    assert post == Post(
        title="t",
        topic="caches / redis",
        outline=(("context", "a team"), ("recommended action", "measure")),
        brief="short",
        stack=("redis", "backend"),
        tools=("redis-cli", "sentinel"),
        language="bash",
        difficulty="advanced",
        reading_minutes=15,
        views=276_748,
        score=Score(97, 81, 91, 95),
        revision=Revision("expanded", "1.9.5", date(2017, 3, 7)),
        reference="anp-ref-1",
        source_hash="0db96e",
        flags={"ai_generated_style": True, "has_images": False, "needs_human_review": True},
        checklist=("one", "two"),
        entities=(Entity("redis", "stack"), Entity("sentinel")),
        images=(Image("s", "https://x", "c"), Image(url="https://y")),
        payload={"source id": "a-1", "seed": 15981},
        notes=("a note",),
        similar=("other",),
    )


@pytest.mark.parametrize("key", ["last_reviewed", "Last Reviewed", "last-reviewed", "lastReviewed", "LAST_REVIEWED"])
def test_keys_are_compared_without_case_and_separators(key: str) -> None:
    post = filled(**{key: "2020-01-02"})
    assert post.revision.last_reviewed == date(2020, 1, 2)
    assert post.extra == {}


@pytest.mark.parametrize(
    ("metadata", "tags"),
    [
        ({"tags": ["a", "b", "a"]}, ("a", "b")),
        ({"tags": "Data Science, BigQuery"}, ("Data Science", "BigQuery")),
        ({"tags": "archived"}, ("archived",)),
        ({"tags": [2024, 1.5, True]}, ("2024", "1.5", "true")),
        ({"tags": None}, ()),
        ({"tags": ["a"], "keywords": "b, c", "categories": ["a", "d"]}, ("a", "b", "c", "d")),
    ],
)
def test_tags(metadata: dict[str, Any], tags: tuple[str, ...]) -> None:
    post = filled(**metadata)
    assert post.tags == tags
    assert post.extra == {}


@pytest.mark.parametrize(
    ("value", "aliases"), [(["x, y", "z"], ("x, y", "z")), (None, ()), ("File formats", ("File formats",))]
)
def test_aliases(value: Any, aliases: tuple[str, ...]) -> None:
    assert filled(aliases=value).aliases == aliases


def test_first_of_several_keys_wins_and_the_others_stay() -> None:
    post = filled(description="d", summary="s", created="2019-01-01", date="soon", published="2020-01-01")
    assert post.summary == "s"
    assert post.published == date(2020, 1, 1)
    assert post.extra == {"description": "d", "created": "2019-01-01", "date": "soon"}
    assert filled(summary="", description="d").summary == "d"
    assert filled(date="soon", created="2019-01-01").published == date(2019, 1, 1)


def test_what_does_not_fit_its_field_stays_as_it_came() -> None:
    metadata = {
        "title": ["no", "title"],
        "date": "next week",
        "score": "high",
        "view count": "many",
        "reading_time": -3,
        "published": True,
        "owner": ["a", "b"],
        "flags": "yes",
        "payload": "text",
        "checklist": {"a": "b"},
        "author": "jane",
        "image": "hero.png",
        "custom": {"deep": [1, None, 2.5]},
    }
    post = filled(**metadata)
    assert post.title == "old"
    assert post.extra == metadata


def test_what_fits_of_an_object_is_taken_and_the_rest_stays() -> None:
    post = filled(
        score={"quality": 90, "depth": "deep", "seo": 5},
        revision={"status": "draft", "by": "me", "last reviewed": "yesterday"},
        flags={"has images": "1", "mood": "good"},
        entities=[{"name": "a", "type": "b", "weight": 3}, 7, {"x": "y"}],
    )
    assert post.score == Score(quality=90)
    assert post.revision == Revision("draft")
    assert post.flags == {"has_images": True}
    assert post.entities == (Entity("a", "b"), Entity("7"))
    assert post.extra == {
        "score": {"depth": "deep", "seo": 5},
        "revision": {"by": "me", "last reviewed": "yesterday"},
        "flags": {"mood": "good"},
        "entities": [{"name": "a", "type": "b", "weight": 3}, {"x": "y"}],
    }


def test_state_of_the_text_from_other_dialects() -> None:
    assert filled(lastmod="2021-05-06T10:00:00Z", version="1.10").revision == Revision("", "1.10", date(2021, 5, 6))
    assert filled(draft="true").revision.status == "draft"
    assert filled(draft=True, status="final").revision.status == "final"
    assert filled(draft=True, status="final").extra == {"draft": True}
    assert filled(draft=False).revision.status == ""


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"language": "sql"}, "sql"),
        ({"lang": "go"}, "go"),
        ({"language": "ts"}, "ts"),
        ({"code_language": "cs"}, "cs"),
        ({"language": "en"}, ""),
        ({"lang": "pt-BR"}, ""),
        ({"language": "Deutsch"}, ""),
        ({"code language": "python", "lang": "en"}, "python"),
    ],
)
def test_human_and_programming_languages(metadata: dict[str, Any], language: str) -> None:
    post = filled(**metadata)
    assert post.language == language
    assert post.language or post.extra == metadata


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2017-03-07", date(2017, 3, 7)),
        ("2017-3-7", date(2017, 3, 7)),
        ("2017-03-07T23:30:00-05:00", date(2017, 3, 7)),
        ("2017-03-07 10:00:00", date(2017, 3, 7)),
        ("2017/03/07", date(2017, 3, 7)),
        ("7 March 2017", date(2017, 3, 7)),
        ("March 7, 2017", date(2017, 3, 7)),
        ("Tue, 07 Mar 2017 10:00:00 GMT", date(2017, 3, 7)),
        ("1.9.14", None),
        ("12", None),
        ("2019", None),
        ("March 2019", None),
        ("7 March", None),
        ("03/04/2019", None),
        ("2017-02-30", None),
        ("1066-10-14", None),
        ("2517-01-01", None),
        ("2017-03-07 to 2017-04-01", None),
        ("may the force be with 2019", None),
        ("", None),
        ("1 jan 2019 " * 50, None),
    ],
)
def test_dates_are_read_with_care(text: str, day: date | None) -> None:
    assert as_date(text) == day


def test_titles_are_one_line_and_may_be_long() -> None:
    assert filled(title="  a\nb\t c ").title == "a b c"
    assert len(filled(title="x" * 2_000).title) == 2_000
    assert filled(title="  ").title == "old"
    assert filled(title=1.5).title == "1.5"


def test_slug_is_made_one_and_the_wish_is_kept() -> None:
    assert filled(slug="my-post").slug == "my-post"
    assert filled(slug="my-post").extra == {}
    assert filled(slug="My Post!").slug == "my-post"
    assert filled(slug="My Post!").extra == {"slug": "My Post!"}


def test_open_and_nested_extra_do_not_hide_each_other() -> None:
    assert filled(a=1, extra={"a": 2, "b": 3}).extra == {"a": 2, "b": 3, "a_": 1}


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


KEYS = st.sampled_from(
    [
        "title",
        "slug",
        "tags",
        "keywords",
        "aliases",
        "topic",
        "summary",
        "description",
        "brief",
        "outline",
        "stack",
        "tools",
        "language",
        "lang",
        "difficulty",
        "reading_time",
        "views",
        "score",
        "revision",
        "status",
        "version",
        "draft",
        "lastmod",
        "reference",
        "hash",
        "owner",
        "flags",
        "needs_human_review",
        "checklist",
        "entities",
        "images",
        "payload",
        "notes",
        "similar",
        "published",
        "date",
        "extra",
        "source",
        "path",
        "anything",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS | st.sampled_from(["name", "type", "url", "quality"]) | st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(KEYS | st.text(max_size=5), VALUES, max_size=5))
def test_anything_gives_a_post_that_can_be_stored(metadata: dict[str, Any]) -> None:
    post = fill(Post(title="old"), metadata)
    json.dumps(dict(post.extra))
    assert post.title
    assert all(isinstance(tag, str) and tag for tag in (*post.tags, *post.aliases, *post.checklist, *post.notes))


@given(st.dictionaries(st.sampled_from(["custom", "weather", "permalink"]), VALUES, max_size=3))
def test_unknown_keys_are_kept_unchanged(metadata: dict[str, Any]) -> None:
    extra = fill(Post(title="old"), metadata).extra
    assert extra.keys() == metadata.keys()
    assert len(leaves(dict(extra))) == len(leaves(metadata))
