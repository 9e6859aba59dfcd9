"""What other processes do to one run of a checklist. Each is the target of a process of its own."""

from __future__ import annotations

from contextlib import closing
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from kbtui.core.checklists.run import EventKind
from kbtui.core.errors import StepSettledError
from kbtui.storage.checklists import SqliteChecklistStore
from kbtui.storage.connection import Connection
from tests.runs import a_run, an_event

RUN = a_run().id
CYCLE = (EventKind.DONE, EventKind.NOTED, EventKind.UNDONE, EventKind.FAILED, EventKind.UNDONE)


def change_many(folder: str, name: str, steps: tuple[int, ...], count: int, answers: Any) -> None:
    """Change steps of the run one after the other; answers with the texts of the events that were acknowledged."""
    try:
        kept = []
        with closing(Connection(Path(folder))) as connection:
            store = SqliteChecklistStore(connection)
            for number in range(count):
                step, kind = steps[number // len(CYCLE) % len(steps)], CYCLE[number % len(CYCLE)]
                event = store.append(RUN, an_event(kind, step, f"{name} {number}"))
                assert event is not None
                kept.append((event.number, event.text))
        answers.put(kept)
    except BaseException as error:  # noqa: BLE001  # whatever it is, the test is to show it
        answers.put(repr(error))


def settle_all(folder: str, kind: str, steps: int, answers: Any) -> None:
    """Settle every step in one way; answers with those that were not settled by another process before."""
    try:
        own = []
        with closing(Connection(Path(folder))) as connection:
            store = SqliteChecklistStore(connection)
            for step in range(1, steps + 1):
                try:
                    store.append(RUN, an_event(EventKind(kind), step, "x"))
                except StepSettledError:
                    continue
                own.append(step)
        answers.put(own)
    except BaseException as error:  # noqa: BLE001
        answers.put(repr(error))


def change_until_killed(folder: str, told: Pipe) -> None:
    """Change the run for ever; tell the number of each event once it is acknowledged."""
    with closing(Connection(Path(folder))) as connection:
        store = SqliteChecklistStore(connection)
        kind = EventKind.DONE
        while True:
            event = store.append(RUN, an_event(kind, 1)) or store.append(
                RUN, an_event(EventKind.EVIDENCE, 2), "x" * 500
            )
            assert event is not None
            told.send(event.number)
            kind = EventKind.UNDONE if kind is EventKind.DONE else EventKind.DONE
            evidence = store.append(RUN, an_event(EventKind.EVIDENCE, 2, size=9_000), "line\n" * 1_800)
            assert evidence is not None
            told.send(evidence.number)
