"""What is typed to filter a list of change notes: `since:6h file:nginx.conf tool:redis state:due cache`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from kbtui.core.errors import UsageError
from kbtui.core.notes.change_note import NoteFilter, NoteState
from kbtui.core.times import parse_time

DUE, UNVERIFIED = "due", "unverified"
FIELDS = ("since", "until", "file", "tool", "post", "owner", "env", "run", "state")
"""What may stand before a colon."""
STATES = (DUE, UNVERIFIED, *(state.value for state in NoteState))
"""What may stand behind `state:`."""

_PIECE = re.compile(r'(?:[^\s"]|"[^"]*"?)+')


@dataclass(frozen=True, slots=True)
class NoteQuery:
    """A filter, and sentences about what of the text was not understood."""

    wanted: NoteFilter
    problems: tuple[str, ...] = ()


def parse_note_query(text: str, now: datetime) -> NoteQuery:
    """Read a filter. What is no field is a word that the title has to hold; any text is taken."""
    several: dict[str, list[str]] = {"file": [], "tool": [], "post": [], "word": []}
    single: dict[str, str] = {}
    problems: list[str] = []
    for name, value in _pieces(text):
        if name in several:
            several[name].append(value)
        else:
            single[name] = value
    states, due_before = _states(single.get("state", ""), now, problems)
    wanted = NoteFilter(
        states=states,
        since=_time(single.get("since", ""), now, problems),
        until=_time(single.get("until", ""), now, problems, latest=True),
        files=tuple(several["file"]),
        tools=tuple(several["tool"]),
        posts=tuple(several["post"]),
        words=tuple(several["word"]),
        owner=single.get("owner", ""),
        environment=single.get("env", ""),
        run=single.get("run", ""),
        due_before=due_before,
    )
    return NoteQuery(wanted, tuple(problems))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    for piece in _PIECE.findall(text):
        name, colon, value = piece.partition(":")
        if colon and name.casefold() in FIELDS:
            if unquoted := value.replace('"', ""):
                yield name.casefold(), unquoted
        else:
            yield "word", piece.replace('"', "")


def _states(text: str, now: datetime, problems: list[str]) -> tuple[tuple[NoteState, ...], datetime | None]:
    if not text:
        return (), None
    found: list[NoteState] = []
    due_before = None
    for name in text.casefold().split(","):
        if name == DUE:
            due_before = now
        elif name == UNVERIFIED:
            found.append(NoteState.SHIPPED)
        elif name in STATES:
            found.append(NoteState(name))
        elif name:
            problems.append(f"There is no state {name!r}; there are {', '.join(STATES)}.")
    return tuple(found), due_before


def _time(text: str, now: datetime, problems: list[str], *, latest: bool = False) -> datetime | None:
    if not text:
        return None
    try:
        return parse_time(text, now, latest=latest)
    except UsageError as error:
        problems.append(str(error))
        return None
