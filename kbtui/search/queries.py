"""From our query to Whoosh's, and back to the places in a text that it matches."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from whoosh.query import And, ConstantScoreQuery, Every, Not, Or, Phrase, Term
from whoosh.query import Query as WhooshQuery
from whoosh.reading import IndexReader

from kbtui.core.query import Query, TermKind
from kbtui.core.query import Term as WantedTerm
from kbtui.core.results import Span
from kbtui.search.analysis import fold, forms, parts, words
from kbtui.search.schema import STAMP_ID, TEXT_FIELDS, facet_term

PREFIX_SCAN = 4_000
"""How many words of the vocabulary a prefix looks at."""
PREFIX_KEEP = 40
"""How many of these, the most frequent, it stands for."""
NAME_SCORE = 1_000.0
ALL_WORDS_BOOST = 3.0
LONGEST_MARKED_TEXT = 200_000


def engine_query(query: Query, reader: IndexReader) -> WhooshQuery:
    """Translate a query. Pages with all the words outrank pages with some; an exact name outranks everything.

    Three of Whoosh's own ways are avoided, because they give wrong answers in the distributions that were tried:
    `DisjunctionMax` (scores a page by another page's match), `AndNot` and `Require`, and the `filter` argument of a
    search (an empty filter lets everything through).
    """
    clauses = [_phrase(term.text) for term in query.wanted if term.kind is TermKind.PHRASE]
    scored = [_word(term, reader) for term in query.wanted if term.kind is not TermKind.PHRASE]
    if scored:
        both = [And(scored, boost=ALL_WORDS_BOOST)] if len(scored) > 1 else []
        clauses.append(Or([*scored, *both, ConstantScoreQuery(Term("names", _name(query)), NAME_SCORE)]))
    without: list[WhooshQuery] = [Term("id", STAMP_ID)]
    without += [_phrase(t.text) if t.kind is TermKind.PHRASE else _word(t, reader, whole=True) for t in query.unwanted]
    for wanted in query.filters:
        either = Or([Term("facets", facet_term(wanted.facet, value)) for value in wanted.values])
        if wanted.excluded:
            without.append(either)
        else:
            clauses.append(ConstantScoreQuery(either, 0.0))
    return And([*(clauses or [Every()]), *(Not(unwanted) for unwanted in without)])


def _name(query: Query) -> str:
    return fold_name(" ".join(term.text for term in query.wanted))


def fold_name(name: str) -> str:
    """A title or alias as it is compared whole."""
    return " ".join(fold(name).split())


def _word(term: WantedTerm, reader: IndexReader, *, whole: bool = False) -> WhooshQuery:
    """One typed word. What the analyzer sees as several words must all be there. `whole` takes no identifier apart."""
    written = [match.group() for match in words(term.text)] or [term.text]
    if term.kind is TermKind.PREFIX:
        *before, last = written
        return _all([_in_fields(word, whole) for word in before] + [_prefix(fold(last), reader)])
    return _all([_in_fields(word, whole) for word in written])


def _in_fields(word: str, whole: bool) -> WhooshQuery:
    """A word in any field; an identifier also by all of its parts together, for less, and a lone part for little."""
    pieces = parts(word)
    entire = [form for form in forms(word) if form not in pieces] or [forms(word)[0]]
    wanted = [Term(field, form, boost=w) for field, w in TEXT_FIELDS.items() for form in entire]
    if not whole and set(pieces) - set(entire):
        less = 0.5 if len(pieces) > 1 else 0.05
        wanted.append(_all([Or([Term(f, part, boost=less * w) for f, w in TEXT_FIELDS.items()]) for part in pieces]))
    return Or(wanted)


def _prefix(start: str, reader: IndexReader) -> WhooshQuery:
    """Words that begin so: the most frequent of them, and the word itself for more."""
    wanted: list[WhooshQuery] = []
    for field, weight in TEXT_FIELDS.items():
        candidates = islice(reader.expand_prefix(field, start.encode()), PREFIX_SCAN)
        counted = sorted(((reader.doc_frequency(field, word), word) for word in candidates), reverse=True)
        wanted += [Term(field, word.decode(), boost=0.3 * weight) for _, word in counted[:PREFIX_KEEP]]
        wanted += [Term(field, form, boost=weight) for form in forms(start)[:1]]
    return Or(wanted)


def _phrase(text: str) -> WhooshQuery:
    written = [forms(match.group())[0] for match in words(text)]
    if len(written) == 1:
        return Or([Term(field, written[0], boost=weight) for field, weight in TEXT_FIELDS.items()])
    return Or([Phrase(field, written, boost=weight) for field, weight in TEXT_FIELDS.items()])


def _all(queries: list[WhooshQuery]) -> WhooshQuery:
    return queries[0] if len(queries) == 1 else And(queries)


def matching_spans(query: Query, text: str) -> list[Span]:
    """The places in `text` of the words that the query's words match."""
    tests = [_test(term) for term in query.wanted]
    if not tests:
        return []
    return [m.span() for m in words(text[:LONGEST_MARKED_TEXT]) if any(test(m.group()) for test in tests)]


def _test(term: WantedTerm) -> Callable[[str], bool]:
    wanted = {form for match in words(term.text) for form in forms(match.group())}
    if term.kind is TermKind.PREFIX:
        start = fold(term.text)
        return lambda word: fold(word).startswith(start) or any(f.startswith(start) for f in forms(word))
    return lambda word: not wanted.isdisjoint(forms(word))
