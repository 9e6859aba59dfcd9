"""Change notes: their states are only ever added, and beside each note stands what lists ask."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kbtui.core.errors import NoteConflictError, NoteNotFoundError
from kbtui.core.index_document import NOTE_KIND
from kbtui.core.measuring.measurement import Sample
from kbtui.core.notes.change_note import ChangeNote, NoteEvidence, NoteFilter, NoteInfo, NoteRevision
from kbtui.core.text import storable
from kbtui.storage.connection import Connection
from kbtui.storage.index_queue import queue
from kbtui.storage.note_filters import Condition, walks, where_passes
from kbtui.storage.note_rows import (
    EVIDENCE_COLUMNS,
    INFO_COLUMNS,
    SAMPLE_COLUMNS,
    evidence_values,
    is_whole,
    note_facets,
    note_row,
    readable_content,
    revision_values,
    row_to_evidence,
    row_to_info,
    row_to_revision,
    row_to_sample,
    sample_values,
    storable_content,
    storable_evidence,
)
from kbtui.storage.rows import dump, write_time

if TYPE_CHECKING:
    from sqlite_utils import Database

_CURRENT = "note_revisions ON note = number AND note_revisions.revision = notes.revision"
_WHOLE = f"SELECT {INFO_COLUMNS}, number, content FROM notes JOIN {_CURRENT}"
_CHOSEN = "number IN (SELECT value FROM json_each(?))"
_HAS_WORD = (
    "EXISTS (SELECT 1 FROM json_tree(CASE WHEN json_valid(content) THEN content ELSE '{}' END) "
    "WHERE type = 'text' AND instr(casefold(atom), ?))"
)
_VERIFY_BATCH = 200
_NO_NOTE = "There is no note {}."


class SqliteNoteStore:
    """The `NoteStore` port over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Writing

    def add(self, note: ChangeNote, what: str) -> None:
        note = replace(note, content=storable_content(note.content))
        row = note_row(note)
        marks = ", ".join("?" * len(row))
        with self._connection.write() as database:
            cursor = database.execute(f"INSERT INTO notes ({', '.join(row)}) VALUES ({marks})", list(row.values()))
            self._write_what_follows(database, int(cursor.lastrowid or 0), note, note.info.author, what)

    def revise(self, note: ChangeNote, *, based_on: int, who: str, what: str) -> ChangeNote:
        note = replace(note, content=storable_content(note.content))
        with self._connection.write() as database:
            rows = self._connection.query("SELECT number, revision FROM notes WHERE id = ?", [note.id])
            if not rows:
                raise NoteNotFoundError(_NO_NOTE.format(note.id))
            number, found = rows[0]["number"], rows[0]["revision"]
            if found != based_on:
                raise NoteConflictError(note.id, based_on, found)
            note = replace(note, info=replace(note.info, revision=found + 1))
            row = note_row(note)
            assignments = ", ".join(f"{column} = ?" for column in row)
            database.execute(f"UPDATE notes SET {assignments} WHERE number = ?", [*row.values(), number])
            self._write_what_follows(database, number, note, who, what)
        return self.find(note.id) or note

    def attach(self, note_id: str, evidence: NoteEvidence, text: str) -> NoteEvidence:
        with self._connection.write() as database:
            note = self._number(note_id)
            last = self._connection.value("SELECT max(number) FROM note_evidence WHERE note = ?", [note])
            kept = storable_evidence(evidence, (last or 0) + 1)
            database.execute(
                "INSERT INTO note_evidence VALUES (?, ?, ?, ?, ?, ?, ?)", evidence_values(note, kept, text)
            )
            queue(database, [note], NOTE_KIND)
        return kept

    def add_samples(self, note_id: str, samples: Sequence[Sample]) -> None:
        with self._connection.write() as database:
            note = self._number(note_id)
            known = set(self.metrics(note_id))
            last = self._connection.value("SELECT max(number) FROM note_samples WHERE note = ?", [note]) or 0
            database.conn.executemany(
                "INSERT INTO note_samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [sample_values(note, number, sample) for number, sample in enumerate(samples, last + 1)],
            )
            if {storable(sample.metric.name) for sample in samples} - known:
                queue(database, [note], NOTE_KIND)

    # Finding

    def find(self, note_id: str) -> ChangeNote | None:
        return next(iter(self._notes(f"{_WHOLE} WHERE id = ?", [note_id]).values()), None)

    def beginning_with(self, start: str, limit: int) -> list[str]:
        found = self._connection.column(
            "SELECT id FROM notes WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?",
            [storable(start), f"{storable(start)}~", limit],
        )
        return list(map(str, found))

    def page(self, wanted: NoteFilter, *, limit: int, offset: int = 0) -> list[NoteInfo]:
        lists = walks(wanted)
        if len(lists) == 1:
            return list(self._walked(lists[0], limit, offset).values())
        return self._merged(lists, limit, offset)

    def count(self, wanted: NoteFilter) -> int:
        where, parameters = where_passes(wanted)
        return int(self._connection.value(f"SELECT count(*) FROM notes WHERE {where}", parameters))

    def related(
        self, *, posts: Collection[str], tools: Collection[str], files: Collection[str], limit: int
    ) -> list[NoteInfo]:
        several = (NoteFilter(posts=tuple(posts)), NoteFilter(tools=tuple(tools)), NoteFilter(files=tuple(files)))
        return self._merged([walk for wanted in several if wanted != NoteFilter() for walk in walks(wanted)], limit, 0)

    def revisions(self, note_id: str, limit: int) -> list[NoteRevision]:
        rows = self._connection.query(
            "SELECT note_revisions.revision AS number, saved_at, who, what, content, title FROM notes "
            "JOIN note_revisions ON note = number WHERE id = ? ORDER BY note_revisions.revision DESC LIMIT ?",
            [note_id, limit],
        )
        return list(map(row_to_revision, rows))

    def evidence(self, note_id: str, number: int) -> str | None:
        found = self._connection.value(
            "SELECT content FROM notes JOIN note_evidence ON note = notes.number "
            "WHERE id = ? AND note_evidence.number = ?",
            [note_id, number],
        )
        return None if found is None else str(found)

    def samples(self, note_id: str) -> list[Sample]:
        rows = self._connection.query(
            f"SELECT {SAMPLE_COLUMNS} FROM note_samples WHERE note = (SELECT number FROM notes WHERE id = ?) "
            "ORDER BY note_samples.number",
            [note_id],
        )
        return list(map(row_to_sample, rows))

    # For the index

    def metrics(self, note_id: str) -> list[str]:
        return self._connection.column(
            "SELECT DISTINCT metric FROM note_samples WHERE note = (SELECT number FROM notes WHERE id = ?) "
            "ORDER BY metric",
            [note_id],
        )

    def document_id(self, note_id: str) -> int | None:
        number = self._connection.value("SELECT number FROM notes WHERE id = ?", [note_id])
        return None if number is None else int(number)

    def by_document_ids(self, ids: Sequence[int]) -> dict[int, ChangeNote]:
        return self._notes(f"{_WHOLE} WHERE {_CHOSEN}", [dump(list(ids))])

    def document_ids(self, after: int, limit: int) -> list[int]:
        return self._connection.column(
            "SELECT number FROM notes WHERE number > ? ORDER BY number LIMIT ?", [after, limit]
        )

    def document_revisions(self) -> dict[int, int]:
        rows = self._connection.query("SELECT number, revision FROM notes")
        return {row["number"]: row["revision"] for row in rows}

    def documents_by_title(self, ids: Sequence[int], limit: int, offset: int) -> list[int]:
        return self._connection.column(
            f"SELECT number FROM notes WHERE {_CHOSEN} ORDER BY title_key, number LIMIT ? OFFSET ?",
            [dump(list(ids)), limit, offset],
        )

    def containing(self, words: Sequence[str], limit: int) -> list[int]:
        has_all = " AND ".join([_HAS_WORD] * len(words)) or "1"
        return self._connection.column(
            f"SELECT number FROM notes JOIN {_CURRENT} WHERE {has_all} ORDER BY happened_at DESC, number DESC LIMIT ?",
            [*(storable(word).casefold() for word in words), limit],
        )

    def damaged(self) -> Iterator[str]:
        last = 0
        while numbers := self.document_ids(last, _VERIFY_BATCH):
            rows = self._connection.query(
                "SELECT notes.*, note_revisions.revision AS number, content, content_hash FROM notes "
                f"JOIN note_revisions ON note = notes.number WHERE notes.{_CHOSEN}",
                [dump(numbers)],
            )
            there = {row["id"] for row in rows if row["number"] == row["revision"]}
            listed = self._connection.column(f"SELECT id FROM notes WHERE {_CHOSEN}", [dump(numbers)])
            broken = {row["id"] for row in rows if not is_whole(row)}
            yield from sorted(broken | (set(listed) - there))
            last = numbers[-1]

    def _notes(self, sql: str, parameters: Sequence[object]) -> dict[int, ChangeNote]:
        """Whole notes by number."""
        rows = self._connection.query(sql, parameters)
        evidence: dict[int, list[NoteEvidence]] = {row["number"]: [] for row in rows}
        for piece in self._connection.query(
            f"SELECT note, {EVIDENCE_COLUMNS} FROM note_evidence WHERE note IN (SELECT value FROM json_each(?)) "
            "ORDER BY note, number",
            [dump(list(evidence))],
        ):
            evidence[piece["note"]].append(row_to_evidence(piece))
        return {
            row["number"]: ChangeNote(
                info=row_to_info(row), content=readable_content(row), evidence=tuple(evidence[row["number"]])
            )
            for row in rows
        }

    def _number(self, note_id: str) -> int:
        number = self.document_id(note_id)
        if number is None:
            raise NoteNotFoundError(_NO_NOTE.format(note_id))
        return number

    def _walked(self, walk: Condition, limit: int, offset: int) -> dict[int, NoteInfo]:
        """A page of one list, by number."""
        sql, parameters = walk
        rows = self._connection.query(
            f"SELECT {INFO_COLUMNS}, notes.number AS number {sql} LIMIT ? OFFSET ?", [*parameters, limit, offset]
        )
        return {row["number"]: row_to_info(row) for row in rows}

    def _merged(self, lists: Sequence[Condition], limit: int, offset: int) -> list[NoteInfo]:
        """A page of what several lists give together, the newest first."""
        found: dict[int, NoteInfo] = {}
        for walk in lists:
            found |= self._walked(walk, limit + offset, 0)
        newest = sorted(found, key=lambda number: (found[number].happened_at, number), reverse=True)
        return [found[number] for number in newest[offset : offset + limit]]

    @staticmethod
    def _write_what_follows(database: Database, number: int, note: ChangeNote, who: str, what: str) -> None:
        """Write the state into the history, and what is derived from it; and have it indexed."""
        database.execute(
            "INSERT INTO note_revisions VALUES (?, ?, ?, ?, ?, ?, ?)", revision_values(number, note, who, what)
        )
        database.execute("DELETE FROM note_facets WHERE note = ?", [number])
        happened_at = write_time(note.info.happened_at)
        database.conn.executemany(
            "INSERT INTO note_facets VALUES (?, ?, ?, ?)",
            [(number, facet, value, happened_at) for facet, value in note_facets(note.content)],
        )
        queue(database, [number], NOTE_KIND)
