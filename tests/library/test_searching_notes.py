"""Change notes are found with the posts, in one index."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kbtui.core.listing import SORTS
from kbtui.core.measuring.measurement import METRICS, Phase
from kbtui.core.notes.change_note import NoteContent, NoteState
from kbtui.core.post import FACETS
from kbtui.core.searching.query import parse_query
from kbtui.core.searching.results import RELEVANCE
from kbtui.library import Library
from kbtui.storage.connection import DATABASE_NAME
from tests.factories import NOON, FixedClock, a_post
from tests.notes import full_content


def found(library: Library, text: str, **options: object) -> list[str]:
    library.indexing.bring_up_to_date()
    results = library.searching.search(parse_query(text), **options)  # type: ignore[arg-type]
    assert (results.total, results.notice) == (len(results.hits), "")
    return [hit.post.slug for hit in results.hits]


@pytest.fixture
def note_id(library: Library) -> str:
    """A full note, beside a post with the same number, and another note."""
    library.importing.save([a_post(title="Restart nginx", body="nginx cache words", tools=("nginx",))], "made")
    note = library.changes.create(full_content(), shipped_at=NOON)
    library.changes.create(NoteContent(reason="Rotate logs"))
    return note.id


def test_a_note_is_found_by_what_was_measured(library: Library, note_id: str) -> None:
    assert found(library, 'kind:note "queue depth"') == []
    for value in ("1200", "1100"):
        library.measuring.add(note_id, METRICS["queue depth"], Phase.BEFORE, [value])
    assert library.indexing.status().pending == 1
    assert found(library, 'kind:note "queue depth"') == [note_id]
    library.measuring.add(note_id, METRICS["queue depth"], Phase.AFTER, ["30"])
    assert library.indexing.status().pending == 0


@pytest.mark.parametrize(
    "text",
    [
        "front page",
        "seconds",
        "reload curl",
        "git revert abc",
        "300 ms",
        "opcache",
        "cookies",
        "shop",
        "production",
        "platform",
        "kind:note nginx",
        "file:nginx.conf",
        "file:/etc/nginx/nginx.conf",
        "tool:curl",
        "stack:php",
        "owner:platform",
        "command:systemctl",
        "status:shipped",
        "kind:note updated:2026 opcache",
        'title:"front page"',
        "bypass",
        "-kind:post front",
    ],
)
def test_a_note_is_found_by_every_field(library: Library, note_id: str, text: str) -> None:
    assert found(library, text) == [note_id]


def test_what_is_said_and_attached_later_is_found(library: Library, note_id: str) -> None:
    assert found(library, "sequential") == []
    library.changes.attach(note_id, "a sequential scan of orders", "plan.txt")
    library.changes.verify(note_id, NoteState.KEPT, "throughput doubled")
    assert found(library, "sequential") == found(library, "doubled") == found(library, "status:kept") == [note_id]
    assert found(library, "status:shipped") == []
    (hit,) = library.search("sequential").hits
    assert "sequential" in hit.snippet.text
    assert hit.snippet.marks


def test_a_hit_tells_that_it_is_a_note(library: Library, note_id: str) -> None:
    results = library.search("nginx")
    notes = {hit.post.slug: hit.post for hit in results.hits if hit.post.kind == "note"}
    posts = [hit.post for hit in results.hits if hit.post.kind == "post"]
    assert (list(notes), [post.slug for post in posts]) == ([note_id], ["restart-nginx"])
    note = notes[note_id]
    assert (note.title, note.status, note.source, note.path) == ("Cache the front page", "shipped", "notes", "")
    assert (note.tools, note.updated_at) == (("NGINX", "curl"), NOON)
    assert note.id not in [post.id for post in posts]


@pytest.mark.parametrize("sort", [RELEVANCE, *SORTS])
def test_every_order_has_posts_and_notes(library: Library, note_id: str, sort: str) -> None:
    assert sorted(found(library, "nginx", sort=sort)) == sorted([note_id, "restart-nginx"])
    pages = [found_page(library, sort, offset) for offset in range(3)]
    assert sorted(pages[0] + pages[1]) == sorted([note_id, "restart-nginx"])
    assert pages[2] == []


def found_page(library: Library, sort: str, offset: int) -> list[str]:
    results = library.searching.search(parse_query("nginx"), sort=sort, limit=1, offset=offset)
    return [hit.post.slug for hit in results.hits]


def test_facets_count_both(library: Library, note_id: str) -> None:
    library.indexing.bring_up_to_date()
    results = library.searching.search(parse_query("nginx"), facets=FACETS)
    assert {count.value: count.count for count in results.facets["tool"]} == {"nginx": 2, "curl": 1}
    assert [(count.value, count.count) for count in results.facets["status"]] == [("shipped", 1)]


def test_similar_posts_are_posts(library: Library) -> None:
    words = "upstream keepalive timeout gateway"
    library.importing.save([a_post(title=f"page {n}", body=f"{words} {n}") for n in range(4)], "made")
    for _ in range(5):
        library.changes.create(NoteContent(reason=words))
    library.indexing.bring_up_to_date()
    assert {one.post.slug for one in library.searching.similar("page-0")} <= {"page-1", "page-2", "page-3"}
    assert len(library.searching.similar("page-0", limit=2)) == 2


def test_a_pasted_text_finds_both(library: Library, note_id: str) -> None:
    library.indexing.bring_up_to_date()
    results = library.searching.match(["Restart nginx\n", "opcache failed\n"])
    assert {hit.post.slug for hit in results.hits} == {"restart-nginx", note_id}


def test_why_a_note_matched_is_told(library: Library, note_id: str) -> None:
    library.indexing.bring_up_to_date()
    (match,) = library.searching.explain(parse_query("opcache"), note_id)
    assert (match.typed, match.found) == ("opcache", "opcache")


def test_without_an_index_notes_are_compared_plainly(library: Library, note_id: str) -> None:
    for text, slugs in {
        "nginx": ["restart-nginx", note_id],
        "nginx kind:note": [note_id],
        "nginx -kind:note": ["restart-nginx"],
        "nginx -opcache": ["restart-nginx"],
        "nginx tool:nginx": ["restart-nginx"],
    }.items():
        results = library.searching.search(parse_query(text))
        assert "without the index" in results.notice
        assert [hit.post.slug for hit in results.hits] == slugs, text
        assert results.total == len(slugs)


def test_a_rebuilt_index_has_the_notes(library: Library, note_id: str, isolated: Path) -> None:
    library.indexing.bring_up_to_date()
    shutil.rmtree(isolated / ".cache" / "kbtui")
    assert library.indexing.rebuild() == 3
    assert found(library, "opcache") == [note_id]
    assert [finding.problem for finding in library.health.findings() if finding.problem] == []


def test_a_library_of_notes_alone_is_indexed_and_healthy(library: Library, clock: FixedClock) -> None:
    assert library.health.facts()["notes"] == 0
    note_id = library.changes.create(full_content()).id
    (told,) = [finding for finding in library.health.findings() if finding.problem]
    assert told.check == "index"
    assert found(library, "opcache") == [note_id]
    clock.forward(hours=1)
    library.note_drafts.save(note_id, NoteContent(reason="other words"), based_on=1)
    assert found(library, "opcache") == []
    assert found(library, "words") == [note_id]
    assert [finding.problem for finding in library.health.findings() if finding.problem] == []
    facts = library.health.facts()
    assert (facts["notes"], facts["index"]["documents"]) == (1, 1)


def test_a_note_that_the_index_has_not_is_told(library: Library, note_id: str, tmp_path: Path) -> None:
    library.indexing.bring_up_to_date()
    with closing(sqlite3.connect(tmp_path / "library" / DATABASE_NAME)) as connection:
        connection.execute("UPDATE notes SET revision = 5 WHERE id = ?", [note_id])
        connection.execute("UPDATE note_revisions SET revision = 5 WHERE note = 1")
        connection.commit()
    assert [finding.problem for finding in library.health.findings() if finding.problem] == [
        "1 notes are not in it as they are in the library"
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE note_revisions SET content = '{' WHERE note = 1",
        "UPDATE note_revisions SET content = replace(content, 'front', 'back') WHERE note = 1",
        "UPDATE notes SET title = 'other' WHERE number = 1",
        "DELETE FROM note_revisions WHERE note = 1",
    ],
)
def test_a_damaged_note_is_told_and_stops_nothing(library: Library, note_id: str, tmp_path: Path, sql: str) -> None:
    library.indexing.bring_up_to_date()
    with closing(sqlite3.connect(tmp_path / "library" / DATABASE_NAME)) as connection:
        connection.execute(sql)
        connection.commit()
    (told,) = [finding for finding in library.health.findings() if finding.problem]
    assert told.problem == f"1 change notes are not as they were saved: {note_id}"
    assert note_id in [info.id for info in library.changes.page()]
    library.search("nginx")
    assert library.indexing.rebuild() >= 2
