"""Change notes to rows and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kbtui.core.listing import title_key
from kbtui.core.measuring.measurement import Better, Metric, Phase, Sample
from kbtui.core.notes.change_note import ChangeNote, NoteContent, NoteEvidence, NoteInfo, NoteRevision, NoteState
from kbtui.core.notes.content import from_document, hash_of, path_ends, to_document
from kbtui.core.post import Json, facet_value
from kbtui.core.text import one_line, storable
from kbtui.storage.rows import Row, dump, read_texts, read_time, write_time

INFO_COLUMNS = (
    "notes.id, title, notes.state, template, owner, author, environment, host, rollback, files, tools, posts, "
    "created_at, updated_at, shipped_at, due_at, verified_at, outcome, notes.revision"
)
EVIDENCE_COLUMNS = "number, origin, size, at, who"
SAMPLE_COLUMNS = "metric, unit, better, phase, value, at, host, command, exit_code, seconds, is_warm_up, problem"
MOST_LISTED = 100
"""How many files, tools and posts of a note a list tells."""

_ROLLBACK_LENGTH = 200
_LARGEST = 2**63 - 1


def storable_content(content: NoteContent) -> NoteContent:
    """The content as it can be stored."""
    document = to_document(content)
    repaired = _storable(document)
    return content if repaired == document else from_document(repaired)


def note_row(note: ChangeNote) -> Row:
    """The slim row of a note with storable content: what lists show, sort and filter by. Its number is not in it."""
    info, content = note.info, note.content
    return {
        "id": info.id,
        "title": content.title,
        "title_key": title_key(content.title),
        "state": info.state.value,
        "template": content.template,
        "owner": content.owner,
        "author": storable(info.author),
        "environment": content.environment,
        "host": content.host,
        "rollback": one_line(content.rollback.strip().partition("\n")[0])[:_ROLLBACK_LENGTH],
        "files": dump(content.files[:MOST_LISTED]),
        "tools": dump(content.tools[:MOST_LISTED]),
        "posts": dump(content.posts[:MOST_LISTED]),
        "created_at": write_time(info.created_at),
        "updated_at": write_time(info.updated_at),
        "happened_at": write_time(info.happened_at),
        "shipped_at": _time_or_none(info.shipped_at),
        "due_at": _time_or_none(info.due_at),
        "verified_at": _time_or_none(info.verified_at),
        "outcome": storable(info.outcome),
        "revision": info.revision,
    }


def note_facets(content: NoteContent) -> list[tuple[str, str]]:
    """Every (facet, value) that a note is found by."""
    one = {"owner": content.owner, "environment": content.environment}
    pairs = [("file", end) for path in content.files for end in path_ends(path)]
    pairs += [("tool", facet_value(tool)) for tool in (*content.tools, *content.stack)]
    pairs += [("post", post) for post in content.posts]
    pairs += [("run", content.run), *((facet, facet_value(value)) for facet, value in one.items())]
    return [pair for pair in dict.fromkeys(pairs) if pair[1]]


def revision_values(number: int, note: ChangeNote, who: str, what: str) -> Sequence[object]:
    """The row of a revision of a note with storable content."""
    info, content = note.info, note.content
    written = dump(to_document(content))
    times = (info.revision, write_time(info.updated_at))
    return (number, *times, storable(who), storable(what), hash_of(content), written)


def row_to_info(row: Row) -> NoteInfo:
    """The note of a row of `INFO_COLUMNS`."""
    return NoteInfo(
        id=row["id"],
        title=row["title"],
        state=NoteState(row["state"]),
        template=row["template"],
        owner=row["owner"],
        author=row["author"],
        environment=row["environment"],
        host=row["host"],
        rollback=row["rollback"],
        files=read_texts(row["files"]),
        tools=read_texts(row["tools"]),
        posts=read_texts(row["posts"]),
        created_at=read_time(row["created_at"]),
        updated_at=read_time(row["updated_at"]),
        shipped_at=_read_or_none(row["shipped_at"]),
        due_at=_read_or_none(row["due_at"]),
        verified_at=_read_or_none(row["verified_at"]),
        outcome=row["outcome"],
        revision=row["revision"],
    )


def row_to_content(row: Row) -> NoteContent:
    """The content in a row. Raises ValueError, KeyError, TypeError or AttributeError if it is damaged."""
    return from_document(json.loads(row["content"]))


def readable_content(row: Row) -> NoteContent:
    """The content in a row with the `title` of its note; of a damaged one that alone. `doctor` tells which are."""
    try:
        return row_to_content(row)
    except (AttributeError, KeyError, TypeError, ValueError):
        return NoteContent(reason=row["title"])


def is_whole(row: Row) -> bool:
    """Whether a row with a revision's content and hash holds what was saved, and the columns of lists fit the present
    one."""
    try:
        content = row_to_content(row)
        if hash_of(content) != row["content_hash"]:
            return False
        note = ChangeNote(info=row_to_info(row), content=content)
        return row["number"] != row["revision"] or note_row(note).items() <= row.items()
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def row_to_revision(row: Row) -> NoteRevision:
    """The state of a row with `number`, `saved_at`, `who`, `what`, `content` and the note's `title`."""
    return NoteRevision(
        number=row["number"],
        saved_at=read_time(row["saved_at"]),
        who=row["who"],
        what=row["what"],
        content=readable_content(row),
    )


def evidence_values(number: int, evidence: NoteEvidence, text: str) -> Sequence[object]:
    """The row of storable evidence."""
    at = write_time(evidence.at)
    return (number, evidence.number, evidence.origin, evidence.size, at, evidence.who, storable(text))


def storable_evidence(evidence: NoteEvidence, number: int) -> NoteEvidence:
    """The evidence as it can be stored, under the number that it is given."""
    return replace(evidence, number=number, origin=storable(evidence.origin), who=storable(evidence.who))


def row_to_evidence(row: Row) -> NoteEvidence:
    """The evidence of a row of `EVIDENCE_COLUMNS`."""
    return NoteEvidence(
        number=row["number"], origin=row["origin"], size=row["size"], at=read_time(row["at"]), who=row["who"]
    )


def sample_values(note: int, number: int, sample: Sample) -> Sequence[object]:
    """The row of a sample. A value that is not a number becomes none, as in SQLite."""
    metric = sample.metric
    exit_code = None if sample.exit_code is None else max(-_LARGEST, min(sample.exit_code, _LARGEST))
    return (
        *(note, number, storable(metric.name), storable(metric.unit), metric.better.value, sample.phase.value),
        *(sample.value, write_time(sample.at), storable(sample.host), storable(sample.command), exit_code),
        *(sample.seconds, int(sample.is_warm_up), storable(sample.problem)),
    )


def row_to_sample(row: Row) -> Sample:
    """The sample of a row of `SAMPLE_COLUMNS`."""
    return Sample(
        metric=Metric(row["metric"], row["unit"], Better(row["better"])),
        phase=Phase(row["phase"]),
        value=row["value"],
        at=read_time(row["at"]),
        host=row["host"],
        command=row["command"],
        exit_code=row["exit_code"],
        seconds=row["seconds"],
        is_warm_up=bool(row["is_warm_up"]),
        problem=row["problem"],
    )


def _storable(value: Json) -> Json:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): _storable(item) for key, item in value.items()}
    return value


def _time_or_none(time: datetime | None) -> str | None:
    return None if time is None else write_time(time)


def _read_or_none(text: str | None) -> datetime | None:
    return None if text is None else read_time(text)
