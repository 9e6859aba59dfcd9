"""The places in a text that a query matches: whole words, found as the index finds them."""

from __future__ import annotations

import re
from collections.abc import Callable

from kbtui.core.searching.clauses import Query, Term, TermKind
from kbtui.core.searching.results import Span
from kbtui.search.analysis import STOP_WORDS, WORD, fold, words, written

LONGEST_MARKED_TEXT = 200_000


def matching_spans(query: Query, text: str) -> list[Span]:
    """The places in `text` of the words that the query's words match, stemmed forms too, in order."""
    wanted = _wanted(query)
    if not wanted:
        return []
    text = text[:LONGEST_MARKED_TEXT]
    tests = [_test(term) for term in wanted]
    if pattern := _begins(wanted):
        likely = _likely_words(pattern, text)
        found = [m.span() for m in likely if any(test(m.group()) for test in tests)]
        # A word with accents does not begin as its term does.
        if text.isascii() or all(any(test(m.group()) for m in likely) for test in tests):
            return found
    return [m.span() for m in words(text) if any(test(m.group()) for test in tests)]


def _wanted(query: Query) -> list[Term]:
    telling = [term for term in query.wanted if fold(term.text) not in STOP_WORDS or term.kind is not TermKind.WORD]
    return telling or list(query.wanted)


def _begins(wanted: list[Term]) -> re.Pattern[str] | None:
    """Finds the places where a wanted word may be; None where that cannot be told by letters alone."""
    begins = set()
    for term in wanted:
        for match in words(term.text):
            for part in written(match.group()).parts:
                if not part.isascii() or not part.isalnum():
                    return None
                # A stem may end in another letter than its words do: `polici`, policy.
                begins.add(re.escape(part[: max(1, len(part) - 1)] if len(part) > 3 else part))
    return re.compile("|".join(sorted(begins, key=len, reverse=True)), re.IGNORECASE) if begins else None


def _likely_words(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """The written words around the places that the pattern finds."""
    found: list[re.Match[str]] = []
    end = 0
    for match in pattern.finditer(text):
        if match.start() < end:
            continue
        start = match.start()
        while start > end and not text[start - 1].isspace() and match.start() - start < 80:
            start -= 1
        for word in WORD.finditer(text, start):
            if word.end() > match.start():
                found.append(word)
                end = word.end()
                break
            if word.start() > match.start():
                break
    return found


def _test(term: Term) -> Callable[[str], bool]:
    wanted: set[str] = set()
    for match in words(term.text):
        terms = written(match.group())
        wanted.update(terms.parts, terms.wholes)
    if term.kind is TermKind.PREFIX:
        start = fold(term.text)

        def begins(word: str) -> bool:
            terms = written(word)
            return fold(word).startswith(start) or any(f.startswith(start) for f in (*terms.parts, *terms.wholes))

        return begins

    def matches(word: str) -> bool:
        terms = written(word)
        return not (wanted.isdisjoint(terms.parts) and wanted.isdisjoint(terms.wholes))

    return matches
