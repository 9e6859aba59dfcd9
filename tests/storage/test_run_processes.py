"""Two terminals on one run, and a terminal that dies: no change is lost, none is overwritten."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from kbtui.core.checklists.checklist import Step
from kbtui.core.checklists.run import EventKind, RunState, StepState, replay
from kbtui.storage.checklists import SqliteChecklistStore
from kbtui.storage.connection import Connection
from kbtui.storage.health import SqliteHealth
from tests.runs import STEPS, a_run
from tests.storage import run_workers, workers
from tests.storage.test_processes import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX processes")
RUN = run_workers.RUN


def begin(folder: Path, steps: tuple[Step, ...] = STEPS) -> None:
    with closing(Connection(folder)) as connection:
        SqliteChecklistStore(connection).start(a_run(), steps)


def test_a_thousand_changes_of_two_processes_are_all_there_in_one_order(tmp_path: Path) -> None:
    steps, each = tuple(Step(f"step {n}") for n in range(8)), 500
    begin(tmp_path, steps)
    told = run(
        (run_workers.change_many, str(tmp_path), "a", (1, 3, 5, 7), each),
        (run_workers.change_many, str(tmp_path), "b", (2, 4, 6, 8), each),
    )
    assert all(isinstance(kept, list) for kept in told), told
    with closing(Connection(tmp_path)) as connection:
        store = SqliteChecklistStore(connection)
        found = store.find(RUN)
        assert found is not None
        assert [(event.number, event.text) for event in found.events] == sorted(told[0] + told[1])
        assert [event.number for event in found.events] == list(range(1, 2 * each + 1))
        for name in "ab":
            texts = [event.text for event in found.events if event.text.startswith(name)]
            assert texts == [f"{name} {number}" for number in range(each)]
        assert store.page(states=[RunState.OPEN], limit=9) == [found.info]
        assert found == replay(a_run(), steps, found.events)


def test_of_two_who_settle_the_same_steps_otherwise_one_is_told(tmp_path: Path) -> None:
    count = 60
    begin(tmp_path, tuple(Step(f"step {n}") for n in range(count)))
    answers = run(
        (run_workers.settle_all, str(tmp_path), "done", count), (run_workers.settle_all, str(tmp_path), "failed", count)
    )
    assert sorted(step for settled in answers for step in settled) == list(range(1, count + 1))
    with closing(Connection(tmp_path)) as connection:
        found = SqliteChecklistStore(connection).find(RUN)
        assert found is not None
        by_state = [
            [step.number for step in found.steps if step.state is state] for state in (StepState.DONE, StepState.FAILED)
        ]
        # They answer in the order in which they end.
        assert sorted(by_state) == sorted(answers)
        assert len(found.events) == count


def test_a_killed_terminal_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    context, chance = workers.context(), random.Random(5)  # noqa: S311
    begin(tmp_path)
    acknowledged = 0
    for _ in range(12):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=run_workers.change_until_killed, args=(str(tmp_path), there))
        process.start()
        there.close()
        assert here.poll(20)
        time.sleep(chance.uniform(0.0, 0.06))
        os.kill(process.pid, signal.SIGKILL)
        process.join(20)
        try:
            while here.poll(0.2):
                acknowledged = here.recv()
        except EOFError:
            pass
        with closing(Connection(tmp_path)) as connection:
            store = SqliteChecklistStore(connection)
            found = store.find(RUN)
            assert found is not None
            assert acknowledged <= found.version <= acknowledged + 1  # the one after the last may be there or not
            assert [event.number for event in found.events] == list(range(1, found.version + 1))
            assert store.page(states=[RunState.OPEN], limit=9) == [found.info]
            for event in found.events:
                assert (event.kind is EventKind.EVIDENCE) == (store.evidence(RUN, event.number) is not None)
            assert SqliteHealth(connection).problems() == []
    assert acknowledged > 12
