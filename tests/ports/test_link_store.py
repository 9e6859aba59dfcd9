"""What every `LinkStore` promises."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.core.links import Key, link_keys, name_key, own_keys
from kbtui.core.ports import LinkStore, PostStore
from kbtui.core.post import Post
from tests.factories import NOON, a_post, texts
from tests.ports.conftest import Ports


def save(store: PostStore, *given: Post) -> list[int]:
    return [saved.id for saved in store.save(given, NOON)]


def test_links_are_followed_both_ways(links: LinkStore, store: PostStore) -> None:
    hub, first, second, _ = save(
        store,
        a_post(title="Hub", body="[a](guides/first.md#top), [[Second one]], [[Hub]], `[[Third]]`"),
        a_post(title="B first", path="guides/first.md", body="back to [hub](../hub.md)"),
        a_post(title="A second", aliases=("Second one",), body="[[hub]]"),
        a_post(title="Third"),
    )
    assert [post.id for post in links.linked(hub, 9)] == [second, first]
    assert [post.id for post in links.backlinks(hub, 9)] == [second, first]
    assert [post.id for post in links.backlinks(hub, 1)] == [second]
    assert [post.id for post in links.backlinks(first, 9)] == [hub]
    assert links.linked(999, 9) == links.backlinks(999, 9) == []


def test_a_path_holds_in_its_source_and_a_name_everywhere(links: LinkStore, store: PostStore) -> None:
    target, other, linking = save(
        store,
        a_post(title="Disk", path="disk.md", source="notes"),
        a_post(title="Disk of others", path="disk.md", source="runbooks"),
        a_post(title="From", source="runbooks", body="[d](disk.md) [[Disk]]"),
    )
    assert {post.id for post in links.backlinks(target, 9)} == {linking}
    found = links.leads_to([("path", "disk"), ("name", "disk"), ("name", "nothing")], "runbooks")
    assert found == {("path", "disk"): "disk-of-others", ("name", "disk"): "disk"}
    assert links.leads_to([("path", "disk")], "notes") == {("path", "disk"): "disk"}
    assert links.leads_to([("path", "disk")], "nowhere") == links.leads_to([], "notes") == {}
    assert [post.id for post in links.called("disk", 9)] == [target, other]


def test_of_namesakes_one_of_the_same_source_counts_then_the_first(links: LinkStore, store: PostStore) -> None:
    save(store, *[a_post(title="Page", slug=f"p-{s}", source=s, path=f"{s}.md") for s in ("one", "two", "three")])
    assert links.leads_to([("name", "page")], "two") == {("name", "page"): "p-two"}
    assert links.leads_to([("name", "page")], "four") == {("name", "page"): "p-one"}


def test_links_change_and_go_with_their_posts(links: LinkStore, store: PostStore) -> None:
    target, linking = save(store, a_post(title="Target"), a_post(title="From", body="[[Target]]"))
    save(store, a_post(title="From", body="[[Elsewhere]]"))
    assert links.backlinks(target, 9) == []
    save(store, a_post(title="Target", aliases=("Elsewhere",)))
    assert [post.id for post in links.backlinks(target, 9)] == [linking]
    store.remove([linking])
    assert links.backlinks(target, 9) == []
    store.remove([target])
    assert links.called("elsewhere", 9) == []


def test_names_are_found_by_their_beginning_their_words_and_their_letters(links: LinkStore, store: PostStore) -> None:
    save(
        store,
        a_post(title="Redis memory pressure", path="x/0001.md"),
        a_post(title="Memory of Redis", path="x/0002.md", aliases=("100% redis",)),
        a_post(title="Remote disk system", path="x/0003.md"),
    )
    assert [name for name, _ in links.holding_words("redis m", 9)] == ["redis memory pressure", "memory of redis"]
    assert [name for name, _ in links.holding_words("redis m", 1)] == ["redis memory pressure"]
    assert {name for name, _ in links.holding_letters("rds", 9)} == {
        "redis memory pressure",
        "memory of redis",
        "100% redis",
        "remote disk system",
    }
    assert [name for name, _ in links.holding_letters("0%r", 9)] == ["100% redis"]
    assert links.holding_words("0001", 9) == links.holding_letters("_", 9) == []
    assert {name for name, _ in links.names([2, 999])} == {"memory of redis", "100% redis"}


def test_odd_texts_find_nothing_and_raise_nothing(links: LinkStore) -> None:
    for odd in ("", "\ud800", "\x00", "%", "a" * 100_000, "\\"):
        assert links.holding_words(odd, 9) == links.holding_letters(odd, 9) == []
        assert links.called(odd, 9) == []
        assert links.leads_to([("name", odd)], odd) == {}


PLACES = ("hub.md", "a/one.md", "a/README.md", "b/one.md", "b/c/two.md")
NAMES = ("Hub", "One", "Two words", "a/one")
LINKS = (
    "[x](one.md)",
    "[x](../a/one)",
    "[x](/b/one.md)",
    "[[Hub]]",
    "[[two-words|x]]",
    "[[a/one#h]]",
    "[x](.)",
    "[[c/two]]",
)

linked_posts = st.lists(
    st.builds(
        lambda source, path, title, alias, body: a_post(
            source=source, path=path, title=title, aliases=(alias,), body=" ".join(body)
        ),
        st.sampled_from(["one", "two"]),
        st.sampled_from(PLACES),
        st.sampled_from(NAMES) | texts(8),
        st.sampled_from(NAMES),
        st.lists(st.sampled_from(LINKS), max_size=3),
    ),
    max_size=8,
    unique_by=lambda post: (post.source, post.path),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_posts=linked_posts)
def test_a_post_links_to_another_exactly_when_they_share_a_key(ports: Ports, given_posts: list[Post]) -> None:
    store, links = ports[0], ports[5]
    store.remove([post.id for post in store.all_after(0, 100)])
    stored = store.many(save(store, *given_posts))

    def scoped(post: Post, keys: list[Key]) -> set[tuple[str, str, str]]:
        return {(kind, post.source if kind == "path" else "", value) for kind, value in keys}

    asked = {post.id: scoped(post, link_keys(post.path, post.body)) for post in stored}
    own = {p.id: scoped(p, own_keys(p.path, p.title, p.aliases, p.slug)) for p in stored}
    for post in stored:
        expected = {other.id for other in stored if other.id != post.id and asked[other.id] & own[post.id]}
        assert {other.id for other in links.backlinks(post.id, 99)} == expected
        assert post.id in {found.id for found in links.called(name_key(post.title), 99)} or not name_key(post.title)
    by_id = {post.id: post for post in stored}
    for post in stored:
        for other in links.linked(post.id, 99):
            assert post.id in {back.id for back in links.backlinks(by_id[other.id].id, 99)}
