"""Pages of posts as the reader and the preview show them. Everything here is done in a lane, off the event loop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from kbtui.core.links import FoundLink, name_link, path_link
from kbtui.core.post import Post
from kbtui.core.searching.clauses import Query
from kbtui.library import Library
from kbtui.markdown import read_pieces
from kbtui.markdown.anchors import anchor_of
from kbtui.markdown.tree import Link, LinkKind
from kbtui.tui.document.pieces import Part, without_title
from kbtui.tui.document.preparing import prepare

_BETWEEN = re.compile(r"[\W_]+")
_ALIKE = 4

PART_LENGTH = 8_000
"""Characters of a part: reading one keeps the lane from other questions for some 40 ms."""
READING_SECONDS = 0.1
"""How long parts are read until they are shown together: each time, the app draws its screen anew."""
MOST_WORDS = 50
"""How many different words of a search are marked."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where on a page a reader is put: the best place of a search, else a position."""

    position: float | None = None
    """0.0 to 1.0; None for where the reader left the page last time."""
    anchor: str = ""
    """A heading to go to as soon as it is there."""
    query: Query | None = None
    """The search that found the post."""


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A post with the first part of its page; the rest comes when it is asked for."""

    post: Post
    first: Part
    rest: Iterator[Part]
    position: float
    words: Sequence[str]
    """The words to mark."""
    sought: Sequence[str]
    """Those of them whose best place is where the reader wants to be; none where the post was found by its title."""
    is_bookmarked: bool

    @property
    def is_whole(self) -> bool:
        """Whether the first part is all."""
        return len(self.post.body) <= PART_LENGTH

    @property
    def lines(self) -> int:
        """Lines of the whole source."""
        return self.post.body.count("\n") + 1


def open_page(library: Library, slug: str, landing: Landing) -> OpenedPage:
    """The page of a post. Raises `PostNotFoundError`."""
    post = library.posts.get(slug)
    words, in_title = (
        library.searching.words_in(landing.query, text)[:MOST_WORDS] if landing.query else []
        for text in (post.body, post.title)
    )
    sought = _sought(words, in_title)
    position = landing.position
    if position is None:
        position = 0.0 if sought else library.posts.position(post)
    parts = _parts(post)
    return OpenedPage(post, next(parts), parts, position, words, sought, library.reading.is_bookmarked(post))


def _sought(words: Sequence[str], in_title: Sequence[str]) -> list[str]:
    """The words to look for: none that only has another one in it, and none at all where the title has them all."""
    known = set(words)
    apart = [word for word in words if not known & (set(_BETWEEN.split(word)) - {word})]
    return [] if _begins(apart) <= _begins(in_title) else apart


def _begins(words: Sequence[str]) -> set[str]:
    """How words begin: forms of one word begin alike."""
    return {word[:_ALIKE] for word in words}


def _parts(post: Post) -> Iterator[Part]:
    """The page of a post, at least one part, the title not said twice."""
    pieces = read_pieces(post.body, PART_LENGTH, PART_LENGTH)
    yield prepare(without_title(next(pieces, ()), post.title))
    yield from map(prepare, pieces)


def read_on(library: Library, page: OpenedPage) -> tuple[list[Part], set[Link]]:
    """The next parts of a page, as many as are read in a moment, and the dead links in them; none at its end."""
    until = monotonic() + READING_SECONDS
    parts: list[Part] = []
    while monotonic() < until and (part := next(page.rest, None)) is not None:
        parts.append(part)
    return parts, dead_links(library, page.post, *parts)


# Links


def post_link(link: Link) -> FoundLink | None:
    """The link to a post that a link of a page is; None for an address, a place in the page, a picture."""
    if link.kind is LinkKind.FILE:
        return path_link(link.target)
    return name_link(link.target) if link.kind is LinkKind.NAME else None


def anchor_in(link: Link, found: FoundLink) -> str:
    """The anchor of the heading that a link leads to in another post; "" for its beginning."""
    if link.kind is LinkKind.FILE:
        return found.anchor
    heading = found.anchor.rpartition("#")[2]
    # What begins so is the number of a block, not a heading.
    return "" if heading.startswith("^") else anchor_of(heading)


def dead_links(library: Library, post: Post, *parts: Part) -> set[Link]:
    """The links in parts of a page that should lead to a post, and to none there is."""
    asked = {link: found for link in _links(parts) if (found := post_link(link)) is not None}
    leads = library.links.resolve(post, set(asked.values()))
    return {link for link, found in asked.items() if leads[found] is None}


def anchor_links(*parts: Part) -> set[Link]:
    """The links in parts of a page to headings of the same page."""
    return {link for link in _links(parts) if link.kind is LinkKind.ANCHOR}


def _links(parts: Iterable[Part]) -> Iterator[Link]:
    return (link for part in parts for number in part.links for _, _, link in part.pieces[number].links())
