"""Whether a file is ours to open, looked at without SQLite and without harming whoever has it open.

A process that opens and closes an SQLite file by itself drops every lock that its own SQLite connections hold on it
(POSIX locks belong to the process, not to the descriptor; "How To Corrupt An SQLite Database File", section 2.2).
Another process would then take itself for the only one and throw the log away. So a file is looked at only while no
connection of this process has it open.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import Counter
from pathlib import Path

from kbtui.core.errors import ForeignFileError, LibraryBusyError, NewerLibraryError

LOCK_NAME = "write.lock"
LOCK_SECONDS = 10.0
APPLICATION_ID = 0x6B627475  # "kbtu"
SCHEMA_VERSION = 6
"""The number of steps in `storage.migrations`."""

_SQLITE_MAGIC = b"SQLite format 3\x00"
_VERSION_OFFSET = 60
_APPLICATION_OFFSET = 68

_gate = threading.Lock()
_open: Counter[str] = Counter()
"""How many connections of this process have a file open."""


def open_guarded(path: Path) -> sqlite3.Connection:
    """A connection to the file at `path`, made if there is none, with modes that keep others out.

    Raises `NewerLibraryError` or `ForeignFileError`, which leave every byte as it was, or OSError. To be closed with
    `close_guarded`.
    """
    with _gate:
        place = os.path.realpath(path)
        if not _open[place]:
            _prepare(path)
        connection = sqlite3.connect(path, isolation_level=None, timeout=LOCK_SECONDS)
        _open[place] += 1
        return connection


def close_guarded(path: Path, connection: sqlite3.Connection) -> None:
    """Close what `open_guarded` gave for `path`; once for each."""
    with _gate:
        connection.close()
        _open[os.path.realpath(path)] -= 1


def _prepare(path: Path) -> None:
    """Make the folder and the file with modes that keep others out, and refuse what is not ours to open."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # O_EXCL: an existing file is looked at first, and a link at this place is not followed.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        _refuse_foreign(path)


def _refuse_foreign(path: Path) -> None:
    lock = path.with_name(LOCK_NAME)
    try:
        _look_at_header(path)
    except ForeignFileError:
        if not lock.exists():
            raise
        # Only a file that is not marked needs it.
        from filelock import FileLock, Timeout

        # Another process may be making the library at this moment; it holds the lock until the file is marked.
        try:
            with FileLock(lock, timeout=LOCK_SECONDS, mode=0o600):
                _look_at_header(path)
        except Timeout as error:
            raise LibraryBusyError(path.parent) from error


def _look_at_header(path: Path) -> None:
    """Look at the header without SQLite: opening a database may already change its files."""
    if path.is_symlink() or not path.is_file():
        raise ForeignFileError(path, "it is not a regular file")
    with path.open("rb") as file:
        header = file.read(100)
    if not header:
        return
    if not header.startswith(_SQLITE_MAGIC):
        raise ForeignFileError(path, "it is no SQLite database")
    application = int.from_bytes(header[_APPLICATION_OFFSET : _APPLICATION_OFFSET + 4], "big")
    version = int.from_bytes(header[_VERSION_OFFSET : _VERSION_OFFSET + 4], "big")
    if application != APPLICATION_ID and not _is_being_made(path, application):
        raise ForeignFileError(path, "it is another program's database")
    if version > SCHEMA_VERSION:
        raise NewerLibraryError(path, version, SCHEMA_VERSION)


def _is_being_made(path: Path, application: int) -> bool:
    """Whether a first start was cut off, or runs now: no mark yet, and no table but ours or none."""
    if application != 0:
        return False
    # Immutable first: otherwise even a reader leaves its files beside another program's database.
    if not _is_ours_or_empty(path, "immutable=1"):
        return False
    log = path.with_name(path.name + "-wal")
    return not log.exists() or _is_ours_or_empty(path, "mode=ro")


def _is_ours_or_empty(path: Path, how: str) -> bool:
    connection = sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, timeout=LOCK_SECONDS)
    try:
        (marked,) = connection.execute("PRAGMA application_id").fetchone()
        # The mark is enough: the tables may be on their way into the file at this moment.
        question = "SELECT 0" if marked == APPLICATION_ID else "SELECT count(*) FROM sqlite_master"
        (tables,) = connection.execute(question).fetchone()
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
    return bool(tables == 0)
