"""What `doctor` and `stats` are told."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from kbtui.core.importing import ImportRequest
from kbtui.core.notes.change_note import NoteContent
from kbtui.library import Library
from kbtui.storage.connection import DATABASE_NAME
from kbtui.storage.guard import SCHEMA_VERSION
from tests.factories import a_post


def problems(library: Library) -> dict[str, str]:
    findings = library.health.findings()
    assert {f.check for f in findings} == {
        *("store", "content", "runs", "index", "imports", "drafts", "note drafts", "local versions")
    }
    assert all(f.remedy for f in findings if f.problem)
    return {f.check: f.problem for f in findings if f.problem}


def change(folder: Path, sql: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.execute(sql)
        connection.commit()


def test_an_empty_library_is_healthy(library: Library) -> None:
    assert problems(library) == {}
    facts = library.health.facts()
    assert (facts["posts"], facts["schema"], facts["index"]["documents"]) == (0, SCHEMA_VERSION, 0)


def test_the_index_is_told_about_until_it_is_current(isolated: Path, library: Library) -> None:
    library.importing.save([a_post()], "made")
    assert "not built" in problems(library)["index"]
    library.indexing.bring_up_to_date()
    assert problems(library) == {}
    library.importing.save([a_post(title="second")], "made")
    assert "not indexed" in problems(library)["index"]
    library.indexing.bring_up_to_date()
    shutil.rmtree(isolated / ".cache" / "kbtui")
    assert "index" in problems(library)
    library.indexing.rebuild()
    assert problems(library) == {}
    assert library.health.facts()["index"]["documents"] == 2


def test_damage_of_content_names_the_posts(library: Library, tmp_path: Path) -> None:
    library.importing.save([a_post(title=f"post {n}") for n in range(6)], "made")
    library.indexing.bring_up_to_date()
    change(tmp_path / "library", "UPDATE post_texts SET body = 'other' WHERE post_id > 1")
    assert problems(library) == {"content": "5 posts are not as they were saved: post-1, post-2, post-3 and others"}


def test_damage_of_references_is_told(library: Library, tmp_path: Path) -> None:
    library.importing.save([a_post()], "made")
    library.indexing.bring_up_to_date()
    change(tmp_path / "library", "DELETE FROM post_texts")
    assert "lost their text" in problems(library)["store"]


def test_a_damaged_post_stops_neither_search_nor_index(library: Library, tmp_path: Path) -> None:
    library.importing.save([a_post(title=f"post {n}", body="apple") for n in range(3)], "made")
    change(tmp_path / "library", "UPDATE post_texts SET metadata = '{' WHERE post_id = 2")
    assert library.search("apple").total == 3
    library.indexing.rebuild()
    assert library.search("apple").total == 3
    assert "post-1" in problems(library)["content"]


def test_a_text_that_was_not_saved_is_told(library: Library) -> None:
    library.importing.save([a_post()], "made")
    library.indexing.bring_up_to_date()
    draft = library.editing.begin(library.posts.get("restart-the-ingress"))
    assert str(draft.path) in problems(library)["drafts"]
    library.editing.finish(draft)
    assert problems(library) == {}


def test_a_note_that_was_not_saved_is_told_with_the_command_that_takes_it(library: Library) -> None:
    draft = library.note_drafts.begin(NoteContent(reason="Raise the limit"))
    assert str(draft.path) in problems(library)["note drafts"]
    remedy = next(found.remedy for found in library.health.findings() if found.check == "note drafts")
    assert "`kbtui note new --from-file FILE`" in remedy
    library.note_drafts.discard(draft.path)
    assert problems(library) == {}


def test_a_file_that_changed_under_a_local_version_is_told_and_is_no_problem(library: Library, tmp_path: Path) -> None:
    page = tmp_path / "notes" / "a.md"
    page.parent.mkdir()
    page.write_text("# Page\n\none\n")
    library.importing.run(ImportRequest(page.parent))
    post = library.posts.get("a")
    library.editing.save("a", library.editing.text(post) + "mine\n", post.saves)
    library.indexing.bring_up_to_date()
    notes = {f.check: f.remedy for f in library.health.findings()}
    assert notes["local versions"] == ""
    page.write_text("# Page\n\ntwo\n")
    assert problems(library) == {}
    notes = {f.check: f.remedy for f in library.health.findings()}
    assert "of a have changed" in notes["local versions"]


def test_runs_that_are_not_what_their_events_say_are_told(library: Library, tmp_path: Path) -> None:
    library.importing.save([a_post(checklist=("look", "restart"))], "made")
    library.indexing.bring_up_to_date()
    run_id = library.checklists.start("restart-the-ingress").info.id
    library.checklists.done(run_id, 1)
    library.checklists.evidence(run_id, 1, "Filesystem 97%")
    library.checklists.undo(run_id, 1)
    assert problems(library) == {}
    folder = tmp_path / "library"
    change(folder, "UPDATE checklist_runs SET done = 1")
    assert run_id in problems(library)["runs"]
    change(folder, "UPDATE checklist_runs SET done = 0, state = 'done'")
    assert "otherwise than their events say" in problems(library)["runs"]
    change(folder, "UPDATE checklist_runs SET state = 'open'")
    change(folder, "DELETE FROM checklist_evidence")
    assert problems(library)["runs"] == "1 pieces of evidence are gone"
    change(folder, "INSERT INTO checklist_evidence SELECT run_id, 1, 'x' FROM checklist_events WHERE number = 1")
    findings = [f.problem for f in library.health.findings() if f.check == "runs"]
    assert "1 pieces of evidence belong to no event" in findings
    change(folder, "DELETE FROM checklist_events WHERE number = 2")
    assert any("have lost steps or events" in f.problem for f in library.health.findings())


def test_a_run_that_has_ended_is_sound(library: Library) -> None:
    library.importing.save([a_post(checklist=("look", "restart"))], "made")
    for end in (lambda run: library.checklists.abandon(run, "late"), library.checklists.finish):
        run_id = library.checklists.start("restart-the-ingress").info.id
        library.checklists.fail(run_id, 1, "no")
        library.checklists.skip(run_id, 2, "no")
        end(run_id)
    library.indexing.bring_up_to_date()
    assert problems(library) == {}
