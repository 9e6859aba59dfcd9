"""Searches that were made, kept under a name, or led nowhere: their lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kbtui.cli import narration, output
from kbtui.core.errors import UsageError
from kbtui.core.post import Json
from kbtui.library import Library


def save(library: Library, name: str, text: str) -> None:
    """Keep a search under a name."""
    if not text.strip():
        raise UsageError("There is nothing to save: --save NAME stands beside the words of a search.")
    library.history.save(name, text)
    narration.say(f"Saved; `kbtui search --saved {name!r}` runs it.")


def write_saved(library: Library, *, as_json: bool, as_lines: bool) -> bool:
    """The saved searches; whether there are any."""
    saved = library.history.saved()
    _write(
        ("name", "query", "saved"),
        [(search.name, search.text, search.at) for search in saved],
        as_json=as_json,
        as_lines=as_lines,
    )
    if not saved:
        narration.say("No search was saved yet; `kbtui search WORDS --save NAME` does it.")
    return bool(saved)


def write_recent(library: Library, start: str, limit: int, *, as_json: bool, as_lines: bool) -> bool:
    """The last searches that begin so; whether there are any."""
    recent = library.history.recent(limit, start)
    _write(
        ("query", "hits", "opened", "at"),
        [(search.text, search.hits, search.opened, search.at) for search in recent],
        as_json=as_json,
        as_lines=as_lines,
    )
    if not recent:
        narration.say(f"No search begins with {start!r}." if start else "Nothing was searched on a terminal yet.")
    return bool(recent)


def write_misses(library: Library, limit: int, *, as_json: bool) -> None:
    """The searches that led nowhere."""
    misses = library.history.misses(limit)
    _write(
        ("query", "times", "hits", "last"),
        [(miss.text, miss.times, miss.hits, miss.last) for miss in misses],
        as_json=as_json,
        as_lines=False,
    )
    if not misses:
        narration.say("No search led nowhere so far.")


def _write(names: Sequence[str], rows: Sequence[Sequence[object]], *, as_json: bool, as_lines: bool) -> None:
    output.records(
        (dict(zip(names, map(_json, row), strict=True)) for row in rows),
        as_json=as_json,
        as_lines=as_lines,
        otherwise=lambda: output.table([list(map(_shown, row)) for row in rows], names),
    )


def _json(value: object) -> Json:
    return value.isoformat() if isinstance(value, datetime) else value


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%SZ")
    return ("yes" if value else "no") if isinstance(value, bool) else value
