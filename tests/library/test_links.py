"""Where links lead, in the library and in real folders of pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.core.importing import ImportRequest
from kbtui.core.links import FoundLink, links_in, name_link, path_link
from kbtui.core.post import Post
from kbtui.library import Library
from tests.corpora import CORPORA
from tests.factories import a_post


@pytest.fixture
def filled(library: Library) -> Library:
    posts = [
        a_post(title="Hub", path="index.md", body="[a](web/first.md#x) [[Second|s]] [dead](gone.md) [[Nobody]]"),
        a_post(title="First", path="web/first.md", body="[up](../index.md) [[Second]]"),
        a_post(title="Second", aliases=("2nd",), body="[[hub]]"),
    ]
    library.importing.save(posts, "made")
    return library


def test_targets_lead_to_posts_or_are_dead(filled: Library) -> None:
    hub = filled.posts.get("hub")
    links = [link for link in (path_link("web/first.md#x"), path_link("gone.md"), name_link("2nd#h")) if link]
    assert list(filled.links.resolve(hub, links).values()) == ["first", None, "second"]
    assert filled.links.resolve(hub, []) == {}


def test_backlinks_and_links_stand_by_title(filled: Library) -> None:
    hub, second = filled.posts.get("hub"), filled.posts.get("second")
    assert [post.slug for post in filled.links.outgoing(hub)] == ["first", "second"]
    assert [post.slug for post in filled.links.backlinks(hub)] == ["first", "second"]
    assert [post.slug for post in filled.links.backlinks(second)] == ["first", "hub"]
    assert [post.slug for post in filled.links.backlinks(second, 1)] == ["first"]


def test_posts_are_called_by_any_of_their_names(filled: Library) -> None:
    for name in ("2nd", "SECOND", "second"):
        assert [post.slug for post in filled.links.called(name)] == ["second"]
    assert [post.slug for post in filled.links.called("web/first")] == ["first"]
    assert filled.links.called("") == filled.links.called("nobody") == []


@pytest.mark.parametrize("corpus", ["obsidian-help", "openshift-runbooks", "pagerduty-incident-response"])
def test_what_resolves_in_a_real_folder_is_linked_back(library: Library, corpus: str) -> None:
    folder = next((place for place in CORPORA.glob(f"**/{corpus}") if place.is_dir()), None)
    if folder is None:
        pytest.skip("the corpus is not here")
    library.importing.run(ImportRequest(folder))
    resolved = 0
    for summary in library.posts.page(limit=2_000):
        post = library.posts.get(summary.slug)
        for slug in library.links.resolve(post, links_in(post.body)).values():
            if slug is not None and slug != post.slug:
                resolved += 1
                assert _links_back(library, library.posts.get(slug), post)
    assert resolved > 20


def _links_back(library: Library, target: Post, post: Post) -> bool:
    return post.id in {other.id for other in library.links.backlinks(target, 1_000)}


def test_a_link_keeps_its_anchor(filled: Library) -> None:
    hub = filled.posts.get("hub")
    assert {link.anchor for link in filled.links.resolve(hub, links_in(hub.body))} == {"x", ""}
    assert FoundLink("path", "web/first.md", "x") in links_in(hub.body)


def test_a_folder_of_one_is_not_looked_for_outside(filled: Library, tmp_path: Path) -> None:
    filled.importing.save([a_post(title="Else", path="index.md", body="[first](web/first.md)")], "other")
    other = filled.posts.get("else")
    assert list(filled.links.resolve(other, links_in(other.body)).values()) == [None]
