"""What in a text looks like a secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kbtui.core.secrets.rules import Rule, is_generated, is_placeholder
from kbtui.core.secrets.shapes import COMMANDS, SETTINGS
from kbtui.core.secrets.tokens import TOKENS

RULES: tuple[Rule, ...] = (*TOKENS, *COMMANDS, *SETTINGS)
"""Of two that find the same, the first names it."""

_LONGEST_PLACEHOLDER = 100
# A mask may be shorter than what it stands for, so that an option behind it comes into the reach of its command.
_MOST_PASSES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretFinding:
    """Something in a text that looks like a secret."""

    rule: str
    """What it looks like: `AWS access key`, `password of mysql`."""
    start: int
    end: int
    """Characters of the secret itself in the text."""
    line: int
    """From 1."""


def find_secrets(text: str) -> tuple[SecretFinding, ...]:
    """Everything in a text that looks like a secret, in order, without overlaps; linear in its length."""
    starts = _Starts(text)
    found = [
        SecretFinding(rule=rule.name, start=start, end=end, line=0)
        for rule in RULES
        for start, end in _places(rule, text, starts)
    ]
    return tuple(_with_lines(_apart(found), text))


def mask_secrets(text: str) -> str:
    """The text with `[masked: RULE]` in the place of each secret; masking twice changes nothing more."""
    for _ in range(_MOST_PASSES):
        found = find_secrets(text)
        if not found:
            break
        pieces, at = [], 0
        for finding in found:
            pieces += [text[at : finding.start], f"[masked: {finding.rule}]"]
            at = finding.end
        text = "".join([*pieces, text[at:]])
    return text


class _Starts:
    """Where in a text a match may begin. Looking for plain words first is ten times as fast as trying each pattern."""

    def __init__(self, text: str) -> None:
        lowered = text.lower()
        if len(lowered) != len(text):  # as `İ` becomes two characters
            lowered = "".join(c.lower() if c.isascii() else c for c in text)
        self._lowered = lowered
        self._known: dict[str, list[int]] = {}

    def of(self, words: Iterable[str]) -> list[int]:
        """The places where one of these words begins, in order."""
        return sorted({place for word in words for place in self._of(word)})

    def _of(self, word: str) -> list[int]:
        if word not in self._known:
            self._known[word] = found = []
            at = self._lowered.find(word)
            while at >= 0:
                found.append(at)
                at = self._lowered.find(word, at + 1)
        return self._known[word]


def _places(rule: Rule, text: str, starts: _Starts) -> Iterator[tuple[int, int]]:
    after = 0
    for place in starts.of(rule.starts):
        if place < after or not (match := rule.pattern.match(text, place)):
            continue
        after = match.end()
        start, end = match.span(match.lastindex or 0)
        if _counts(rule, text[start:end]):
            yield start, end


def _counts(rule: Rule, value: str) -> bool:
    if len(value) <= _LONGEST_PLACEHOLDER and is_placeholder(value):
        return False
    return not rule.is_generated or is_generated(value)


def _apart(found: list[SecretFinding]) -> Iterator[SecretFinding]:
    """The findings in order; those that overlap are one, with the name of the first."""
    current: SecretFinding | None = None
    for finding in sorted(found, key=lambda one: (one.start, -one.end)):
        if current is None or finding.start >= current.end:
            if current is not None:
                yield current
            current = finding
        elif finding.end > current.end:
            current = replace(current, end=finding.end)
    if current is not None:
        yield current


def _with_lines(found: Iterator[SecretFinding], text: str) -> Iterator[SecretFinding]:
    line, at = 1, 0
    for finding in found:
        line += text.count("\n", at, finding.start)
        at = finding.start
        yield replace(finding, line=line)
