"""One thread's connection to a library's file: how it is opened, read and written.

Every write holds the library's write lock and begins immediately: `sqlite_utils.Database.atomic` alone issues a plain
BEGIN, which fails at once when another process wrote between its first read and its first write. Checkpoints happen
only under that lock, because SQLite before 3.51.3 can corrupt a file when a checkpoint races a commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kbtui.core.errors import (
    DamagedLibraryError,
    DiskFullError,
    LibraryBusyError,
    LibraryUnavailableError,
    NewerLibraryError,
)
from kbtui.storage.guard import (
    APPLICATION_ID,
    LOCK_NAME,
    LOCK_SECONDS,
    SCHEMA_VERSION,
    close_guarded,
    open_guarded,
)

if TYPE_CHECKING:
    from filelock import BaseFileLock
    from sqlite_utils import Database

DATABASE_NAME = "kb.sqlite3"
CHECKPOINT_BYTES = 2_000_000

Row = dict[str, Any]


class Connection:
    """An open library file. Belongs to the thread that made it.

    What only writing needs is imported when it is asked for: most commands read, and start the quicker.
    """

    def __init__(self, folder: Path, lock_seconds: float = LOCK_SECONDS) -> None:
        """Open the library in `folder`, making it if there is none.

        Raises `NewerLibraryError`, `ForeignFileError`, `DamagedLibraryError` or `LibraryUnavailableError`; the first
        two leave every byte as it was.
        """
        self.folder = folder
        self.path = folder / DATABASE_NAME
        self._closed = False
        try:
            with self._explained():
                self._connection = open_guarded(self.path)
        except OSError as error:
            raise LibraryUnavailableError(folder, f"{error.strerror}. Name another with --library.") from error
        self._lock_seconds = lock_seconds
        try:
            with self._explained():
                self._set_up()
        except BaseException:
            self.close()
            raise

    @cached_property
    def _database(self) -> Database:
        from sqlite_utils import Database

        return Database(self._connection, execute_plugins=False)

    @cached_property
    def _lock(self) -> BaseFileLock:
        from filelock import FileLock

        return FileLock(self.folder / LOCK_NAME, timeout=self._lock_seconds, mode=0o600)

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a SELECT. Read to the end at once: an open cursor would hold the write-ahead log."""
        with self._explained():
            cursor = self._connection.execute(sql, tuple(parameters))
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def column(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """The first column of all rows of a SELECT."""
        with self._explained():
            return [row[0] for row in self._connection.execute(sql, tuple(parameters)).fetchall()]

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """The first column of the first row, None where there is no row."""
        rows = self.query(sql, parameters)
        return next(iter(rows[0].values())) if rows else None

    @contextmanager
    def write(self, patience: float | None = None) -> Iterator[Database]:
        """One transaction: all of it is on disk at the end, or nothing is. Does not nest.

        Waits for another writer for `patience` seconds, else for those that the connection was opened with.
        """
        with self._explained(), self._locked(patience):
            with self._transaction():
                yield self._database
            self._checkpoint()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            with self._database.atomic():
                yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the file. Closing twice is allowed."""
        if not self._closed:
            self._closed = True
            close_guarded(self.path, self._connection)

    def _set_up(self) -> None:
        # A new file is made ready under the lock: to switch it to its log does not wait for others, it fails.
        if self._has_log():
            _configure(self._connection)
            if self._is_current():
                return
        self._migrate()

    def _has_log(self) -> bool:
        (mode,) = self._connection.execute("PRAGMA journal_mode").fetchone()
        return str(mode) == "wal"

    def _is_current(self) -> bool:
        """Whether the schema is ours. A newer program's mark may stand in the log only, not yet in the header."""
        version = self._number("PRAGMA user_version")
        if version > SCHEMA_VERSION:
            raise NewerLibraryError(self.path, version, SCHEMA_VERSION)
        return version == SCHEMA_VERSION

    def _migrate(self) -> None:
        from kbtui.storage.migrations import migrations

        with self._locked():
            _configure(self._connection)
            # Another process may have migrated while we waited for the lock.
            if self._is_current():
                return
            with self._transaction():
                migrations.apply(self._database)
                self._connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                self._connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            # The marks must stand in the main file, where the next start reads them without opening it.
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _checkpoint(self) -> None:
        try:
            size = self.path.with_name(self.path.name + "-wal").stat().st_size
        except FileNotFoundError:
            return
        if size > CHECKPOINT_BYTES:
            # The transaction is done, and stands in the log. What fails here, the next checkpoint does.
            with suppress(sqlite3.OperationalError):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _number(self, sql: str) -> int:
        (number,) = self._connection.execute(sql).fetchone()
        return int(number)

    @contextmanager
    def _locked(self, patience: float | None = None) -> Iterator[None]:
        from filelock import Timeout

        try:
            self._lock.acquire(timeout=patience)
        except Timeout as error:
            raise LibraryBusyError(self.folder) from error
        except OSError as error:
            raise LibraryUnavailableError(self.folder, f"it cannot be written ({error.strerror}).") from error
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn SQLite's errors into sentences."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._explain(error) from error

    def _explain(self, error: sqlite3.DatabaseError) -> Exception:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE")):
            return DiskFullError(self.path)
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return LibraryBusyError(self.folder)
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return DamagedLibraryError(self.path, str(error))
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
            return LibraryUnavailableError(self.path, f"{error}.")
        return error


def _configure(connection: sqlite3.Connection) -> None:
    # One row of invalid UTF-8 must not make every SELECT fail.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    # SQLite's own lower() knows ASCII only.
    connection.create_function("casefold", 1, str.casefold, deterministic=True)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "secure_delete=ON",
        "wal_autocheckpoint=0",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
