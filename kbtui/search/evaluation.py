"""Which documents a query matches, and in what order.

Segments are evaluated one after the other, in bulk: posting lists are bytes, and what is done to all documents of a list
is one call of the interpreter (`map`, `compress`, `bytes.translate`), not one for each document.

A document that has all the words matches; its score is the sum over the words of rarity x saturated impact (BM25F), and
a little more where the words stand close to each other. Where fewer than `FEW` have all, those also match that have
words worth at least `LEAST_SHARE` of the query by rarity, and come behind. An exact name comes before everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import compress
from operator import add

from kbtui.core.clauses import Filter, Group, Query, Range, Term, TermKind
from kbtui.search.analysis import fold_name, words, written
from kbtui.search.impact import SATURATED
from kbtui.search.likeness import related_words
from kbtui.search.nearness import nearness
from kbtui.search.postings import from_bits, to_bits
from kbtui.search.schema import NAME, NO_NUMBER, TITLE, VALUE, value_term
from kbtui.search.units import Unit, group_unit, phrase_unit, prefix_unit, units_of, word_unit
from kbtui.search.view import SegmentView

FEW = 10
LEAST_SHARE = 0.1
NAME_SCORE = 100.0
LONG_QUERY = 5
"""A query of so many words is a description, and is widened."""
LEARNT_FROM = 5
RELATED_WEIGHT = 0.4
"""What all words of the best pages together are worth against those of the query."""
LOOKED_AT = 64
"""How many of the best are judged by nearness."""
MOST_FALLBACK_VALUES = 200


@dataclass(slots=True)
class Found:
    """What matches in one segment."""

    view: SegmentView
    ids: Sequence[int]
    impacts: list[tuple[Unit, bytes]]
    """For each unit, an impact for each of `ids`; 0 where it is lacking."""


@dataclass(slots=True)
class Matching:
    """What matches in all segments."""

    complete: list[Found]
    partial: list[Found]

    @property
    def complete_total(self) -> int:
        return sum(len(found.ids) for found in self.complete)

    @property
    def total(self) -> int:
        return self.complete_total + sum(len(found.ids) for found in self.partial)

    def bits(self) -> list[tuple[SegmentView, int]]:
        """The matching documents of each segment as sets."""
        joined: dict[int, tuple[SegmentView, int]] = {}
        for found in (*self.complete, *self.partial):
            bits = to_bits(found.ids, found.view.docs)
            before = joined.get(id(found.view), (found.view, 0))[1]
            joined[id(found.view)] = (found.view, before | bits)
        return list(joined.values())


class Evaluation:
    """Evaluates one query over one state of an index."""

    def __init__(self, views: Sequence[SegmentView], query: Query) -> None:
        self._views = views
        self.query = query
        self.notes: list[str] = []
        self.units: list[Unit] = []
        self._constraints: list[tuple[str, Callable[[SegmentView], int]]] = []
        self._total = sum(view.live.bit_count() for view in views)
        for clause in query.clauses:
            self._take(clause)
        for unit in self.units:
            unit.weigh(views, self._total)
        if all(unit.optional for unit in self.units):
            for unit in self.units:
                unit.optional = False

    # Reading the query

    def _take(self, clause: Term | Filter | Range | Group) -> None:
        if clause.excluded:
            wanted = self._clause_bits(clause)
            self._constraints.append(("", lambda view: view.live & ~wanted(view)))
        elif isinstance(clause, Term):
            units = units_of(clause, self._views)
            if clause.kind is TermKind.PHRASE:
                self._constraints.append(("", lambda view: view.bits(units[0].name, units[0].postings(view))))
            self.units += [unit for unit in units if unit.name not in [known.name for known in self.units]]
        elif isinstance(clause, Group) and (unit := self._group_unit(clause)) is not None:
            self.units.append(unit)
        else:
            field = clause.field if isinstance(clause, Filter) else ""
            self._constraints.append((field, self._clause_bits(clause)))
            if isinstance(clause, Filter) and clause.field == "title":
                self.units += [word_unit(word, self._views) for value in clause.values for word in value.split()]

    def _group_unit(self, group: Group) -> Unit | None:
        """A group of words as one unit; None where it holds filters or exclusions."""
        units: list[Unit] = []
        for clause in group.clauses:
            if clause.excluded or isinstance(clause, (Filter, Range)):
                return None
            if isinstance(clause, Term):
                inner = units_of(clause, self._views)
                units.append(inner[0] if len(inner) == 1 else group_unit(inner, clause.text, any_of=False))
            elif (unit := self._group_unit(clause)) is not None:
                units.append(unit)
            else:
                return None
        return group_unit(units, " ".join(unit.typed for unit in units), any_of=group.any)

    def _clause_bits(self, clause: Term | Filter | Range | Group) -> Callable[[SegmentView], int]:
        """The documents of a segment that a clause holds for, its own exclusion left aside."""
        if isinstance(clause, Term):
            units = self._strict_units(clause)
            return lambda view: _all_bits(view.bits(unit.name, unit.postings(view)) for unit in units)
        if isinstance(clause, Range):
            return lambda view: view.keep(("range", clause), lambda: _in_range(view, clause))
        if isinstance(clause, Filter):
            return self._filter_bits(clause)
        inner = [(part.excluded, self._clause_bits(part)) for part in clause.clauses]

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

    def _filter_bits(self, wanted: Filter) -> Callable[[SegmentView], int]:
        if wanted.field == "title":
            return lambda view: _any_bits(_title_bits(view, value) for value in wanted.values)
        places = [self._value_terms(wanted, value, last=value is wanted.values[-1]) for value in wanted.values]
        terms = [term for found in places for term in found]
        named = [phrase_unit(value.split(), value) for value in wanted.values] if wanted.field == "file" else []

        def bits(view: SegmentView) -> int:
            found = _any_bits(view.term_bits(VALUE, term) for term in terms)
            return found | _any_bits(view.bits(unit.name, unit.postings(view)) for unit in named)

        return bits

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
                some = ", ".join(sorted(found)[:3]) + (" and others" if len(found) > 3 else "")  # noqa: PLR2004
                self.notes.append(f"No post has exactly {wanted.field}:{value}; it is read as {some}.")
        return [value_term(wanted.field, v).encode("utf-8", "replace") for v in found[:MOST_FALLBACK_VALUES]] or [exact]

    def _known_values(self, field: str) -> set[str]:
        known: set[str] = set()
        for view in self._views:
            first, end = view.reader.value_places(field)
            start = view.reader.field_range(VALUE)[0]
            known.update(
                view.keep(
                    ("values", field),
                    lambda v=view, a=first, b=end, s=start: [
                        v.reader.term(s + n).decode("utf-8", "replace").partition("\x1f")[2] for n in range(a, b)
                    ],
                )
            )
        return known

    # Matching

    def matching(self, *, without: str = "") -> Matching:
        """What matches; `without` leaves out the filters of one field."""
        constraints = [bits for field, bits in self._constraints if not (without and field == without)]
        allowed = [self._allowed(view, constraints) for view in self._views]
        complete = [self._complete(view, bits) for view, bits in zip(self._views, allowed, strict=True)]
        needed = [unit for unit in self.units if not unit.optional]
        matching = Matching(complete, [])
        if len(needed) > 1 and matching.complete_total < FEW:
            present = [unit for unit in needed if unit.docs]
            if present:
                matching.partial = [
                    self._some(found, bits, present) for found, bits in zip(complete, allowed, strict=True)
                ]
        return matching

    def _allowed(self, view: SegmentView, constraints: Sequence[Callable[[SegmentView], int]]) -> int | None:
        """The documents that pass all constraints; None where there are none and nothing is deleted."""
        if not constraints and not view.has_deletions:
            return None
        allowed = view.live
        for bits in constraints:
            allowed &= bits(view)
        return allowed

    def _complete(self, view: SegmentView, allowed: int | None) -> Found:
        needed = sorted((u for u in self.units if not u.optional), key=lambda u: u.postings(view).docs)
        if not needed:
            ids = from_bits(view.live if allowed is None else allowed, view.docs)
            return Found(view, ids, [])
        first = needed[0].postings(view)
        ids: Sequence[int] = first.ids() if first.docs else ()
        impacts = [(needed[0], first.impacts() if first.docs else b"")]
        if allowed is not None and len(ids):
            ids, impacts = _kept(ids, impacts, bytes(map(view.bits_plane("allowed", allowed).__getitem__, ids)))
        for unit in needed[1:]:
            if not len(ids):
                break
            found = view.impacts_of(unit.name, unit.postings(view), ids)
            if found.count(0):
                ids, impacts = _kept(ids, impacts, found)
                found = found.replace(b"\0", b"")
            impacts.append((unit, found))
        if len(ids):
            impacts += [(u, view.impacts_of(u.name, u.postings(view), ids)) for u in self.units if u.optional]
        return Found(view, ids, impacts)

    def _some(self, complete: Found, allowed: int | None, units: Sequence[Unit]) -> Found:
        """The documents that have some of the words: enough by rarity."""
        view = complete.view
        order = sorted(units, key=lambda unit: -unit.rarity)
        whole = sum(unit.rarity for unit in order)
        left, essential = whole, []
        for unit in order:
            # Without any of the essential ones, the others together are not worth enough.
            if left < LEAST_SHARE * whole:
                break
            essential.append(unit)
            left -= unit.rarity
        candidates: set[int] = set()
        for unit in essential:
            candidates.update(unit.postings(view).ids())
        candidates.difference_update(complete.ids)
        ids: Sequence[int] = sorted(candidates)
        if allowed is not None and ids:
            ids = list(compress(ids, map(view.bits_plane("allowed", allowed).__getitem__, ids)))
        if not ids:
            return Found(view, (), [])
        impacts = [(unit, view.impacts_of(unit.name, unit.postings(view), ids)) for unit in order]
        shares = [0.0] * len(ids)
        for unit, found in impacts:
            worth = [0.0] + [unit.rarity / whole] * 255
            shares = list(map(add, shares, map(worth.__getitem__, found)))
        enough = bytes(share >= LEAST_SHARE for share in shares)
        kept_ids, kept = _kept(ids, impacts, enough)
        return Found(view, kept_ids, kept)

    # Ranking

    def best(self, matching: Matching, count: int) -> list[tuple[float, bool, SegmentView, int]]:
        """(score, whether partial, segment, document) of the best, those with all the words first."""
        named = self._named()
        if sum(not unit.optional for unit in self.units) >= LONG_QUERY:
            self._widen(matching)
        ranked = self._ranked(matching.complete, count, named, partial=False)
        if len(ranked) < count:
            ranked += self._ranked(matching.partial, count - len(ranked), named, partial=True)
        return ranked[:count]

    def _widen(self, matching: Matching) -> None:
        """Let words of the best pages of a long question count a little in their ranking, not in what matches.

        Relevance feedback without a reader (Rocchio 1971): who describes a symptom rarely uses the runbook's words.
        """
        first = self._ranked([*matching.complete, *matching.partial], LEARNT_FROM, {}, partial=False)
        asked = {term for unit in self.units for term in unit.terms}
        related = related_words(self._views, [(view, number) for _, _, view, number in first], asked)
        whole = sum(unit.rarity for unit in self.units)
        for weight, term in related:
            unit = Unit(term.decode(), ("w", term), lambda view, t=term: view.word(t), optional=True)
            unit.rarity = weight * whole * RELATED_WEIGHT
            for found in (*matching.complete, *matching.partial):
                found.impacts.append((unit, found.view.impacts_of(unit.name, unit.postings(found.view), found.ids)))

    def _ranked(
        self, several: Sequence[Found], count: int, named: dict[int, set[int]], *, partial: bool
    ) -> list[tuple[float, bool, SegmentView, int]]:
        wanted = max(count, min(4 * count, LOOKED_AT))
        top: list[tuple[float, int, SegmentView, int]] = []
        for found in several:
            scores = _scores(found.impacts, len(found.ids))
            best = range(len(scores))
            if len(scores) > wanted:
                best = nlargest(wanted, best, key=scores.__getitem__)  # type: ignore[assignment]
            top += [(scores[at], found.view.reader.key(found.ids[at]), found.view, found.ids[at]) for at in best]
            for number in named.get(id(found.view), ()):
                at = _position(found.ids, number)
                if at >= 0:
                    top = [row for row in top if not (row[2] is found.view and row[3] == number)]
                    top.append((scores[at] + NAME_SCORE, found.view.reader.key(number), found.view, number))
        top.sort(key=lambda row: (-row[0], row[1]))
        terms = list(dict.fromkeys(term for unit in self.units for term in unit.terms))
        if len(terms) > 1 and top:
            near = [(score * nearness(view, number, terms), key, view, number) for score, key, view, number in top[:LOOKED_AT]]
            near.sort(key=lambda row: (-row[0], row[1]))
            top[:LOOKED_AT] = near
        return [(score, partial, view, number) for score, _, view, number in top[:count]]

    def _named(self) -> dict[int, set[int]]:
        """By segment, the documents of which a name is exactly what was asked."""
        asked = " ".join(term.text for term in self.query.wanted)
        name = fold_name(asked).encode("utf-8", "replace")
        found: dict[int, set[int]] = {}
        for view in self._views if name else ():
            place = view.reader.find(NAME, name)
            if place >= 0:
                found[id(view)] = set(view.reader.ids(place))
        return found


def _scores(impacts: Sequence[tuple[Unit, bytes]], count: int) -> list[float]:
    """The sum over the units of rarity x saturated impact."""
    sums: list[float] | None = None
    for unit, found in impacts:
        worth = [unit.rarity * value for value in SATURATED]
        column = map(worth.__getitem__, found)
        sums = list(column) if sums is None else list(map(add, sums, column))
    return [0.0] * count if sums is None else sums


def _kept(
    ids: Sequence[int], impacts: Sequence[tuple[Unit, bytes]], flags: bytes
) -> tuple[Sequence[int], list[tuple[Unit, bytes]]]:
    return list(compress(ids, flags)), [(unit, bytes(compress(found, flags))) for unit, found in impacts]


def _position(ids: Sequence[int], number: int) -> int:
    from bisect import bisect_left  # noqa: PLC0415

    at = bisect_left(ids, number)
    return at if at < len(ids) and ids[at] == number else -1


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


def _number(bound: object) -> int:
    return bound if isinstance(bound, int) else bound.toordinal()  # type: ignore[attr-defined, no-any-return]
