"""A rule for what destroys something, with the examples that a test holds it to."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to destroy something."""

    what: str
    """What it does, for a reader: `deletes files`."""
    pattern: re.Pattern[str]
    examples: tuple[str, ...]
    harmless: tuple[str, ...] = ()
    """What looks like it and destroys nothing."""


def rule(what: str, pattern: str, examples: str, harmless: str = "") -> Rule:
    """A rule from text; the examples are divided by newlines."""
    return Rule(
        what,
        re.compile(pattern),
        tuple(filter(None, map(str.strip, examples.split("\n")))),
        tuple(filter(None, map(str.strip, harmless.split("\n")))),
    )
