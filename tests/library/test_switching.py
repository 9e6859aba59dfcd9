"""The quick switcher."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from kbtui.library import Library
from tests.factories import FixedClock, a_post, texts


@pytest.fixture
def filled(library: Library) -> Library:
    posts = [
        a_post(title="Redis memory", aliases=("OOM in cache",)),
        a_post(title="Redis memory and latency"),
        a_post(title="Memory of nginx"),
        a_post(title="Rotate disks", path="runbooks/0001.md"),
    ]
    library.importing.save(posts, "made")
    return library


def found(library: Library, text: str, limit: int = 50) -> list[str]:
    return [match.post.slug for match in library.switching.find(text, limit)]


def test_without_text_the_last_opened_come_first(filled: Library, clock: FixedClock) -> None:
    assert found(filled, "") == ["memory-of-nginx", "redis-memory", "redis-memory-and-latency", "rotate-disks"]
    for slug in ("redis-memory", "rotate-disks"):
        clock.forward(minutes=1)
        filled.posts.opened(filled.posts.get(slug))
    assert found(filled, " ") == ["rotate-disks", "redis-memory", "memory-of-nginx", "redis-memory-and-latency"]
    assert found(filled, "", 1) == ["rotate-disks"]


def test_the_nearest_name_comes_first_and_each_post_once(filled: Library) -> None:
    assert found(filled, "redis-mem") == ["redis-memory", "redis-memory-and-latency"]
    assert found(filled, "memory") == ["memory-of-nginx", "redis-memory", "redis-memory-and-latency"]
    assert found(filled, "mem red") == ["redis-memory", "redis-memory-and-latency"]
    assert found(filled, "rtdk") == ["rotate-disks"]
    assert found(filled, "zzz") == []
    assert found(filled, "memory", 2) == ["memory-of-nginx", "redis-memory"]


def test_of_names_that_fit_alike_the_opened_comes_first(filled: Library) -> None:
    filled.posts.opened(filled.posts.get("redis-memory-and-latency"))
    assert found(filled, "redis m") == ["redis-memory-and-latency", "redis-memory"]


def test_an_alias_is_told(filled: Library) -> None:
    (match,) = filled.switching.find("oom cache")
    assert (match.post.slug, match.name) == ("redis-memory", "oom in cache")
    assert filled.switching.find("rotate")[0].name == ""


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts(20, surrogates=True))
def test_any_text_can_be_typed(filled: Library, text: str) -> None:
    assert len(filled.switching.find(text)) <= 4
