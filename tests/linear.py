"""Whether work grows in proportion to its input, told in processor time: a busy machine changes nothing."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

TIMES_LARGER = 8
MOST_TIMES = 4 * TIMES_LARGER
"""Work that grows with the square takes 64 times as long for an input eight times as large."""

_TRIES = 3
# Less is too little to be told from what the machine does besides. In seconds.
_LEAST = 0.002

Input = TypeVar("Input")


@dataclass(frozen=True, slots=True)
class Repeated:
    """Makes texts of about a given number of characters: one piece again and again. As a string it is a test's id."""

    piece: str
    before: str = ""
    after: str = ""

    def __call__(self, length: int) -> str:
        return self.before + self.piece * (length // len(self.piece)) + self.after

    def __str__(self) -> str:
        return f"{self.before[:8]}{self.piece[:8]}+{self.after[:8]}"


def assert_linear(work: Callable[[Input], object], input_of: Callable[[int], Input], size: int) -> None:
    """Fails if `work` takes more than 32 times the processor time for an input eight times as large.

    `input_of` makes an input of a size. Choose a `size` that takes some milliseconds: less tells little, and of work
    that grows with the square a larger one would take minutes.
    """
    small, large = input_of(size), input_of(TIMES_LARGER * size)
    _seconds(work, small)  # what is made once, at first use, does not count
    least = max(_LEAST, _seconds(work, small))
    times = 0.0
    for _ in range(_TRIES):
        times = _seconds(work, large) / least
        if times <= MOST_TIMES:
            return
    raise AssertionError(f"{TIMES_LARGER} times the input took {times:.0f} times as long as {least * 1e3:.1f} ms")


def _seconds(work: Callable[[Input], object], given: Input) -> float:
    # A collection takes longer the more other tests have left behind.
    gc.disable()
    try:
        started = time.process_time()
        work(given)
        return time.process_time() - started
    finally:
        gc.enable()
