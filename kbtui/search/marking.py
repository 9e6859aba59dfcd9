"""The places in a text that a query matches: whole words, found as the index finds them."""

from __future__ import annotations

from collections.abc import Callable

from kbtui.core.query import Query, Term, TermKind
from kbtui.core.results import Span
from kbtui.search.analysis import fold, forms, words

LONGEST_MARKED_TEXT = 200_000


def matching_spans(query: Query, text: str) -> list[Span]:
    """The places in `text` of the words that the query's words match, stemmed forms too, in order."""
    tests = [_test(term) for term in query.wanted]
    if not tests:
        return []
    return [m.span() for m in words(text[:LONGEST_MARKED_TEXT]) if any(test(m.group()) for test in tests)]


def _test(term: Term) -> Callable[[str], bool]:
    wanted = {form for match in words(term.text) for form in forms(match.group())}
    if term.kind is TermKind.PREFIX:
        start = fold(term.text)
        return lambda word: fold(word).startswith(start) or any(f.startswith(start) for f in forms(word))
    return lambda word: not wanted.isdisjoint(forms(word))
