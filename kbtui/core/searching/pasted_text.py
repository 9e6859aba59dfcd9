"""What a pasted text or a log tells of what it is about."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kbtui.core.searching.pasted_names import names_in
from kbtui.core.searching.pasted_tokens import CandidateKind, Told, program, told

__all__ = ["MOST_CANDIDATES", "READ_AT_EACH_END", "Candidate", "CandidateKind", "PastedText"]

READ_AT_EACH_END = 4_000_000
"""Of a text with more than twice as many characters, so many are read at its beginning and at its end."""

MOST_CANDIDATES = 4_000

_STORED = 1 << 16
_BLOCK = 1 << 20
_MOST_KNOWN = 50_000

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# Begins with a letter, `/`, `_` or `~` that stands neither inside nor behind a number. Written as what it does not
# hold, which is quicker to scan than what it does.
_TOKEN = re.compile(r"[^\x00-.0-@\[-^`{-\x7f](?<![\w.-].)[^\x00-#%-,;-?\[-^`{-\x7f]*")
_GLOG = re.compile(r"([IWEF][0-9]{4}) [0-9]{2}:[0-9]{2}:[0-9]{2}")
_TIME = r"(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]+(?:Z|[+-][0-9:]{4,6})?)"
_HEADER = re.compile(rf"\n{_TIME} (\S+) ([\w./@()-]+)(?:\[[0-9]+\])?: ")

_LABEL = re.compile(r"""lertname\\?["']?[ \t]*[=:][ \t]*\\?["']?(\w{3,80})""")
# Each begins with letters, which are found quickly.
_NUMBERS = tuple(
    re.compile(pattern)
    for pattern in (
        r'HTTP/[0-9.]+"? ([45][0-9][0-9])\b',
        r"""tatus(?:[_ -]?[Cc]ode)?["']?(?:\s*[:=]\s*|\s+(?:is |was |of )?)["']?([45][0-9][0-9])\b""",
        r"""ode["']?(?:\s*[:=]\s*|\s+)["']?([45][0-9][0-9])\b""",
        r"eturned (?:an? )?(?:HTTP )?([45][0-9][0-9])\b",
        r"xit(?:ed)?(?:[ _-](?:with|[Ss]tatus|[Cc]ode))*[ =:]+((?!1\b)[1-9][0-9]{0,2})\b",
        r"status=((?!1/)[1-9][0-9]{0,2})/[A-Z]",
        r"SQLSTATE[ =:\[(]+([0-9A-Z]{5})\b",
        r"ERROR ([0-9]{4}) \([0-9A-Z]{5}\)",
    )
)


_REASONS = ("Bad Gateway", "Bad Request", "Internal Server Error", "Service Unavailable", "Gateway Time", "Not Found")
_REASON = re.compile(rf"([45][0-9][0-9]) (?:{'|'.join(_REASONS)})")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something by which a post may be found."""

    text: str
    kind: CandidateKind
    count: int
    """How often it stands in what was read."""


class PastedText:
    """Takes any amount of text, cut anywhere, and says what it is about.

    Memory stays bounded: of a long text the two ends are kept, and of what they hold the most telling.
    """

    def __init__(self) -> None:
        self._first = _Pieces()
        self._last = _Pieces()

    def feed(self, chunk: str) -> None:
        """Take the next piece of text."""
        room = READ_AT_EACH_END - self._first.length
        if room > 0:
            self._first.add(chunk[:room])
            chunk = chunk[room:]
        if chunk:
            self._last.add(chunk)
            self._last.keep(READ_AT_EACH_END)

    def candidates(self) -> list[Candidate]:
        """What the text tells, the most telling kind first and in it what stands there most often; at most 4,000."""
        tally = _Tally()
        for block in self._blocks():
            tally.count(block)
        return tally.best()

    def lines_as_names(self) -> list[str]:
        """Labels, short lines and quoted strings that may be the title of a post or the name of an alert.

        At most 300, each once, without what logs and alert messages put before them.
        """
        return names_in(self._blocks())

    def _blocks(self) -> Iterator[str]:
        first, last = self._first.text(), self._last.text()[-READ_AT_EACH_END:]
        if self._last.is_cut:
            yield from _blocks(first)
            yield from _blocks(last)
        else:
            yield from _blocks(first + last)


class _Pieces:
    """Pieces of text that become few."""

    def __init__(self) -> None:
        self.length = 0
        self.is_cut = False
        self._whole: deque[str] = deque()
        self._small: list[str] = []
        self._small_length = 0

    def add(self, piece: str) -> None:
        self._small.append(piece)
        self._small_length += len(piece)
        self.length += len(piece)
        if self._small_length >= _STORED:
            self._whole.append("".join(self._small))
            self._small, self._small_length = [], 0

    def keep(self, limit: int) -> None:
        """Drop what stands more than so many characters before the end."""
        self.is_cut = self.is_cut or self.length > limit
        while self._whole and self.length - len(self._whole[0]) >= limit:
            self.length -= len(self._whole.popleft())

    def text(self) -> str:
        return "".join((*self._whole, *self._small))


def _blocks(text: str) -> Iterator[str]:
    """The text in pieces that end with a line, or at least with a word."""
    at = 0
    while at < len(text):
        end = at + _BLOCK
        if end < len(text):
            end = text.rfind("\n", at, end) + 1 or text.rfind(" ", at, end) + 1 or end
        block = text[at:end]
        if "\x1b" in block:
            block = _ANSI.sub("", block)
        # Line breaks and tabs as JSON has them.
        yield block.replace("\\n", "\n").replace("\\t", "\t") if "\\" in block else block
        at = end


class _Tally:
    """Counts what blocks of text tell."""

    def __init__(self) -> None:
        self._counts: dict[Told, int] = {}
        self._known: dict[str, tuple[Told, ...]] = {}
        self._hosts: set[str] = set()

    def count(self, block: str) -> None:
        tokens = Counter(_TOKEN.findall(block))
        writers = Counter(_HEADER.findall(f"\n{block}"))
        self._hosts.update(host for host, _ in writers)
        for name in (*self._hosts, *_GLOG.findall(block)):
            tokens.pop(name, None)
        for token, times in tokens.items():
            self._add(self._told(token), times)
        for (_, name), times in writers.items():
            self._add(program(name), times)
        self._add_found(_LABEL, block, CandidateKind.ALERT)
        for pattern in _NUMBERS:
            self._add_found(pattern, block, CandidateKind.ERROR_CODE)
        if any(reason in block for reason in _REASONS):
            self._add_found(_REASON, block, CandidateKind.ERROR_CODE)
        if len(self._counts) > 2 * MOST_CANDIDATES:
            self._counts = dict(self._sorted()[:MOST_CANDIDATES])

    def _told(self, token: str) -> tuple[Told, ...]:
        known = self._known.get(token)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[token] = told(token)
        return known

    def _add(self, found: Iterable[Told], times: int) -> None:
        for piece in found:
            self._counts[piece] = self._counts.get(piece, 0) + times

    def _add_found(self, pattern: re.Pattern[str], block: str, kind: CandidateKind) -> None:
        for text, times in Counter(pattern.findall(block)).items():
            self._add(((text, kind),), times)

    def _sorted(self) -> list[tuple[Told, int]]:
        return sorted(self._counts.items(), key=lambda item: (item[0][1], -item[1]))

    def best(self) -> list[Candidate]:
        """The candidates in order; a text that is of several kinds stands once, as the most telling of them."""
        found: dict[str, Candidate] = {}
        for (text, kind), count in self._sorted():
            found.setdefault(text.casefold(), Candidate(text, kind, count))
        return list(found.values())[:MOST_CANDIDATES]
