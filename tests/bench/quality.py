"""How well search finds, on judged queries, beside SQLite's FTS5.

python -m tests.bench.quality [known|cranfield] [--verbose] [--fts5]

`KBTUI_BENCH_SCRATCH` names a folder that keeps the imported library from one run to the next; the index is built
anew each time.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import perf_counter

from kbtui import open_library
from kbtui.core.importing import ImportRequest
from kbtui.core.index_document import document_id
from kbtui.core.searching.query import parse_query
from kbtui.library import Library
from kbtui.search.indexes import WhooshIndexes
from tests.bench.corpora import (
    CLASSES,
    CORPORA,
    SOURCES,
    KnownItem,
    cranfield,
    cranfield_documents,
    known_documents,
    known_items,
)
from tests.bench.fts5 import Fts5
from tests.bench.relevance import average_precision, ndcg, precision, reciprocal_rank

DEPTH, FULL = 10, 1_000
SHOWN = 3
Ranker = Callable[[KnownItem], Sequence[str]]
"""Gives the first pages for a query, as `corpus/path`."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query gave."""

    item: KnownItem
    ranking: Sequence[str]
    milliseconds: float

    @property
    def reciprocal_rank(self) -> float:
        """1 divided by the rank of the first right page, 0 if that is below 10."""
        return reciprocal_rank(self.ranking, self.item.answers, DEPTH)


@dataclass(frozen=True, slots=True)
class Judged:
    """Measures of a ranking of the abstracts."""

    mean_average_precision: float
    ndcg: float
    precision: float


# Known items


def known_library(folder: Path) -> Library:
    """The corpora in one library, imported where the folder has none yet, its index built now."""
    library = open_library(folder)
    started = perf_counter()
    for source in SOURCES:
        library.importing.run(ImportRequest(CORPORA / source))
    imported = perf_counter()
    count = library.indexing.rebuild()
    print(f"{count:,} pages: imported in {imported - started:.1f} s, indexed in {perf_counter() - imported:.1f} s")
    return library


def ranked_by(library: Library) -> Ranker:
    """The library's own search: pasted text through `match`, begun words as they are typed."""

    def rank(item: KnownItem) -> list[str]:
        if item.kind == "pasted":
            results = library.searching.match([item.text], limit=DEPTH)
        else:
            results = library.searching.search(parse_query(item.text, typing=item.kind == "prefix"), limit=DEPTH)
        return [f"{hit.post.source}/{hit.post.path}" for hit in results]

    return rank


def ranked_by_fts5() -> Ranker:
    """FTS5: all the words, else any of them; begun words as prefixes."""
    documents = list(known_documents())
    engine = Fts5(":memory:")
    engine.store(document for _, document in documents)
    engine.index_text(document for _, document in documents)
    paths = {document.key: path for path, document in documents}

    def rank(item: KnownItem) -> list[str]:
        return [paths[key] for key in engine.rank(item.text, DEPTH, prefix=item.kind == "prefix")]

    return rank


def ask(rank: Ranker, item: KnownItem) -> Found:
    """What a query gives, timed."""
    started = perf_counter()
    ranking = rank(item)
    return Found(item, ranking, (perf_counter() - started) * 1e3)


def report_known(name: str, rank: Ranker, *, verbose: bool = False) -> float:
    """Print the mean reciprocal rank of each class, and what came first instead of the right page; the overall mean."""
    found = [ask(rank, item) for item in known_items()]
    overall = fmean(one.reciprocal_rank for one in found)
    print(f"\n{name}: MRR@{DEPTH} {overall:.3f} over {len(found)} queries")
    for kind in CLASSES:
        own = [one for one in found if one.item.kind == kind]
        first = sum(one.reciprocal_rank == 1 for one in own)
        lost = sum(one.reciprocal_rank == 0 for one in own)
        mean, each = fmean(one.reciprocal_rank for one in own), fmean(one.milliseconds for one in own)
        counts = f"{first} of {len(own)} come first, {lost} are not among {DEPTH}"
        print(f"  {kind:9}{mean:6.3f}   {counts}, {each:.1f} ms each")
    if verbose:
        for one in found:
            if one.reciprocal_rank < 1:
                print_failure(one)
    return overall


def print_failure(found: Found) -> None:
    """Print a query whose right page did not come first, and what did."""
    rank = round(1 / found.reciprocal_rank) if found.reciprocal_rank else "-"
    print(f"\n  {found.item.kind} {found.item.text[:100]!r}: rank {rank}, wanted {sorted(found.item.answers)[0]}")
    for path in found.ranking[:SHOWN]:
        print(f"      {path}")


# Cranfield


def report_cranfield(name: str, rank: Callable[[str], Sequence[int]], *, verbose: bool = False) -> Judged:
    """Print and give the measures over the full ranking of numbers that `rank` gives for a query."""
    collection = cranfield()
    started = perf_counter()
    rankings = {number: rank(text) for number, text in collection.queries.items()}
    each = (perf_counter() - started) * 1e3 / len(rankings)
    pairs = [(ranking, collection.relevant[number]) for number, ranking in rankings.items()]
    judged = Judged(
        fmean(average_precision(*pair) for pair in pairs),
        fmean(ndcg(*pair) for pair in pairs),
        fmean(precision(*pair) for pair in pairs),
    )
    figures = f"MAP {judged.mean_average_precision:.4f}, nDCG@10 {judged.ndcg:.4f}, P@10 {judged.precision:.4f}"
    print(f"\n{name} on cranfield: {figures}, {each:.1f} ms each")
    if verbose:
        for number, ranking in rankings.items():
            value = average_precision(ranking, collection.relevant[number])
            print(f"  {number:4} {value:.3f} {collection.queries[number]}")
    return judged


def cranfield_by_kbtui(folder: Path, *, verbose: bool = False) -> Judged:
    """kbtui's index over the abstracts."""
    indexes = WhooshIndexes(folder)
    indexes.build(1, cranfield_documents(cranfield()), 1)
    index = indexes.open(1)

    def rank(text: str) -> list[int]:
        return [document_id(hit.key) for hit in index.search(parse_query(text), limit=FULL).page]

    judged = report_cranfield("kbtui", rank, verbose=verbose)
    index.close()
    return judged


def cranfield_by_fts5() -> Judged:
    """FTS5 over the abstracts: any of the words, the title twice the weight of the text."""
    engine = Fts5(":memory:", weights=(2.0, 1.0, 1.0, 1.0))
    documents = list(cranfield_documents(cranfield()))
    engine.store(documents)
    engine.index_text(documents)
    return report_cranfield("FTS5", lambda text: [document_id(key) for key in engine.rank(text, FULL, any_word=True)])


def main(arguments: Sequence[str]) -> None:
    """What the module's docstring says."""
    verbose, with_fts5 = "--verbose" in arguments, "--fts5" in arguments
    wanted = [word for word in arguments if not word.startswith("-")] or ["known", "cranfield"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(os.environ.get("KBTUI_BENCH_SCRATCH", temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")  # where the library's index goes
        if "known" in wanted:
            with known_library(folder / "library") as library:
                report_known("kbtui", ranked_by(library), verbose=verbose)
            if with_fts5:
                report_known("FTS5", ranked_by_fts5(), verbose=verbose)
        if "cranfield" in wanted:
            cranfield_by_kbtui(folder / "cranfield", verbose=verbose)
            if with_fts5:
                cranfield_by_fts5()


if __name__ == "__main__":
    main(sys.argv[1:])
