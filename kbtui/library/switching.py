"""Jumping to a post by a part of one of its names."""

from __future__ import annotations

from kbtui.core.links import name_key
from kbtui.core.listing import DEFAULT_SORT
from kbtui.core.ports import LinkStore, PostStore
from kbtui.core.post import PostSummary
from kbtui.core.searching.quick_match import QuickMatch, QuickPattern

LIMIT = 50
RECENT = 50
CANDIDATES = 2_000
"""Of so many names the nearest are chosen."""


class Switching:
    """The quick switcher over the titles, aliases, slugs and paths of the library."""

    def __init__(self, posts: PostStore, links: LinkStore) -> None:
        self._posts = posts
        self._links = links

    def find(self, text: str, limit: int = LIMIT) -> list[QuickMatch]:
        """Posts that may be meant by `text`, the likeliest first, each once; without text the last opened ones.

        Of names that fit alike, those of posts opened lately come first, then the shorter ones.
        """
        typed = name_key(text)
        recent = self._posts.recent(RECENT)
        if not typed:
            return [QuickMatch(post) for post in self._unasked(recent, limit)]
        lately = frozenset(post.id for post in recent)
        names = [*self._links.names(lately), *self._links.holding_words(typed, CANDIDATES)]
        best = _best(QuickPattern(typed), names, lately)
        if len(best) < limit:
            names += self._links.holding_letters(typed, CANDIDATES)
            best = _best(QuickPattern(typed), names, lately)
        return self._matches(best[:limit])

    def _matches(self, best: list[tuple[str, int]]) -> list[QuickMatch]:
        posts = self._posts.summaries([post_id for _, post_id in best])
        return [
            QuickMatch(posts[post_id], "" if name == name_key(posts[post_id].title) else name)
            for name, post_id in best
            if post_id in posts
        ]

    def _unasked(self, recent: list[PostSummary], limit: int) -> list[PostSummary]:
        others = self._posts.page(sort=DEFAULT_SORT, filters=(), limit=limit, offset=0)
        return list({post.id: post for post in (*recent, *others)}.values())[:limit]


def _best(pattern: QuickPattern, names: list[tuple[str, int]], lately: frozenset[int]) -> list[tuple[str, int]]:
    """(name, post id) of the names that fit, the nearest first, of each post the best."""
    fitting = [
        (distance, post_id not in lately, len(name), name, post_id)
        for name, post_id in names
        if (distance := pattern.distance(name)) is not None
    ]
    best: dict[int, str] = {}
    for _, _, _, name, post_id in sorted(fitting):
        best.setdefault(post_id, name)
    return [(name, post_id) for post_id, name in best.items()]
