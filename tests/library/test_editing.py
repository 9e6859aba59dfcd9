"""Posts that are written here: nothing is lost, nobody is overwritten, and what is odd is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import BaseFileLock, Timeout
from hypothesis import HealthCheck, given, settings

from kbtui.bootstrap import post_as_markdown
from kbtui.core.errors import (
    EXIT_ENVIRONMENT,
    EditConflictError,
    EditNotSavedError,
    EditorError,
    EditRefusedError,
    KbtuiError,
    LibraryBusyError,
    PostNotFoundError,
    RevisionNotFoundError,
    UsageError,
)
from kbtui.core.importing import ImportReport, ImportRequest
from kbtui.core.post import Post
from kbtui.core.revisions import Origin
from kbtui.core.text import storable
from kbtui.library import Library
from tests.conftest import OpenLibrary
from tests.factories import FixedClock, a_post, posts


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntools: [curl]\n---\n# Alpha\n\none\n")
    (folder / "items.jsonl").write_text('{"title": "One", "id": "1"}\n{"title": "Two", "id": "2"}\n')
    return folder


@pytest.fixture
def filled(library: Library, notes: Path) -> Library:
    run(library, notes)
    return library


def run(library: Library, location: Path, **options: object) -> ImportReport:
    return library.importing.run(ImportRequest(location, **options))  # type: ignore[arg-type]


def change(library: Library, slug: str, alter: Callable[[str], str]) -> Post:
    post = library.posts.get(slug)
    library.editing.save(slug, alter(library.editing.text(post)), post.saves)
    return library.posts.get(slug)


def not_saved(library: Library, save: Callable[[], object], text: str) -> KbtuiError:
    """What a save was refused for. The text lies in the file that the error names."""
    before = [post.slug for post in library.posts.page()]
    with pytest.raises(EditNotSavedError) as caught:
        save()
    assert caught.value.draft is not None
    assert caught.value.draft.read_bytes().decode("utf-8", "surrogateescape") == text
    assert str(caught.value.draft) in str(caught.value)
    assert str(caught.value).startswith(str(caught.value.cause))
    assert [post.slug for post in library.posts.page()] == before
    return caught.value.cause


# Saving


def test_a_changed_text_is_a_new_revision_and_is_indexed(filled: Library, clock: FixedClock) -> None:
    clock.forward(days=1)
    after = change(filled, "a", lambda text: text.replace("one", "zebra").replace("curl", "wget"))
    assert (after.body, after.tools, after.saves, after.updated_at) == ("# Alpha\n\nzebra\n", ("wget",), 2, clock())
    assert filled.revisions.of("a")[0].origin is Origin.EDIT
    assert [hit.post.slug for hit in filled.search("zebra").hits] == ["a"]
    assert filled.revisions.get("a", 1).tools == ("curl",)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(post=posts())
def test_the_text_of_any_post_says_the_same_when_it_comes_back(library: Library, post: Post) -> None:
    text = storable(post_as_markdown(replace(post, slug="")))
    post = library.posts.get(library.editing.create(text, "Title").slug)
    assert library.editing.save(post.slug, library.editing.text(post), 1).outcome == "unchanged"


def test_who_saves_late_hears_of_it_and_keeps_the_text(filled: Library, opened: OpenLibrary, tmp_path: Path) -> None:
    other = opened(tmp_path / "library")
    post = filled.posts.get("a")
    text = filled.editing.text(post)
    change(other, "a", lambda text: text + "theirs\n")
    cause = not_saved(filled, lambda: filled.editing.save("a", text + "mine\n", post.saves), text + "mine\n")
    assert isinstance(cause, EditConflictError)
    assert (cause.based_on, cause.found) == (1, 2)
    assert filled.posts.get("a").body.endswith("theirs\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("---\ntitle: [x\n---\nbody\n", "line 3"),
        ("---\ntitle: x\nbody\n", "line 1"),
        ("---\ntitle: x\ntitle: y\n---\n", "line 3"),
        ("---\nslug: other\ntitle: x\n---\n", "slug: a"),
        ("one\ntwo \udcff\n", "Line 2"),
        ("  \n", "empty"),
    ],
)
def test_a_text_that_is_not_sound_is_refused_with_its_line(filled: Library, text: str, told: str) -> None:
    cause = not_saved(filled, lambda: filled.editing.save("a", text, 1), text)
    assert isinstance(cause, EditRefusedError)
    assert told in str(cause)
    assert str(cause).count(". ") == 0
    assert filled.posts.get("a").saves == 1


def test_a_post_that_is_gone_meanwhile_is_not_the_end_of_its_text(filled: Library, notes: Path) -> None:
    (notes / "a.md").unlink()
    run(filled, notes, prune=True)
    with pytest.raises(EditNotSavedError, match="kbtui new --from-file") as caught:
        filled.editing.save("a", "mine\n", 1)
    assert isinstance(caught.value.cause, PostNotFoundError)
    assert caught.value.draft is not None
    saved = filled.editing.create(caught.value.draft.read_text(), "Alpha again")
    filled.editing.discard(caught.value.draft)
    assert filled.posts.get(saved.slug).body == "mine\n"
    assert not caught.value.draft.exists()


def test_a_text_that_can_be_kept_nowhere_is_told(filled: Library, tmp_path: Path) -> None:
    (tmp_path / "library" / "drafts").write_text("in the way")
    with pytest.raises(EditNotSavedError, match="could not be kept in a file either") as caught:
        filled.editing.save("a", "mine", 7)
    assert caught.value.draft is None


def test_a_library_that_is_busy_keeps_its_own_exit_code(filled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("filelock.BaseFileLock.acquire", _never_free)
    with pytest.raises(EditNotSavedError) as caught:
        filled.editing.save("a", "mine\n", 1)
    assert caught.value.exit_code == EXIT_ENVIRONMENT
    assert isinstance(caught.value.cause, LibraryBusyError)


def _never_free(lock: BaseFileLock, *_: object, **__: object) -> None:
    raise Timeout(lock.lock_file)


# Through an editor


def test_a_draft_becomes_a_revision_and_is_gone(filled: Library) -> None:
    draft = filled.editing.begin(filled.posts.get("a"))
    assert draft.path.read_text() == draft.text == filled.editing.text(filled.posts.get("a"))
    draft.path.write_text(draft.text.replace("one", "two"))
    saved = filled.editing.finish(draft)
    assert saved is not None
    assert (saved.outcome, filled.posts.get("a").body) == ("updated", "# Alpha\n\ntwo\n")
    assert not draft.path.exists()


@pytest.mark.parametrize("left", ["unchanged", "empty", "gone"])
def test_a_draft_without_a_change_changes_nothing(filled: Library, left: str) -> None:
    draft = filled.editing.begin(filled.posts.get("a"))
    if left == "empty":
        draft.path.write_text(" \n")
    if left == "gone":
        draft.path.unlink()
    assert filled.editing.finish(draft) is None
    assert not draft.path.exists()
    assert filled.editing.home(filled.posts.get("a")).local_since is None


def test_a_draft_that_cannot_be_saved_stays(filled: Library) -> None:
    draft = filled.editing.begin(filled.posts.get("a"))
    draft.path.write_bytes(b"---\ntitle: [\n---\n\xff")
    with pytest.raises(EditNotSavedError) as caught:
        filled.editing.finish(draft)
    assert caught.value.draft == draft.path
    assert draft.path.read_bytes() == b"---\ntitle: [\n---\n\xff"
    assert f"kbtui edit a --from-file {draft.path}" in str(caught.value)


def test_what_an_editor_that_failed_has_changed_stays(filled: Library) -> None:
    cause = EditorError("It failed.")
    draft = filled.editing.begin(filled.posts.get("a"))
    assert filled.editing.abandoned(draft, cause) is cause
    assert not draft.path.exists()
    draft = filled.editing.begin(filled.posts.get("a"))
    draft.path.write_text("half")
    assert str(draft.path) in str(filled.editing.abandoned(draft, cause))
    assert draft.path.read_text() == "half"


def test_a_new_post_is_in_the_library_alone(filled: Library, notes: Path) -> None:
    draft = filled.editing.begin_new("Ünder pressure: [x]")
    assert filled.editing.finish(draft) is None
    draft = filled.editing.begin_new("Ünder pressure: [x]")
    draft.path.write_text(draft.text + "text\n")
    saved = filled.editing.finish(draft)
    assert saved is not None
    post = filled.posts.get("under-pressure-x")
    assert (post.title, post.body.strip(), post.source, post.path) == (
        "Ünder pressure: [x]",
        "text",
        "local",
        "under-pressure-x.md",
    )
    home = filled.editing.home(post)
    assert (home.file, home.local_since) == (None, None)
    change(filled, post.slug, lambda text: text + "more\n")
    assert filled.editing.home(filled.posts.get(post.slug)).local_since is None
    run(filled, notes, prune=True)
    assert filled.posts.get(post.slug).saves == 2


def test_the_name_of_a_new_post(filled: Library) -> None:
    def made(text: str, title: str = "") -> tuple[str, str]:
        post = filled.posts.get(filled.editing.create(text, title).slug)
        return post.slug, post.title

    assert made("# From the heading\n") == ("from-the-heading", "From the heading")
    assert made("# From the heading\n", "Said") == ("said", "Said")
    assert made("---\nslug: own\ntitle: T\n---\n", "Said") == ("own", "Said")
    assert made("---\ntitle: T\n---\n") == ("t", "T")
    assert made("text\n") == ("post", "post")
    assert made("text\n", "日本") == ("日本", "日本")
    cause = not_saved(filled, lambda: filled.editing.create("---\n- [\n---\n", "x"), "---\n- [\n---\n")
    assert isinstance(cause, EditRefusedError)


# Restoring


def test_a_former_revision_is_saved_anew(filled: Library) -> None:
    before = filled.posts.get("a")
    change(filled, "a", lambda text: text.replace("curl", "wget"))
    assert filled.editing.restore("a", 1).outcome == "updated"
    after = filled.posts.get("a")
    assert (after.tools, after.body, after.saves) == (before.tools, before.body, 3)
    assert [r.origin for r in filled.revisions.of("a")] == [Origin.RESTORE, Origin.EDIT, Origin.IMPORT]
    assert filled.editing.restore("a", 3).outcome == "unchanged"
    with pytest.raises(RevisionNotFoundError):
        filled.editing.restore("a", 9)


# The file of a post


def test_a_post_knows_its_file(filled: Library, notes: Path, tmp_path: Path) -> None:
    assert filled.editing.home(filled.posts.get("a")).file == notes / "a.md"
    item = next(post for post in filled.posts.page() if post.path == "items.jsonl#2")
    assert filled.editing.home(filled.posts.get(item.slug)).file == notes / "items.jsonl"
    (notes / "a.md").unlink()
    (notes / "a.md").mkdir()
    (notes / "a.md" / "inner.md").write_text("not it")
    assert filled.editing.home(filled.posts.get("a")).file is None
    (tmp_path / "outside.md").write_text("outside")
    filled.importing.save([a_post(title="Climbing", path="../outside.md")], "made")
    assert filled.editing.home(filled.posts.get("climbing")).file is None


def test_an_import_keeps_a_local_version_and_says_so_once(filled: Library, notes: Path) -> None:
    mine = change(filled, "a", lambda text: text + "mine\n")
    assert run(filled, notes).problems == []
    (notes / "a.md").write_text("# Alpha\n\ntheirs\n")
    for dry_run in (True, False):
        report = run(filled, notes, dry_run=dry_run)
        assert (report.updated, report.unchanged) == (0, 3)
        (warning,) = report.warnings
        assert warning.path == "a.md"
        assert "kbtui edit a --release" in warning.reason
    assert run(filled, notes).problems == []
    assert filled.posts.get("a") == mine
    home = filled.editing.home(mine)
    assert (home.file, home.file_changed, home.local_since) == (notes / "a.md", True, mine.updated_at)


def test_a_local_version_outlives_its_file(filled: Library, notes: Path) -> None:
    mine = change(filled, "a", lambda text: text + "mine\n")
    (notes / "a.md").unlink()
    report = run(filled, notes, prune=True)
    assert (report.removed, [warning.path for warning in report.warnings]) == (0, ["a.md"])
    assert filled.posts.get("a") == mine
    with pytest.raises(UsageError, match="gone"):
        filled.editing.release("a")
    assert filled.editing.home(mine).local_since is not None


def test_an_item_of_a_file_has_a_local_version_of_its_own(filled: Library, notes: Path) -> None:
    mine = change(filled, "one", lambda text: text + "mine\n")
    (notes / "items.jsonl").write_text('{"title": "One", "id": "1"}\n{"title": "Two!", "id": "2"}\n')
    assert run(filled, notes).updated == 1
    assert not filled.editing.home(mine).file_changed
    (notes / "items.jsonl").write_text('{"title": "Two!", "id": "2"}\n')
    assert run(filled, notes, prune=True).removed == 0
    assert filled.editing.home(mine).file_changed
    assert filled.posts.get("one") == mine


@pytest.mark.parametrize("changed", [True, False])
def test_a_released_post_says_what_its_file_says(filled: Library, notes: Path, changed: bool) -> None:
    change(filled, "a", lambda text: text + "mine\n")
    if changed:
        (notes / "a.md").write_text("# Alpha\n\ntheirs\n")
        run(filled, notes)
    assert filled.editing.release("a").updated == 1
    post = filled.posts.get("a")
    assert post.body == ("# Alpha\n\ntheirs\n" if changed else "# Alpha\n\none\n")
    assert filled.editing.home(post).local_since is None
    assert filled.revisions.get("a", 2).body.endswith("mine\n")
    (notes / "a.md").write_text("# Alpha\n\nlater\n")
    assert run(filled, notes).updated == 1
    with pytest.raises(UsageError, match="no local version"):
        filled.editing.release("a")


def test_an_edited_file_is_taken_in(filled: Library, notes: Path) -> None:
    post = filled.posts.get("a")
    (notes / "a.md").write_text("# Alpha\n\nnew\n")
    assert filled.editing.import_file(post).updated == 1
    assert filled.posts.get("a").body == "# Alpha\n\nnew\n"
    assert filled.editing.home(filled.posts.get("a")).local_since is None
    (notes / "a.md").unlink()
    with pytest.raises(UsageError, match="no file"):
        filled.editing.import_file(post)


def test_a_restored_post_of_a_file_is_a_local_version(filled: Library, notes: Path) -> None:
    (notes / "a.md").write_text("# Alpha\n\nnew\n")
    run(filled, notes)
    filled.editing.restore("a", 1)
    assert filled.posts.get("a").body == "# Alpha\n\none\n"
    (notes / "a.md").write_text("# Alpha\n\nnewer\n")
    run(filled, notes)
    assert filled.posts.get("a").body == "# Alpha\n\none\n"
