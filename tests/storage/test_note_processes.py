"""Two terminals on one change note, and a terminal that dies: nothing is overwritten unseen, nothing typed is lost."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kbtui.bootstrap import open_library
from kbtui.core.index_document import NOTE_KIND, document_key
from kbtui.core.notes.change_note import NoteContent, NoteFilter
from kbtui.storage.changes import SqliteNoteStore
from kbtui.storage.connection import Connection
from kbtui.storage.drafts import FileDrafts
from kbtui.storage.health import SqliteHealth
from kbtui.storage.index_queue import SqliteIndexQueue
from tests.notes import a_note
from tests.storage import note_workers, workers
from tests.storage.test_processes import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX processes")


def begin(folder: Path) -> str:
    with closing(Connection(folder)) as connection:
        note = a_note()
        SqliteNoteStore(connection).add(note, "written")
    return note.id


def killed(target: Callable[..., None], folder: Path, times: int) -> Iterator[list[object]]:
    """What a process had told when it was killed, again and again."""
    context, chance = workers.context(), random.Random(7)  # noqa: S311
    for _ in range(times):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=target, args=(str(folder), there))
        process.start()
        there.close()
        assert here.poll(20)
        time.sleep(chance.uniform(0.0, 0.06))
        os.kill(process.pid, signal.SIGKILL)
        process.join(20)
        told: list[object] = []
        try:
            while here.poll(0.2):
                told.append(here.recv())
        except EOFError:
            pass
        yield told


def test_of_two_who_save_the_same_note_one_wins_and_the_other_keeps_its_text(tmp_path: Path) -> None:
    note_id = begin(tmp_path)
    barrier = workers.context().Barrier(2)
    answers = dict(
        run(
            (note_workers.save_when_told, str(tmp_path), note_id, "ann", barrier),
            (note_workers.save_when_told, str(tmp_path), note_id, "bob", barrier),
        )
    )
    (winner,) = [name for name, draft in answers.items() if not draft]
    (loser,) = [name for name, draft in answers.items() if draft]
    with open_library(tmp_path) as library:
        note = library.changes.note(note_id)
        assert (note.info.revision, note.content.reason) == (2, f"by {winner}")
        assert library.changes.read(Path(answers[loser]).read_text()).reason == f"by {loser}"


def test_what_does_not_contradict_is_done_after_each_other(tmp_path: Path) -> None:
    note_id, each = begin(tmp_path), 20
    told = run(
        (note_workers.postpone_many, str(tmp_path), note_id, each),
        (note_workers.postpone_many, str(tmp_path), note_id, each),
    )
    assert all(isinstance(kept, list) for kept in told), told
    assert sorted(told[0] + told[1]) == list(range(2, 2 * each + 2))


def test_a_killed_terminal_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    begin(tmp_path)
    acknowledged: list[object] = []
    for told in killed(note_workers.save_until_killed, tmp_path, 8):
        acknowledged += told
        with closing(Connection(tmp_path)) as connection:
            store = SqliteNoteStore(connection)
            assert list(store.damaged()) == []
            assert SqliteHealth(connection).problems() == []
            for note_id in acknowledged:
                note = store.find(str(note_id))
                assert note is not None
                assert (note.content.reason, note.info.revision, len(store.samples(note.id))) == ("again", 2, 20)
            # Its facets and its place in the queue were written with it.
            shown = store.page(NoteFilter(), limit=500)
            assert all(len(store.samples(info.id)) in (0, 20) for info in shown)
            queued, _ = SqliteIndexQueue(connection).next_batch(2_000)
            assert {document_key(number, NOTE_KIND) for number in store.document_ids(0, 500)} == set(queued)
            first = store.count(NoteFilter(tools=("redis",)))
            assert first == sum(info.revision == 1 and info.tools == ("redis",) for info in shown)
    assert len(acknowledged) > 8


def test_a_terminal_that_is_killed_while_one_types_leaves_the_former_text_or_the_new_one(tmp_path: Path) -> None:
    for told in killed(note_workers.type_until_killed, tmp_path, 10):
        last = max(told)  # type: ignore[type-var]
        drafts = FileDrafts(tmp_path)
        (kept,) = drafts.kept()
        assert len(kept) // 1_000 in (last, int(str(last)) + 1)
        assert kept == "x" * len(kept)
        drafts.forget("form")
        assert drafts.kept() == []


def test_a_form_that_died_gives_its_content_back(tmp_path: Path) -> None:
    with open_library(tmp_path) as library:
        library.note_drafts.keep_form("new", NoteContent(reason="half a sen"))
        library.note_drafts.keep_form("new", NoteContent(reason="half a sentence \ud800"))
    with open_library(tmp_path) as library:
        assert library.note_drafts.forms() == [("new", NoteContent(reason="half a sentence \ud800"))]
