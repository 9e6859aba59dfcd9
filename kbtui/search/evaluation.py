"""Ranking: which documents a query matches, and how well.

Words are evaluated one after the other, each over all the documents that have it, and joined in plain dictionaries:
Whoosh's own trees of matchers cost ten times as much, and two of them (`DisjunctionMax`, the `filter` of a search) give
wrong answers. Whoosh weighs each word in each field by BM25.

A document's score is the sum over the words it has, times the square of the share of the query that these are (rare
words are a larger share), and four times as much where it has them all: pages with all the words come before pages with
most of them, and these before pages with some. An exact name comes before everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from math import log

from whoosh.query import Phrase
from whoosh.query import Term as EngineTerm
from whoosh.reading import TermNotFound
from whoosh.searching import Searcher

from kbtui.core.query import Query, Term, TermKind
from kbtui.search.analysis import fold, fold_name, forms, parts, words
from kbtui.search.schema import STAMP_ID, TEXT_FIELDS, facet_term

Scores = dict[int, float]
"""Document number to score."""

NAME_SCORE = 1_000.0
ALL_WORDS_WEIGHT = 4.0
PREFIX_LETTERS = 3
"""A prefix of fewer letters looks at a part of the vocabulary only."""
PREFIX_SCAN = 4_000
"""How many words such a short prefix looks at."""
PREFIX_KEEP = 40
"""How many words of a prefix, the most frequent, are weighed in each field."""
FAINT = 0.01
"""What any other word of the prefix is worth."""
PREFIX_WEIGHT = 0.3
SPLIT_WEIGHT = 0.5
"""What an identifier's parts are worth where they stand apart, against the whole of it."""
LONE_PART_WEIGHT = 0.05


class Evaluation:
    """Evaluates queries over one state of an index."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._reader = searcher.reader()

    def scores(self, query: Query) -> Scores:
        """Every document that matches; a query of filters alone gives score 0 to all that pass."""
        allowed = self._allowed(query)
        found = [self._term(term) for term in query.wanted]
        if not found:
            everything = allowed if allowed is not None else set(self._reader.all_doc_ids())
            return dict.fromkeys(everything - self._unwanted(query), 0.0)
        ranked = self._joined(found)
        for number in self._having("names", [fold_name(" ".join(term.text for term in query.wanted))]):
            ranked[number] = ranked.get(number, 0.0) + NAME_SCORE
        out = self._unwanted(query)
        return {n: score for n, score in ranked.items() if n not in out and (allowed is None or n in allowed)}

    def _joined(self, found: list[Scores]) -> Scores:
        documents = self._reader.doc_count() + 1
        weights = [log(1 + documents / (len(scores) + 1)) for scores in found]
        sums: Scores = {}
        shares: Scores = {}
        for scores, weight in zip(found, weights, strict=True):
            for number, score in scores.items():
                sums[number] = sums.get(number, 0.0) + score
                shares[number] = shares.get(number, 0.0) + weight
        whole = sum(weights)
        return {
            number: score * (ALL_WORDS_WEIGHT if shares[number] > 0.999 * whole else (shares[number] / whole) ** 2)
            for number, score in sums.items()
        }

    # What is in and what is out

    def _allowed(self, query: Query) -> set[int] | None:
        """The documents that pass every filter and hold every phrase; None where there is neither."""
        sets = [
            self._having("facets", [facet_term(f.facet, v) for v in f.values]) for f in query.filters if not f.excluded
        ]
        sets += [self._phrase(term.text) for term in query.wanted if term.kind is TermKind.PHRASE]
        return set.intersection(*sets) if sets else None

    def _unwanted(self, query: Query) -> set[int]:
        # The document that is no post.
        found = set(self._searcher.docs_for_query(EngineTerm("id", STAMP_ID)))
        for unwanted in query.filters:
            if unwanted.excluded:
                found |= self._having("facets", [facet_term(unwanted.facet, value) for value in unwanted.values])
        for term in query.unwanted:
            found |= self._phrase(term.text) if term.kind is TermKind.PHRASE else set(self._term(term, whole=True))
        return found

    def _having(self, field: str, texts: Iterable[str]) -> set[int]:
        found: set[int] = set()
        for text in texts:
            try:
                found.update(self._reader.postings(field, text.encode()).all_ids())
            except TermNotFound:
                continue
        return found

    def _phrase(self, text: str) -> set[int]:
        written = [forms(match.group())[0] for match in words(text)]
        if len(written) == 1:
            return {number for field in TEXT_FIELDS for number in self._having(field, written)}
        queries = (Phrase(field, written) for field in TEXT_FIELDS)
        return {number for query in queries for number in self._searcher.docs_for_query(query)}

    # What it is worth

    def _term(self, term: Term, *, whole: bool = False) -> Scores:
        """One typed word, or the words of a phrase. What the analyzer sees as several words must all be there.

        `whole` takes no identifier apart and leaves out no word of a prefix.
        """
        written = [match.group() for match in words(term.text)] or [term.text]
        if term.kind is TermKind.PREFIX:
            *before, last = written
            return _all([*(self._word(word, whole=whole) for word in before), self._prefix(last, complete=whole)])
        return _all([self._word(word, whole=whole) for word in written])

    def _word(self, word: str, *, whole: bool) -> Scores:
        """A word in any field; an identifier also by all of its parts, for less, and a lone part for little."""
        pieces = parts(word)
        entire = [form for form in forms(word) if form not in pieces] or [forms(word)[0]]
        scores = self._in_fields(dict.fromkeys(entire, 1.0))
        if not whole and set(pieces) - set(entire):
            weight = SPLIT_WEIGHT if len(pieces) > 1 else LONE_PART_WEIGHT
            for number, score in _all([self._in_fields({part: weight}) for part in pieces]).items():
                scores[number] = max(score, scores.get(number, 0.0))
        return scores

    def _prefix(self, start: str, *, complete: bool) -> Scores:
        """Words that begin so: the most frequent of them weighed, the others worth next to nothing.

        One or two letters stand for so many words that only the weighed ones count, unless it must be `complete`.
        """
        begin = fold(start)
        scores: Scores = {}
        for field in TEXT_FIELDS:
            candidates: Iterable[bytes] = self._reader.expand_prefix(field, begin.encode())
            if not complete and len(begin) < PREFIX_LETTERS:
                candidates = islice(candidates, PREFIX_SCAN)
            counted = sorted(((self._reader.doc_frequency(field, word), word) for word in candidates), reverse=True)
            wanted = {word.decode(): PREFIX_WEIGHT for _, word in counted[:PREFIX_KEEP]}
            wanted |= dict.fromkeys((begin, *forms(start)[:1]), 1.0)
            _add(scores, self._in_field(field, wanted))
            if complete or len(begin) >= PREFIX_LETTERS:
                for number in self._having(field, (word.decode() for _, word in counted[PREFIX_KEEP:])):
                    scores.setdefault(number, FAINT)
        return scores

    def _in_fields(self, wanted: dict[str, float]) -> Scores:
        scores: Scores = {}
        for field in TEXT_FIELDS:
            _add(scores, self._in_field(field, wanted))
        return scores

    def _in_field(self, field: str, wanted: dict[str, float]) -> Scores:
        """By document the best of several forms in one field; the values are the forms' weights."""
        best: Scores = {}
        for form, of_form in wanted.items():
            weight = of_form * TEXT_FIELDS[field]
            try:
                matcher = self._searcher.postings(field, form.encode())
            except TermNotFound:
                continue
            while matcher.is_active():
                number, score = matcher.id(), weight * matcher.score()
                if score > best.get(number, 0.0):
                    best[number] = score
                matcher.next()
        return best


def _add(scores: Scores, more: Scores) -> None:
    for number, score in more.items():
        scores[number] = scores.get(number, 0.0) + score


def _all(found: list[Scores]) -> Scores:
    """The documents that all of them have, with the sum of their scores."""
    if len(found) == 1:
        return found[0]
    common = set.intersection(*map(set, found))
    return {number: sum(scores[number] for scores in found) for number in common}
