"""Why a document matched: which word of the query stands where in it, and what that is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kbtui.core.index_document import IndexDocument
from kbtui.core.searching.clauses import Query, Term
from kbtui.core.searching.results import TermMatch
from kbtui.search.evaluation import Evaluation
from kbtui.search.impact import SATURATED
from kbtui.search.marking import matching_spans
from kbtui.search.view import SegmentView


def explained(evaluation: Evaluation, place: tuple[SegmentView, int], document: IndexDocument) -> list[TermMatch]:
    """The words of the query that the document has, the most valuable first."""
    view, number = place
    found = []
    for unit in evaluation.units:
        impact = view.impacts_of(unit.name, unit.postings(view), [number])[0]
        if not impact:
            continue
        written: Counter[str] = Counter()
        fields: Counter[str] = Counter()
        for field, text in _texts(document):
            for word in _found(evaluation.query.wanted, unit.typed, text):
                written[word] += 1
                fields[field] += 1
        order = [(field, fields[field]) for field in ("name", "label", "heading", "lead", "body") if fields[field]]
        shown = written.most_common(1)[0][0] if written else unit.typed
        found.append(TermMatch(unit.typed, shown, tuple(order), unit.rarity * SATURATED[impact]))
    return sorted(found, key=lambda match: -match.weight)


def _texts(document: IndexDocument) -> Iterator[tuple[str, str]]:
    for field, texts in (("name", document.names), ("label", document.labels), ("heading", document.headings)):
        yield from ((field, text) for text in texts)
    yield "lead", document.lead
    yield "body", document.body


def _found(wanted: Sequence[Term], typed: str, text: str) -> list[str]:
    terms = tuple(term for term in wanted if term.text == typed) or (Term(typed),)
    return [text[start:end] for start, end in matching_spans(Query(typed, terms), text)]
