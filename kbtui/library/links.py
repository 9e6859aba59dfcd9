"""Where the links of a post lead, and which posts link to it."""

from __future__ import annotations

from collections.abc import Collection

from kbtui.core.links import FoundLink, keys_of, name_key
from kbtui.core.ports import LinkStore
from kbtui.core.post import Post, PostSummary

LIMIT = 100


class Links:
    """The links between the posts of the library."""

    def __init__(self, store: LinkStore) -> None:
        self._store = store

    def backlinks(self, post: Post, limit: int = LIMIT) -> list[PostSummary]:
        """Other posts that link to this one, by title."""
        return self._store.backlinks(post.id, limit)

    def outgoing(self, post: Post, limit: int = LIMIT) -> list[PostSummary]:
        """Other posts that this one links to, by title."""
        return self._store.linked(post.id, limit)

    def resolve(self, post: Post, links: Collection[FoundLink]) -> dict[FoundLink, str | None]:
        """For each of these links of the post: the slug of the post that it leads to, None where it is dead.

        `core.links.path_link` and `name_link` make links of targets.
        """
        keys = {link: keys_of(post.path, link) for link in links}
        found = self._store.leads_to([key for each in keys.values() for key in each], post.source)
        return {link: next((found[key] for key in each if key in found), None) for link, each in keys.items()}

    def called(self, name: str, limit: int = LIMIT) -> list[PostSummary]:
        """Posts that go by this name: a title, an alias, a slug, a file or the end of a path."""
        return self._store.called(name_key(name), limit)
