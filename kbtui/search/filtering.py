"""Which documents of a segment a filter, range, exclusion or group lets through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kbtui.core.searching.clauses import Age, Bound, Clause, Filter, Range, Term, TermKind
from kbtui.search.analysis import words, written
from kbtui.search.fields import NO_NUMBER, TITLE, VALUE, value_term
from kbtui.search.units import Unit, phrase_unit, prefix_unit
from kbtui.search.view import SegmentView

MOST_FALLBACK_VALUES = 200
"""How many values one value that no post has stands for at most."""

Bits = Callable[[SegmentView], int]
"""Gives the documents of a segment as a set."""


class Filtering:
    """Reads the clauses of a query that put documents out. `notes` says how values were read."""

    def __init__(self, views: Sequence[SegmentView]) -> None:
        self._views = views
        self.notes: list[str] = []

    def bits(self, clause: Clause) -> Bits:
        """The documents of a segment that a clause holds for, its own exclusion left aside."""
        if isinstance(clause, Term):
            units = self._strict_units(clause)
            return lambda view: _all_bits(view.bits(unit.name, unit.postings(view)) for unit in units)
        if isinstance(clause, Range):
            return lambda view: view.keep(("range", clause), lambda: _in_range(view, clause))
        if isinstance(clause, Filter):
            return self._filter_bits(clause)
        inner = [(part.excluded, self.bits(part)) for part in clause.clauses]

        def joined(view: SegmentView) -> int:
            sets = [view.live & ~bits(view) if excluded else bits(view) for excluded, bits in inner]
            if clause.any:
                return _any_bits(sets)
            return _all_bits(sets)

        return joined

    def _strict_units(self, term: Term) -> list[Unit]:
        """The units of a term that puts documents out: identifiers are not taken apart, prefixes are complete."""
        found = [match.group() for match in words(term.text)] or [term.text]
        if term.kind is TermKind.PHRASE:
            return [phrase_unit(found, term.text)]
        ends = term.kind is TermKind.PREFIX
        units = [phrase_unit([word], word) for word in (found[:-1] if ends else found)]
        return [*units, prefix_unit(found[-1], self._views, complete=True)] if ends else units

    # Filters

    def _filter_bits(self, wanted: Filter) -> Bits:
        if wanted.field == "title":
            return lambda view: _any_bits(_title_bits(view, value) for value in wanted.values)
        places = [self._value_terms(wanted, value, last=value is wanted.values[-1]) for value in wanted.values]
        terms = [term for found in places for term in found]
        named = [phrase_unit(value.split(), value) for value in wanted.values] if wanted.field == "file" else []

        def having(view: SegmentView) -> int:
            found = _any_bits(view.term_bits(VALUE, term) for term in terms)
            return found | _any_bits(view.bits(unit.name, unit.postings(view)) for unit in named)

        return having

    def _value_terms(self, wanted: Filter, value: str, *, last: bool) -> list[bytes]:
        """The terms that a value stands for: itself, else values that begin so, else values that hold it as words."""
        exact = value_term(wanted.field, value).encode("utf-8", "replace")
        if any(view.reader.find(VALUE, exact) >= 0 for view in self._views) and not (wanted.typed and last):
            return [exact]
        known = self._known_values(wanted.field)
        found = [v for v in known if v.startswith(value)] if wanted.typed and last else []
        if not found:
            asked = set(value.replace("/", " ").split())
            found = [v for v in known if asked and asked <= set(v.replace("/", " ").replace("-", " ").split())]
            if found and not wanted.typed:
                some = ", ".join(sorted(found)[:3]) + (" and others" if len(found) > 3 else "")
                self.notes.append(f"No post has exactly {wanted.field}:{value}; it is read as {some}.")
        return [value_term(wanted.field, v).encode("utf-8", "replace") for v in found[:MOST_FALLBACK_VALUES]] or [exact]

    def _known_values(self, field: str) -> set[str]:
        known: set[str] = set()
        for view in self._views:
            known.update(view.values(field))
        return known


def _all_bits(sets: Iterable[int]) -> int:
    joined = -1
    for bits in sets:
        joined &= bits
    return joined


def _any_bits(sets: Iterable[int]) -> int:
    joined = 0
    for bits in sets:
        joined |= bits
    return joined


def _title_bits(view: SegmentView, value: str) -> int:
    parts = [part for match in words(value) for part in written(match.group()).parts]
    return _all_bits(view.term_bits(TITLE, part.encode()) for part in parts) if parts else 0


def _in_range(view: SegmentView, wanted: Range) -> int:
    low = NO_NUMBER + 1 if wanted.low is None else _number(wanted.low)
    high = 2**31 if wanted.high is None else _number(wanted.high)
    column = view.reader.numbers(wanted.field)
    flags = bytes(0x31 if low <= value <= high else 0x30 for value in column)
    return int(flags, 2) if flags else 0


def _number(bound: Bound) -> int:
    if isinstance(bound, Age):
        raise TypeError("ages are resolved before a query is evaluated")
    return bound if isinstance(bound, int) else bound.toordinal()
