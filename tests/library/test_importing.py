"""Importing: idempotent, logged, safe to interrupt at any file and to run again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kbtui.core.errors import UsageError
from kbtui.core.importing import FoundFile, ImportReport, ImportRequest, ParsedPost, ProblemKind, RunState
from kbtui.core.importing import ImportProblem as Problem
from kbtui.core.post import to_document
from kbtui.formats.files import Folder
from kbtui.formats.parser import FileParser
from kbtui.library import Library
from kbtui.library.importing import Importing
from kbtui.storage.connection import Connection
from kbtui.storage.imports import SqliteImportLog
from kbtui.storage.posts import SqlitePostStore
from tests.conftest import OpenLibrary
from tests.factories import FixedClock, a_post


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    write(folder, "a.md", "# Alpha\n\none\n")
    write(folder, "sub/b.md", "---\ntools: [curl]\n---\n# Beta\n\ntwo\n")
    write(folder, "sub/items.jsonl", lines({"title": "One", "id": "1"}, {"title": "Two", "id": "2"}))
    return folder


def write(folder: Path, path: str, text: str) -> None:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


def lines(*items: object) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


def run(library: Library, location: Path, **options: object) -> ImportReport:
    return library.importing.run(ImportRequest(location, **options))  # type: ignore[arg-type]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed


def paths(library: Library) -> list[str]:
    return sorted(post.path for post in library.posts.page(limit=1_000))


def content(library: Library) -> list[dict[str, object]]:
    slugs = [post.slug for post in library.posts.page(limit=1_000)]
    return sorted((to_document(library.posts.get(slug)) for slug in slugs), key=lambda d: str(d["path"]))


# Running again


def test_a_second_run_changes_nothing(library: Library, notes: Path) -> None:
    assert counts(run(library, notes)) == (4, 0, 0, 0)
    assert paths(library) == ["a.md", "sub/b.md", "sub/items.jsonl#1", "sub/items.jsonl#2"]
    pending = library.indexing.pending()
    assert counts(run(library, notes)) == (0, 0, 4, 0)
    assert counts(run(library, notes, prune=True)) == (0, 0, 4, 0)
    assert library.indexing.pending() == pending


def test_a_changed_file_keeps_slug_reading_and_history(
    library: Library, notes: Path, clock: FixedClock, tmp_path: Path
) -> None:
    run(library, notes)
    before = library.posts.get("a")
    library.posts.opened(before)
    library.posts.left_at(before, 0.5)
    clock.forward(days=1)
    write(notes, "a.md", "# Another title\n\nchanged\n")
    assert counts(run(library, notes)) == (0, 1, 3, 0)
    after = library.posts.get("a")
    assert (after.id, after.title, after.saves, after.updated_at) == (before.id, "Another title", 2, clock())
    assert library.posts.position(after) == 0.5
    with closing(Connection(tmp_path / "library")) as connection:
        (row,) = connection.query("SELECT body, save FROM post_revisions WHERE post_id = ?", [after.id])
        assert ("one" in row["body"], row["save"]) == (True, 1)


def test_a_file_that_is_put_back_is_taken_in_again(library: Library, notes: Path) -> None:
    good = (notes / "sub/items.jsonl").read_text()
    run(library, notes)
    write(notes, "sub/items.jsonl", lines({"title": "One, changed", "id": "1"}, {"title": "Two", "id": "2"}, 5))
    report = run(library, notes)
    assert (report.updated, len(report.refused)) == (1, 1)
    write(notes, "sub/items.jsonl", good)
    assert counts(run(library, notes)) == (0, 1, 3, 0)
    assert "One" in {post.title for post in library.posts.page()}


def test_problems_are_told_every_time_and_stop_nothing(library: Library, notes: Path) -> None:
    write(notes, "bad.json", "{")
    write(notes, "odd.md", "---\n- [\n---\n# Odd\n")
    write(notes, "picture.png", "x")
    for expected in ((5, 0, 0, 0), (0, 0, 5, 0)):
        report = run(library, notes)
        assert counts(report) == expected
        assert [p.path for p in report.refused] == ["bad.json"]
        assert [p.path for p in report.warnings] == ["odd.md"]
        assert report.skipped == {".png": 1}
    newest = library.importing.runs()[0]
    assert newest.problems == 2
    assert library.importing.problems(newest.id) == report.problems


def test_nothing_at_that_place(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        run(library, tmp_path / "nowhere")
    assert library.importing.runs() == []
    assert library.importing.sources() == []


# Which source


def test_two_folders_of_one_name(library: Library, tmp_path: Path) -> None:
    for place in ("x", "y", "z"):
        write(tmp_path / place / "docs", "same.md", f"# Same {place}\n")
    for expected in ("docs", "docs-2"):
        place = {"docs": "x", "docs-2": "y"}[expected]
        assert run(library, tmp_path / place / "docs", dry_run=True).source == expected
        assert run(library, tmp_path / place / "docs").source == expected
    third = run(library, tmp_path / "z" / "docs", dry_run=True, prune=True)
    assert (third.source, counts(third)) == ("docs-3", (1, 0, 0, 0))
    assert counts(run(library, tmp_path / "x" / "docs")) == (0, 0, 1, 0)
    assert library.posts.count() == 2


def test_a_file_or_folder_of_a_known_source(library: Library, notes: Path) -> None:
    run(library, notes)
    write(notes, "sub/b.md", "# Beta\n\nchanged\n")
    write(notes, "a.md", "# Alpha\n\nchanged\n")
    assert counts(run(library, notes / "sub" / "b.md")) == (0, 1, 0, 0)
    assert counts(run(library, notes / "sub", prune=True)) == (0, 0, 3, 0)
    assert counts(run(library, notes / "a.md", prune=True)) == (0, 1, 0, 0)
    assert len(library.importing.sources()) == 1
    assert library.posts.count() == 4


def test_a_single_file_of_a_new_source(library: Library, notes: Path) -> None:
    assert run(library, notes / "a.md").source == "notes"
    assert counts(run(library, notes)) == (3, 0, 1, 0)


def test_names_of_sources_are_guarded(library: Library, notes: Path, tmp_path: Path) -> None:
    run(library, notes, source_name="mine")
    write(tmp_path / "other", "x.md", "# X\n")
    for dry_run in (True, False):
        with pytest.raises(UsageError, match="another folder"):
            run(library, tmp_path / "other", source_name="mine", dry_run=dry_run)
        with pytest.raises(UsageError, match="already"):
            run(library, notes, source_name="yours", dry_run=dry_run)
    assert counts(run(library, notes, source_name="mine")) == (0, 0, 4, 0)


def test_posts_are_counted_whatever_the_source_is_called(library: Library, notes: Path) -> None:
    run(library, notes, source_name="  ")
    assert library.posts.count() == len(library.posts.page()) == 4


# Pruning


def test_prune_removes_only_what_is_gone(library: Library, notes: Path) -> None:
    write(notes, "Makefile", "# shell\n")
    run(library, notes, extensionless=True)
    (notes / "a.md").unlink()
    assert counts(run(library, notes)) == (0, 0, 3, 0)
    assert counts(run(library, notes, prune=True, dry_run=True))[3] == 1
    assert counts(run(library, notes, prune=True))[3] == 1
    assert paths(library) == ["Makefile", "sub/b.md", "sub/items.jsonl#1", "sub/items.jsonl#2"]


def test_prune_removes_items_that_are_gone_from_their_file(library: Library, notes: Path) -> None:
    run(library, notes)
    write(notes, "sub/items.jsonl", lines({"title": "Two", "id": "2"}))
    report = run(library, notes, prune=True)
    assert counts(report) == (0, 0, 3, 1)
    assert "sub/items.jsonl#1" not in paths(library)
    (notes / "sub/items.jsonl").unlink()
    assert counts(run(library, notes, prune=True)) == (0, 0, 2, 1)


def test_what_is_refused_or_unreadable_is_not_gone(library: Library, notes: Path) -> None:
    run(library, notes)
    (notes / "a.md").unlink()
    (notes / "a.md").symlink_to("elsewhere")
    write(notes, "sub/items.jsonl", "\n\n")
    report = run(library, notes, prune=True)
    assert (report.removed, len(report.refused)) == (0, 2)
    assert library.posts.count() == 4


@pytest.mark.parametrize("folder", [".", "sub"])
def test_a_folder_that_cannot_be_looked_into_is_not_empty(
    tmp_path: Path, notes: Path, clock: FixedClock, folder: str
) -> None:
    class Closed(Folder):
        def walk(self, root: Path, start: Path, *, extensionless: bool) -> Iterator[FoundFile]:
            for file in super().walk(root, start, extensionless=extensionless):
                if folder != "." and not file.path.startswith(f"{folder}/"):
                    yield file
            yield FoundFile(folder, root / folder, refused="it cannot be read: permission denied")

    with closing(Connection(tmp_path / "library")) as connection:
        store, log = SqlitePostStore(connection), SqliteImportLog(connection)
        Importing(store, log, Folder(), FileParser(), clock).run(ImportRequest(notes))
        report = Importing(store, log, Closed(), FileParser(), clock).run(ImportRequest(notes, prune=True))
        assert (report.removed, store.count()) == (0, 4)


def test_names_with_a_number_sign(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    write(folder, "c#/a.md", "# A\n")
    write(folder, "b#c.md", "# B\n")
    write(folder, "d#.jsonl", lines({"title": "One", "id": "1"}, {"title": "Two", "id": "x#y"}))
    assert counts(run(library, folder, prune=True)) == (4, 0, 0, 0)
    assert counts(run(library, folder, prune=True)) == (0, 0, 4, 0)
    assert library.posts.count() == 4
    for path in ("c#/a.md", "b#c.md", "d#.jsonl"):
        data = (folder / path).read_bytes()
        (folder / path).unlink()
        gone = run(library, folder, prune=True).removed
        assert gone == (2 if path.startswith("d") else 1)
        (folder / path).write_bytes(data)
        assert run(library, folder, prune=True).added == gone
    assert library.posts.count() == 4


def test_a_pruned_file_that_comes_back_is_taken_in(library: Library, notes: Path) -> None:
    run(library, notes)
    (notes / "a.md").rename(notes / "a.away")
    run(library, notes, prune=True)
    (notes / "a.away").rename(notes / "a.md")
    assert counts(run(library, notes)) == (1, 0, 3, 0)


# Dry runs


def test_a_dry_run_tells_and_writes_nothing(library: Library, notes: Path, tmp_path: Path) -> None:
    def dump() -> list[str]:
        with closing(Connection(tmp_path / "library")) as connection:
            return list(connection._connection.iterdump())

    empty = dump()
    assert counts(run(library, notes, dry_run=True, prune=True)) == (4, 0, 0, 0)
    assert dump() == empty
    run(library, notes)
    write(notes, "a.md", "# Alpha\n\nchanged\n")
    (notes / "sub/b.md").unlink()
    before = dump()
    report = run(library, notes, dry_run=True, prune=True)
    assert (counts(report), report.dry_run) == ((0, 1, 2, 1), True)
    assert dump() == before
    assert counts(run(library, notes, prune=True)) == counts(report)


# Interruptions


class Interrupted(FileParser):
    """A parser that is interrupted at one file, as by control+c."""

    def __init__(self, at: int) -> None:
        self.left = at

    def parse(self, path: str, data: bytes) -> Iterator[ParsedPost | Problem]:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        return super().parse(path, data)


@pytest.mark.parametrize("per_transaction", [1, 2, 200])
@pytest.mark.parametrize("at", range(6))
def test_an_interrupted_run_goes_on_to_the_same_end(
    tmp_path: Path, opened: OpenLibrary, monkeypatch: pytest.MonkeyPatch, at: int, per_transaction: int
) -> None:
    clock = FixedClock()
    monkeypatch.setattr("kbtui.library.importing.POSTS_PER_TRANSACTION", per_transaction)
    folder = tmp_path / "notes"
    for number in range(5):
        write(folder, f"{number}.md", f"# Post {number}\n\nbody {number}\n")
    write(folder, "items.jsonl", lines(*({"title": f"Item {n}", "id": str(n)} for n in range(3))))
    undisturbed = opened(tmp_path / "undisturbed")
    run(undisturbed, folder)
    with closing(Connection(tmp_path / "library")) as connection:
        store, log = SqlitePostStore(connection), SqliteImportLog(connection)
        with pytest.raises(KeyboardInterrupt):
            Importing(store, log, Folder(), Interrupted(at), clock).run(ImportRequest(folder))
        (cut_off,) = log.runs(5)
        assert (cut_off.state, cut_off.counts["added"]) == (RunState.INTERRUPTED, at)
        assert store.count() == at
    library = opened(tmp_path / "library")
    (finding,) = [f for f in library.health.findings() if f.check == "imports"]
    assert "cut off" in finding.problem
    assert counts(run(library, folder)) == (8 - at, 0, at, 0)
    assert content(library) == content(undisturbed)
    assert counts(run(library, folder)) == (0, 0, 8, 0)
    assert [f.problem for f in library.health.findings() if f.check == "imports"] == [""]


def test_an_interruption_while_files_are_read(tmp_path: Path, notes: Path, clock: FixedClock) -> None:
    class Cut(Folder):
        def read(self, file: FoundFile) -> bytes:
            if file.path == "sub/b.md":
                raise KeyboardInterrupt
            return super().read(file)

    with closing(Connection(tmp_path / "library")) as connection:
        store, log = SqlitePostStore(connection), SqliteImportLog(connection)
        with pytest.raises(KeyboardInterrupt):
            Importing(store, log, Cut(), FileParser(), clock).run(ImportRequest(notes, prune=True))
        assert store.count() == 1
        report = Importing(store, log, Folder(), FileParser(), clock).run(ImportRequest(notes, prune=True))
        assert counts(report) == (3, 0, 1, 0)


def test_another_version_of_the_parser_reads_files_again(tmp_path: Path, notes: Path, clock: FixedClock) -> None:
    class Newer(FileParser):
        version = "newer"

        def parse(self, path: str, data: bytes) -> Iterator[ParsedPost | Problem]:
            for found in super().parse(path, data):
                assert isinstance(found, ParsedPost)
                yield ParsedPost(a_post(title="newer", path=path), found.item)

    with closing(Connection(tmp_path / "library")) as connection:
        store, log = SqlitePostStore(connection), SqliteImportLog(connection)
        Importing(store, log, Folder(), FileParser(), clock).run(ImportRequest(notes))
        report = Importing(store, log, Folder(), Newer(), clock).run(ImportRequest(notes))
        assert counts(report) == (0, 4, 0, 0)


# The log, and posts that come from no file


def test_the_log_tells_how_each_run_went(library: Library, notes: Path, clock: FixedClock) -> None:
    run(library, notes)
    clock.forward(hours=1)
    write(notes, "c.md", "# C\n")
    (notes / "a.md").unlink()
    run(library, notes, prune=True)
    newest, oldest = library.importing.runs()
    assert newest.counts == {"added": 1, "updated": 0, "unchanged": 3, "removed": 1}
    assert oldest.counts == {"added": 4, "updated": 0, "unchanged": 0, "removed": 0}
    assert (newest.state, newest.source, newest.started_at) == (RunState.DONE, "notes", clock())


def test_saving_posts_of_no_file(library: Library) -> None:
    posts = [a_post(title=f"post {n}") for n in range(450)]
    seen: list[int] = []
    report = library.importing.save(iter(posts), "made", lambda *told: seen.append(told[1]))
    assert (counts(report), report.source) == ((450, 0, 0, 0), "made")
    assert seen == [200, 400]
    assert counts(library.importing.save(posts, "made")) == (0, 0, 450, 0)


def test_the_report_as_a_document(library: Library, notes: Path) -> None:
    write(notes, "bad.json", "{")
    document = run(library, notes).to_document()
    assert {k: document[k] for k in ("added", "updated", "unchanged", "removed")} == {
        "added": 4,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
    }
    (refused,) = document["refused"]
    assert refused["path"] == "bad.json"
    assert refused["reason"]
    assert {p.kind for p in run(library, notes).problems} == {ProblemKind.REFUSED}


@pytest.mark.skipif(os.name != "posix", reason="needs names that are no text")
def test_names_that_are_no_text(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.md")).write_text("# Odd\n")
    assert counts(run(library, folder, prune=True)) == (1, 0, 0, 0)
    assert counts(run(library, folder, prune=True)) == (0, 0, 1, 0)


def test_prune_finds_items_that_went_while_nobody_pruned(library: Library, notes: Path) -> None:
    run(library, notes)
    write(notes, "sub/items.jsonl", lines({"title": "Two", "id": "2"}))
    assert run(library, notes).removed == 0
    report = run(library, notes, prune=True)
    assert (report.removed, report.removed_paths) == (1, ["sub/items.jsonl#1"])
    assert run(library, notes, prune=True).removed == 0


def test_prune_removes_the_post_of_a_file_that_became_a_list(library: Library, notes: Path) -> None:
    write(notes, "q.json", json.dumps({"title": "One", "body": "x"}))
    run(library, notes)
    write(notes, "q.json", json.dumps([{"title": "One", "body": "x"}, {"title": "Two", "body": "y"}]))
    assert run(library, notes, prune=True).removed_paths == ["q.json"]
    assert {path for path in paths(library) if path.startswith("q.json")} == {"q.json#1", "q.json#2"}


def test_an_item_that_cannot_be_read_now_is_not_gone(library: Library, notes: Path) -> None:
    write(notes, "z.jsonl", lines({"title": "One"}, {"title": "Two"}))
    run(library, notes)
    write(notes, "z.jsonl", lines({"title": "One"}) + "half a li\n")
    report = run(library, notes, prune=True)
    assert (report.removed, len(report.refused)) == (0, 1)


def test_a_folder_that_is_a_source_of_its_own_is_left_out_of_its_parents(library: Library, notes: Path) -> None:
    inner = run(library, notes / "sub")
    report = run(library, notes)
    assert [(w.path, "source 'sub'" in w.reason) for w in report.warnings] == [("sub", True)]
    assert library.posts.count() == inner.added + report.added
    assert len(set(paths(library))) == len(paths(library))


def test_a_source_that_moved_keeps_its_posts(library: Library, notes: Path, tmp_path: Path) -> None:
    run(library, notes, source_name="bundled")
    moved = notes.rename(tmp_path / "elsewhere")
    report = run(library, moved, source_name="bundled", moved=True, prune=True)
    assert (report.added, report.removed) == (0, 0)
    assert report.unchanged > 0
