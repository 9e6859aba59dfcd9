"""What in a pasted text may be the exact title of a post, or the exact name of an alert."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_OF_A_SORT = 100
LONGEST_NAME = 120
MOST_WORDS = 12

_LONGEST_LINE = 250
_LINES_OF_A_BLOCK = 5_000
_LABELS = tuple(
    re.compile(rf"""{name}["']?[ \t]*[=:][ \t]*["']?([^"'\n,}}]{{3,{LONGEST_NAME}}})""")
    for name in ("lertname", "itle", "ubject", "ummary")
)
_QUOTED = re.compile(rf'"([^"\n]{{3,{LONGEST_NAME}}})"')
_BEFORE_MESSAGE = re.compile(
    r"(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]+(?:Z|[+-][0-9:]{4,6})?)"
    r"(?:[^:\n]{0,80}:)? +"
)
_MARK = re.compile(
    r"(?:[#>*•]+\s*|-\s+|[0-9]+[.)]\s+|\[[A-Za-z]+(?::[0-9]+)?\]\s*"
    r"|(?:alert|firing|resolved|trace|debug|info|warn|warning|error|critical|fatal)\b[:*_]*\s+)*",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"\w*[a-z]\w*[A-Z]\w*")
_AROUND = " \t\r*.,:;\\"
_QUOTES = "\"'`"
_DIGITS = str.maketrans("123456789", "000000000")


def names_in(blocks: Iterable[str]) -> list[str]:
    """Labels such as `alertname="..."`, then lines, then quoted strings, at most 100 of each; each name once."""
    labels, lines, quoted = _Names(), _Names(), _Names()
    for block in blocks:
        for pattern in _LABELS:
            labels.add(pattern.findall(block))
        if not lines.is_full:
            _add_lines(block, lines)
        if not quoted.is_full:
            quoted.add(_QUOTED.findall(block))
    distinct: dict[str, str] = {}
    for name in (*labels.found, *lines.found, *quoted.found):
        distinct.setdefault(name.casefold(), name)
    return list(distinct.values())


class _Names:
    """Names that may be titles, as many as are kept; of those that differ in their digits alone, the first."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    @property
    def found(self) -> list[str]:
        return list(self._found.values())

    @property
    def is_full(self) -> bool:
        return len(self._found) >= MOST_OF_A_SORT

    def add(self, names: Iterable[str]) -> None:
        for name in names:
            if self.is_full:
                return
            kept = " ".join(_bare(name).split())
            if 3 <= len(kept) <= LONGEST_NAME and kept.count(" ") < MOST_WORDS and any(map(str.isalpha, kept)):
                self._found.setdefault(kept.translate(_DIGITS), kept)


def _bare(name: str) -> str:
    """The name without punctuation around it and without a pair of quotes."""
    name = name.strip(_AROUND)
    is_quoted = len(name) > 2 and name[0] in _QUOTES and name[-1] == name[0]
    return name[1:-1].strip(_AROUND) if is_quoted else name


def _add_lines(block: str, names: _Names) -> None:
    for line in block.split("\n", _LINES_OF_A_BLOCK)[:_LINES_OF_A_BLOCK]:
        if names.is_full:
            return
        if 3 <= len(line) <= _LONGEST_LINE and (message := _message(line)):
            first = _bare(message.split(None, 1)[0])
            names.add((message, first) if _CAMEL.fullmatch(first) else (message,))


def _message(line: str) -> str:
    """A line without the time, the program, the level and the signs that stand before what it says."""
    line = line.strip()
    header = _BEFORE_MESSAGE.match(line)
    at = header.end() if header else 0
    mark = _MARK.match(line, at)
    return line[mark.end() if mark else at :].strip(_AROUND)
