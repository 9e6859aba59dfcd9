"""How a library file is made, opened and refused."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kbtui.core.errors import (
    EXIT_ENVIRONMENT,
    DamagedLibraryError,
    ForeignFileError,
    KbtuiError,
    LibraryBusyError,
    LibraryUnavailableError,
    NewerLibraryError,
)
from kbtui.storage.connection import DATABASE_NAME, Connection
from kbtui.storage.guard import APPLICATION_ID, SCHEMA_VERSION
from kbtui.storage.posts import SqlitePostStore
from tests.factories import NOON, a_post

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX modes and links")


def fingerprint(folder: Path) -> dict[str, str]:
    """Name and hash of every file of a folder."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir()) if p.is_file()}


@contextmanager
def refused(folder: Path, kind: type[KbtuiError]) -> Iterator[None]:
    """The library is refused in a sentence, and no file is changed, made or deleted."""
    before = fingerprint(folder)
    yield
    with pytest.raises(kind) as caught:
        Connection(folder)
    assert str(folder) in str(caught.value)
    assert str(caught.value).endswith(".")
    assert caught.value.exit_code == EXIT_ENVIRONMENT
    assert fingerprint(folder) == before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "library"
    made.mkdir()
    return made


def foreign(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


# Making


def test_a_new_library_is_marked_in_the_file_itself(tmp_path: Path) -> None:
    with closing(Connection(tmp_path / "a" / "b")) as connection:
        header = connection.path.read_bytes()[:100]
        assert int.from_bytes(header[68:72], "big") == APPLICATION_ID
        assert int.from_bytes(header[60:64], "big") == SCHEMA_VERSION


def test_pragmas_and_strict_tables(connection: Connection) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "wal_autocheckpoint": 0}
    assert {name: connection.value(f"PRAGMA {name}") for name in wanted} == wanted
    tables = connection.query("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    loose = {row["name"] for row in tables if not row["strict"]}
    assert {name for name in loose if not name.startswith(("sqlite_", "_sqlite_migrations"))} == set()


def test_a_wrong_type_does_not_get_in(connection: Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError), connection.write() as database:
        database.execute("INSERT INTO sources VALUES ('one', 'name', 'root')")


@posix
def test_nobody_else_can_read_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(Connection(tmp_path / "library")) as connection:
            SqlitePostStore(connection).save([a_post()], NOON)
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in connection.folder.iterdir()}
            assert stat.S_IMODE(connection.folder.stat().st_mode) == 0o700
    finally:
        os.umask(before)
    assert {f"{DATABASE_NAME}{end}" for end in ("", "-wal", "-shm")} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_opening_again_migrates_nothing_and_closing_twice_is_allowed(tmp_path: Path) -> None:
    with closing(Connection(tmp_path / "library")) as first:
        SqlitePostStore(first).save([a_post()], NOON)
        first.close()
    before = fingerprint(tmp_path / "library")
    with closing(Connection(tmp_path / "library")) as second:
        assert SqlitePostStore(second).count() == 1
    assert fingerprint(tmp_path / "library") == before


@pytest.mark.parametrize("leftover", ["empty file", "no table yet"])
def test_a_first_start_that_was_cut_off_is_taken_up(folder: Path, leftover: str) -> None:
    path = folder / DATABASE_NAME
    path.touch()
    if leftover == "no table yet":
        foreign(path, "PRAGMA journal_mode=WAL")
    with closing(Connection(folder)) as connection:
        assert SqlitePostStore(connection).save([a_post()], NOON)


# Refusing


def test_a_newer_schema_is_refused(folder: Path) -> None:
    Connection(folder).close()
    foreign(folder / DATABASE_NAME, "PRAGMA user_version=99")
    with refused(folder, NewerLibraryError):
        pass


def test_a_newer_schema_that_stands_only_in_the_log_is_refused_and_kept(folder: Path, tmp_path: Path) -> None:
    Connection(folder).close()
    newer = sqlite3.connect(folder / DATABASE_NAME, isolation_level=None)
    newer.execute("PRAGMA wal_autocheckpoint=0")
    newer.execute("PRAGMA user_version=99")
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    newer.close()
    with pytest.raises(NewerLibraryError, match="99"):
        Connection(copy)
    with closing(sqlite3.connect(copy / DATABASE_NAME)) as after:
        assert after.execute("PRAGMA user_version").fetchone() == (99,)
    with pytest.raises(NewerLibraryError):
        Connection(copy)


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE users (id)",),
        ("PRAGMA application_id=7",),
        ("PRAGMA application_id=7", "CREATE TABLE users (id)", "PRAGMA user_version=1"),
        ("PRAGMA user_version=99", "CREATE TABLE posts (id)"),
        ("CREATE VIEW posts AS SELECT 1", "PRAGMA user_version=1"),
    ],
)
@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_another_programs_database_is_refused(folder: Path, statements: tuple[str, ...], mode: str) -> None:
    foreign(folder / DATABASE_NAME, f"PRAGMA journal_mode={mode}", *statements)
    with refused(folder, ForeignFileError):
        pass


@pytest.mark.parametrize(
    "data", [b"x", b"# my notes\n", b"SQLite format 3\x00", b"SQLite format 3\x00" + b"\xff" * 500, b"\x00" * 4096]
)
def test_a_file_that_is_no_database_is_refused(folder: Path, data: bytes) -> None:
    (folder / DATABASE_NAME).write_bytes(data)
    with refused(folder, ForeignFileError):
        pass


@posix
@pytest.mark.parametrize("target", ["elsewhere.sqlite3", "kb.real", "/etc/hostname"])
def test_a_link_in_place_of_the_file_is_refused(folder: Path, tmp_path: Path, target: str) -> None:
    Connection(tmp_path / "real").close()
    (folder / "kb.real").write_bytes((tmp_path / "real" / DATABASE_NAME).read_bytes())
    (folder / DATABASE_NAME).symlink_to(target)
    with pytest.raises(ForeignFileError):
        Connection(folder)
    assert not (folder / "elsewhere.sqlite3").exists()


def test_a_folder_in_place_of_the_file_is_refused(folder: Path) -> None:
    (folder / DATABASE_NAME).mkdir()
    with refused(folder, ForeignFileError):
        pass


@posix
def test_a_pipe_in_place_of_the_file_is_refused(folder: Path) -> None:
    os.mkfifo(folder / DATABASE_NAME)
    with pytest.raises(ForeignFileError):
        Connection(folder)


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("x")
    for place in ("library", "library/below"):
        with pytest.raises(LibraryUnavailableError, match="--library"):
            Connection(tmp_path / place)


def test_a_folder_in_place_of_the_lock_is_told(folder: Path) -> None:
    (folder / "write.lock").mkdir()
    with pytest.raises(LibraryUnavailableError):
        Connection(folder)


def test_a_truncated_library_is_told_to_be_damaged(folder: Path) -> None:
    with closing(Connection(folder)) as connection:
        SqlitePostStore(connection).save([a_post(title=str(n), body="x" * 3_000) for n in range(20)], NOON)
    data = (folder / DATABASE_NAME).read_bytes()
    for size in range(4096, len(data), 16 * 4096):
        (folder / DATABASE_NAME).write_bytes(data[:size])
        try:
            with closing(Connection(folder)) as connection:
                SqlitePostStore(connection).all_after(0, 100)
        except DamagedLibraryError as error:
            assert "backup" in str(error)
        else:
            pytest.fail(f"a file cut at {size} of {len(data)} bytes seemed sound")


# Writing


def test_who_waits_too_long_is_told_that_another_writes(folder: Path) -> None:
    with closing(Connection(folder)) as first, closing(Connection(folder, lock_seconds=0.05)) as second:
        with first.write(), pytest.raises(LibraryBusyError), second.write():
            pass
        with second.write():
            pass


def test_a_failed_transaction_leaves_nothing_and_the_connection_usable(connection: Connection) -> None:
    with pytest.raises(ZeroDivisionError), connection.write() as database:
        database.execute("INSERT INTO sources (name, root) VALUES ('a', '/a')")
        raise ZeroDivisionError
    assert connection.value("SELECT count(*) FROM sources") == 0
    with connection.write() as database:
        database.execute("INSERT INTO sources (name, root) VALUES ('a', '/a')")
    assert connection.value("SELECT count(*) FROM sources") == 1


def test_the_log_stays_small(connection: Connection) -> None:
    store = SqlitePostStore(connection)
    log, largest = connection.path.with_name(f"{DATABASE_NAME}-wal"), 0
    (saved,) = store.save([a_post(body="x" * 1_000)], NOON)
    with closing(Connection(connection.folder)) as reader:
        for number in range(3_000):
            store.set_position(saved.id, number / 3_000)
            if number % 100 == 0:
                store.save([a_post(title=f"{number}", body="x" * 50_000)], NOON)
                SqlitePostStore(reader).page(sort="title", filters=(), limit=5, offset=0)
            largest = max(largest, log.stat().st_size)
    assert largest < 4_000_000


def test_a_checkpoint_that_fails_does_not_deny_what_was_saved(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlitePostStore(connection)
    store.save([a_post()], NOON)
    monkeypatch.setattr("kbtui.storage.connection.CHECKPOINT_BYTES", 0)

    def no_checkpoint(action: int, first: str | None, *_: object) -> int:
        return (
            sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_PRAGMA and first == "wal_checkpoint" else sqlite3.SQLITE_OK
        )

    connection._connection.set_authorizer(no_checkpoint)
    with pytest.raises(sqlite3.DatabaseError):
        connection._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection._connection.set_authorizer(None)
    with closing(sqlite3.connect(connection.path, isolation_level=None, timeout=0)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM posts").fetchall()
        connection._connection.execute("PRAGMA busy_timeout=10")
        assert store.save([a_post(title="second")], NOON)[0].outcome == "added"
        reader.execute("ROLLBACK")
    assert store.count() == 2


def test_reading_does_without_what_only_writing_needs(tmp_path: Path) -> None:
    with closing(Connection(tmp_path / "library")) as connection:
        SqlitePostStore(connection).save([a_post()], NOON)
    code = (
        "import sys; from pathlib import Path; from kbtui.storage.connection import Connection; "
        "from kbtui.storage.posts import SqlitePostStore; connection = Connection(Path(sys.argv[1])); "
        "assert SqlitePostStore(connection).all_after(0, 5); connection.close(); "
        "print(sorted({'sqlite_utils', 'filelock'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "library")], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
