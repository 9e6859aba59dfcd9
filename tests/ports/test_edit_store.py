"""What every `EditStore` promises, and what a local version means to a `PostStore`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.core.errors import EditConflictError, PostNotFoundError
from kbtui.core.index_document import document_key
from kbtui.core.ports import EditStore, IndexQueue, PostStore
from kbtui.core.post import Post
from kbtui.core.revisions import LocalVersion, Origin
from kbtui.core.text import storable
from tests.factories import NOON, a_post, full_post, posts
from tests.ports.conftest import Ports

LATER = NOON + timedelta(hours=1)


def saved(store: PostStore, post: Post) -> Post:
    found = store.find(store.save([post], NOON)[0].slug)
    assert found is not None
    return found


def revised(store: PostStore, edits: EditStore, post: Post, *, local: bool = True, **fields: object) -> Post:
    changed = replace(post, **fields)  # type: ignore[arg-type]
    edits.revise(changed, LATER, based_on=post.saves, origin=Origin.EDIT, local=local)
    found = store.find(post.slug)
    assert found is not None
    return found


def test_a_new_post_gets_a_slug_and_a_path_that_are_free(edits: EditStore, store: PostStore) -> None:
    slugs = [edits.add(a_post(title="Redis", source="local", path=""), NOON).slug for _ in range(20)]
    assert slugs[:3] == ["redis", "redis-local", "redis-2"]
    assert len(set(slugs)) == 20
    post = store.find("redis-2")
    assert post is not None
    assert (post.path, post.source, post.saves) == ("redis-2.md", "local", 1)
    assert edits.history(post.id, 5)[0].origin is Origin.EDIT


def test_a_revision_keeps_identity_and_the_former_state(edits: EditStore, store: PostStore, queue: IndexQueue) -> None:
    before = saved(store, full_post())
    queue.drained(queue.newest())
    after = revised(store, edits, before, title="Other", body="new", tools=("vi",), slug="x", source="y", path="z")
    assert (after.id, after.slug, after.source, after.path) == (before.id, before.slug, before.source, before.path)
    assert (after.title, after.body, after.saves, after.updated_at) == ("Other", "new", 2, LATER)
    assert edits.revision(before.id, 1) == before
    assert edits.revision(before.id, 2) == after
    assert edits.revision(before.id, 3) is None
    assert queue.next_batch(5)[0] == [document_key(before.id)]
    assert [f.value for f in store.facet_counts(["tool"], within=None, limit=5)["tool"]] == ["vi"]
    assert list(store.damaged()) == []


@pytest.mark.parametrize("why", ["read it", "a \x00 \ud800 reason"])
def test_a_state_keeps_who_made_it_and_why_also_where_it_says_nothing_new(
    edits: EditStore, store: PostStore, why: str
) -> None:
    post = saved(store, full_post())
    for based_on in (1, 2):
        outcome = edits.revise(
            post, LATER, based_on=based_on, origin=Origin.REVIEW, local=True, who="ann", why=why
        ).outcome
        assert outcome == "updated"
    edits.revise(replace(post, body="new"), LATER, based_on=3, origin=Origin.EDIT, local=True)
    told = [(one.number, one.origin, one.who, one.why) for one in edits.history(post.id, 9)]
    assert told == [
        (4, Origin.EDIT, "", ""),
        (3, Origin.REVIEW, "ann", storable(why)),
        (2, Origin.REVIEW, "ann", storable(why)),
        (1, Origin.IMPORT, "", ""),
    ]
    assert list(store.damaged()) == []


def test_the_history_tells_what_each_state_was(edits: EditStore, store: PostStore) -> None:
    post = saved(store, a_post(body="four"))
    revised(store, edits, post, title="Second", body="longer", local=False)
    edits.revise(post, LATER, based_on=2, origin=Origin.RESTORE, local=False)
    told = [(r.number, r.title, r.size, r.origin, r.is_current, r.saved_at) for r in edits.history(post.id, 9)]
    assert told == [
        (3, post.title, 4, Origin.RESTORE, True, LATER),
        (2, "Second", 6, Origin.EDIT, False, LATER),
        (1, post.title, 4, Origin.IMPORT, False, NOON),
    ]
    assert [r.number for r in edits.history(post.id, 2)] == [3, 2]
    assert edits.history(999, 5) == []


def test_who_comes_late_is_refused_and_changes_nothing(edits: EditStore, store: PostStore) -> None:
    post = saved(store, a_post(body="one"))
    second = revised(store, edits, post, body="two", local=False)
    with pytest.raises(EditConflictError, match=r"revision 1 .* revision 2") as caught:
        edits.revise(replace(post, body="mine"), LATER, based_on=1, origin=Origin.EDIT, local=True)
    assert (caught.value.based_on, caught.value.found) == (1, 2)
    assert store.find(post.slug) == second
    assert edits.local_since(post.id) is None
    store.remove([post.id])
    with pytest.raises(PostNotFoundError):
        edits.revise(post, LATER, based_on=2, origin=Origin.EDIT, local=True)


def test_what_says_the_same_is_no_revision(edits: EditStore, store: PostStore) -> None:
    post = saved(store, a_post())
    outcome = edits.revise(post, LATER, based_on=1, origin=Origin.EDIT, local=True)
    assert (outcome.outcome, len(edits.history(post.id, 5)), edits.local_since(post.id)) == ("unchanged", 1, None)


def test_an_import_leaves_a_local_version_alone(edits: EditStore, store: PostStore) -> None:
    filed = a_post(body="of the file")
    post = saved(store, filed)
    mine = revised(store, edits, post, body="mine")
    assert store.local_versions() == [LocalVersion(post.id, post.slug, post.source, post.path, LATER)]
    assert edits.local_since(post.id) == LATER
    newer = replace(filed, body="of the file, newer")
    for read, outcome in ((filed, "unchanged"), (newer, "kept"), (replace(filed, body="mine"), "unchanged")):
        assert store.compare([read])[0].outcome == outcome
        assert store.save([read], LATER)[0].outcome == outcome
        assert store.find(post.slug) == mine
    revised(store, edits, mine, body="mine, again")
    assert store.compare([filed])[0].outcome == "unchanged"
    edits.release(post.id)
    assert store.local_versions() == []
    assert store.save([newer], LATER)[0].outcome == "updated"
    assert [r.origin for r in edits.history(post.id, 9)] == [Origin.IMPORT, Origin.EDIT, Origin.EDIT, Origin.IMPORT]


def test_a_local_version_goes_with_its_post(edits: EditStore, store: PostStore) -> None:
    post = saved(store, a_post())
    revised(store, edits, post, body="mine")
    store.remove([post.id])
    assert store.local_versions() == []
    assert store.save([a_post()], NOON)[0].outcome == "added"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(posts(), min_size=2, max_size=4))
def test_every_state_of_any_post_can_be_read_again(ports: Ports, states: list[Post]) -> None:
    store, edits = ports[0], ports[4]
    first = edits.add(replace(states[0], source="own"), NOON)
    told: list[Post] = []
    for state in states:
        now = store.find(first.slug)
        assert now is not None
        told.append(now)
        edits.revise(replace(state, id=now.id), LATER, based_on=now.saves, origin=Origin.EDIT, local=False)
    for post in told:
        assert edits.revision(post.id, post.saves) == post
    assert list(store.damaged()) == []
