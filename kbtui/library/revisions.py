"""The states that posts were in: listed, read and compared."""

from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff

from kbtui.core.errors import ComparisonTooLongError, RevisionNotFoundError
from kbtui.core.ports import EditStore, PostStore
from kbtui.core.post import Post
from kbtui.core.revisions import RevisionInfo
from kbtui.library.posts import get_post

LIMIT = 100
MAX_LINES = 10_000
"""Lines of two texts beyond which they are not compared: it could take half a minute."""

WritePost = Callable[[Post], str]
"""Gives a post as Markdown with its front matter."""


class Revisions:
    """The history of the library's posts."""

    def __init__(self, posts: PostStore, edits: EditStore, write: WritePost) -> None:
        self._posts = posts
        self._edits = edits
        self._write = write

    def of(self, slug: str, limit: int = LIMIT) -> list[RevisionInfo]:
        """The states of a post, the current one first. Raises `PostNotFoundError`."""
        return self._edits.history(get_post(self._posts, slug).id, limit)

    def get(self, slug: str, number: int) -> Post:
        """The post as it was at a revision. Raises `PostNotFoundError` or `RevisionNotFoundError`."""
        found = self._edits.revision(get_post(self._posts, slug).id, number)
        if found is None:
            raise RevisionNotFoundError(slug, number)
        return found

    def compare(self, slug: str, older: int, newer: int) -> list[str]:
        """The lines of a unified diff of two revisions as Markdown with front matter; none where they are equal.

        Raises `PostNotFoundError`, `RevisionNotFoundError` or `ComparisonTooLongError`.
        """
        before, after = (self._write(self.get(slug, number)).split("\n") for number in (older, newer))
        if len(before) + len(after) > MAX_LINES:
            raise ComparisonTooLongError(slug, MAX_LINES)
        names = f"{slug} (revision {older})", f"{slug} (revision {newer})"
        return list(unified_diff(before, after, names[0], names[1], lineterm=""))
