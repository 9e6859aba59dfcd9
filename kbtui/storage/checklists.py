"""Runs of checklists: rows that are only ever added, and beside each run what they come to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kbtui.core.checklists.checklist import Step
from kbtui.core.checklists.run import (
    DECISIONS,
    RUN_STATES,
    STEP_STATES,
    ChecklistRun,
    EventKind,
    Redline,
    RunEvent,
    RunInfo,
    RunState,
    StepState,
    replay,
)
from kbtui.core.errors import (
    RedlineError,
    RunClosedError,
    RunNotFoundError,
    RunUnfinishedError,
    StepNotFoundError,
    StepSettledError,
)
from kbtui.core.ports import Place, PostAt, Trouble
from kbtui.core.text import storable
from kbtui.storage.connection import Connection, Row
from kbtui.storage.rows import write_time
from kbtui.storage.run_rows import (
    EVENT_COLUMNS,
    RUN_COLUMNS,
    STEP_COLUMNS,
    event_values,
    row_to_event,
    row_to_run,
    row_to_step,
    run_row,
    step_values,
    storable_event,
)

if TYPE_CHECKING:
    from sqlite_utils import Database

_SETTLING = "('done', 'skipped', 'failed', 'undone')"
_AT_POST = "source = ? AND path = ?"
# Beside max(), SQLite takes the other columns from the same row: what the step was last marked as.
_TROUBLES = (
    "SELECT checklist_steps.text AS text, kind, count(*) AS times, min(step) AS first FROM (SELECT run_id, step, kind, "
    f"max(number) FROM checklist_events WHERE kind IN {_SETTLING} AND run_id IN (SELECT id FROM checklist_runs "
    f"WHERE {_AT_POST} AND state IN ('done', 'abandoned')) GROUP BY run_id, step) "
    "JOIN checklist_steps USING (run_id, step) WHERE kind IN ('skipped', 'failed') "
    "GROUP BY checklist_steps.text, kind ORDER BY times DESC, first LIMIT ?"
)
UNDECIDED = (
    "SELECT run_id, number FROM checklist_events AS proposed WHERE kind = 'redlined' AND NOT EXISTS "
    "(SELECT 1 FROM checklist_events AS decision WHERE decision.run_id = proposed.run_id "
    "AND decision.step = proposed.step AND decision.refers = proposed.number)"
)
"""The `run_id` and `number` of every proposed change that nobody decided on."""


class SqliteChecklistStore:
    """The `ChecklistStore` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def post_at(self, place: Place) -> PostAt | None:
        rows = self._connection.query(
            f"SELECT slug, saves, content_hash FROM posts WHERE {_AT_POST}", list(map(storable, place))
        )
        return PostAt(rows[0]["slug"], rows[0]["saves"], rows[0]["content_hash"]) if rows else None

    def start(self, run: RunInfo, steps: Sequence[Step]) -> None:
        row = run_row(replace(run, steps=len(steps)))
        marks = ", ".join("?" * len(row))
        rows = [step_values(run.id, number, step) for number, step in enumerate(steps, 1)]
        with self._connection.write() as database:
            database.execute(f"INSERT INTO checklist_runs ({', '.join(row)}) VALUES ({marks})", list(row.values()))
            database.conn.executemany("INSERT INTO checklist_steps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def append(self, run_id: str, event: RunEvent, evidence: str = "") -> RunEvent | None:
        with self._connection.write() as database:
            run = self._run(run_id)
            if run is None:
                raise RunNotFoundError(f"There is no run {run_id}.")
            before = self._state_before(run, event)
            if before is not None and before is STEP_STATES.get(event.kind):
                return None
            step = self._step_of_redline(run_id, event.refers) if event.kind in DECISIONS else event.step
            event = storable_event(replace(event, number=run["events"] + 1, step=step))
            database.execute(
                "INSERT INTO checklist_events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", event_values(run_id, event)
            )
            if event.kind is EventKind.EVIDENCE:
                database.execute(
                    "INSERT INTO checklist_evidence VALUES (?, ?, ?)", [run_id, event.number, storable(evidence)]
                )
            _count(database, run, event, before)
            return event

    def find(self, run_id: str) -> ChecklistRun | None:
        run = self._run(run_id)
        if run is None:
            return None
        steps = self._connection.query(
            f"SELECT {STEP_COLUMNS} FROM checklist_steps WHERE run_id = ? ORDER BY step", [run_id]
        )
        events = self._connection.query(
            f"SELECT {EVENT_COLUMNS} FROM checklist_events WHERE run_id = ? ORDER BY number", [run_id]
        )
        return replay(row_to_run(run), list(map(row_to_step, steps)), map(row_to_event, events))

    def version(self, run_id: str) -> int:
        return int(self._connection.value("SELECT events FROM checklist_runs WHERE id = ?", [run_id]) or 0)

    def beginning_with(self, start: str, limit: int) -> list[str]:
        found = self._connection.column(
            "SELECT id FROM checklist_runs WHERE id >= ? AND id < ? ORDER BY id LIMIT ?", [start, f"{start}~", limit]
        )
        return list(map(str, found))

    def page(
        self, *, states: Collection[RunState], place: Place | None = None, limit: int, offset: int = 0
    ) -> list[RunInfo]:
        where, parameters = _at(place)
        found: list[RunInfo] = []
        # One state after the other: each comes in order from an index.
        for state in set(states):
            rows = self._connection.query(
                f"SELECT {RUN_COLUMNS} FROM checklist_runs WHERE {where} AND state = ? ORDER BY id DESC LIMIT ?",
                [*parameters, state.value, limit + offset],
            )
            found += map(row_to_run, rows)
        found.sort(key=lambda run: (run.state is RunState.OPEN, run.id), reverse=True)
        return found[offset : offset + limit]

    def last_successful(self, place: Place, checklist: str | None = None) -> RunInfo | None:
        return self._last(place, "failed = 0 AND (? IS NULL OR checklist = ?)", [checklist, checklist])

    def last_finished(self, place: Place, checklist: str) -> RunInfo | None:
        return self._last(place, "checklist = ?", [checklist])

    def _last(self, place: Place, condition: str, parameters: Sequence[object]) -> RunInfo | None:
        rows = self._connection.query(
            f"SELECT {RUN_COLUMNS} FROM checklist_runs WHERE {_AT_POST} AND state = 'done' AND {condition} "
            "ORDER BY finished_at DESC, id DESC LIMIT 1",
            [*map(storable, place), *parameters],
        )
        return row_to_run(rows[0]) if rows else None

    def troubles(self, place: Place, limit: int) -> list[Trouble]:
        rows = self._connection.query(_TROUBLES, [*map(storable, place), limit])
        return [Trouble(row["text"], StepState(row["kind"]), row["times"]) for row in rows]

    def open_redlines(self, place: Place | None, limit: int) -> list[tuple[RunInfo, Redline]]:
        where, parameters = _at(place)
        rows = self._connection.query(
            f"SELECT {RUN_COLUMNS}, number FROM ({UNDECIDED}) JOIN checklist_runs ON id = run_id WHERE {where} "
            "ORDER BY id, number LIMIT ?",
            [*parameters, limit],
        )
        return [(row_to_run(row), self._redline(row["id"], row["number"])) for row in rows]

    def count_open_redlines(self, place: Place | None) -> int:
        where, parameters = _at(place)
        count = self._connection.value(
            f"SELECT count(*) FROM ({UNDECIDED}) JOIN checklist_runs ON id = run_id WHERE {where}", parameters
        )
        return int(count or 0)

    def evidence(self, run_id: str, number: int) -> str | None:
        found = self._connection.value(
            "SELECT content FROM checklist_evidence WHERE run_id = ? AND number = ?", [run_id, number]
        )
        return None if found is None else str(found)

    def values(self, run_id: str) -> dict[str, str]:
        rows = self._connection.query(
            "SELECT name, value FROM checklist_values WHERE run_id = ? ORDER BY name", [run_id]
        )
        return {row["name"]: row["value"] for row in rows}

    def remember_values(self, run_id: str, values: Mapping[str, str]) -> None:
        kept = [(storable(name), storable(value)) for name, value in values.items()]
        with self._connection.write() as database:
            database.conn.executemany(
                "DELETE FROM checklist_values WHERE run_id = ? AND name = ?", [(run_id, name) for name, _ in kept]
            )
            database.conn.executemany(
                "INSERT OR REPLACE INTO checklist_values SELECT id, ?, ? FROM checklist_runs WHERE id = ?",
                [(name, value, run_id) for name, value in kept if value],
            )

    def _run(self, run_id: str) -> Row | None:
        rows = self._connection.query(f"SELECT {RUN_COLUMNS}, events FROM checklist_runs WHERE id = ?", [run_id])
        return rows[0] if rows else None

    def _redline(self, run_id: str, number: int) -> Redline:
        (row,) = self._connection.query(
            f"SELECT {EVENT_COLUMNS} FROM checklist_events WHERE run_id = ? AND number = ?", [run_id, number]
        )
        event = row_to_event(row)
        return Redline(number, event.step, event.text, event.at, event.who)

    def _state_before(self, run: Row, event: RunEvent) -> StepState | None:
        """The state of the step that an event changes; None where it changes none. Raises where it may not be added."""
        if event.kind in DECISIONS:
            return None
        if run["state"] != RunState.OPEN.value:
            raise RunClosedError(run["id"], run["state"])
        if event.kind is EventKind.FINISHED:
            todo = row_to_run(run).todo
            if todo:
                raise RunUnfinishedError(run["id"], todo)
        if event.kind in RUN_STATES:
            return None
        if not 0 < event.step <= run["steps"]:
            raise StepNotFoundError(f"The run has no step {event.step}; its steps are 1 to {run['steps']}.")
        if event.kind not in STEP_STATES:
            return None
        last = self._last_settling(run["id"], event.step)
        before = StepState.TODO if last is None else STEP_STATES[last.kind]
        if last and before not in (StepState.TODO, STEP_STATES[event.kind]) and event.kind is not EventKind.UNDONE:
            raise StepSettledError(event.step, before.value, last.who, f"{last.at:%Y-%m-%d %H:%M:%SZ}")
        return before

    def _last_settling(self, run_id: str, step: int) -> RunEvent | None:
        rows = self._connection.query(
            f"SELECT {EVENT_COLUMNS} FROM checklist_events WHERE run_id = ? AND step = ? AND kind IN {_SETTLING} "
            "ORDER BY number DESC LIMIT 1",
            [run_id, step],
        )
        return row_to_event(rows[0]) if rows else None

    def _step_of_redline(self, run_id: str, number: int) -> int:
        """The step of a proposed change that may be decided on. Raises `RedlineError` where there is none."""
        step = self._connection.value(
            "SELECT step FROM checklist_events WHERE run_id = ? AND number = ? AND kind = 'redlined'", [run_id, number]
        )
        if step is None:
            raise RedlineError(f"The run {run_id} has no proposed change {number}.")
        decided = self._connection.value(
            "SELECT kind FROM checklist_events WHERE run_id = ? AND step = ? AND refers = ?", [run_id, step, number]
        )
        if decided is not None:
            raise RedlineError(f"The proposed change {number} of the run {run_id} was {decided} already.")
        return int(step)


def _at(place: Place | None) -> tuple[str, list[str]]:
    """A condition that runs of this post meet, of every post without one, and what is bound in it."""
    return ("1", []) if place is None else (_AT_POST, list(map(storable, place)))


def _count(database: Database, run: Row, event: RunEvent, before: StepState | None) -> None:
    """Write beside the run what it comes to with another event."""
    changes: dict[str, object] = {"events": event.number}
    if event.kind in RUN_STATES:
        changes |= {"state": RUN_STATES[event.kind].value, "finished_at": write_time(event.at)}
    after = STEP_STATES.get(event.kind)
    for state, by in ((before, -1), (after, 1)):
        if before is not None and state is not None and state is not StepState.TODO:
            changes[state.value] = int(str(changes.get(state.value, run[state.value]))) + by
    assignments = ", ".join(f"{column} = ?" for column in changes)
    database.execute(f"UPDATE checklist_runs SET {assignments} WHERE id = ?", [*changes.values(), run["id"]])
