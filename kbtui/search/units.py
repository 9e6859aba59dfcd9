"""What a query ranks by: its words, identifiers, prefixes and groups, each resolved to one posting list a segment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from heapq import nlargest
from math import log

from kbtui.core.searching.clauses import Term, TermKind
from kbtui.search.analysis import STOP_WORDS, fold, stemmed, words, written
from kbtui.search.fields import TEXT
from kbtui.search.impact import scaled
from kbtui.search.postings import PlanePostings, Postings, SparsePostings
from kbtui.search.segment import EMPTY
from kbtui.search.view import SegmentView

WHOLE_WEIGHT = 1.3
APART_WEIGHT = 0.4
SIGNLESS_WEIGHT = 0.4
SHORT_PREFIX = 2
SHORT_COMPLETIONS = 24
MOST_COMPLETIONS = 400
"""How many completions of a longer prefix are looked at, the most frequent first."""
PREFIX_POSTINGS = 3
"""Completions are taken until they have so many postings for each document of the segment."""
COMPLETION_WEIGHT = 0.5
_RUN = re.compile(r"[^\W_]+")
_ENDINGS = ("", "e", "es", "s", "ed", "ing", "ion", "ions", "te", "tes", "ate", "ation", "ity", "ment", "y", "al", "er")


class Unit:
    """One thing to rank by. `name` tells it from others in caches."""

    def __init__(
        self,
        typed: str,
        name: object,
        make: Callable[[SegmentView], Postings],
        *,
        optional: bool = False,
        terms: Sequence[bytes] = (),
    ) -> None:
        self.typed = typed
        self.name = name
        self._make = make
        self.optional = optional
        """Whether a document may lack it and still hold all the words: stop words beside others."""
        self.terms = tuple(terms)
        """The words that nearness is judged by."""
        self.docs = 0
        self.rarity = 0.0

    def postings(self, view: SegmentView) -> Postings:
        """The documents of a segment that have it, deleted ones too."""
        return view.keep(("unit", self.name), lambda: self._make(view))

    def weigh(self, views: Iterable[SegmentView], total: int) -> None:
        """Learn in how many documents it is, and how rare that makes it: BM25's inverse document frequency."""
        self.docs = sum(self.postings(view).docs for view in views)
        self.rarity = log(1 + max(0.0, total - self.docs + 0.5) / (self.docs + 0.5))


def units_of(term: Term, views: Sequence[SegmentView]) -> list[Unit]:
    """The units of a word, prefix or phrase as it was typed."""
    found = [match.group() for match in words(term.text)] or [term.text]
    if term.kind is TermKind.PHRASE:
        return [phrase_unit(found, term.text)]
    units = [word_unit(word, views) for word in (found[:-1] if term.kind is TermKind.PREFIX else found)]
    return [*units, prefix_unit(found[-1], views)] if term.kind is TermKind.PREFIX else units


def word_unit(word: str, views: Sequence[SegmentView]) -> Unit:
    """A plain word, or an identifier: whole, else its parts in a row, else its parts apart."""
    terms = written(word)
    parts = [part.encode() for part in terms.parts]
    wholes = [whole.encode() for whole in terms.wholes]
    optional = fold(word) in STOP_WORDS
    if not wholes and len(parts) == 1:
        return Unit(word, ("w", parts[0]), lambda view: view.word(parts[0]), optional=optional, terms=parts)
    if len(parts) == 1:
        return Unit(word, ("s", *wholes), lambda view: _signed(view, wholes[0], parts[0]), terms=parts)
    unit = Unit(word, ("i", *wholes[:1]), lambda view: _identifier(view, wholes, parts), terms=parts)
    if any(unit.postings(view).docs for view in views):
        return unit
    return Unit(word, ("a", *parts), lambda view: _apart(view, parts), terms=parts)


def phrase_unit(found: Sequence[str], typed: str) -> Unit:
    """Words in a row."""
    several = [written(word) for word in found]
    parts = [part.encode() for one in several for part in one.parts]
    if len(several) == 1 and several[0].wholes:
        wholes = [whole.encode() for whole in several[0].wholes]
        if len(parts) == 1:
            return Unit(typed, ("s1", wholes[0]), lambda view: view.word(wholes[0]), terms=parts)
        return Unit(typed, ("i", wholes[0]), lambda view: _identifier(view, wholes, parts), terms=parts)
    if len(parts) == 1:
        return Unit(typed, ("w", parts[0]), lambda view: view.word(parts[0]), terms=parts)
    return Unit(typed, ("p", *parts), lambda view: _in_a_row(view, parts, None), terms=parts)


def prefix_unit(start: str, views: Sequence[SegmentView], *, complete: bool = False) -> Unit:
    """Every word that begins so; `complete` leaves out none, however short the beginning."""
    begin = fold(start)
    unit = Unit(start, ("*", begin, complete), lambda view: _completions(view, begin, start, complete=complete))
    if any(unit.postings(view).docs for view in views):
        return unit
    terms = written(start)
    *before, last = [part.encode() for part in _unstemmed(start)] or [begin.encode()]
    if not before or not terms.parts:
        return unit

    def make(view: SegmentView) -> Postings:
        ending = _completions(view, last.decode(), last.decode(), complete=False)
        lists = [view.word(stemmed(part.decode()).encode()) for part in before]
        return _intersection(view, [*lists, ending], [*before, ("ending", last)], APART_WEIGHT)

    return Unit(start, ("*a", begin), make)


def _unstemmed(word: str) -> list[str]:
    return [fold(piece) for piece in _RUN.findall(word)]


# Posting lists put together


def _signed(view: SegmentView, whole: bytes, part: bytes) -> Postings:
    """A word with signs before it: as it is, or for less without them."""
    base = view.word(part)
    plane = bytearray(base.plane().translate(scaled(SIGNLESS_WEIGHT))) if base.docs else bytearray(view.docs)
    postings = view.word(whole)
    for number, impact in zip(postings.ids(), postings.impacts(), strict=True):
        plane[number] = impact
    return PlanePostings(plane)


def _identifier(view: SegmentView, wholes: Sequence[bytes], parts: Sequence[bytes]) -> Postings:
    whole = next((found for term in wholes if (found := view.word(term)).docs), EMPTY)
    row = _in_a_row(view, parts, set(whole.ids()) if whole.docs else None)
    if not row.docs:
        return whole
    impacts = dict(zip(row.ids(), row.impacts(), strict=True))
    impacts.update(zip(whole.ids(), whole.impacts().translate(scaled(WHOLE_WEIGHT)), strict=True))
    ids = sorted(impacts)
    return SparsePostings(ids, bytes(map(impacts.__getitem__, ids)), view.docs)


def _in_a_row(view: SegmentView, parts: Sequence[bytes], known: set[int] | None) -> Postings:
    """The documents whose sequence has the parts side by side; those `known` to have them are left out."""
    reader = view.reader
    characters = [reader.character(part) for part in parts]
    if None in characters:
        return EMPTY
    both = _intersection(view, [view.word(part) for part in dict.fromkeys(parts)], list(dict.fromkeys(parts)), 1.0)
    pattern = "".join(map(str, characters))
    wanted = both.ids() if known is None else [number for number in both.ids() if number not in known]
    found = reader.containing(pattern, wanted)
    rows = [each for each in zip(both.ids(), both.impacts(), strict=True) if each[0] in found]
    return SparsePostings([number for number, _ in rows], bytes(impact for _, impact in rows), view.docs)


def _apart(view: SegmentView, parts: Sequence[bytes]) -> Postings:
    several = list(dict.fromkeys(parts))
    return _intersection(view, [view.word(part) for part in several], several, APART_WEIGHT)


def _intersection(view: SegmentView, lists: Sequence[Postings], names: Sequence[object], weight: float) -> Postings:
    """The documents that all lists have, with the least of their impacts times `weight`."""
    order = sorted(zip(lists, names, strict=True), key=lambda pair: pair[0].docs)
    ids: Sequence[int] = order[0][0].ids()
    impacts: Sequence[int] = order[0][0].impacts()
    for postings, name in order[1:]:
        if not len(ids):
            break
        others = view.impacts_of(name, postings, ids)
        rows = [(n, min(a, b)) for n, a, b in zip(ids, impacts, others, strict=True) if b]
        ids, impacts = [n for n, _ in rows], [i for _, i in rows]
    return SparsePostings(ids, bytes(impacts).translate(scaled(weight)), view.docs)


def _completions(view: SegmentView, begin: str, typed: str, *, complete: bool) -> Postings:
    reader = view.reader
    first, end = reader.prefix_range(TEXT, begin.encode())
    docs = reader.docs_between(first, end)
    short = len(begin) <= SHORT_PREFIX and not complete
    most = len(docs) if complete else SHORT_COMPLETIONS if short else MOST_COMPLETIONS
    best = nlargest(most, range(len(docs)), key=docs.__getitem__) if len(docs) > most else range(len(docs))
    chosen = sorted(best, key=docs.__getitem__, reverse=True)
    exact = _stems_begun(begin) | set(written(typed).wholes)
    left = PREFIX_POSTINGS * view.docs + 1_000
    if len(chosen) + len(exact) == 0:
        return EMPTY
    plane = bytearray(view.docs)
    table = scaled(COMPLETION_WEIGHT)
    for order in chosen:
        left -= docs[order]
        if left < 0 and not complete:
            break
        _put(plane, reader.postings(first + order), table)
    for stem in exact:
        if (found := view.word(stem.encode())).docs:
            _put(plane, found, None)
    return view.living_plane(plane)


def _stems_begun(begin: str) -> set[str]:
    """The stems of words that begin so, where a stem is no longer than that: `queri` for `query`."""
    stems = {stemmed(begin + ending) for ending in _ENDINGS}
    # The last letter of a stem may differ from that of its words.
    return {stem for stem in stems if len(stem) <= len(begin) and stem[:-1] == begin[: len(stem) - 1]} | {
        stemmed(begin)
    }


def _put(plane: bytearray, postings: Postings, table: bytes | None) -> None:
    if isinstance(postings, PlanePostings):
        over = postings.plane() if table is None else postings.plane().translate(table)
        here = int.from_bytes(plane, "little")
        free = int.from_bytes(plane.translate(_FREE), "little")
        plane[:] = (int.from_bytes(over, "little") & free | here).to_bytes(len(plane), "little")
        return
    impacts = postings.impacts() if table is None else postings.impacts().translate(table)
    for number, impact in zip(postings.ids(), impacts, strict=True):
        plane[number] = impact


_FREE = b"\xff" + b"\0" * 255


def group_unit(units: Sequence[Unit], typed: str, *, any_of: bool) -> Unit:
    """Several units as one: any of them, or all."""

    def make(view: SegmentView) -> Postings:
        if any_of:
            plane = bytearray(view.docs)
            for unit in sorted(units, key=lambda u: -u.postings(view).docs):
                postings = unit.postings(view)
                for number, impact in zip(postings.ids(), postings.impacts(), strict=True):
                    plane[number] = max(plane[number], impact)
            return PlanePostings(plane)
        return _intersection(view, [u.postings(view) for u in units], [u.name for u in units], 1.0)

    terms = [term for unit in units for term in unit.terms]
    return Unit(typed, ("g", any_of, *(unit.name for unit in units)), make, terms=terms)
