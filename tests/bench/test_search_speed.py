"""Search beside SQLite's FTS5, tantivy and stock Whoosh: the same documents, the same questions, one run.

Run with: pytest -m bench -n0 -s tests/bench/test_search_speed.py

`KBTUI_BENCH_POSTS` sets how many documents (16000), `KBTUI_BENCH_UPDATES` how many single updates (10000), and
`KBTUI_BENCH_ALL=1` adds FTS5 with its indexes of begun words, and stock Whoosh (with 1,600 documents only).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.bench.speed import (
    CORES,
    Bench,
    report_building,
    report_opening,
    report_questions,
    report_start,
    report_updates,
)
from tests.bench.timing import PHRASE, Times, percentile

pytestmark = pytest.mark.bench

POSTS = int(os.environ.get("KBTUI_BENCH_POSTS", "16000"))
UPDATES = int(os.environ.get("KBTUI_BENCH_UPDATES", "10000"))
WITH_ALL = os.environ.get("KBTUI_BENCH_ALL") == "1"
TIMES_QUICKER = 5 if POSTS >= 100_000 else 3


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    # Not pytest's own folder: it would keep gigabytes of the last runs.
    with TemporaryDirectory() as folder:
        made = Bench(Path(folder), POSTS, with_all=WITH_ALL)
        yield made
        for engine in made.engines:
            engine.close()


@pytest.fixture(scope="module")
def times(bench: Bench) -> Times:
    return report_questions(bench)


def test_building_is_no_slower_and_the_index_is_small(bench: Bench) -> None:
    report_building(bench)
    assert bench.rates[f"kbtui, {CORES} processes"] >= bench.rates["FTS5, text alone"]
    assert bench.size_ratio <= 0.55


def test_questions_are_answered_several_times_quicker(times: Times) -> None:
    groups = [group for group in times.groups() if group != PHRASE]
    assert times.ratio("kbtui", "FTS5", 0.5, groups) >= TIMES_QUICKER
    assert times.ratio("kbtui", "FTS5", 0.95, groups) >= TIMES_QUICKER


def test_phrases_are_no_slower(times: Times) -> None:
    assert times.ratio("kbtui", "FTS5", 0.5, [PHRASE]) >= 1


def test_opening_and_memory(bench: Bench) -> None:
    report_opening(bench)


def test_updates_leave_questions_as_quick_as_before(bench: Bench, times: Times) -> None:
    after = report_updates(bench, UPDATES, times)
    assert percentile(after.of("kbtui"), 0.5) / percentile(times.of("kbtui"), 0.5) < 1.5


def test_start_of_the_command(tmp_path: Path) -> None:
    report_start(tmp_path / "library", min(POSTS, 16_000))
