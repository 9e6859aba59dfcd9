"""Which documents a query matches, and in what order.

Segments are evaluated one after the other, in bulk: posting lists are bytes, and what is done to all documents of a
list is one call of the interpreter (`map`, `compress`, `bytes.translate`), not one for each document.

A document that has all the words matches; its score is the sum over the words of rarity x saturated impact (BM25F), and
a little more where the words stand close to each other. Where fewer than `FEW` have all, those also match that have
words worth at least `LEAST_SHARE` of the query by rarity, and come behind. An exact name comes before everything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import compress
from operator import add, methodcaller, mul

from kbtui.core.searching.clauses import Filter, Group, Query, Range, Term, TermKind
from kbtui.search.analysis import fold_name
from kbtui.search.fields import NAME
from kbtui.search.filtering import Filtering
from kbtui.search.impact import SATURATED
from kbtui.search.likeness import related_words
from kbtui.search.nearness import nearness
from kbtui.search.postings import from_bits, to_bits
from kbtui.search.units import Unit, group_unit, units_of, word_unit
from kbtui.search.view import SegmentView

FEW = 10
LEAST_SHARE, SENTENCE_LEAST_SHARE = 0.1, 0.04
NAME_SCORE, BEGUN_NAME_SCORE = 100.0, 10.0
"""What a name is worth that is exactly what was asked, and one that begins so while it is typed."""
MOST_NAMES = 500
COORDINATION, DESCRIPTION_COORDINATION, SENTENCE_COORDINATION = 2.0, 0.3, 0.0
"""How much more most words are worth than some: the power of the share that is found, by rarity."""
DESCRIPTION, SENTENCE = 5, 7
"""A query of so many words describes something: no right page need have all of them. One of so many, with stop words
among them, is a sentence, and is widened too."""
MOST_UNITS = 20
"""How many words of a query are ranked by."""
LEARNT_FROM = 4
RELATED_WEIGHT = 0.4
"""What all words of the best pages together are worth against those of the query."""
LOOKED_AT = 64
"""How many of the best are judged by nearness."""


@dataclass(slots=True)
class Found:
    """What matches in one segment."""

    view: SegmentView
    ids: Sequence[int]
    impacts: list[tuple[Unit, bytes]]
    """For each unit, an impact for each of `ids`; 0 where it is lacking."""
    factors: list[float] | None = None
    """What the sum of what the impacts are worth is multiplied by, for each of `ids`."""


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
        self._filtering = Filtering(views)
        self.units: list[Unit] = []
        self._constraints: list[tuple[str, Callable[[SegmentView], int]]] = []
        self._total = sum(view.live.bit_count() for view in views)
        for clause in query.clauses:
            self._take(clause)
        for unit in self.units:
            unit.weigh(views, self._total)
        if len(self.units) > MOST_UNITS:
            # Of a long text the rarest words tell what it is about.
            rarest = set(nlargest(MOST_UNITS, range(len(self.units)), key=lambda at: self.units[at].rarity))
            self.units = [unit for at, unit in enumerate(self.units) if at in rarest]
        if all(unit.optional for unit in self.units):
            for unit in self.units:
                unit.optional = False
        self._needed = sum(not unit.optional for unit in self.units)
        self._is_sentence = self._needed >= SENTENCE and len(self.units) - self._needed > 1

    # Reading the query

    def _take(self, clause: Term | Filter | Range | Group) -> None:
        if clause.excluded:
            wanted = self._filtering.bits(clause)
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
            self._constraints.append((field, self._filtering.bits(clause)))
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

    @property
    def notes(self) -> list[str]:
        """How values of filters were read, where it may surprise."""
        return self._filtering.notes

    # Matching

    def matching(self, *, without: str = "") -> Matching:
        """What matches; `without` leaves out the filters of one field."""
        constraints = [bits for field, bits in self._constraints if not (without and field == without)]
        allowed = [self._allowed(view, constraints) for view in self._views]
        needed = [unit for unit in self.units if not unit.optional]
        present = [unit for unit in needed if unit.docs]
        if self._is_description and present:
            some = [self._some(view, (), bits, present) for view, bits in zip(self._views, allowed, strict=True)]
            return Matching(some, [])
        complete = [self._complete(view, bits) for view, bits in zip(self._views, allowed, strict=True)]
        matching = Matching(complete, [])
        if len(needed) > 1 and present and matching.complete_total < FEW:
            matching.partial = [
                self._some(found.view, found.ids, bits, present) for found, bits in zip(complete, allowed, strict=True)
            ]
        return matching

    @property
    def _is_description(self) -> bool:
        """Whether the query is so long that no right page need have all of it: its pages are ranked as one."""
        return self._needed >= DESCRIPTION

    def _allowed(self, view: SegmentView, constraints: Sequence[Callable[[SegmentView], int]]) -> int | None:
        """The documents that pass all constraints; None where there are none."""
        if not constraints:
            return None
        allowed = view.live
        for bits in constraints:
            allowed &= bits(view)
        return allowed

    def _complete(self, view: SegmentView, allowed: int | None) -> Found:
        needed = sorted((u for u in self.units if not u.optional), key=lambda u: u.postings(view).docs)
        if not needed:
            return Found(view, from_bits(view.live if allowed is None else allowed, view.docs), [])
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

    def _some(self, view: SegmentView, known: Sequence[int], allowed: int | None, units: Sequence[Unit]) -> Found:
        """The documents but the `known` ones that have some of the words: enough by rarity."""
        order = sorted(units, key=lambda unit: -unit.rarity)
        whole = sum(unit.rarity for unit in order)
        least = SENTENCE_LEAST_SHARE if self._is_sentence else LEAST_SHARE
        left, essential = whole, []
        for unit in order:
            # Without any of the essential ones, the others together are not worth enough.
            if left < least * whole:
                break
            essential.append(unit)
            left -= unit.rarity
        candidates: set[int] = set()
        for unit in essential:
            candidates.update(unit.postings(view).ids())
        candidates.difference_update(known)
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
        enough = bytes(share >= least for share in shares)
        kept_ids, kept = _kept(ids, impacts, enough)
        # Of few words most beat some; a description holds many that the right page need not have.
        strength = COORDINATION
        if self._is_description:
            strength = SENTENCE_COORDINATION if self._is_sentence else DESCRIPTION_COORDINATION
        return Found(view, kept_ids, kept, [share**strength for share in compress(shares, enough)])

    # Ranking

    def best(self, matching: Matching, count: int) -> list[tuple[float, bool, SegmentView, int]]:
        """(score, whether partial, segment, document) of the best, those with all the words first."""
        named = self._named()
        if self._is_sentence:
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
            unit = Unit(term.decode(), ("w", term), methodcaller("word", term), optional=True)
            unit.rarity = weight * whole * RELATED_WEIGHT
            for found in (*matching.complete, *matching.partial):
                found.impacts.append((unit, found.view.impacts_of(unit.name, unit.postings(found.view), found.ids)))

    def _ranked(
        self, several: Sequence[Found], count: int, named: dict[int, dict[int, float]], *, partial: bool
    ) -> list[tuple[float, bool, SegmentView, int]]:
        wanted = max(count, min(4 * count, LOOKED_AT))
        top: list[tuple[float, int, SegmentView, int]] = []
        for found in several:
            scores = _scores(found.impacts, len(found.ids))
            if found.factors is not None:
                scores = list(map(mul, scores, found.factors))
            best = range(len(scores))
            if len(scores) > wanted:
                best = nlargest(wanted, best, key=scores.__getitem__)  # type: ignore[assignment]
            top += [(scores[at], found.view.reader.key(found.ids[at]), found.view, found.ids[at]) for at in best]
            gains = named.get(id(found.view), {})
            top = [row for row in top if row[2] is not found.view or row[3] not in gains]
            for number, gain in gains.items():
                if (at := _position(found.ids, number)) >= 0:
                    top.append((scores[at] + gain, found.view.reader.key(number), found.view, number))
        top.sort(key=lambda row: (-row[0], row[1]))
        terms = list(dict.fromkeys(term for unit in self.units for term in unit.terms))
        if len(terms) > 1 and top:
            near = [
                (score * nearness(view, number, terms), key, view, number)
                for score, key, view, number in top[:LOOKED_AT]
            ]
            near.sort(key=lambda row: (-row[0], row[1]))
            top[:LOOKED_AT] = near
        return [(score, partial, view, number) for score, _, view, number in top[:count]]

    def _named(self) -> dict[int, dict[int, float]]:
        """By segment, what a document gains because a name of it is exactly what was asked, or begins so."""
        wanted = self.query.wanted
        name = fold_name(" ".join(term.text for term in wanted)).encode("utf-8", "replace")
        begun = bool(wanted) and wanted[-1].kind is TermKind.PREFIX
        found: dict[int, dict[int, float]] = {}
        for view in self._views if name else ():
            reader = view.reader
            first, end = reader.prefix_range(NAME, name) if begun else (reader.find(NAME, name),) * 2
            gains = found.setdefault(id(view), {})
            for place in range(first, min(end, first + MOST_NAMES)) if begun else ([first] if first >= 0 else ()):
                same = len(name) / max(1, len(reader.term(place)))
                gain = NAME_SCORE if same == 1 else BEGUN_NAME_SCORE * (1 + same)
                for number in reader.ids(place):
                    gains[number] = max(gain, gains.get(number, 0.0))
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
    at = bisect_left(ids, number)
    return at if at < len(ids) and ids[at] == number else -1
