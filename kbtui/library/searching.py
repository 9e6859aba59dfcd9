"""Finding posts and change notes: through the index, or through SQL while there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kbtui.core.errors import IndexUnusableError, UsageError
from kbtui.core.index_document import (
    KINDS,
    NOTE_KIND,
    POST_KIND,
    document_id,
    document_key,
    document_kind,
    index_document,
)
from kbtui.core.listing import SORTS, title_key
from kbtui.core.post import FACETS, PostSummary
from kbtui.core.searching.clauses import Clause, Filter, Query, Term, resolved
from kbtui.core.searching.results import (
    RELEVANCE,
    Correction,
    IndexHit,
    IndexMatches,
    SearchHit,
    SearchResults,
    SimilarPost,
    Snippet,
    Span,
    TermMatch,
)
from kbtui.core.searching.snippets import best_snippet
from kbtui.library.found import Found
from kbtui.library.indexing import Indexing, not_indexed
from kbtui.library.posts import get_post

if TYPE_CHECKING:
    from kbtui.core.ports import Clock, NoteStore, PostStore, SearchIndex

FACET_LIMIT = 12
FALLBACK_LIMIT = 1_000
RECENT_LIMIT = 20
MATCHED_WORDS = 12
"""How many words of a pasted text are searched for."""
MOST_NOTES_BETWEEN = 64
"""How many notes may stand between the posts that are like one."""

_BEGINNING = 5

SpanFinder = Callable[[Query, str], list[Span]]


class Searching:
    """The search of the library."""

    def __init__(self, posts: PostStore, notes: NoteStore, indexing: Indexing, clock: Clock) -> None:
        self._posts = posts
        self._notes = notes
        self._found = Found(posts, notes)
        self._indexing = indexing
        self._clock = clock

    def search(
        self, query: Query, *, limit: int = 20, offset: int = 0, sort: str = RELEVANCE, facets: Sequence[str] = ()
    ) -> SearchResults:
        """One page of the posts and notes that match, in the order `sort`, with counts of `facets` over all matches.

        Never waits for the index: what was saved a moment ago may be missing, and while there is no usable index the
        answer comes from plain SQL. The result's notice says so. Raises `UsageError` for a sort that there is not.
        """
        if sort != RELEVANCE and sort not in SORTS:
            raise UsageError(f"There is no order {sort!r}; choose one of {', '.join((RELEVANCE, *SORTS))}.")
        if query.is_empty:
            return self._everything(query, limit, offset, sort, facets)
        asked = resolved(query, self._clock().date())
        notice, pending = "", self._indexing.pending()
        if pending:
            reason = f": {self._indexing.trouble}" if self._indexing.trouble else ""
            notice = f"{not_indexed(pending)}{reason}."
        try:
            index = self._indexing.index()
            matches, spans = self._from_index(index, asked, limit, offset, sort, facets), index.spans
        except IndexUnusableError as error:
            self._indexing.close()
            notice = f"Answered without the index, by plain comparison of words: {self._indexing.trouble or error}."
            matches, spans = self._by_sql(asked, limit, offset, facets), _plain_spans
        hits = self._hits(matches, spans)
        return SearchResults(
            query=query,
            hits=hits,
            total=matches.total,
            complete=matches.complete,
            facets=matches.facets,
            corrections=tuple(_written_out(correction, hits) for correction in matches.corrections),
            notes=(*query.notes, *matches.notes),
            notice=notice,
        )

    def match(self, chunks: Iterable[str], *, limit: int = 20, facets: Sequence[str] = ()) -> SearchResults:
        """The posts that a pasted text is about: what is telling in it is searched for, what is rare first."""
        # Its many patterns take a while to make: only for who pastes.
        from kbtui.core.searching.pasted_text import PastedText

        pasted = PastedText()
        for chunk in chunks:
            pasted.feed(chunk)
        candidates = [candidate.text for candidate in pasted.candidates()]
        try:
            index = self._indexing.index()
            frequencies = index.frequencies(candidates)
            named = index.named(pasted.lines_as_names())
        except IndexUnusableError:
            frequencies, named = dict.fromkeys(candidates, 1), []
        known = [word for word in candidates if frequencies.get(word)]
        # The kinds stand in order of how telling they are, which sorting by rarity keeps among equally rare ones.
        words = sorted(_each_once(known, frequencies), key=lambda word: frequencies[word])[:MATCHED_WORDS]
        query = Query(" ".join(words), tuple(Term(word) for word in words))
        if not words and not named:
            return SearchResults(query=query, hits=[], total=0)
        results = self.search(query, limit=limit, facets=facets) if words else SearchResults(query, [], 0)
        return self._with_named(results, [key for key in named if document_kind(key) == POST_KIND], limit)

    def _with_named(self, results: SearchResults, named: Sequence[int], limit: int) -> SearchResults:
        """The results, with posts first that have exactly a name of what was pasted."""
        if not named:
            return results
        best = max((hit.score for hit in results.hits), default=0.0)
        there = {hit.post.id: hit for hit in results.hits}
        ids = [document_id(key) for key in named]
        first = []
        for post_id, summary in self._posts.summaries(ids).items():
            hit = there.get(post_id) or SearchHit(summary, 0.0, _lead(summary))
            first.append(replace(hit, score=best + 1.0, partial=False))
        others = [hit for hit in results.hits if hit.post.id not in ids]
        more = sum(1 for post_id in ids if post_id not in there)
        return replace(
            results,
            hits=[*first, *others][:limit],
            total=max(results.total, len(first) + len(others), more),
            complete=max(results.complete, len(first)),
        )

    def explain(self, query: Query, slug: str) -> list[TermMatch]:
        """Which words of the query the post, or the note with this id, has, where, and what each is worth; nothing
        while there is no index.

        Raises `PostNotFoundError`.
        """
        # A name that is neither a note's nor a post's is told with those that are nearest.
        document = self._found.document(slug) or index_document(get_post(self._posts, slug))
        try:
            return self._indexing.index().explain(resolved(query, self._clock().date()), document)
        except IndexUnusableError:
            return []

    def words_in(self, query: Query, text: str) -> list[str]:
        """The words of a text that the query means, each once, in small letters: other forms and corrected ones too."""
        asked = resolved(query, self._clock().date())
        if not asked.wanted:
            return []
        try:
            index = self._indexing.index()
            found = index.spans(index.reading(asked), text)
        except IndexUnusableError:
            found = _plain_spans(asked, text)
        return list(dict.fromkeys(text[start:end].casefold() for start, end in found))

    def similar(self, slug: str, limit: int = 10) -> list[SimilarPost]:
        """The posts that are like this one, the most alike first; none while there is no index.

        Raises `PostNotFoundError`.
        """
        post = get_post(self._posts, slug)
        try:
            index = self._indexing.index()
            alike = index.similar(document_key(post.id), limit + MOST_NOTES_BETWEEN)
            found = [one for one in alike if document_kind(one.key) == POST_KIND][:limit]
        except IndexUnusableError:
            return []
        summaries = self._posts.summaries([document_id(one.key) for one in found])
        tools = {tool.casefold() for tool in post.tools}
        similar = []
        for one in found:
            summary = summaries.get(document_id(one.key))
            if summary is not None:
                shared = tuple(tool for tool in summary.tools if tool.casefold() in tools)
                words = tuple(filter(None, (_surface(index, term, post.body, post.title) for term in one.terms)))
                similar.append(SimilarPost(summary, one.score, shared, words))
        return similar

    def _from_index(  # noqa: PLR0917
        self, index: SearchIndex, query: Query, limit: int, offset: int, sort: str, facets: Sequence[str]
    ) -> IndexMatches:
        if sort != "title":
            return index.search(query, limit=limit, offset=offset, sort=sort, facets=facets)
        matches = index.search(query, limit=0, facets=facets)
        page = self._found.by_title(index.matching(matches.reading), limit, offset)
        return replace(matches, page=[IndexHit(key, 0.0) for key in page])

    def _everything(self, query: Query, limit: int, offset: int, sort: str, facets: Sequence[str]) -> SearchResults:
        """What an empty search shows: recently opened posts, then the most opened, then the list by title."""
        first: list[PostSummary] = []
        if sort == RELEVANCE:
            chosen = [*self._posts.recent(RECENT_LIMIT), *self._posts.most_opened(RECENT_LIMIT)]
            first = list({post.id: post for post in chosen}.values())
            page = first[offset : offset + limit]
            page += self._by_title(first, max(0, offset - len(first)), limit - len(page))
        else:
            page = self._posts.page(sort=sort, filters=(), limit=limit, offset=offset)
        total = self._posts.count()
        return SearchResults(
            query=query,
            hits=[SearchHit(summary, 0.0, _lead(summary)) for summary in page],
            total=total,
            complete=total,
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

    def _by_sql(self, query: Query, limit: int, offset: int, facets: Sequence[str]) -> IndexMatches:
        words = [clause.text for clause in query.clauses if isinstance(clause, Term) and not clause.excluded]
        filters = [clause for clause in query.filters if _is_facet(clause)]
        ids = self._posts.containing(words, filters, FALLBACK_LIMIT)
        for clause in query.clauses:
            if isinstance(clause, Term) and clause.excluded:
                # With the wanted words, so that the limit cuts both answers at the same place.
                out = set(self._posts.containing([*words, clause.text], filters, FALLBACK_LIMIT))
                ids = [i for i in ids if i not in out]
        kinds = _kinds_asked(query)
        keys = [document_key(i) for i in ids] if POST_KIND in kinds else []
        if NOTE_KIND in kinds and not filters:
            keys += [document_key(i, NOTE_KIND) for i in self._notes_by_sql(query, words)]
        left_out = [c for c in query.clauses if not isinstance(c, Term) and c not in filters and not _is_kind(c)]
        return IndexMatches(
            page=[IndexHit(key, 0.0) for key in keys[offset : offset + limit]],
            total=len(keys),
            complete=len(keys),
            reading=query,
            facets=self._posts.facet_counts(facets, within=ids, limit=FACET_LIMIT) if facets else {},
            notes=("What stands in parentheses or compares was left out.",) if left_out else (),
        )

    def _notes_by_sql(self, query: Query, words: Sequence[str]) -> list[int]:
        numbers = self._notes.containing(words, FALLBACK_LIMIT)
        for clause in query.clauses:
            if isinstance(clause, Term) and clause.excluded:
                out = set(self._notes.containing([*words, clause.text], FALLBACK_LIMIT))
                numbers = [number for number in numbers if number not in out]
        return numbers

    def _hits(self, matches: IndexMatches, spans: SpanFinder) -> list[SearchHit]:
        keys = [hit.key for hit in matches.page]
        summaries = self._found.summaries(keys)
        texts = self._found.texts(keys) if matches.reading.wanted else {}
        return [
            SearchHit(
                summaries[key], hit.score, _snippet(matches.reading, summaries[key], texts.get(key), spans), hit.partial
            )
            for key, hit in zip(keys, matches.page, strict=True)
            if key in summaries
        ]


def _is_facet(clause: Filter) -> bool:
    return clause.field in FACETS


def _is_kind(clause: Clause) -> bool:
    return isinstance(clause, Filter) and clause.field == "kind"


def _kinds_asked(query: Query) -> set[str]:
    """The kinds of documents that a query lets through."""
    kinds = set(KINDS)
    for clause in query.clauses:
        if isinstance(clause, Filter) and _is_kind(clause):
            kinds = kinds.difference(clause.values) if clause.excluded else kinds.intersection(clause.values)
    return kinds


def _snippet(query: Query, summary: PostSummary, body: str | None, spans: SpanFinder) -> Snippet:
    """The best passage of the body; else of the summary; else the post's first words."""
    if body is None:
        return _lead(summary)
    found = spans(query, body)
    if not found and (in_summary := spans(query, summary.summary)):
        return best_snippet(summary.summary, in_summary)
    return best_snippet(body, found) if found or not summary.summary else _lead(summary)


def _lead(summary: PostSummary) -> Snippet:
    return best_snippet(summary.summary or summary.topic, ())


def _written_out(correction: Correction, hits: Sequence[SearchHit]) -> Correction:
    """The correction with the word as the hits write it: the index knows its stem only."""
    shown = [hit.snippet.text[a:b] for hit in hits for a, b in hit.snippet.marks] + [
        word for hit in hits for word in re.findall(r"[\w.-]+", hit.post.title)
    ]
    stem = correction.read_as
    near = [word for word in shown if word.casefold().startswith(stem[: max(3, len(stem) - 1)])]
    if not near:
        return correction
    return replace(correction, read_as=min(near, key=lambda w: (abs(len(w) - len(correction.typed)), w)).casefold())


def _surface(index: SearchIndex, term: str, *texts: str) -> str:
    """A word of the texts that has this index term; "" where it is part of an identifier alone."""
    query = Query(term, (Term(term),))
    for text in texts:
        begin = term[: max(3, len(term) - 1)]
        for match in re.finditer(rf"\b{re.escape(begin)}\w*", text, re.IGNORECASE):
            if index.spans(query, match.group()):
                return match.group().casefold()
    return ""


def _each_once(words: Sequence[str], frequencies: Mapping[str, int]) -> list[str]:
    """The words without other forms of the same one: they begin alike and are in the same documents."""
    return list({(word[:_BEGINNING].casefold(), frequencies[word]): word for word in reversed(words)}.values())[::-1]


def _plain_spans(query: Query, text: str) -> list[Span]:
    return sorted(span for term in query.wanted for span in _occurrences(term.text, text))


def _occurrences(word: str, text: str) -> Iterable[Span]:
    return (match.span() for match in re.finditer(re.escape(word), text, re.IGNORECASE))
