"""Finding posts: through the index, or through SQL while there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from kbtui.core.errors import IndexUnusableError
from kbtui.core.listing import title_key
from kbtui.core.ports import PostStore
from kbtui.core.post import Post, PostSummary
from kbtui.core.query import Query
from kbtui.core.results import IndexMatches, SearchHit, SearchResults, Snippet, Span
from kbtui.core.snippets import best_snippet
from kbtui.library.indexing import Indexing

FACET_LIMIT = 12
FALLBACK_LIMIT = 1_000
RECENT_LIMIT = 20

SpanFinder = Callable[[Query, str], list[Span]]


class Searching:
    """The search of the library."""

    def __init__(self, posts: PostStore, indexing: Indexing) -> None:
        self._posts = posts
        self._indexing = indexing

    def search(self, query: Query, *, limit: int = 20, offset: int = 0, facets: Sequence[str] = ()) -> SearchResults:
        """One page of the posts that match, best first, with the counts of `facets` over all matches.

        Never waits for the index: what was saved a moment ago may be missing, and while there is no usable index the
        answer comes from plain SQL. The result's notice says so.
        """
        if query.is_empty:
            return self._everything(query, limit, offset, facets)
        notice, pending = "", self._indexing.pending()
        if pending:
            notice = f"{pending} changes are not indexed yet."
        try:
            index = self._indexing.index()
            matches, spans = index.search(query, limit=limit, offset=offset), index.spans
        except IndexUnusableError as error:
            self._indexing.close()
            notice = f"Answered without the index, by plain comparison of words: {error}."
            matches, spans = self._by_sql(query, limit, offset), _plain_spans
        return SearchResults(
            query=query,
            hits=self._hits(query, matches, spans),
            total=len(matches.ids),
            facets=self._posts.facet_counts(facets, within=matches.ids, limit=FACET_LIMIT),
            notice=notice,
        )

    def _everything(self, query: Query, limit: int, offset: int, facets: Sequence[str]) -> SearchResults:
        """What an empty search shows: recently opened posts first, then the list by title."""
        recent = self._posts.recent(RECENT_LIMIT)
        page = recent[offset : offset + limit]
        page += self._by_title(recent, max(0, offset - len(recent)), limit - len(page))
        return SearchResults(
            query=query,
            hits=[SearchHit(summary, 0.0, _lead(summary)) for summary in page],
            total=self._posts.count(),
            facets=self._posts.facet_counts(facets, within=None, limit=FACET_LIMIT),
        )

    def _by_title(self, without: Sequence[PostSummary], offset: int, limit: int) -> list[PostSummary]:
        """A page of the list by title from which some posts are left out."""
        page = self._posts.page(sort="title", filters=(), limit=limit + len(without), offset=offset) if limit else []
        if not page:
            return []
        # Those left out that stand before this place made it begin too early by as many.
        first = (title_key(page[0].title), page[0].id)
        early = sum((title_key(post.title), post.id) < first for post in without)
        left_out = {post.id for post in without}
        return [post for post in page if post.id not in left_out][early : early + limit]

    def _by_sql(self, query: Query, limit: int, offset: int) -> IndexMatches:
        words = [term.text for term in query.wanted]
        ids = self._posts.containing(words, query.filters, FALLBACK_LIMIT)
        for term in query.unwanted:
            # With the wanted words, so that the limit cuts both answers at the same place.
            out = set(self._posts.containing([*words, term.text], query.filters, FALLBACK_LIMIT))
            ids = [i for i in ids if i not in out]
        return IndexMatches([(i, 0.0) for i in ids[offset : offset + limit]], ids)

    def _hits(self, query: Query, matches: IndexMatches, spans: SpanFinder) -> list[SearchHit]:
        ids = [post_id for post_id, _ in matches.page]
        summaries = self._posts.summaries(ids)
        bodies = {post.id: post for post in self._posts.many(ids)} if query.wanted else {}
        return [
            SearchHit(summaries[i], score, _snippet(query, summaries[i], bodies.get(i), spans))
            for i, score in matches.page
            if i in summaries
        ]


def _snippet(query: Query, summary: PostSummary, post: Post | None, spans: SpanFinder) -> Snippet:
    """The best passage of the body; else of the summary; else the post's first words."""
    if post is None:
        return _lead(summary)
    found = spans(query, post.body)
    if not found and (in_summary := spans(query, post.summary)):
        return best_snippet(post.summary, in_summary)
    return best_snippet(post.body, found) if found or not post.summary else _lead(summary)


def _lead(summary: PostSummary) -> Snippet:
    return best_snippet(summary.summary or summary.topic, ())


def _plain_spans(query: Query, text: str) -> list[Span]:
    return sorted(span for term in query.wanted for span in _occurrences(term.text, text))


def _occurrences(word: str, text: str) -> Iterable[Span]:
    return (match.span() for match in re.finditer(re.escape(word), text, re.IGNORECASE))
