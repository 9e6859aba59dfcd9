"""What the search room asks the library, and how the answer was come by, in words."""

from __future__ import annotations

from dataclasses import dataclass

from kbtui.core.searching.query import parse_query
from kbtui.core.searching.results import RELEVANCE, SearchResults
from kbtui.core.text import one_line
from kbtui.library import Library
from kbtui.tui.widgets.facets import SHOWN_FACETS

PAGE = 50
ORDERS = (RELEVANCE, "reviewed", "updated", "views", "quality", "title")
"""The orders in which results can be put, as one key goes through them."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query, or a pasted text, and the order of the answer."""

    text: str
    """What stands in the search line."""
    sort: str = RELEVANCE
    pasted: str = ""
    """Several lines that were pasted: these are looked through, and the line shows the words that were found."""
    stale_after_days: int = 180

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not self.text.strip() and not self.pasted

    def ask(self, library: Library, *, offset: int = 0, limit: int = PAGE) -> SearchResults:
        """One page of the answer; the first comes with counts of the facets."""
        facets = () if offset else tuple(SHOWN_FACETS)
        if not self.pasted:
            query = parse_query(self.text, typing=True, stale_after_days=self.stale_after_days)
            return library.searching.search(query, limit=limit, offset=offset, sort=self.sort, facets=facets)
        results = library.searching.match([self.pasted], limit=offset + limit, facets=facets)
        if offset:
            return SearchResults(results.query, results.hits[offset:], results.total, results.complete)
        return results


def next_order(sort: str) -> str:
    """The order after `sort`."""
    return ORDERS[(ORDERS.index(sort) + 1) % len(ORDERS)]


def reading(question: Question, results: SearchResults) -> str:
    """How the query was read, where it is not as it was typed, and whatever else the answer is to be told with."""
    said = []
    if question.pasted:
        words = ", ".join(term.text for term in results.query.wanted)
        said.append(f"Looked for {words} from the pasted text." if words else "The pasted text names these posts.")
    said += [f'No page has "{c.typed}": showing "{c.read_as}".' for c in results.corrections]
    return one_line(" ".join(filter(None, (*said, *results.notes, results.notice))))
