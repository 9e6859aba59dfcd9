"""The sentences, sections and code of synthetic posts: templates whose slots are filled from the vocabulary."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate

from kbtui.formats.synthetic_words import Draw, Pool, choose, pools

_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCES = """
start by writing down what {service} currently does, with the route, the input and the {quality} {noun}.
measure {metric} on {host} before you {verb} the {noun}.
change one variable at a time, then compare {metric} with the value from before.
the first useful improvement is usually visibility: collect {metric} and {metric} before changing code.
if {error} appears in the log of {service}, {verb} the {noun} and look at {metric} again.
keep the owner, expected result and rollback note of this {stack} case in the same place.
a {quality} {noun} in {service} is easy to mistake for a {quality} {noun}, so {verb} both.
set `{key}` in `{file}` and {verb} the {noun} on one host only.
the {noun} on {host} stayed {quality} until somebody decided to {verb} the {noun}.
clear only the {noun} that matters; a lucky cache hit is not a fix.
monitoring should answer simple questions: is {service} up, is it slow, did the last {noun} change anything.
do not hide `{key}` inside unrelated code, because future reviewers will miss it.
with `{flag}` the {noun} is {quality}, without it {service} returns {code} after the second {noun}.
database changes need extra care: check the indexes, inspect the plan, and test on a copy of real data.
{tool} shows the {noun} per {noun}; sort it by {metric} and begin at the top.
when {metric} rises above its limit, {service} begins to {verb} every {quality} {noun}.
queues and import scripts should be idempotent, logged and safe to run again.
name the rule, document the bypass conditions, and include a {noun} that should not match.
prefer a small verified change over a broad rewrite of {service}.
the alert fires when {metric} is {quality} for ten minutes on {host} or {host}.
{code} means that the {noun} was {quality}; {error} means that nobody asked for it.
write the final notes right after the change: the reason, the files touched, the command and the metric.
call `{call}()` once, then `{call}()` with the same {noun}, and expect the same answer.
the function `{call}()` reads `{key}` at startup, so {verb} the {noun} after a change.
{service} talks to {service} through one {noun}, which makes the {noun} {quality} under load.
for {topic}, the {noun} is less important than the {noun} that feeds it.
an engineer who did not write {service} must be able to {verb} the {noun} in a few minutes.
avoid mixing {noun} decisions with {noun} decisions, because one change then breaks the other.
we saw {error} twice: once on {host}, and once while the {noun} on {host} was {quality}.
a good {noun} has a small surface: easy to test, easy to disable, easy to explain.
roll back by restoring `{file}` and by waiting until {metric} is back at its baseline.
security hardening works as a checklist: permissions, secrets, headers, upload limits and logging.
the default of `{key}` is {quality} for {stack}; raise it slowly and watch {metric}.
{tool} and {tool} disagree about the {noun}, and {tool} is usually right.
if those numbers are not available, add a lightweight log line to {service} instead of guessing.
a {quality} {noun} costs little on one host and a lot on forty.
after the {noun}, {verb} {host} first and leave {host} alone until {metric} has settled.
`{flag}` and `{flag}` exclude each other, and {service} says so only with {code}.
the fastest {noun} in development can become the slowest {noun} in production.
recovery is easy when a half-done {noun} can be started again without {error}.
"""
_PARTS = [_SLOT.split(line) for line in _SENTENCES.strip().split("\n")]
# Frequent sentences and rare ones: with all alike, their fixed words would have one frequency and break
# Zipf's law.
_SUMS = list(accumulate(1 / (rank + 2) for rank in range(len(_PARTS))))

SECTIONS = (
    "why this matters",
    "the practical approach",
    "production checks",
    "security and maintenance notes",
    "what to measure",
    "failure modes",
    "rollback",
    "a worked example",
    "limits of this approach",
    "questions from the review",
    "before the change",
    "after the change",
    "how to read the graphs",
    "capacity",
    "configuration",
    "known errors",
)
CHECKS = (
    "confirm inputs are validated",
    "check permissions",
    "add a retry-safe path",
    "record the expected response",
    "review the failure mode",
    "note the current value of {metric}",
    "take a copy of `{file}`",
    "{verb} the {noun} on {host}",
    "make sure that {service} answers",
    "compare {metric} with the baseline",
    "write the change note",
    "tell the owner of {service}",
)
# Lines with few fixed words: they carry the long tail of the vocabulary.
_FACTS = (
    "{service}: `{metric}`, {noun} {noun}, {host}",
    "{host}, {host}: `{key}` = {noun}",
    "`{error}`: {noun} or {quality} {noun}, {verb} {service}",
    "`{call}()` -> `{call}()` -> {noun}",
    "`{file}`: `{key}`, `{key}`",
    "{code}, {code}: {service} {noun}",
    "`{tool} {flag} {flag}` {host}",
)
_CODE = {
    "bash": """$ {tool} {flag}=30 {host}
{service}: {code} {noun} {quality}
$ systemctl restart {service}""",
    "python": """def {call}({noun}: str, limit: int = 50) -> list[str]:
    # {error} means that the {noun} is {quality}
    return [row for row in client.fetch("{service}", limit=limit) if row["{key}"] != {noun}]""",
    "sql": """EXPLAIN (ANALYZE, BUFFERS)
SELECT id, {metric}
FROM {noun}
WHERE host = '{host}' AND state = '{quality}'
ORDER BY {metric} DESC
LIMIT 20;""",
    "yaml": """name: {service}
replicas: 3
env:
  {key}: "{quality}"
annotations:
  alert: {error}""",
    "nginx": """location /{noun} {
    proxy_pass http://{service};
    proxy_read_timeout 30s;  # {code}
}""",
    "php": """add_filter('{call}', function ($value) {
    return $value ?: get_option('{key}');
});""",
    "javascript": """export async function check() {
  const response = await fetch('https://{host}/{noun}');
  if (!response.ok) throw new Error('{error}');
}""",
    "go": """func check(ctx context.Context) error {
\tif err := probe(ctx, "{host}"); err != nil {
\t\treturn fmt.Errorf("{code}: %w", err)
\t}
\treturn nil
}""",
    "json": """{
  "service": "{service}",
  "{key}": "{quality}",
  "metric": "{metric}"
}""",
    "promql": """sum by (host) (rate({metric}{service="{service}"}[5m])) > 0.5""",
    "hcl": """resource "check" "{noun}" {
  host = "{host}"
  mode = "{quality}"
}""",
}


class Writer:
    """Fills templates for one post: its own stack, topic and tools, all else from the vocabulary."""

    def __init__(self, draw: Draw, fixed: Mapping[str, str], tools: Sequence[str]) -> None:
        self._draw = draw
        self._fixed = fixed
        self._pools = {**pools(), "tool": Pool(tools)}

    def fill(self, template: str) -> str:
        """The template with its slots filled."""
        return self._filled(_SLOT.split(template))

    def paragraph(self) -> str:
        """Two to five sentences."""
        draw = self._draw
        return " ".join(self._filled(_PARTS[bisect(_SUMS, draw() * _SUMS[-1])]) for _ in range(2 + int(draw() * 4)))

    def code(self, language: str) -> str:
        """A fenced block of code; in a language without a template, of shell."""
        shown = language if language in _CODE else "bash"
        return f"```{shown}\n{self.fill(_CODE[shown])}\n```"

    def facts(self) -> str:
        """A list of three to six lines of identifiers."""
        return "\n".join(self.fill(f"- {choose(_FACTS, self._draw)}") for _ in range(3 + int(self._draw() * 4)))

    def checks(self) -> list[str]:
        """Five to eight different steps."""
        start, count = int(self._draw() * len(CHECKS)), 5 + int(self._draw() * 4)
        return [self.fill(CHECKS[(start + place) % len(CHECKS)]) for place in range(count)]

    def body(self, language: str, size: int, checks: Sequence[str]) -> str:
        """A whole article of about `size` characters: sections, code, the checklist, final notes."""
        blocks = [self.fill("a reliable {stack} setup is less about clever code and more about repeatable habits. ")]
        blocks[0] += self.paragraph()
        start = int(self._draw() * len(SECTIONS))
        written, section = len(blocks[0]), 0
        while written < size:
            new = [f"## {SECTIONS[(start + 5 * section) % len(SECTIONS)]}"]
            new += [self.paragraph() for _ in range(1 + int(self._draw() * 2))]
            new.append(self.facts())
            if self._draw() < 0.4:
                new.append(self.code(choose((language, language, "bash"), self._draw)))
            written += sum(len(block) + 2 for block in new)
            section += 1
            blocks += new
        blocks += ["## implementation checklist", "\n".join(f"- [ ] {check}" for check in checks)]
        blocks += ["## final notes", self.paragraph()]
        return "\n\n".join(blocks) + "\n"

    def _filled(self, parts: list[str]) -> str:
        pieces = list(parts)
        for place in range(1, len(pieces), 2):
            slot = pieces[place]
            pieces[place] = self._fixed.get(slot) or self._pools[slot].pick(self._draw)
        return "".join(pieces)
