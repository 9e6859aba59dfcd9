"""Many processes at once, processes that die, and a disk without room."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kbtui.storage.connection import Connection
from kbtui.storage.health import SqliteHealth
from kbtui.storage.posts import SqlitePostStore
from tests.factories import NOON, a_post
from tests.storage import workers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX processes")


def run(*jobs: tuple[Any, ...]) -> list[Any]:
    """Start every job, (function, *arguments), in a process of its own; what each answers."""
    context = workers.context()
    answers = context.Queue()
    processes = [context.Process(target=job[0], args=(*job[1:], answers)) for job in jobs]
    for process in processes:
        process.start()
    got = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(20)
    return got


def is_sound(store: SqlitePostStore, connection: Connection) -> bool:
    return SqliteHealth(connection).problems() == [] and list(store.damaged()) == []


def test_eight_processes_open_a_fresh_library_at_once(tmp_path: Path) -> None:
    for turn in range(4):
        folder = tmp_path / f"library{turn}" / "deep"
        barrier = workers.context().Barrier(8)
        assert run(*[(workers.open_when_told, str(folder), barrier)] * 8) == [""] * 8
        with closing(Connection(folder)) as connection:
            store = SqlitePostStore(connection)
            assert store.count() == 8
            assert is_sound(store, connection)


def test_three_writers_and_two_readers(tmp_path: Path) -> None:
    folder, count = tmp_path / "library", 80
    Connection(folder).close()
    context = workers.context()
    done, answers = context.Event(), context.Queue()
    readers = [context.Process(target=workers.read_until, args=(str(folder), done, answers)) for _ in range(2)]
    writers = [
        context.Process(target=workers.write_many, args=(str(folder), n, count, answers)) for n in ("x", "y", "z")
    ]
    for process in (*readers, *writers):
        process.start()
    for process in writers:
        process.join(60)
    done.set()
    assert [answers.get(timeout=20) for _ in range(5)] == [""] * 5
    for process in readers:
        process.join(20)
    with closing(Connection(folder)) as connection:
        store = SqlitePostStore(connection)
        posts = store.all_after(0, 1_000)
        assert len(posts) == store.count() == 3 * count
        again = [post for post in posts if int(post.title.split()[1]) % 3 == 0]
        assert all(post.body == ("second" if post in again else "first") for post in posts)
        assert all(post.saves == (2 if post in again else 1) for post in posts)
        assert connection.value("SELECT count(*) FROM post_revisions") == len(again)
        assert is_sound(store, connection)


def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    folder, context, chance = tmp_path / "library", workers.context(), random.Random(7)  # noqa: S311
    Connection(folder).close()
    acknowledged, start = set[int](), 0
    for _ in range(15):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=workers.save_until_killed, args=(str(folder), start, there))
        process.start()
        there.close()
        assert here.poll(20)
        time.sleep(chance.uniform(0.0, 0.08))
        os.kill(process.pid, signal.SIGKILL)
        process.join(20)
        try:
            while here.poll(0.2):
                acknowledged.add(here.recv())
        except EOFError:
            pass
        start = max(acknowledged) + 2  # the one after the last may be there or not
        with closing(Connection(folder)) as connection:
            store = SqlitePostStore(connection)
            titles = {post.title for post in store.page(sort="title", filters=(), limit=100_000, offset=0)}
            batches = {int(title.split()[1]) for title in titles}
            assert acknowledged <= batches
            assert titles == {f"batch {number} {part}" for number in batches for part in "abc"}
            assert is_sound(store, connection)
            assert connection.value("SELECT count(*) FROM index_queue") == len(titles)
    assert len(acknowledged) > 15


@pytest.mark.parametrize("limit", [300_000, 700_000, 1_500_000, 2_500_000])
def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path, limit: int) -> None:
    folder = tmp_path / "library"
    Connection(folder).close()
    ((error, message, saved, still),) = run((workers.save_on_a_full_disk, str(folder), limit))
    assert error in {"DiskFullError", "LibraryUnavailableError"}, message
    assert str(folder) in message
    assert saved > 0
    assert still == 2 * saved
    with closing(Connection(folder)) as connection:
        store = SqlitePostStore(connection)
        assert store.count() == 2 * saved + 1
        assert is_sound(store, connection)
        store.save([a_post()], NOON)
