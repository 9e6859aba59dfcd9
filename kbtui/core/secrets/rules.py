"""A rule for what looks like a secret, with the vectors that a test holds it to, and the values that rules look for.

The shape of the table is that of atuin (`crates/atuin-client/src/secrets.rs`); the rules are our own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

ARGUMENTS = r"(?:[^\n;|&\\]|\\[^\n]|\\\n|[;|&](?=[^\s;|&])){0,200}?"
"""Arguments of a command before the one that is looked for, also over lines that end in a backslash."""

GAP = r"(?:[ \t]|\\\n)++"
"""What divides words of a command: blanks, or the end of a line after a backslash."""
ANY_GAP = r"(?:[ \t]|\\\n)*+"

BARE = r"(?:[^\s\"'`;|&<>()\\]|\\[^\n])"
"""A character of a word without quotes."""

VALUE = rf"""(?!-)(?:\$?'([^'\n]+)|"((?:[^"\\\n]|\\[^\n])+)|({BARE}+))"""
"""A word of a shell that is no option, with or without quotes. A quote that is never closed reaches to the end of the
line."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of secret."""

    name: str
    """What it looks like, for a reader."""
    expression: str
    """The secret is the group that takes part; the whole match where there is none."""
    starts: tuple[str, ...]
    """What a match begins with, in lower case."""
    examples: tuple[str, ...]
    """Secrets stand between « and »; a · stands for nothing, and keeps other programs from taking them for real."""
    clean: tuple[str, ...] = ()
    """What looks like it and is none."""
    is_generated: bool = False
    """Whether only values count that nobody would think up: names and words are clean."""

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.expression)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    """Made when it is first needed: most texts need few of them, and all together take a while."""
    return re.compile(expression, re.MULTILINE)


def rule(
    name: str, expression: str, starts: str, examples: str, clean: str = "", *, is_generated: bool = False
) -> Rule:
    """A rule from text: starts are divided by blanks, examples by newlines."""
    return Rule(
        name,
        expression,
        tuple(starts.split()),
        tuple(filter(None, map(str.strip, examples.split("\n")))),
        tuple(filter(None, map(str.strip, clean.split("\n")))),
        is_generated=is_generated,
    )


_WORDS = (
    "password passwd passwort pass pwd secret token key apikey credentials changeme changeit replaceme example sample "
    "dummy placeholder redacted removed hidden masked none null nil true false undefined empty string text required "
    "optional default unset todo prompt stdin foobar secretkey value hash encrypted plain disabled enabled unchanged"
)
_PLACEHOLDER_WORDS = frozenset(_WORDS.split())
_DIVIDERS = re.compile(r"[-_. ]")
_PLACEHOLDER = re.compile(
    # Filled in elsewhere: variables, templates, tags, masks.
    r"\$|<|\{|%[(sdv]|%\w|\^[A-Z]|[A-Z]{1,4}\d?\Z|[\w+.-]+://|sha\d+[:-]|\[|![A-Za-z]|:['\"]|\*\*"
    r"|.*(?:\$\{|\$\(|\{\{|<[\w -]+>)"
    r"|(.)\1*+\Z|.*(?:[xX]{4}|\*{3}|\.{3}|…|[Ee]xample|EXAMPLE)"
    # Names of a secret in its place: `YOUR_TOKEN`, `my-secret-pw`, `DB_PASSWORD`, `token-here`.
    r"|(?i:(?:your|my|the|some|enter|replace|change|put|new)[-_ ]?\w*(?:pass(?:word|wd)?|pw|secret|token|key|me)\w?\Z)"
    r"|(?i:(?:your|insert|replace|change|enter)[-_])|[A-Z]+(?:_[A-Z]+)+\Z|.*(?i:[-_]here)\Z"
    r"|(?i:[a-z]+(?:[-_.][a-z]+)*[-_.](?:password|passwd|pass|pwd|secret|token|key)s?)\Z"
    # Files and members of something: `/run/secrets/db`, `settings.password`.
    r"|(?:~|\.\.?)/|/[a-z][\w.-]*(?:/[\w.-]+)+\Z|[a-z_]+(?:\.[A-Za-z_]+)+\Z",
    re.DOTALL,
)
_LEAST = 4


def is_placeholder(value: str) -> bool:
    """Whether a value stands for a secret that is not there: `$PASS`, `<password>`, `changeme`, `********`, `xxxx`."""
    value = value.strip("\"'\\ ")
    if len(value) < _LEAST or _DIVIDERS.sub("", value).casefold() in _PLACEHOLDER_WORDS:
        return True
    return _PLACEHOLDER.match(value) is not None


_NAME = re.compile(r"[A-Za-z]+(?:[-_./:][A-Za-z]+)*(?:[-_./]?v?\d{1,3})?|[a-z]{1,8}\d{1,3}(?:[-_.][a-z]+\d{0,3})*")
_NO_SECRET = re.compile(r"[\d.,:+-]+\w{0,2}|\d{4}-\d\d-\d\d.*|arn:.*|[\w+.-]+://.*|.*[\s(]", re.DOTALL)
_LEAST_GENERATED = 8


def is_generated(value: str) -> bool:
    """Whether it looks like the work of a generator of secrets: at least 8 characters, letters and digits mixed."""
    if len(value) < _LEAST_GENERATED or _NAME.fullmatch(value) or _NO_SECRET.fullmatch(value):
        return False
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
