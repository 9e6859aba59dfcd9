"""What search costs beside other engines: building, opening, asking, updating. Each function prints its figures."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from kbtui import open_library
from kbtui.bootstrap import synthetic_posts
from kbtui.core.index_document import IndexDocument, document_key
from kbtui.core.searching.query import parse_query
from kbtui.search.indexes import WhooshIndexes
from tests.bench.documents import SEED, Documents
from tests.bench.fts5 import Fts5
from tests.bench.kbtui_index import KbtuiIndex
from tests.bench.questions import SIMILAR_TO, Question, questions, told
from tests.bench.tantivy_index import Tantivy, installed
from tests.bench.timing import Engine, Times, ask_all, percentile, print_table, timed

ROOT = Path(__file__).resolve().parents[2]
CORES = os.cpu_count() or 1
OPENINGS, STARTS, TIMED_UPDATES = 21, 7, 200
STOCK_POSTS = 1_600


class Bench:
    """The same documents in every engine, and how quickly they went in."""

    def __init__(self, folder: Path, count: int, *, with_all: bool) -> None:
        self.folder = folder
        self.documents = Documents(folder / "documents", count)
        self.rates: dict[str, float] = {}
        """Documents a second by what was built."""
        self.texts = folder / "fts5.db"
        self.fts5 = Fts5(self.texts)
        self.kbtui = self._build_all()
        self.engines: list[Engine] = [self.kbtui, self.fts5]
        if installed():
            self.engines.append(self._build_tantivy())
        if with_all:
            self.engines += [self._build_fts5_with_prefixes(), self._build_stock()]
        self.size_ratio = self.kbtui.index.size() / self.documents.text_bytes
        """Bytes of the index to bytes of the text."""

    def _build_all(self) -> KbtuiIndex:
        self.fts5.store(self.documents)
        self._rate("FTS5, text alone", lambda: self.fts5.index_text(self.documents))
        self._rate("FTS5, values beside", lambda: self.fts5.index_values(self.documents))
        made = WhooshIndexes(self.folder / "kbtui")
        self._rate("kbtui, 1 process", lambda: made.build(1, self.documents, 1, processes=1))
        self._rate(f"kbtui, {CORES} processes", lambda: made.build(2, self.documents, 1, processes=CORES))
        return KbtuiIndex(made.open(2), self.texts)

    def _build_tantivy(self) -> Tantivy:
        tantivy = Tantivy(self.folder / "tantivy", self.texts)
        self._rate(f"tantivy, {CORES} threads", lambda: tantivy.build(self.documents, CORES))
        return tantivy

    def _build_fts5_with_prefixes(self) -> Fts5:
        fts5 = Fts5(self.folder / "prefixes.db", prefixes=True)
        fts5.store(self.documents)
        self._rate("FTS5, begun words too", lambda: fts5.index_text(self.documents))
        fts5.index_values(self.documents)
        return fts5

    def _build_stock(self) -> Engine:
        from tests.bench.stock_whoosh import StockWhoosh

        stock = StockWhoosh(self.folder / "stock")
        few = self.documents.first(STOCK_POSTS)
        self._rate("Whoosh", lambda: stock.build(few), len(few))
        return stock

    def _rate(self, name: str, work: Callable[[], object], count: int = 0) -> None:
        self.rates[name] = (count or self.documents.count) * 1e3 / timed(work)

    def questions(self) -> list[Question]:
        """Every question; the documents that similar ones are wanted to are told by their words."""
        keys = tuple(document_key(number) for number in SIMILAR_TO if number <= self.documents.count)
        return [
            told(question, self.fts5.telling_words(question.similar)) if question.similar else question
            for question in questions(keys)
        ]


def report_building(bench: Bench) -> None:
    """Print how quickly documents went in, and what they take on disk."""
    text, body = bench.documents.text_bytes, bench.documents.body_bytes
    print(f"\n{bench.documents.count:,} documents, {text / 1e6:.1f} MB of text, {body / 1e6:.1f} MB of it bodies")
    for name, rate in bench.rates.items():
        print(f"  {name:22}{rate:9,.0f} documents/s")
    for name, size in [(engine.name, engine.size()) for engine in bench.engines]:
        print(f"  {name:12}{size / 1e6:8.1f} MB, {size / text:.2f} of the text ({size / body:.2f} of the bodies)")


def report_questions(bench: Bench) -> Times:
    """Print the table of all questions."""
    times = ask_all(bench.engines, bench.questions())
    print_table(times, [engine.name for engine in bench.engines], "FTS5")
    return times


def report_opening(bench: Bench) -> None:
    """Print how long opening takes, and what a process needs that opens the index and asks everything."""
    made = WhooshIndexes(bench.folder / "kbtui")
    taken = [timed(lambda: made.open(2).close()) for _ in range(OPENINGS)]
    command = [sys.executable, "-m", "tests.bench.memory", str(bench.folder / "kbtui"), "2", str(bench.texts)]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    bare, _, peak, own = printed.split()
    print(f"\nopening: {median(taken):.2f} ms (at most {max(taken):.2f})")
    print(f"memory: {peak} MB at most, {own} MB of it not mapped from files; {bare} MB before the index was opened")


_LETTERS = str.maketrans("0123456789", "qwxzjkvbfh")


def changed(documents: Sequence[IndexDocument], draw: random.Random) -> Iterator[tuple[str, IndexDocument]]:
    """One document after the other with a word that no other has."""
    number = 0
    while True:
        number += 1
        document = draw.choice(documents)
        # Letters alone: a word with a number in it would be looked for as two words side by side as well.
        word = "changed" + str(number).translate(_LETTERS)
        yield word, replace(document, body=f"{document.body}\n{word}\n", revision=number)


def report_updates(bench: Bench, count: int, before: Times) -> Times:
    """Print what it takes until one change is found, and the questions again after many changes."""
    made = WhooshIndexes(bench.folder / "kbtui")
    few = bench.documents.first(min(bench.documents.count, 5_000))
    stream = changed(few, random.Random(1))  # noqa: S311 - which documents change, not a secret
    taken = []
    with made.exclusive(10):
        for stamp in range(2, count + 2):
            word, document = next(stream)

            def update(document: IndexDocument = document, word: str = word, stamp: int = stamp) -> None:
                bench.kbtui.index.apply([document], [], stamp)
                assert bench.kbtui.index.search(parse_query(word), limit=1).total == 1

            taken.append(timed(update))
    for name, part in (("first", taken[:TIMED_UPDATES]), ("all", taken)):
        print(
            f"\n{name} {len(part):,} updates of one document, until found: p50 {percentile(part, 0.5):.1f} ms, "
            f"p95 {percentile(part, 0.95):.1f} ms, at most {max(part):.1f} ms"
        )
    after = ask_all([bench.kbtui], list(before.by_question))
    for rank in (0.5, 0.95):
        ratio = percentile(after.of("kbtui"), rank) / percentile(before.of("kbtui"), rank)
        print(f"questions after {count:,} updates take {ratio:.2f} times as long as before at p{rank * 100:.0f}")
    return after


def report_start(folder: Path, count: int) -> None:
    """Print how long `kbtui search` takes from start to output, beside a bare interpreter."""
    with open_library(folder) as library:
        library.importing.save(synthetic_posts(count, SEED), "synthetic")
        library.indexing.rebuild()
    search = [sys.executable, "-m", "kbtui", "--library", str(folder), "search", "slow", "request"]
    for name, command in (("kbtui search", search), ("bare interpreter", [sys.executable, "-c", "pass"])):
        taken = [timed(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(STARTS)]  # noqa: B023
        print(f"\n{name}, {count:,} posts, start to output: {median(taken):.0f} ms (at most {max(taken):.0f})")
