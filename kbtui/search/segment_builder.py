"""Turning documents into the file of a segment: words are numbered as they come, lists grow in memory, all is written
at the end, sorted."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from kbtui.core.index_document import IndexDocument
from kbtui.search.analysis import chunks, fold_name, words
from kbtui.search.fields import LARGEST_NUMBER, NAME, NO_NUMBER, NUMBERS, TEXT, TITLE, VALUE, value_term
from kbtui.search.impact import FIELD_WEIGHTS, VALUES, BodyImpacts, quantised
from kbtui.search.postings import MOST_DOCUMENTS, pack_ids, pack_postings
from kbtui.search.segment import FULL_SEGMENT
from kbtui.search.segment_file import SegmentFileWriter
from kbtui.search.vocabulary import FIELD, FIELD_MARK, FIELD_SIGN, FIRST_WHOLE, GAP, MARK, WHOLES, Characters

List = TypeVar("List", list[int], "array[int]")

BATCH = 256
"""Documents are worked on stage by stage in batches: each stage's code and data stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Built:
    """A segment that was written: its name, its documents, and the usual length of a body."""

    name: str
    docs: int
    usual_length: float


class OldSegment(Protocol):
    """What a merge needs of a segment that was written before: see `segment.SegmentReader`."""

    docs: int

    def sequence(self, number: int) -> str: ...
    def words_of_sequences(self) -> dict[int, bytes]: ...
    def key(self, number: int) -> int: ...
    def revision(self, number: int) -> int: ...
    def number_columns(self) -> Sequence[Sequence[int]]: ...
    def packed_lists(self, field: str) -> Iterable[tuple[bytes, array[int]]]: ...


class SegmentBuilder:
    """One segment in the making. `add` and `merge` documents, then `finish`; or `discard`."""

    def __init__(self, path: Path, usual_length: float) -> None:
        self._file = SegmentFileWriter(path)
        self._impacts = BodyImpacts(usual_length)
        self._usual_length = usual_length
        self._chunks = Characters()
        self._head_impacts: dict[tuple[float, int], int] = {}
        self._text: dict[str, array[int]] = {}
        self._titles: dict[str, list[int]] = {}
        self._names: dict[bytes, list[int]] = {}
        self._values: dict[bytes, list[int]] = {}
        self._keys, self._revisions = array("q"), array("I")
        self._numbers = [array("i") for _ in NUMBERS]
        self._sequences_start = self._file.position
        self._sequence_at = array("I", [0])

    @property
    def docs(self) -> int:
        """How many documents it has."""
        return len(self._keys)

    @property
    def is_full(self) -> bool:
        """Whether a bulk build should begin another."""
        wide = len(self._chunks.parts) > FIRST_WHOLE * 3 // 4 or len(self._chunks.wholes) > FIRST_WHOLE * 3 // 4
        return self.docs >= FULL_SEGMENT or wide

    @property
    def is_finished(self) -> bool:
        """Whether it was finished or discarded."""
        return self._file.is_finished

    # Documents

    def add(self, documents: Sequence[IndexDocument]) -> None:
        """Add documents: at most `BATCH` at a time is quickest, more than `MOST_DOCUMENTS` in all is an error."""
        first = self.docs
        if first + len(documents) > MOST_DOCUMENTS:
            raise ValueError("a segment holds no more documents")
        read = [self._read(document) for document in documents]
        counted = [self._counted(fields) for fields in read]
        for number, (times, fields) in enumerate(zip(counted, read, strict=True), first):
            self._post(number, times, self._impacts.table(len(fields[-1])))
        for number, (document, fields) in enumerate(zip(documents, read, strict=True), first):
            names, _, _, lead, body = fields
            self._put_sequence(WHOLES.sub("", GAP.join((body, names, lead))))
            self._put_exact(number, document, names)
            self._put_row(document.key, document.revision, _numbers(document))

    def _read(self, document: IndexDocument) -> list[str]:
        """Names, labels, headings, lead and body as characters: read as one text, which is quicker."""
        texts = (MARK.join(document.names), MARK.join(document.labels), MARK.join(document.headings), document.lead)
        head = FIELD_MARK.join(texts) if FIELD_SIGN not in "".join(texts) else FIELD_MARK.join(map(_unmarked, texts))
        found = "".join(map(self._chunks.__getitem__, chunks(f"{head}{FIELD_MARK}{document.body}")))
        fields = found.split(FIELD, len(texts))
        if "" in (names := fields[0].split(GAP)):
            fields[0] = GAP.join(map(self._of_signs, names, document.names))
        return fields

    def _of_signs(self, found: str, name: str) -> str:
        """The characters of a name, which may be of signs alone, such as `[[`."""
        return found or "".join(self._chunks.word(match.group()) for match in words(name))

    def _counted(self, fields: Sequence[str]) -> Counter[str]:
        """How often each word is in the body; of a word that is outside of it too its impact, below zero."""
        *head, body = fields
        counted = Counter(body)
        table = self._impacts.table(len(body))
        known = self._head_impacts
        for character, weight in _weights(head).items():
            step = table[min(counted.get(character, 0), 255)]
            impact = known.get((weight, step))
            if impact is None:
                impact = known[weight, step] = quantised(weight + VALUES[step])
            counted[character] = -impact
        return counted

    def _post(self, number: int, counted: Counter[str], table: bytes) -> None:
        base = number << 8
        lists = self._text
        for character, times in counted.items():
            posting = base | (table[times if times < 256 else 255] if times > 0 else -times)
            try:
                lists[character].append(posting)
            except KeyError:
                lists[character] = array("I", [posting])

    def _list_of(self, character: str) -> array[int]:
        """The posting list of a character."""
        return self._text.setdefault(character, array("I"))

    def _put_sequence(self, sequence: str) -> None:
        data = sequence.encode("utf-16-le", "surrogatepass")
        self._file.write(data)
        self._sequence_at.append(self._sequence_at[-1] + len(data))

    def _put_exact(self, number: int, document: IndexDocument, names: str) -> None:
        for character in set(WHOLES.sub("", names)) - {GAP}:
            self._titles.setdefault(character, []).append(number)
        for name in {fold_name(name) for name in document.names}:
            self._names.setdefault(name.encode("utf-8", "replace"), []).append(number)
        for field, value in set(document.values):
            self._values.setdefault(value_term(field, value).encode("utf-8", "replace"), []).append(number)

    def _put_row(self, key: int, revision: int, numbers: Iterable[int]) -> None:
        self._keys.append(key)
        self._revisions.append(revision)
        for column, number in zip(self._numbers, numbers, strict=True):
            column.append(number)

    # Merging

    def merge(self, old: OldSegment, is_deleted: Callable[[int], bool]) -> None:
        """Add the documents of another segment that are not deleted."""
        kept = [number for number in range(old.docs) if not is_deleted(number)]
        place = {number: new for new, number in enumerate(kept, self.docs)}
        renumbered = {
            character: self._chunks.numbered(self._chunks.parts, term, 1)
            for character, term in old.words_of_sequences().items()
        }
        columns = old.number_columns()
        for number in kept:
            self._put_sequence(old.sequence(number).translate(renumbered))
            self._put_row(old.key(number), old.revision(number), (values[number] for values in columns))
        self._merge_lists(old, place)

    def _merge_lists(self, old: OldSegment, place: dict[int, int]) -> None:
        parts, wholes = self._chunks.parts, self._chunks.wholes
        for term, packed in old.packed_lists(TEXT):
            moved = [place[posting >> 8] << 8 | posting & 0xFF for posting in packed if posting >> 8 in place]
            if moved:
                character = parts.get(term) or self._chunks.numbered(wholes, term, FIRST_WHOLE)
                self._list_of(character).extend(moved)
        for term, packed in old.packed_lists(TITLE):
            if moved := [place[number] for number in packed if number in place]:
                self._titles.setdefault(parts.get(term) or self._chunks.whole(term.decode()), []).extend(moved)
        for field, lists in ((NAME, self._names), (VALUE, self._values)):
            for term, packed in old.packed_lists(field):
                if moved := [place[number] for number in packed if number in place]:
                    lists.setdefault(term, []).extend(moved)

    # Writing

    def finish(self) -> None:
        """Write the file; the builder cannot be used any more."""
        file, docs = self._file, self.docs
        file.section("sequences", self._sequences_start)
        start = file.position
        terms = _Terms()
        for field, lists in (
            (NAME, self._names),
            (TEXT, self._by_term(self._text, _joined)),
            (TITLE, self._by_term(self._titles, _united)),
            (VALUE, self._values),
        ):
            pack: Any = pack_postings if field == TEXT else pack_ids
            terms.begin(field)
            for term in sorted(lists):
                place, data = pack(lists[term], docs)
                terms.add(term, len(lists[term]), place if not data else file.position - start)
                if data:
                    file.write(data)
        file.section("postings", start)
        self._write_tables(terms)
        file.finish({"docs": docs, "fields": terms.fields(), "usual_length": self._usual_length})

    def _by_term(self, of_characters: Mapping[str, List], join: Callable[[List, List], List]) -> dict[bytes, List]:
        """The lists by term; a term that is both a part and a whole has two, which are joined."""
        lists: dict[bytes, List] = {}
        for known in (self._chunks.parts, self._chunks.wholes):
            for term, character in known.items():
                if (found := of_characters.get(character)) is not None:
                    there = lists.get(term)
                    lists[term] = found if there is None else join(there, found)
        return lists

    def _write_tables(self, terms: _Terms) -> None:
        file = self._file
        file.table("sequence_at", self._sequence_at)
        file.table("keys", self._keys)
        file.table("revisions", self._revisions)
        for name, column in zip(NUMBERS, self._numbers, strict=True):
            file.table(f"number_{name}", column)
        first, end = terms.fields()[VALUE]
        of_document: list[list[int]] = [[] for _ in range(self.docs)]
        for order, term in enumerate(terms.texts[first:end]):
            for number in self._values[term]:
                of_document[number].append(order)
        file.table("values_at", array("I", _running(map(len, of_document))))
        file.table("values", array("I", [order for orders in of_document for order in orders]))
        file.table("term_at", array("I", _running(map(len, terms.texts))))
        file.table("term_docs", terms.docs)
        file.table("term_place", terms.places)
        numbers = array("I", bytes(4 * len(terms.texts)))
        begin, stop = terms.fields()[TEXT]
        text_terms = terms.texts[begin:stop]
        for term, character in self._chunks.parts.items():
            at = bisect_left(text_terms, term)
            if at < len(text_terms) and text_terms[at] == term:
                numbers[begin + at] = ord(character)
        file.table("term_number", numbers)
        file.table("term_text", b"".join(terms.texts))

    def discard(self) -> None:
        """Give up; the file is removed."""
        self._file.discard()


class _Terms:
    """The dictionary of a segment in the making: terms of one field after the other, each field's sorted."""

    def __init__(self) -> None:
        self.texts: list[bytes] = []
        self.docs = array("H")
        self.places = array("I")
        self._begun: list[tuple[str, int]] = []

    def begin(self, field: str) -> None:
        self._begun.append((field, len(self.texts)))

    def add(self, term: bytes, docs: int, place: int) -> None:
        self.texts.append(term)
        self.docs.append(docs)
        self.places.append(place)

    def fields(self) -> dict[str, tuple[int, int]]:
        """The range of each field's terms."""
        ends = [start for _, start in self._begun[1:]] + [len(self.texts)]
        return {field: (start, end) for (field, start), end in zip(self._begun, ends, strict=True)}


def _weights(fields: Sequence[str]) -> dict[str, float]:
    """What each character outside of the body is worth."""
    weights: dict[str, float] = {}
    for field, weight in zip(fields, FIELD_WEIGHTS.values(), strict=True):
        for character in field:
            weights[character] = weights.get(character, 0.0) + weight
    weights.pop(GAP, None)
    return weights


def _numbers(document: IndexDocument) -> Iterator[int]:
    """The numbers of a document as its columns hold them."""
    for name in NUMBERS:
        value = document.numbers.get(name)
        yield NO_NUMBER if value is None else max(NO_NUMBER + 1, min(LARGEST_NUMBER, value))


def _unmarked(text: str) -> str:
    return text.replace(FIELD_SIGN, " ")


def _joined(one: array[int], other: array[int]) -> array[int]:
    """Two lists of the same term as one: a document in both keeps its higher impact."""
    best: dict[int, int] = {}
    for posting in (*one, *other):
        best[posting >> 8] = max(posting, best.get(posting >> 8, 0))
    return array("I", [best[number] for number in sorted(best)])


def _united(one: list[int], other: list[int]) -> list[int]:
    return sorted({*one, *other})


def _running(lengths: Iterable[int]) -> list[int]:
    sums = [0]
    for length in lengths:
        sums.append(sums[-1] + length)
    return sums
