"""Search finds what was judged to be right. The corpora are not part of the repository; without them this is skipped.

Run with: pytest -m bench -n0 -s tests/bench/test_quality.py
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.corpora import CLASSES, CORPORA, SOURCES, known_items
from tests.bench.quality import (
    cranfield_by_fts5,
    cranfield_by_kbtui,
    known_library,
    ranked_by,
    ranked_by_fts5,
    report_known,
)

pytestmark = pytest.mark.bench


@pytest.fixture(autouse=True)
def corpora() -> None:
    if not all((CORPORA / name).is_dir() for name in (*SOURCES, "cranfield")):
        pytest.skip("the corpora are not here")


def test_every_answer_of_the_list_is_a_page() -> None:
    items = known_items()
    assert len(items) >= 200
    for kind in CLASSES:
        assert sum(item.kind == kind for item in items) >= 30
    for item in items:
        assert item.answers, item.text
        for path in item.answers:
            assert (CORPORA / path).is_file(), path


def test_known_items_come_first(tmp_path: Path) -> None:
    with known_library(tmp_path / "library") as library:
        overall = report_known("kbtui", ranked_by(library), verbose=True)
    report_known("FTS5", ranked_by_fts5())
    assert overall >= 0.90


def test_abstracts_are_ranked_better_than_by_fts5(tmp_path: Path) -> None:
    own = cranfield_by_kbtui(tmp_path / "index")
    other = cranfield_by_fts5()
    assert own.mean_average_precision >= 0.33
    assert own.mean_average_precision > other.mean_average_precision
