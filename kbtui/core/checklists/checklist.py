"""Checklists as they stand in posts, and what differs between two states of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

TASKS = "tasks"
"""The name of the checklist that the task lists of a text make."""
FIELD = "field"
"""The name of the checklist of the metadata."""

_GATE = re.compile(r"\W*(?:confirm|verify|stop|gate)\b", re.IGNORECASE)
# Of each text so much is looked at to tell whether one was made of the other.
_COMPARED = 200
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class StepCode:
    """A block of code of a step, as it stands in the text: not cleaned, prompts and all."""

    text: str
    language: str = ""
    """Lower case; empty where the text does not say."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a checklist."""

    text: str
    """What is to be done, on one line, without markup. Not cleaned: see `core.text`."""
    section: str = ""
    """The heading that it stands under."""
    commands: tuple[StepCode, ...] = ()
    notes: str = ""
    """What else stands in the item, as Markdown; code and steps beneath it are not among it."""
    depth: int = 0
    """How many steps it stands inside."""
    line: int = -1
    """The line of the body that its text begins on, from 0; -1 where it stands in the metadata."""
    lines: int = 1
    """How many lines its text takes."""

    @property
    def is_gate(self) -> bool:
        """Whether it is to be confirmed: it begins with confirm, verify, stop or gate."""
        return _GATE.match(self.text) is not None


class ChecklistKind(Enum):
    """What a checklist was made of."""

    TASKS = "tasks"
    FIELD = "field"
    NUMBERED = "numbered"
    BULLETED = "bulleted"


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist that a post has."""

    name: str
    """What it is chosen by: `tasks`, `field`, or `list-1` and so on for a plain list."""
    kind: ChecklistKind
    section: str
    """The heading that a plain list stands under."""
    steps: tuple[Step, ...]

    @property
    def is_meant(self) -> bool:
        """Whether the author made it a checklist; a plain list becomes one on request."""
        return self.kind in (ChecklistKind.TASKS, ChecklistKind.FIELD)


class Difference(Enum):
    """What became of a step."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step before and after."""

    difference: Difference
    before: Step | None
    after: Step | None


def compare_steps(before: Sequence[Step], after: Sequence[Step]) -> list[StepChange]:
    """Every step of both, in order. One that says the same with other commands, notes or section is changed."""
    old, new = ([step.text for step in steps] for steps in (before, after))
    changes: list[StepChange] = []
    for _, i, i_end, j, j_end in SequenceMatcher(None, old, new).get_opcodes():
        changes += _paired(before[i:i_end], after[j:j_end])
    return changes


def _paired(before: Sequence[Step], after: Sequence[Step]) -> Iterator[StepChange]:
    """Steps in the place of others: side by side where they are alike, else one gone and one new."""
    for old, new in zip(before, after, strict=False):
        if _content(old) == _content(new):
            yield StepChange(Difference.SAME, old, new)
        elif _are_alike(old.text, new.text):
            yield StepChange(Difference.CHANGED, old, new)
        else:
            yield StepChange(Difference.REMOVED, old, None)
            yield StepChange(Difference.ADDED, None, new)
    yield from (StepChange(Difference.REMOVED, old, None) for old in before[len(after) :])
    yield from (StepChange(Difference.ADDED, None, new) for new in after[len(before) :])


def _content(step: Step) -> tuple[object, ...]:
    return step.text, step.section, step.commands, step.notes, step.depth


def _are_alike(old: str, new: str) -> bool:
    return SequenceMatcher(None, old[:_COMPARED], new[:_COMPARED]).ratio() > _ALIKE
