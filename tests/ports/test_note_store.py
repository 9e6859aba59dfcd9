"""What every `NoteStore` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.core.errors import NoteConflictError, NoteNotFoundError
from kbtui.core.index_document import NOTE_KIND, document_key
from kbtui.core.measuring.measurement import Better, Metric, Phase, Sample
from kbtui.core.notes.change_note import ChangeNote, NoteContent, NoteEvidence, NoteFilter, NoteState
from kbtui.core.notes.content import from_document, to_document
from kbtui.core.ports import IndexQueue, NoteStore, PostStore
from kbtui.core.text import storable
from tests.factories import NASTY, NOON, a_post
from tests.notes import a_note, a_sample, contents, full_content


def add(store: NoteStore, *notes: ChangeNote) -> list[str]:
    for note in notes:
        store.add(note, "written")
    return [note.id for note in notes]


def ids(store: NoteStore, limit: int = 50, offset: int = 0, **wanted: object) -> list[str]:
    return [info.id for info in store.page(NoteFilter(**wanted), limit=limit, offset=offset)]  # type: ignore[arg-type]


def some_evidence(**fields: object) -> NoteEvidence:
    return NoteEvidence(**{"number": 0, "origin": "pasted", "size": 4, "at": NOON, "who": "bob", **fields})  # type: ignore[arg-type]


def test_a_note_is_kept_whole(notes: NoteStore) -> None:
    note = a_note(content=full_content())
    add(notes, note)
    found = notes.find(note.id)
    assert found is not None
    assert found.content == note.content
    assert found.evidence == ()
    assert found.info == replace(
        note.info,
        owner="Platform",
        environment="production",
        host="web-1",
        rollback="git revert abc",
        files=note.content.files,
        tools=note.content.tools,
        posts=note.content.posts,
    )
    assert notes.find("01") is None
    assert notes.page(NoteFilter(), limit=5) == [found.info]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=contents(surrogates=True))
def test_any_content_is_kept_but_for_what_no_file_can_hold(notes: NoteStore, content: NoteContent) -> None:
    note = a_note(content=content)
    add(notes, note)
    found = notes.find(note.id)
    assert found is not None
    expected = _storable(to_document(content))
    assert found.content == from_document(expected)
    assert list(notes.damaged()) == []
    assert notes.count(NoteFilter(files=content.files[:1])) >= 0


def _storable(value: object) -> dict[str, object]:
    def repaired(inner: object) -> object:
        if isinstance(inner, str):
            return storable(inner)
        if isinstance(inner, list):
            return [repaired(item) for item in inner]
        return {storable(k): repaired(v) for k, v in inner.items()} if isinstance(inner, dict) else inner

    found = repaired(value)
    assert isinstance(found, dict)
    return found


def test_every_save_is_a_revision_that_stays(notes: NoteStore) -> None:
    (note_id,) = add(notes, a_note())
    note = notes.find(note_id)
    assert note is not None
    later = replace(note, content=full_content(), info=replace(note.info, updated_at=NOON + timedelta(hours=1)))
    saved = notes.revise(later, based_on=1, who="bob", what="written again")
    assert (saved.info.revision, saved.info.title, saved.info.owner) == (2, "Cache the front page", "Platform")
    assert saved == notes.find(note_id)
    newest, first = notes.revisions(note_id, 9)
    assert (newest.number, newest.who, newest.what, newest.content) == (2, "bob", "written again", full_content())
    assert (first.number, first.who, first.what, first.content) == (1, "ann", "written", note.content)
    assert newest.saved_at == NOON + timedelta(hours=1)
    assert notes.revisions(note_id, 1) == [newest]
    assert notes.revisions("01", 9) == []


def test_a_save_on_another_revision_changes_nothing(notes: NoteStore, queue: IndexQueue) -> None:
    (note_id,) = add(notes, a_note())
    note = notes.find(note_id)
    assert note is not None
    waiting = queue.pending()
    with pytest.raises(NoteConflictError) as caught:
        notes.revise(note.with_content(full_content()), based_on=2, who="bob", what="x")
    assert (caught.value.based_on, caught.value.found) == (2, 1)
    assert notes.find(note_id) == note
    with pytest.raises(NoteNotFoundError):
        notes.revise(a_note(), based_on=1, who="bob", what="x")
    assert (queue.pending(), len(notes.revisions(note_id, 9))) == (waiting, 1)


def test_the_newest_change_comes_first(notes: NoteStore) -> None:
    late, early, draft = add(notes, a_note(30), a_note(10), a_note(20, state=NoteState.DRAFT))
    assert ids(notes) == [late, draft, early]
    assert ids(notes, limit=1, offset=1) == [draft]
    assert notes.count(NoteFilter()) == 3


def test_what_is_shipped_later_moves_in_every_list(notes: NoteStore) -> None:
    draft, other = add(notes, a_note(0, state=NoteState.DRAFT, tools=("redis",)), a_note(10, tools=("redis",)))
    assert ids(notes) == ids(notes, tools=("redis",)) == [other, draft]
    note = notes.find(draft)
    assert note is not None
    shipped = replace(note.info, state=NoteState.SHIPPED, shipped_at=NOON + timedelta(hours=1))
    notes.revise(replace(note, info=shipped), based_on=1, who="ann", what="shipped")
    assert ids(notes) == ids(notes, tools=("redis",)) == [draft, other]


@pytest.mark.parametrize("asked", ["nginx.conf", "nginx/nginx.conf", "/etc/nginx/nginx.conf", "./nginx.conf"])
def test_a_file_is_found_by_its_whole_path_and_its_ends(notes: NoteStore, asked: str) -> None:
    one, _ = add(notes, a_note(files=("/etc/nginx/nginx.conf",)), a_note(files=("/etc/nginx/nginx.conf.old",)))
    assert ids(notes, files=(asked,)) == [one]
    assert [info.id for info in notes.related(posts=(), tools=(), files=[asked], limit=5)] == [one]


@pytest.mark.parametrize("asked", ["", ".", "inx.conf", "etc", "/nginx.conf", "NGINX.CONF", "\\nginx.conf"])
def test_a_piece_of_a_path_finds_nothing(notes: NoteStore, asked: str) -> None:
    add(notes, a_note(files=("/etc/nginx/nginx.conf", "a\\b.conf")))
    assert ids(notes, files=(asked,)) == []


def test_paths_are_compared_without_what_says_nothing(notes: NoteStore) -> None:
    one, two = add(notes, a_note(0, files=("./a//b.conf",)), a_note(1, files=("C:\\conf\\b.conf",)))
    assert ids(notes, files=("a/b.conf",)) == ids(notes, files=("a/x/../b.conf",)) == [one]
    assert ids(notes, files=("C:\\conf\\b.conf",)) == [two]


def test_each_filter_lets_through_what_it_names(notes: NoteStore) -> None:
    whole = add(notes, a_note(10, content=full_content()))
    add(notes, a_note(20, state=NoteState.DRAFT))
    passing: tuple[dict[str, Any], ...] = (
        {"tools": ("nginx",)},
        {"tools": ("php",)},
        {"tools": ("none", "CURL")},
        {"posts": ("nginx-502",)},
        {"run": "01JDQ0000000000000000000AA"},
        {"owner": "platform"},
        {"environment": "Production"},
        {"words": ("FRONT", "cache")},
        {"states": (NoteState.SHIPPED,)},
        {"states": (NoteState.SHIPPED, NoteState.KEPT)},
        {"until": NOON + timedelta(minutes=10)},
        {"since": NOON, "until": NOON + timedelta(minutes=15)},
        {"due_before": NOON + timedelta(days=2)},
        {"files": ("site.conf",), "tools": ("nginx",), "states": (NoteState.SHIPPED,), "owner": "Platform"},
        {"due_before": NOON + timedelta(days=2), "tools": ("nginx",)},
    )
    failing: tuple[dict[str, Any], ...] = (
        {"tools": ("php",), "posts": ("other",)},
        {"tools": ("nginx",), "states": (NoteState.DRAFT,)},
        {"words": ("front", "door")},
        {"since": NOON + timedelta(minutes=30)},
        {"tools": ("nginx",), "since": NOON + timedelta(minutes=11)},
        {"due_before": NOON},
    )
    for wanted in passing:
        assert ids(notes, **wanted) == whole, wanted
        assert notes.count(NoteFilter(**wanted)) == 1, wanted
    for wanted in failing:
        assert ids(notes, **wanted) == [], wanted
        assert notes.count(NoteFilter(**wanted)) == 0, wanted


def test_a_note_of_several_values_is_listed_once_and_in_order(notes: NoteStore) -> None:
    kept = add(notes, *(a_note(n, tools=("a", "b") if n % 2 else ("b", "c")) for n in range(10)))
    for asked in (("a", "b"), ("b", "a", "c"), ("c", "a")):
        assert ids(notes, tools=asked) == kept[::-1]
        assert ids(notes, tools=asked, limit=3, offset=4) == kept[::-1][4:7]
        assert notes.count(NoteFilter(tools=asked)) == 10


def test_with_a_due_time_the_longest_due_comes_first(notes: NoteStore) -> None:
    one, two, _, _ = add(
        notes,
        a_note(0),
        a_note(5),
        a_note(2, state=NoteState.DRAFT),
        a_note(1, state=NoteState.KEPT, verified_at=NOON),
    )
    assert ids(notes, due_before=NOON + timedelta(days=3)) == [one, two]
    assert ids(notes, due_before=NOON + timedelta(days=1)) == [one]


def test_related_notes_share_a_post_a_tool_or_a_file(notes: NoteStore) -> None:
    by_post, by_tool, by_file, _ = add(
        notes, a_note(0, posts=("p",)), a_note(1, stack=("Redis",)), a_note(2, files=("x/a.conf",)), a_note(3)
    )
    related = notes.related(posts=["p"], tools=["redis"], files=["a.conf"], limit=9)
    assert [info.id for info in related] == [by_file, by_tool, by_post]
    assert [info.id for info in notes.related(posts=["p"], tools=["redis"], files=[], limit=1)] == [by_tool]
    assert notes.related(posts=[], tools=[], files=[], limit=9) == []


def test_ids_are_found_by_how_they_begin(notes: NoteStore) -> None:
    one, two = add(notes, a_note(0), a_note(10))
    assert notes.beginning_with("", 1) == [two]
    assert notes.beginning_with(one, 2) == [one]
    assert notes.beginning_with("01", 5) == [two, one]
    for nasty in NASTY:
        if nasty:
            assert notes.beginning_with(nasty, 2) == []


def test_evidence_is_numbered_and_read_apart(notes: NoteStore) -> None:
    one, two = add(notes, a_note(0), a_note(1))
    first = notes.attach(one, some_evidence(), "text")
    second = notes.attach(one, some_evidence(origin="plan.txt\x00\ud800"), "b\x00\ud800")
    other = notes.attach(two, some_evidence(), "of another")
    assert (first.number, second.number, other.number) == (1, 2, 1)
    found = notes.find(one)
    assert found is not None
    assert found.evidence == (first, second)
    assert found.info.revision == 1
    assert notes.evidence(one, 1) == "text"
    assert notes.evidence(one, 2) == "b\u2400\ufffd"
    assert notes.evidence(two, 1) == "of another"
    assert notes.evidence(one, 3) is notes.evidence("01", 1) is None
    with pytest.raises(NoteNotFoundError):
        notes.attach("01", some_evidence(), "text")


def test_samples_are_kept_in_order(notes: NoteStore) -> None:
    (note_id,) = add(notes, a_note())
    free = Metric("rows \ud800", "rows", Better.HIGHER)
    samples = [
        a_sample(12.5, host="web-1", command="curl x", exit_code=0, seconds=0.1),
        a_sample(None, Phase.AFTER, exit_code=None, problem="it was stopped", is_warm_up=True),
        Sample(metric=free, phase=Phase.AFTER, value=float("inf"), at=NOON, exit_code=10**30),
    ]
    notes.add_samples(note_id, samples[:2])
    notes.add_samples(note_id, samples[2:])
    kept = notes.samples(note_id)
    assert kept[:2] == samples[:2]
    assert (kept[2].metric.name, kept[2].value, kept[2].exit_code) == ("rows \ufffd", float("inf"), 2**63 - 1)
    assert notes.samples("01") == []
    with pytest.raises(NoteNotFoundError):
        notes.add_samples("01", samples)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.none() | st.floats(allow_nan=False), max_size=5))
def test_any_number_is_kept_exactly(notes: NoteStore, values: list[float | None]) -> None:
    note = a_note()
    add(notes, note)
    notes.add_samples(note.id, [a_sample(value) for value in values])
    assert [sample.value for sample in notes.samples(note.id)] == values


def test_every_change_is_queued_beside_the_posts(notes: NoteStore, store: PostStore, queue: IndexQueue) -> None:
    (saved,) = store.save([a_post()], NOON)
    (note_id,) = add(notes, a_note())
    (number,) = notes.document_ids(0, 5)
    keys, _ = queue.next_batch(9)
    assert keys == [document_key(saved.id), document_key(number, NOTE_KIND)]
    queue.drained(queue.newest())
    notes.attach(note_id, some_evidence(), "text")
    assert queue.next_batch(9)[0] == [document_key(number, NOTE_KIND)]
    queue.drained(queue.newest())
    note = notes.find(note_id)
    assert note is not None
    notes.revise(note.with_content(full_content()), based_on=1, who="ann", what="x")
    assert queue.next_batch(9)[0] == [document_key(number, NOTE_KIND)]


def test_the_index_reads_notes_by_number(notes: NoteStore) -> None:
    kept = add(notes, *(a_note(n, reason=f"{'zyx'[n]} needle {n}") for n in range(3)))
    numbers = notes.document_ids(0, 9)
    assert notes.document_ids(numbers[0], 1) == [numbers[1]]
    assert {number: note.id for number, note in notes.by_document_ids(numbers).items()} == dict(
        zip(numbers, kept, strict=True)
    )
    assert [notes.document_id(note_id) for note_id in (*kept, "01")] == [*numbers, None]
    assert notes.by_document_ids([99]) == {}
    assert notes.document_revisions() == dict.fromkeys(numbers, 1)
    assert notes.documents_by_title(numbers, 2, 0) == numbers[::-1][:2]
    assert notes.documents_by_title(numbers[:2], 2, 1) == numbers[:1]
    assert notes.containing(["NEEDLE"], 9) == numbers[::-1]
    assert notes.containing(["needle", "y"], 9) == [numbers[1]]
    assert notes.containing(["nothing"], 9) == notes.containing(["environment"], 9) == []
