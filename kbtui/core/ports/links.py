"""Links between posts, and the names that posts go by."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kbtui.core.links import Key
    from kbtui.core.post import PostSummary


class LinkStore(Protocol):
    """Links between posts, by the keys of `core.links`. What reads through all names says so."""

    def backlinks(self, post_id: int, limit: int) -> list[PostSummary]:
        """Posts that link to this one, by title."""
        ...

    def linked(self, post_id: int, limit: int) -> list[PostSummary]:
        """Posts that this one links to, by title."""
        ...

    def leads_to(self, keys: Iterable[Key], source: str) -> dict[Key, str]:
        """For each key that a post goes by, its slug; keys of no post are left out.

        Keys of the kind `path` are looked for in `source` alone. Of several posts one of that source counts, then the
        one that was added first.
        """
        ...

    def called(self, key: str, limit: int) -> list[PostSummary]:
        """Posts that have this name, a `core.links.name_key`, the first added first."""
        ...

    def names(self, ids: Collection[int]) -> list[tuple[str, int]]:
        """(name key, post id) of the titles, aliases and slugs of these posts."""
        ...

    def holding_words(self, text: str, limit: int) -> list[tuple[str, int]]:
        """(name key, post id) of at most `limit` titles, aliases and slugs that hold every word of a name key.

        Those that begin with it come first. This reads through all names.
        """
        ...

    def holding_letters(self, text: str, limit: int) -> list[tuple[str, int]]:
        """(name key, post id) of at most `limit` names that hold every letter of a name key, in its order.

        This reads through all names.
        """
        ...
