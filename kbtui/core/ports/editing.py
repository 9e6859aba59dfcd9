"""Posts that are written here, their former states, and texts that are not saved yet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kbtui.core.ports.posts import SavedPost
    from kbtui.core.post import Post
    from kbtui.core.revisions import Origin, RevisionInfo


class EditStore(Protocol):
    """Writing posts one by one, and their history."""

    def add(self, post: Post, at: datetime) -> SavedPost:
        """Save a new post in its source. Its slug is made free, and its path is the slug with `.md` behind it."""
        ...

    def revise(
        self, post: Post, at: datetime, *, based_on: int, origin: Origin, local: bool, who: str = "", why: str = ""
    ) -> SavedPost:
        """Save other content of the post with this id; its slug, source and path stay.

        `local` also keeps it from imports from now on. What says nothing new is saved only where it says `why`. Raises
        `PostNotFoundError`, or `EditConflictError` where its revision is not `based_on`, and then changes nothing.
        """
        ...

    def local_since(self, post_id: int) -> datetime | None:
        """Since when imports leave the post alone; None where they do not."""
        ...

    def release(self, post_id: int) -> None:
        """Let imports change the post again."""
        ...

    def history(self, post_id: int, limit: int) -> list[RevisionInfo]:
        """The states of a post, newest first; the first is the current one."""
        ...

    def revision(self, post_id: int, number: int) -> Post | None:
        """The post as it was at this revision; its `saves` and `updated_at` are that state's own."""
        ...


class Drafts(Protocol):
    """Files for texts that are not saved yet. Only this user can read them."""

    def keep(self, name: str, text: str) -> Path:
        """A new file that holds the text whole, on disk; its name begins with `name`."""
        ...

    def read(self, path: Path) -> str | None:
        """The text of a file; bytes that are not UTF-8 as lone surrogates; None where it is gone."""
        ...

    def discard(self, path: Path) -> None:
        """Delete a file of `keep`; any other, or one that is gone, is left as it is."""
        ...

    def left(self) -> list[Path]:
        """The files of `keep` that are there, oldest first."""
        ...

    def keep_as(self, key: str, text: str) -> None:
        """Keep a text under a key, whole and on disk, in the place of what the key held."""
        ...

    def kept(self) -> list[str]:
        """The texts of `keep_as`, the last kept first."""
        ...

    def forget(self, key: str) -> None:
        """Delete what a key holds, if anything."""
        ...
