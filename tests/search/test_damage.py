"""An index that was damaged, is absent or belongs to somebody else is unusable, never an error of another kind."""

from __future__ import annotations

import os
import random
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kbtui.core.errors import IndexUnusableError, LibraryBusyError
from kbtui.core.index_document import IndexDocument
from kbtui.core.searching.query import parse_query
from kbtui.search.indexes import WhooshIndexes

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX modes")
QUERIES = ("alpha", "red apple", '"red apple"', "app*", "tool:redis", "-alpha")


def documents() -> list[IndexDocument]:
    return [
        IndexDocument(
            n,
            (f"page {n}", "alpha" if n % 2 else "beta"),
            ("key",),
            body="red apple " * n,
            values=(("tool", "redis"),),
        )
        for n in range(1, 30)
    ]


def answers(folder: Path) -> list[list[int]]:
    with closing(WhooshIndexes(folder).open(1)) as index:
        found = [sorted(index.matching(parse_query(q))) for q in QUERIES]
        return [*found, [index.stamp(), index.count()]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound index of two segments."""
    folder = tmp_path_factory.mktemp("sound") / "index"
    indexes = WhooshIndexes(folder)
    indexes.build(1, documents()[:20], 1)
    with closing(indexes.open(1)) as index:
        index.apply(documents()[20:], [], 2)
    return folder


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Callable[[], Path]:
    def fresh() -> Path:
        folder = tmp_path / "index"
        shutil.rmtree(folder, ignore_errors=True)
        return Path(shutil.copytree(sound, folder))

    return fresh


def files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_every_file_deleted_or_cut_gives_a_right_answer_or_none(sound: Path, copy: Callable[[], Path]) -> None:
    right = answers(sound)
    wrong = []
    for number, original in enumerate(files(sound)):
        size = original.stat().st_size
        for keep in (None, 0, 1, size // 2, max(0, size - 1)):
            file = files(copy())[number]
            if keep is None:
                file.unlink()
            else:
                file.write_bytes(file.read_bytes()[:keep])
            try:
                got = answers(copy_root(file))
            except IndexUnusableError:
                continue
            if got != right:
                wrong.append((file.name, keep))
    assert wrong == []


def copy_root(file: Path) -> Path:
    """The folder of indexes that a file of one lies in."""
    return next(p for p in file.parents if p.name == "index")


def test_a_flipped_bit_gives_a_right_answer_or_none(sound: Path, copy: Callable[[], Path]) -> None:
    chance = random.Random(11)  # noqa: S311
    right = answers(sound)
    wrong = []
    for number, original in enumerate(files(sound)):
        for _ in range(40 if original.stat().st_size else 0):
            file = files(copy())[number]
            data = bytearray(file.read_bytes())
            place = chance.randrange(len(data))
            data[place] ^= 1 << chance.randrange(8)
            file.write_bytes(data)
            try:
                got = answers(copy_root(file))
            except IndexUnusableError:
                continue
            if got != right:
                wrong.append((file.name, place))
    assert wrong == []


def test_verifying_finds_every_flipped_bit_of_a_segment(sound: Path, copy: Callable[[], Path]) -> None:
    chance = random.Random(12)  # noqa: S311
    for number, original in enumerate(files(sound)):
        if original.suffix != ".kbs":
            continue
        for _ in range(60):
            file = files(copy())[number]
            data = bytearray(file.read_bytes())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            file.write_bytes(data)
            with pytest.raises(IndexUnusableError), closing(WhooshIndexes(copy_root(file)).open(1)) as index:
                index.verify()


def test_a_folder_that_vanishes_under_an_open_index_is_unusable(copy: Callable[[], Path]) -> None:
    folder = copy()
    index = WhooshIndexes(folder).open(1)
    assert index.search(parse_query("alpha"), limit=5).total
    shutil.rmtree(folder)
    with pytest.raises(IndexUnusableError):
        index.search(parse_query("alpha"), limit=5)
    with pytest.raises(IndexUnusableError):
        index.stamp()
    with pytest.raises(IndexUnusableError):
        index.apply(documents(), [], 3)
    index.close()


def test_an_index_of_another_format_is_not_opened(copy: Callable[[], Path]) -> None:
    folder = copy()
    (place,) = [p for p in folder.iterdir() if p.is_dir()]
    place.rename(folder / "other-1")
    with pytest.raises(IndexUnusableError):
        WhooshIndexes(folder).open(1)


# The place


@posix
def test_the_cache_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = tmp_path / "cache" / "index"
        indexes = WhooshIndexes(folder)
        with indexes.exclusive(10):
            indexes.build(1, documents(), 1)
        inside = [p for p in folder.rglob("*") if p.is_dir()]
    finally:
        os.umask(before)
    assert {stat.S_IMODE(p.stat().st_mode) for p in (folder, *inside)} == {0o700}


@posix
def test_a_folder_that_others_may_read_is_closed(copy: Callable[[], Path]) -> None:
    folder = copy()
    folder.chmod(0o755)
    WhooshIndexes(folder).open(1).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@posix
def test_what_others_could_have_written_is_thrown_away_unread(copy: Callable[[], Path]) -> None:
    folder = copy()
    folder.chmod(0o777)
    with pytest.raises(IndexUnusableError, match="open to others"):
        WhooshIndexes(folder).open(1)
    assert not folder.exists()
    WhooshIndexes(folder).build(1, documents(), 1)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(copy: Callable[[], Path]) -> None:
    folder = copy()
    os.chown(folder, 65534, 65534)
    with pytest.raises(IndexUnusableError, match="another user"):
        WhooshIndexes(folder).open(1)
    with pytest.raises(IndexUnusableError, match="another user"):
        WhooshIndexes(folder).build(2, documents(), 1)


@pytest.mark.parametrize("obstacle", ["cache is a file", "lock is a folder", "place is a file"])
def test_a_cache_that_cannot_be_written_is_an_unusable_index(tmp_path: Path, obstacle: str) -> None:
    folder = tmp_path / "cache" / "index"
    indexes = WhooshIndexes(folder)
    if obstacle == "cache is a file":
        (tmp_path / "cache").write_text("x")
    elif obstacle == "lock is a folder":
        (folder / "index.lock").mkdir(parents=True)
    else:
        indexes.build(1, [], 0)
        (place,) = [p for p in folder.iterdir() if p.is_dir()]
        shutil.rmtree(place)
        place.write_text("x")
    with pytest.raises(IndexUnusableError) as caught, indexes.exclusive(10):
        indexes.build(1, documents(), 1)
    assert str(folder) in str(caught.value)


def test_one_process_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbtui.search.writer.LOCK_SECONDS", 0.05)
    first, second = WhooshIndexes(tmp_path / "index"), WhooshIndexes(tmp_path / "index")
    with first.exclusive(10), pytest.raises(LibraryBusyError), second.exclusive(0.1):
        pass
    with second.exclusive(10):
        pass


def test_an_error_of_whoever_holds_the_lock_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), WhooshIndexes(tmp_path / "index").exclusive(10):
        raise FileNotFoundError
