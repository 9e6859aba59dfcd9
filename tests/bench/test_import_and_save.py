"""How fast a library grows, and that saving one post does not cost more in a large one.

Run with: pytest -m bench -n0 -s tests/bench
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from kbtui import open_library
from kbtui.bootstrap import synthetic_posts
from kbtui.core.importing import ImportRequest
from kbtui.core.post import to_document
from kbtui.formats.files import Folder
from kbtui.formats.parser import FileParser
from kbtui.library import Library

pytestmark = pytest.mark.bench

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
SAVES = 60


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def parse_all(root: Path) -> int:
    """Read and parse every file below `root`; the number of posts."""
    folder, parser = Folder(), FileParser()
    files = [file for file in folder.walk(root, root, extensionless=False) if not file.skipped]
    return sum(1 for file in files for _ in parser.parse(file.path, folder.read(file)))


def report_import(name: str, root: Path, folder: Path) -> None:
    """Print posts per second of each step of an import, and the peak memory of this process."""
    posts = 0

    def parse() -> None:
        nonlocal posts
        posts = parse_all(root)

    parse()  # what the first of two readings pays for files and caches would distort the difference
    parsing = timed(parse)
    with open_library(folder) as library:
        whole = timed(lambda: library.importing.run(ImportRequest(root)))
        indexing = timed(library.indexing.bring_up_to_date)
        again = timed(lambda: library.importing.run(ImportRequest(root)))
        assert library.posts.count() == posts
    scale = 1024 if sys.platform == "linux" else 1024 * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // scale
    storing = max(0.001, whole - parsing)
    print(
        f"\n{name}: {posts:,} posts; parsing {posts / parsing:,.0f}/s, storing {posts / storing:,.0f}/s, "
        f"indexing {posts / indexing:,.0f}/s; together {posts / (whole + indexing):,.0f}/s; "
        f"second run {again:.1f} s; peak memory {peak} MB"
    )


def test_import_of_many_small_pages(tmp_path: Path) -> None:
    pages = CORPORA / "tldr"
    if not pages.is_dir():
        pytest.skip("the corpora are not here")
    report_import("tldr", pages, tmp_path / "library")


def test_import_of_16000_long_posts(tmp_path: Path) -> None:
    source = tmp_path / "synthetic"
    source.mkdir()
    write_in_parts(source)
    report_import("synthetic", source, tmp_path / "library")


def write_in_parts(source: Path) -> None:
    """16,000 posts as JSON lines, 1,000 to a file."""
    lines: list[str] = []
    for number, post in enumerate(synthetic_posts(16_000, 7), 1):
        lines.append(json.dumps(to_document(post)))
        if number % 1_000 == 0:
            (source / f"{number // 1_000:02}.jsonl").write_text("\n".join(lines), encoding="utf-8")
            lines.clear()


def saves(library: Library) -> float:
    """Median seconds to change one post and make it findable."""
    slugs = [post.slug for post in library.posts.page(limit=SAVES)]
    times = []
    for number, slug in enumerate(slugs):
        post = library.posts.get(slug)
        changed = replace(post, body=f"{post.body}\nchanged {number}\n")
        times.append(timed(lambda changed=changed: library.importing.save([changed], "synthetic")))  # type: ignore[misc]
        library.indexing.bring_up_to_date()
    return median(times)


def test_saving_one_post_costs_the_same_in_a_large_library(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    results = {}
    for folder, count in ((small, 1_000), (large, 16_000)):
        with open_library(folder) as library:
            library.importing.save(synthetic_posts(count, 7), "synthetic")
            library.indexing.bring_up_to_date()
            results[count] = saves(library)
    ratio = results[16_000] / results[1_000]
    milliseconds = {count: seconds * 1e3 for count, seconds in results.items()}
    print(
        f"\none save: {milliseconds[1_000]:.1f} ms at 1,000, {milliseconds[16_000]:.1f} ms at 16,000; ratio {ratio:.2f}"
    )
    assert ratio < 2
