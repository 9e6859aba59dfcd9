"""Timing the same questions on several engines, and the table of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import median
from time import perf_counter
from typing import Protocol

from tests.bench.questions import Question

RUNS = 5
"""How often a question is timed, after once for the caches; the median counts."""
PHRASE = "phrase"


class Engine(Protocol):
    """Something that answers questions."""

    @property
    def name(self) -> str:
        """As the table has it."""
        ...

    def answer(self, question: Question) -> int | None:
        """One page and the number of all that match; None for what it cannot do."""
        ...

    def size(self) -> int:
        """Bytes of its index."""
        ...

    def close(self) -> None:
        """Let go of its files."""
        ...


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of each question on each engine that can answer it."""

    by_question: Mapping[Question, Mapping[str, float]] = field(repr=False)

    def of(self, engine: str, groups: Sequence[str] = (), beside: str = "") -> list[float]:
        """Those of one engine, in some groups or all; only of questions that `beside` can answer too."""
        return [
            found[engine]
            for question, found in self.by_question.items()
            if engine in found and (not groups or question.group in groups) and (not beside or beside in found)
        ]

    def groups(self) -> list[str]:
        """The groups in order."""
        return list(dict.fromkeys(question.group for question in self.by_question))

    def slowest(self, engine: str, count: int = 5) -> list[tuple[Question, float]]:
        """The questions that took longest."""
        own = [(question, found[engine]) for question, found in self.by_question.items() if engine in found]
        return sorted(own, key=lambda pair: -pair[1])[:count]

    def ratio(self, engine: str, other: str, part: float, groups: Sequence[str] = ()) -> float:
        """How many times quicker `engine` is than `other` at a percentile, over the questions that both answer."""
        return percentile(self.of(other, groups, engine), part) / percentile(self.of(engine, groups, other), part)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that `work` takes."""
    started = perf_counter()
    work()
    return (perf_counter() - started) * 1e3


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that `part` of them do not exceed."""
    return sorted(values)[max(0, ceil(len(values) * part) - 1)]


def ask_all(engines: Sequence[Engine], questions: Sequence[Question], runs: int = RUNS) -> Times:
    """Time every question on every engine, one question at a time, so that all see the machine in the same state."""
    taken: dict[Question, dict[str, float]] = {}
    for question in questions:
        taken[question] = {}
        for engine in engines:
            if engine.answer(question) is not None:
                each = [timed(lambda engine=engine, question=question: engine.answer(question)) for _ in range(runs)]  # type: ignore[misc]
                taken[question][engine.name] = median(each)
    return Times(taken)


def print_table(times: Times, engines: Sequence[str], base: str) -> None:
    """Each group's p50, p95 and slowest in milliseconds, and how many times quicker than `base` the first engine is."""
    first = engines[0]
    heads = "".join(f"{name + ' p50':>16}{'p95':>8}{'max':>8}" for name in engines)
    print(f"\n{'milliseconds':14}{'n':>4}{heads}{f'{base} / {first}: p50':>20}{'p95':>6}")
    everything = [group for group in times.groups() if group != PHRASE]
    for name, groups in [*((group, [group]) for group in times.groups()), ("all but phrase", everything)]:
        row = f"{name:14}{len(times.of(first, groups)):4}"
        for engine in engines:
            own = times.of(engine, groups)
            cells = (percentile(own, 0.5), percentile(own, 0.95), max(own)) if own else ()
            row += "".join(f"{cell:{width}.2f}" for cell, width in zip(cells, (16, 8, 8), strict=False)) or f"{'-':>32}"
        if times.of(base, groups, first):
            row += f"{times.ratio(first, base, 0.5, groups):20.1f}{times.ratio(first, base, 0.95, groups):6.1f}"
        print(row)
    for question, taken in times.slowest(first):
        print(f"  slowest of {first}: {taken:7.2f} ms  {question.group}: {question.label}")
