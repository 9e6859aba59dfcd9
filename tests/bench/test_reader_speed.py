"""The reader beside Textual's own Markdown widget, on the same pages in the same run.

pytest -m bench -n0 -s tests/bench/test_reader_speed.py

`KBTUI_BENCH_SECONDS` sets how long Textual's widget may take for one page (60) until it is ended and shown as `>`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

import pytest

pytestmark = pytest.mark.bench

PATIENCE = float(os.environ.get("KBTUI_BENCH_SECONDS", "60"))
SIZES = {"2 KB": 2_000, "20 KB": 20_000, "80 KB": 80_000, "200 KB": 200_000, "1 MB": 1_000_000}
WANTED = {"first": 100.0, "held": 16.0}
"""Milliseconds that are wanted on a machine with nothing else to do."""
TIMES_QUICKER = 5
LIKE_SMALL = 4
"""How many times as long a megabyte may take as a page of 20 KB."""


@dataclass
class Timing:
    """Milliseconds by name, as far as a reader came until it was ended."""

    by_name: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def text(self, name: str) -> str:
        """The median of one, or that it took too long."""
        values = self.by_name[name]
        return f"{median(values):,.1f}" if values else f"> {PATIENCE * 1e3:,.0f}"

    def at_least(self, name: str) -> float:
        """The median of one; how long it was waited for, where it did not come."""
        return median(self.by_name[name] or [PATIENCE * 1e3])


def timed(reader: str, size: int, patience: float) -> Timing:
    """One reader on one page."""
    timing = Timing()
    command = [sys.executable, "-m", "tests.bench.reader_timing", reader, str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            output, _ = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
    for line in output.splitlines():
        name, value = line.split()
        timing.by_name[name].append(float(value))
    return timing


def test_first_screen_and_page_down() -> None:
    print(f"\n{'milliseconds':12}{'':8}{'kbtui':>10}{'worst':>10}{'Textual Markdown':>18}{'times quicker':>15}")
    ours, theirs = {}, {}
    for name, size in SIZES.items():
        ours[name], theirs[name] = timed("kbtui", size, 120), timed("textual", size, PATIENCE)
        for what in ("first", "early", "whole", "page"):
            print_row(name, what, ours[name], theirs[name])
        held = ours[name].by_name["held"]
        print(f"{name:12}{'held':8}{median(held):10.1f}{max(held):10.1f}")
    for name, what, wanted in ((name, what, wanted) for name in SIZES for what, wanted in WANTED.items()):
        taken = ours[name].at_least(what)
        if taken > wanted:
            print(f"  {name}: {what} takes {taken:.1f} ms, wanted are {wanted:.0f}")
    for what in ("first", "page"):
        assert ours["1 MB"].at_least(what) <= LIKE_SMALL * ours["20 KB"].at_least(what)
        assert theirs["1 MB"].at_least(what) >= TIMES_QUICKER * ours["1 MB"].at_least(what)


def print_row(name: str, what: str, own: Timing, other: Timing) -> None:
    """One line of the table."""
    if own.by_name[what] and (other.by_name[what] or what != "early"):
        ratio = f"{'' if other.by_name[what] else '> '}{other.at_least(what) / own.at_least(what):,.1f}"
        worst = f"{max(own.by_name[what]):,.1f}"
        print(f"{name:12}{what:8}{own.text(what):>10}{worst:>10}{other.text(what):>18}{ratio:>15}")
