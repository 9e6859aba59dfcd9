"""The index follows the store, whatever happens to it in between."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from kbtui.core.errors import IndexUnusableError, UnreadyError
from kbtui.core.ports import IndexQueue, SearchIndex, SearchIndexes
from kbtui.core.searching.query import parse_query
from kbtui.library import Library
from kbtui.library.indexing import Indexing
from kbtui.search.indexes import WhooshIndexes
from kbtui.storage.changes import SqliteNoteStore
from kbtui.storage.connection import DATABASE_NAME, Connection
from kbtui.storage.index_queue import SqliteIndexQueue
from kbtui.storage.posts import SqlitePostStore
from tests.conftest import OpenLibrary
from tests.factories import NOON, a_post
from tests.storage import workers


def fill(library: Library, *titles: str, body: str = "red apple") -> None:
    library.importing.save([a_post(title=t, body=f"{body} {t}") for t in titles], "made")


def found(library: Library, text: str) -> list[str]:
    return sorted(hit.post.title for hit in library.searching.search(parse_query(text), limit=50))


def caches(home: Path) -> list[Path]:
    return sorted(p for p in (home / ".cache" / "kbtui" / "index").iterdir() if p.is_dir())


def test_an_empty_library_needs_no_index(library: Library) -> None:
    assert library.indexing.bring_up_to_date() == 0
    assert list(library.search("anything")) == []
    assert library.indexing.status().generation == 0


def test_the_first_search_builds_and_the_next_catch_up(library: Library) -> None:
    fill(library, "one", "two")
    assert library.indexing.pending() == 2
    assert library.indexing.bring_up_to_date() == 2
    assert library.indexing.status().generation == 1
    fill(library, "three")
    assert library.indexing.bring_up_to_date() == 1
    status = library.indexing.status()
    assert (status.generation, status.documents, status.pending, status.problem) == (1, 3, 0, "")
    assert library.indexing.bring_up_to_date() == 0
    assert found(library, "apple") == ["one", "three", "two"]


def test_without_an_index_plain_sql_answers_and_says_so(library: Library) -> None:
    fill(library, "one", "two")
    results = library.searching.search(parse_query("apple -two"))
    assert [hit.post.title for hit in results] == ["one"]
    assert results.total == 1
    assert "without the index" in results.notice


@pytest.mark.parametrize("open_before", [True, False])
@pytest.mark.parametrize("what", ["everything", "generation", "table of contents"])
def test_an_index_may_be_deleted_at_any_time(isolated: Path, library: Library, what: str, open_before: bool) -> None:
    fill(library, "one", "two")
    library.indexing.bring_up_to_date()
    if open_before:
        assert found(library, "apple") == ["one", "two"]
    else:
        library.indexing.close()
    (cache,) = caches(isolated)
    for path in sorted(cache.rglob("*"), reverse=True):
        if path.is_file() and (what != "table of contents" or path.suffix == ".toc" or "toc" in path.name.casefold()):
            path.unlink()
    if what != "table of contents":
        shutil.rmtree(cache if what == "everything" else next(p for p in cache.iterdir() if p.is_dir()))
    results = library.searching.search(parse_query("apple"))
    assert sorted(hit.post.title for hit in results) == ["one", "two"]
    assert results.notice
    assert library.indexing.bring_up_to_date() == 2
    after = library.searching.search(parse_query("apple"))
    assert (sorted(hit.post.title for hit in after), after.notice) == (["one", "two"], "")


def test_a_deleted_index_is_noticed_without_a_search(isolated: Path, library: Library) -> None:
    fill(library, "one", "two")
    library.search("apple")
    shutil.rmtree(caches(isolated)[0])
    assert library.indexing.bring_up_to_date() == 2


def test_a_library_may_be_removed_from_and_searched(library: Library, tmp_path: Path) -> None:
    fill(library, "one", "two")
    library.search("apple")
    with closing(Connection(tmp_path / "library")) as connection:
        store = SqlitePostStore(connection)
        post = store.find("two")
        assert post is not None
        store.remove([post.id])
    results = library.searching.search(parse_query("apple"))
    assert [hit.post.title for hit in results] == ["one"]
    assert "not indexed yet" in results.notice
    assert library.search("apple").total == 1


class DyingError(Exception):
    """The process died here."""


class Dying:
    """A queue that dies before it does one of the things it is asked."""

    def __init__(self, queue: IndexQueue, at: str) -> None:
        self._queue, self._at = queue, at

    def __getattr__(self, name: str) -> object:
        if name == self._at:
            raise DyingError
        return getattr(self._queue, name)


@pytest.mark.parametrize("step", ["switch_to", "drained"])
def test_a_crash_between_the_index_and_the_queue_is_caught_up_with(tmp_path: Path, step: str) -> None:
    with closing(Connection(tmp_path / "library")) as connection:
        store, queue, indexes = SqlitePostStore(connection), SqliteIndexQueue(connection), WhooshIndexes(tmp_path / "i")
        notes = SqliteNoteStore(connection)
        store.save([a_post(title="one"), a_post(title="two")], NOON)
        if step == "drained":
            with closing(Indexing(store, notes, queue, indexes)) as first:
                first.bring_up_to_date()
            store.save([a_post(title="two", body="changed"), a_post(title="three")], NOON)
        dying = Indexing(store, notes, Dying(queue, step), indexes)  # type: ignore[arg-type]
        with pytest.raises(DyingError):
            dying.bring_up_to_date()
        dying.close()
        assert queue.pending() == 2
        with closing(Indexing(store, notes, queue, indexes)) as again:
            assert again.bring_up_to_date() == 2
            assert again.index().count() == store.count()
            assert again.pending() == 0
            assert len(again.index().search(parse_query("changed"), limit=5).page) == (step == "drained")


def test_an_index_that_lags_behind_what_was_drained_is_built_anew(isolated: Path, library: Library) -> None:
    fill(library, "one")
    library.search("apple")
    library.indexing.close()
    (cache,) = caches(isolated)
    shutil.copytree(cache, isolated / "old")
    fill(library, "two")
    library.search("apple")
    library.indexing.close()
    shutil.rmtree(cache)
    shutil.copytree(isolated / "old", cache)
    assert "older" in library.indexing.status().problem
    assert found(library, "apple") == ["one", "two"]
    assert library.search("apple").total == 2
    assert library.indexing.status().problem == ""


def test_a_library_put_back_from_a_copy_does_not_trust_the_newer_index(tmp_path: Path, opened: OpenLibrary) -> None:
    folder, copy = tmp_path / "library", tmp_path / "copy.sqlite3"
    with opened(folder) as library:
        fill(library, "one")
        library.search("apple")
    shutil.copy(folder / DATABASE_NAME, copy)
    with opened(folder) as library:
        fill(library, "two")
        assert library.search("apple").total == 2
    shutil.copy(copy, folder / DATABASE_NAME)
    with opened(folder) as library:
        assert "newer" in library.indexing.status().problem
        assert library.search("apple").total == 1
        fill(library, "three")
        assert found(library, "apple") == ["one"]
        library.indexing.bring_up_to_date()
        assert found(library, "apple") == ["one", "three"]


def test_a_copied_library_has_an_index_of_its_own(isolated: Path, tmp_path: Path, opened: OpenLibrary) -> None:
    with opened(tmp_path / "first") as first:
        fill(first, "one")
        first.search("apple")
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    with opened(tmp_path / "first") as first, opened(tmp_path / "second") as second:
        fill(second, "two")
        assert second.search("apple").total == 2
        assert len(caches(isolated)) == 2
        assert first.search("apple").total == 1


def test_a_library_made_anew_at_the_same_place_has_a_new_index(tmp_path: Path, opened: OpenLibrary) -> None:
    with opened(tmp_path / "library") as first:
        fill(first, "one")
        first.search("apple")
    shutil.rmtree(tmp_path / "library")
    with opened(tmp_path / "library") as second:
        fill(second, "two")
        second.search("apple")
        assert found(second, "apple") == ["two"]


def test_an_open_library_follows_what_another_writes_and_rebuilds(tmp_path: Path, opened: OpenLibrary) -> None:
    first, second = opened(tmp_path / "library"), opened(tmp_path / "library")
    fill(first, "one")
    assert first.search("apple").total == second.search("apple").total == 1
    fill(second, "two")
    second.search("apple")
    assert found(first, "apple") == ["one", "two"]
    second.indexing.rebuild()
    second.indexing.rebuild()
    results = first.searching.search(parse_query("apple"))
    assert (results.total, results.notice) == (2, "")


def test_a_cache_that_cannot_be_written_does_not_stop_the_search(isolated: Path, library: Library) -> None:
    (isolated / ".cache").write_text("a file, not a folder")
    fill(library, "one")
    results = library.search("apple")
    assert (results.total, bool(results.notice)) == (1, True)
    with pytest.raises(UnreadyError, match=r"The index was not built: .*cannot be written"):
        library.indexing.rebuild()


def test_a_search_says_why_the_index_does_not_catch_up(isolated: Path, library: Library) -> None:
    (isolated / ".cache").write_text("a file, not a folder")
    fill(library, "one")
    assert "cannot be written" in library.search("apple").notice


def test_many_changes_are_a_rebuild(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbtui.library.indexing.REBUILD_ABOVE", 3)
    monkeypatch.setattr("kbtui.library.indexing.BATCH", 2)
    fill(library, "one")
    library.indexing.bring_up_to_date()
    fill(library, *(f"post {n}" for n in range(7)))
    seen: list[tuple[str, int, int]] = []
    assert library.indexing.bring_up_to_date(lambda *told: seen.append(told)) == 8
    assert library.indexing.status().generation == 2
    assert [done for what, done, _ in seen if what == "indexing"] == [2, 4, 6, 8]


class FailingOnce:
    """Indexes whose open one fails its first `apply`, as with a full disk."""

    def __init__(self, indexes: SearchIndexes) -> None:
        self._indexes, self.failures = indexes, 1

    def __getattr__(self, name: str) -> object:
        return getattr(self._indexes, name)

    def open(self, generation: int) -> SearchIndex:
        index = self._indexes.open(generation)
        if self.failures:
            self.failures -= 1

            def fail(*_: object) -> None:
                raise IndexUnusableError("no room")

            index.apply = fail  # type: ignore[method-assign, assignment]
        return index


def test_an_update_that_fails_becomes_a_rebuild(tmp_path: Path) -> None:
    with closing(Connection(tmp_path / "library")) as connection:
        store, queue, plain = SqlitePostStore(connection), SqliteIndexQueue(connection), WhooshIndexes(tmp_path / "i")
        notes = SqliteNoteStore(connection)
        store.save([a_post(title="one")], NOON)
        with closing(Indexing(store, notes, queue, plain)) as first:
            first.bring_up_to_date()
        store.save([a_post(title="two")], NOON)
        with closing(Indexing(store, notes, queue, FailingOnce(plain))) as indexing:  # type: ignore[arg-type]
            assert indexing.bring_up_to_date() == 2
            assert (indexing.status().generation, indexing.status().documents) == (2, 2)


def search_and_save(folder: str, cache: str, name: str, answers: object) -> None:
    """Save and search in turns, as a second kbtui does."""
    import os

    from kbtui.bootstrap import open_library

    try:
        os.environ["XDG_CACHE_HOME"] = cache
        with open_library(folder) as library:
            for number in range(8):
                fill(library, f"{name} {number}")
                results = library.search("apple", limit=100)
                own = {hit.post.title for hit in results if hit.post.title.startswith(name)}
                assert own == {f"{name} {n}" for n in range(number + 1)}, results.notice
        answers.put("")  # type: ignore[attr-defined]
    except BaseException as error:  # noqa: BLE001
        answers.put(repr(error))  # type: ignore[attr-defined]


def test_processes_that_save_and_search_at_once(isolated: Path, tmp_path: Path, opened: OpenLibrary) -> None:
    context = workers.context()
    answers = context.Queue()
    folder = tmp_path / "library"
    opened(folder).close()
    jobs = [
        context.Process(target=search_and_save, args=(str(folder), str(isolated / ".cache"), name, answers))
        for name in ("x", "y", "z")
    ]
    for job in jobs:
        job.start()
    assert [answers.get(timeout=60) for _ in jobs] == ["", "", ""]
    for job in jobs:
        job.join(20)
    library = opened(folder)
    assert library.search("apple", limit=100).total == 24
    assert library.indexing.pending() == 0
    assert library.indexing.index().count() == 24
