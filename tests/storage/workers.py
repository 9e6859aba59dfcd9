"""What other processes do to a library while a test looks on. Each is the target of a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
from contextlib import closing
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from kbtui.storage.connection import Connection
from kbtui.storage.posts import SqlitePostStore
from tests.factories import NOON, a_post


def context() -> Any:
    """Processes that share nothing with the test, and start quickly."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.storage.workers", "kbtui.bootstrap", "kbtui.search.index"])
    return made


def open_when_told(folder: str, barrier: Any, answers: Any) -> None:
    """Open the library at the same moment as the others, and save a post."""
    try:
        barrier.wait(20)
        with closing(Connection(Path(folder))) as connection:
            SqlitePostStore(connection).save([a_post(title=f"post {os.getpid()}")], NOON)
        answers.put("")
    except BaseException as error:  # noqa: BLE001  # whatever it is, the test is to show it
        answers.put(repr(error))


def write_many(folder: str, name: str, count: int, answers: Any) -> None:
    """Save posts one by one, and every third once more."""
    try:
        with closing(Connection(Path(folder))) as connection:
            store = SqlitePostStore(connection)
            for number in range(count):
                post = a_post(title=f"{name} {number}", tools=("redis",), body="first")
                store.save([post], NOON)
                if number % 3 == 0:
                    store.save([a_post(title=f"{name} {number}", tools=("psql",), body="second")], NOON)
        answers.put("")
    except BaseException as error:  # noqa: BLE001
        answers.put(repr(error))


def read_until(folder: str, done: Any, answers: Any) -> None:
    """Read lists and posts until told to stop; every answer must be whole."""
    try:
        rounds = 0
        with closing(Connection(Path(folder))) as connection:
            store = SqlitePostStore(connection)
            while not done.is_set() or rounds == 0:
                page = store.page(sort="updated", filters=(), limit=20, offset=0)
                assert len(store.many([post.id for post in page])) == len(page)
                store.facet_counts(["tool"], within=None, limit=5)
                rounds += 1
        answers.put("")
    except BaseException as error:  # noqa: BLE001
        answers.put(repr(error))


def save_until_killed(folder: str, start: int, told: Pipe) -> None:
    """Save batches of three posts for ever; tell the number of each batch once it is acknowledged."""
    with closing(Connection(Path(folder))) as connection:
        store = SqlitePostStore(connection)
        number = start
        while True:
            store.save(
                [a_post(title=f"batch {number} {part}", body="text " * 500, tools=(f"t{part}",)) for part in "abc"],
                NOON,
            )
            told.send(number)
            number += 1


def save_on_a_full_disk(folder: str, limit: int, answers: Any) -> None:
    """Save ever more under a limit on the size of files, which fails as a full disk does."""
    try:
        with closing(Connection(Path(folder))) as connection:
            store = SqlitePostStore(connection)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            saved = 0
            try:
                while saved < 1_000:
                    store.save([a_post(title=f"{saved} {part}", body="x" * 20_000) for part in "ab"], NOON)
                    saved += 1
            except Exception as error:  # noqa: BLE001
                still = store.count()
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                store.save([a_post(title="after", body="room again")], NOON)
                answers.put((type(error).__name__, str(error), saved, still))
                return
        answers.put(("", "", saved, saved * 2))
    except BaseException as error:  # noqa: BLE001
        answers.put((repr(error), "", -1, -1))
