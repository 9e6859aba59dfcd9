"""What lists ask SQLite is answered from an index, however large the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from kbtui.core.checklists.run import RunState
from kbtui.core.listing import SORTS
from kbtui.core.notes.change_note import NoteFilter, NoteState
from kbtui.core.ports import Judgement
from kbtui.core.post import FACETS
from kbtui.core.review import ReviewReason
from kbtui.core.searching.clauses import Filter
from kbtui.storage.changes import SqliteNoteStore
from kbtui.storage.checklists import SqliteChecklistStore
from kbtui.storage.connection import Connection
from kbtui.storage.editing import SqliteEditStore
from kbtui.storage.index_queue import SqliteIndexQueue
from kbtui.storage.links import SqliteLinkStore
from kbtui.storage.posts import SqlitePostStore
from kbtui.storage.reading import SqliteReadingStore
from kbtui.storage.reviews import SqliteReviewStore
from kbtui.storage.searches import SqliteSearchLog
from tests.factories import NOON, a_post
from tests.notes import a_note, full_content

FILTERS = (
    (),
    (Filter("tool", ("redis",)),),
    (Filter("tool", ("redis", "psql")), Filter("topic", ("web",), excluded=True)),
)
PLACE = ("notes", "page-1.md")
RUNS_ASKED: dict[str, Callable[[SqliteChecklistStore], object]] = {
    "page": lambda runs: runs.page(states=[RunState.OPEN], limit=10),
    "page of a post": lambda runs: runs.page(states=[RunState.DONE], place=PLACE, limit=10),
    "page of all": lambda runs: runs.page(states=tuple(RunState), limit=10, offset=10),
    "find": lambda runs: runs.find("01A"),
    "version": lambda runs: runs.version("01A"),
    "post_at": lambda runs: runs.post_at(PLACE),
    "beginning_with": lambda runs: runs.beginning_with("01", 3),
    "last_finished": lambda runs: runs.last_finished(PLACE, "tasks"),
    "last_successful": lambda runs: runs.last_successful(PLACE),
    "troubles": lambda runs: runs.troubles(PLACE, 10),
    "open_redlines": lambda runs: runs.open_redlines(None, 10),
    "open_redlines of a post": lambda runs: runs.open_redlines(PLACE, 10),
    "count_open_redlines": lambda runs: runs.count_open_redlines(None),
    "count_open_redlines of a post": lambda runs: runs.count_open_redlines(PLACE),
    "evidence": lambda runs: runs.evidence("01A", 1),
    "values": lambda runs: runs.values("01A"),
}
WANTED = {
    "all": NoteFilter(),
    "state": NoteFilter(states=(NoteState.SHIPPED,)),
    "states": NoteFilter(states=(NoteState.SHIPPED, NoteState.KEPT)),
    "time": NoteFilter(since=NOON, until=NOON),
    "words": NoteFilter(words=("cache",)),
    "file": NoteFilter(files=("nginx.conf",)),
    "files": NoteFilter(files=("nginx.conf", "site.conf")),
    "tool": NoteFilter(tools=("nginx",), since=NOON, states=(NoteState.SHIPPED,)),
    "post": NoteFilter(posts=("nginx-502",), tools=("nginx",)),
    "run": NoteFilter(run="01A"),
    "owner": NoteFilter(owner="platform", environment="production"),
    "due": NoteFilter(due_before=NOON),
    "due of a tool": NoteFilter(due_before=NOON, tools=("nginx",)),
}
NOTES_ASKED: dict[str, Callable[[SqliteNoteStore], object]] = {
    **{
        f"page {name}": lambda notes, wanted=wanted: notes.page(wanted, limit=10, offset=5)  # type: ignore[misc]
        for name, wanted in WANTED.items()
    },
    **{
        f"count {name}": lambda notes, wanted=wanted: notes.count(wanted)  # type: ignore[misc]
        for name, wanted in WANTED.items()
    },
    "related": lambda notes: notes.related(posts=["nginx-502"], tools=["nginx"], files=["nginx.conf"], limit=5),
    "find": lambda notes: notes.find("01A"),
    "beginning_with": lambda notes: notes.beginning_with("01", 3),
    "revisions": lambda notes: notes.revisions("01A", 10),
    "evidence": lambda notes: notes.evidence("01A", 1),
    "samples": lambda notes: notes.samples("01A"),
    "by_document_ids": lambda notes: notes.by_document_ids([1, 2]),
    "document_ids": lambda notes: notes.document_ids(5, 10),
    "documents_by_title": lambda notes: notes.documents_by_title([1, 2, 3], 10, 0),
}
BY = Judgement(NOON.date(), frozenset({1, 2}))
REVIEWS_ASKED: dict[str, Callable[[SqliteReviewStore], object]] = {
    "waiting": lambda reviews: reviews.waiting(BY, tuple(ReviewReason), 10, 10),
    "one": lambda reviews: reviews.one(BY, 1),
    "counts": lambda reviews: reviews.counts(BY),
    "posts_at": lambda reviews: reviews.posts_at([PLACE]),
}
ASKED: dict[str, Callable[[SqlitePostStore], object]] = {
    **{
        f"page {sort} {number}": lambda store, sort=sort, filters=filters: store.page(  # type: ignore[misc]
            sort=sort, filters=filters, limit=20, offset=40
        )
        for sort in SORTS
        for number, filters in enumerate(FILTERS)
    },
    **{
        f"count {number}": lambda store, filters=filters: store.count(filters)  # type: ignore[misc]
        for number, filters in enumerate(FILTERS)
    },
    "facet_counts": lambda store: store.facet_counts(FACETS, within=None, limit=10),
    "facet_counts within": lambda store: store.facet_counts(FACETS, within=[1, 2, 3], limit=10),
    "recent": lambda store: store.recent(10),
    "most_opened": lambda store: store.most_opened(10),
    "by_title of few": lambda store: store.by_title([1, 2, 3], 10, 0),
    "by_title of many": lambda store: store.by_title(range(1, 201), 10, 20),
    "texts": lambda store: store.texts([1, 2]),
    "recent searches": lambda store: SqliteSearchLog(store._connection).recent(10, "page"),
    "find": lambda store: store.find("page-1"),
    "many": lambda store: store.many([1, 2]),
    "all_after": lambda store: store.all_after(5, 10),
    "summaries": lambda store: store.summaries([1, 2, 3]),
    "by_path": lambda store: list(store.by_path("notes", "")),
    "position": lambda store: store.position(1),
    "compare": lambda store: store.compare([a_post()]),
    "local_versions": lambda store: store.local_versions(),
    "local_since": lambda store: SqliteEditStore(store._connection).local_since(1),
    "history": lambda store: SqliteEditStore(store._connection).history(1, 10),
    "revision": lambda store: SqliteEditStore(store._connection).revision(1, 1),
    "backlinks": lambda store: SqliteLinkStore(store._connection).backlinks(1, 10),
    "linked": lambda store: SqliteLinkStore(store._connection).linked(1, 10),
    "leads_to": lambda store: SqliteLinkStore(store._connection).leads_to(
        [("path", "page-2"), ("name", "page 3")], "notes"
    ),
    "called": lambda store: SqliteLinkStore(store._connection).called("page 4", 10),
    "names": lambda store: SqliteLinkStore(store._connection).names([1, 2]),
    "bookmarks": lambda store: SqliteReadingStore(store._connection).bookmarks(10),
    "is_bookmarked": lambda store: SqliteReadingStore(store._connection).is_bookmarked(1),
    "placeholder_values": lambda store: SqliteReadingStore(store._connection).placeholder_values(1),
    **{
        f"runs {name}": lambda store, ask=ask: ask(SqliteChecklistStore(store._connection))  # type: ignore[misc]
        for name, ask in RUNS_ASKED.items()
    },
    **{
        f"notes {name}": lambda store, ask=ask: ask(SqliteNoteStore(store._connection))  # type: ignore[misc]
        for name, ask in NOTES_ASKED.items()
    },
    **{
        f"reviews {name}": lambda store, ask=ask: ask(SqliteReviewStore(store._connection))  # type: ignore[misc]
        for name, ask in REVIEWS_ASKED.items()
    },
    "next_batch": lambda store: SqliteIndexQueue(store._connection).next_batch(10),
    "newest": lambda store: SqliteIndexQueue(store._connection).newest(),
}
SORTED_HERE = {
    "facet_counts within",
    "by_title of few",
    "recent searches",
    "local_versions",
    "history",
    "backlinks",
    "linked",
    "leads_to",
    "notes documents_by_title",
    "runs last_finished",
    "runs last_successful",
    "runs open_redlines",
    "runs open_redlines of a post",
    "runs troubles",
    "reviews waiting",
    "reviews one",
    "reviews counts",
}
"""What sorts the few rows that it was asked about; what needs a human is judged from one narrow index."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlitePostStore]:
    with closing(Connection(tmp_path_factory.mktemp("plans") / "library")) as connection:
        made = SqlitePostStore(connection)
        made.save([a_post(title=f"page {n}", tools=("redis",), topic="web", views=n) for n in range(200)], NOON)
        made.record_opened(1, NOON)
        for minute in range(50):
            SqliteNoteStore(connection).add(a_note(minute, content=full_content()), "written")
        yield made


def plans(store: SqlitePostStore, ask: Callable[[SqlitePostStore], object]) -> list[str]:
    """The plan of every SELECT that `ask` issues."""
    connection = store._connection
    traced: list[str] = []
    connection._connection.set_trace_callback(traced.append)
    try:
        ask(store)
    finally:
        connection._connection.set_trace_callback(None)
    selects = [sql for sql in traced if sql.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert selects
    return [row["detail"] for sql in selects for row in connection.query(f"EXPLAIN QUERY PLAN {sql}")]


@pytest.mark.parametrize("name", sorted(ASKED))
def test_no_list_reads_the_whole_library(store: SqlitePostStore, name: str) -> None:
    steps = plans(store, ASKED[name])
    scans = [step for step in steps if step.startswith("SCAN") and "INDEX" not in step and "VIRTUAL TABLE" not in step]
    # The subqueries are a few namesakes, and the marks of the runs of one post.
    allowed = {
        "SCAN index_queue",
        "SCAN sqlite_sequence",
        "SCAN CONSTANT ROW",
        "SCAN troubled",
        "SCAN (subquery-1)",
        "SCAN (subquery-2)",
    }
    assert set(scans) <= allowed
    if name not in SORTED_HERE:
        assert [step for step in steps if "TEMP B-TREE" in step] == []


def test_no_list_touches_the_texts(store: SqlitePostStore) -> None:
    for name, ask in ASKED.items():
        if name not in {"find", "many", "all_after", "texts", "history", "revision"}:
            assert not any("post_texts" in step for step in plans(store, ask)), name
