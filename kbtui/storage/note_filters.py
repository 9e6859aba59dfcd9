"""The filters of lists of change notes as SQL that walks one index in order."""

from __future__ import annotations

from kbtui.core.listing import title_key
from kbtui.core.notes.change_note import NoteFilter
from kbtui.core.notes.content import plain_path
from kbtui.core.post import facet_value
from kbtui.core.text import storable
from kbtui.storage.rows import dump, write_time

Condition = tuple[str, list[object]]
"""A piece of SQL and its parameters."""

_BY_FACET = "FROM note_facets AS led CROSS JOIN notes ON notes.number = led.note WHERE led.facet = ? AND led.value = ?"
_ASKED = "facet = ? AND value IN (SELECT value FROM json_each(?))"
_HAS = f"EXISTS (SELECT 1 FROM note_facets WHERE note = notes.number AND {_ASKED})"
_AMONG = f"notes.number IN (SELECT note FROM note_facets WHERE {_ASKED})"


def walks(wanted: NoteFilter) -> list[Condition]:
    """What follows the columns of a SELECT from `notes`, but its LIMIT: several where a note may pass by one of several
    values. Each gives the newest first, with `due_before` the longest due first."""
    facets = _facets(wanted)
    if wanted.due_before is not None:
        where, parameters = _joined([*_plain(wanted, "notes.happened_at"), *_passing(facets, _HAS)])
        return [(f"FROM notes WHERE {where} ORDER BY due_at, notes.number", parameters)]
    if not facets:
        where, parameters = _joined(_plain(wanted, "notes.happened_at"))
        return [(f"FROM notes WHERE {where} ORDER BY happened_at DESC, notes.number DESC", parameters)]
    (facet, values), *others = facets.items()
    where, parameters = _joined([*_plain(wanted, "led.happened_at"), *_passing(dict(others), _HAS)])
    sql = f"{_BY_FACET} AND {where} ORDER BY led.happened_at DESC, led.note DESC"
    return [(sql, [facet, value, *parameters]) for value in dict.fromkeys(values)]


def where_passes(wanted: NoteFilter) -> Condition:
    """The condition that a row of `notes` passes."""
    return _joined([*_plain(wanted, "notes.happened_at"), *_passing(_facets(wanted), _AMONG)])


def _facets(wanted: NoteFilter) -> dict[str, list[str]]:
    """The values that are asked for, any of each facet, the most telling facet first."""
    asked = {
        "run": [wanted.run] if wanted.run else [],
        "file": [plain_path(path) for path in wanted.files],
        "post": list(wanted.posts),
        "tool": [facet_value(tool) for tool in wanted.tools],
        "owner": [facet_value(wanted.owner)] if wanted.owner else [],
        "environment": [facet_value(wanted.environment)] if wanted.environment else [],
    }
    return {facet: list(map(storable, values)) for facet, values in asked.items() if values}


def _passing(facets: dict[str, list[str]], condition: str) -> list[Condition]:
    return [(condition, [facet, dump(values)]) for facet, values in facets.items()]


def _plain(wanted: NoteFilter, time: str) -> list[Condition]:
    """The conditions on the row itself; `time` is the column of the index that is walked."""
    found: list[Condition] = []
    if len(wanted.states) == 1:
        found.append(("state = ?", [wanted.states[0].value]))
    elif wanted.states:
        # The sign keeps SQLite from gathering the states one by one, which would have to be sorted.
        found.append(("+state IN (SELECT value FROM json_each(?))", [dump([state.value for state in wanted.states])]))
    if wanted.since is not None:
        found.append((f"{time} >= ?", [write_time(wanted.since)]))
    if wanted.until is not None:
        found.append((f"{time} <= ?", [write_time(wanted.until)]))
    if wanted.due_before is not None:
        found.append(("due_at <= ?", [write_time(wanted.due_before)]))
    found += [("instr(title_key, ?)", [title_key(storable(word))]) for word in wanted.words]
    return found


def _joined(conditions: list[Condition]) -> Condition:
    sql = " AND ".join(condition for condition, _ in conditions) or "1"
    return sql, [parameter for _, parameters in conditions for parameter in parameters]
