"""Our index against two judges: Whoosh's own query classes over the same files, and a plain comparison of documents."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.index import FileIndex
from whoosh.query import And, Every, Not, Or, Phrase, Prefix
from whoosh.query import Query as WhooshQuery
from whoosh.query import Term as WhooshTerm

from kbtui.core.index_document import IndexDocument
from kbtui.core.searching.clauses import Filter, Group, Query, Range, Term, TermKind
from kbtui.search.analysis import words, written
from kbtui.search.fields import TEXT, VALUE, value_term
from kbtui.search.index import WhooshIndex
from kbtui.search.indexes import WhooshIndexes
from kbtui.search.toc import IndexStorage

VOCABULARY = ["disk", "full", "nginx", "kube-proxy", "restart", "the", "CrashLoop", "502", "a.b", "größe", "c++"]
TOOLS = ["redis", "psql", "visual studio"]

texts = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)


@st.composite
def documents(draw: st.DrawFn, first: int = 1) -> list[IndexDocument]:
    """A few documents of few words, so that many match."""
    return [
        IndexDocument(
            first + at,
            (draw(texts) or "none",),
            body=draw(texts),
            values=tuple(("tool", tool) for tool in draw(st.lists(st.sampled_from(TOOLS), unique=True, max_size=2))),
            numbers={"views": draw(st.integers(0, 5))} if draw(st.booleans()) else {},
        )
        for at in range(draw(st.integers(0, 12)))
    ]


Change = tuple[list[IndexDocument], list[int]]
changes = st.lists(st.tuples(documents(), st.lists(st.integers(1, 12), max_size=3)), max_size=6)


def built(folder: Path, start: Sequence[IndexDocument], applied: Sequence[Change]) -> dict[int, IndexDocument]:
    """An index that went through some changes, and the documents that it should hold."""
    indexes = WhooshIndexes(folder)
    indexes.build(1, start, 1)
    held = {document.key: document for document in start}
    with closing(indexes.open(1)) as index:
        for stamp, (added, removed) in enumerate(applied, 2):
            index.apply(added, removed, stamp)
            held = {key: document for key, document in held.items() if key not in removed}
            held |= {document.key: document for document in added}
            assert index.stamp() == stamp
    return held


def by_whoosh(folder: Path, query: WhooshQuery) -> set[int]:
    """The keys that Whoosh's own matchers find."""
    (place,) = [entry for entry in folder.iterdir() if entry.is_dir()]
    reader = FileIndex(IndexStorage(place)).reader()
    found = set()
    with closing(reader):
        from whoosh.searching import Searcher

        searcher = Searcher(reader)
        for number in searcher.docs_for_query(query):
            for leaf, base in reader.leaf_readers():
                if base <= number < base + leaf.doc_count_all():
                    found.add(leaf._terms.segment.key(number - base))
    return found


def whoosh_word(word: str) -> WhooshQuery:
    parts = list(written(word).parts)
    return WhooshTerm(TEXT, parts[0]) if len(parts) == 1 else Phrase(TEXT, parts)


def has(document: IndexDocument, word: str) -> bool:
    """Whether a document has a word, its parts in a row; by comparing lists of words."""
    wanted = list(written(word).parts)
    for text in (*document.names, document.body):
        parts = [part for match in words(text) for part in written(match.group()).parts]
        if any(parts[at : at + len(wanted)] == wanted for at in range(len(parts))):
            return True
    return False


ours = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("oracle")


@ours
@given(start=documents(), applied=changes, data=st.data())
def test_sets_are_those_of_both_judges(
    tmp_path_factory: pytest.TempPathFactory, start: list[IndexDocument], applied: list[Change], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("oracle") / "index"
    held = built(folder, start, applied)
    one, other = data.draw(st.sampled_from(VOCABULARY)), data.draw(st.sampled_from(VOCABULARY))
    tool, views = data.draw(st.sampled_from(TOOLS)), data.draw(st.integers(0, 5))
    must = Term(one, TermKind.PHRASE)
    with closing(WhooshIndexes(folder).open(1)) as index:
        assert index.count() == len(held)
        both = Query("", (must, Term(other, TermKind.PHRASE)))
        check(index, folder, both, And([whoosh_word(one), whoosh_word(other)]))
        assert set(index.matching(both)) == {k for k, d in held.items() if has(d, one) and has(d, other)}
        without = Query("", (must, Term(other, TermKind.PHRASE, excluded=True)))
        check(index, folder, without, And([whoosh_word(one), Not(whoosh_word(other))]))
        either = Query("", (Group((Term(one, TermKind.PHRASE), Term(other, TermKind.PHRASE)), any=True),))
        check(index, folder, either, Or([whoosh_word(one), whoosh_word(other)]))
        filtered = Query("", (Filter("tool", (tool,)),))
        check(index, folder, filtered, WhooshTerm(VALUE, value_term("tool", tool)))
        ranged = Query("", (Range("views", low=views),))
        assert set(index.matching(ranged)) == {k for k, d in held.items() if d.numbers.get("views", -1) >= views}
        begins = Query("", (Term("rest", TermKind.PREFIX, excluded=True),))
        check(index, folder, begins, And([Every(), Not(Prefix(TEXT, "rest"))]))


def check(index: WhooshIndex, folder: Path, query: Query, judge: WhooshQuery) -> None:
    assert set(index.matching(query)) == by_whoosh(folder, judge)


def test_facets_are_counted_alike_one_by_one_and_by_sets(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = [
        IndexDocument(n, (f"page {n}",), body="disk", values=tuple(("tool", t) for t in TOOLS[: n % 4]))
        for n in range(1, 200)
    ]
    WhooshIndexes(fresh / "index").build(1, held, 1)
    with closing(WhooshIndexes(fresh / "index").open(1)) as index:
        one_by_one = index.search(Query("", (Term("disk"),)), limit=5, facets=("tool",)).facets
        monkeypatch.setattr("kbtui.search.facets.FEW", 0)
        assert index.search(Query("", (Term("disk"),)), limit=5, facets=("tool",)).facets == one_by_one
    assert {count.value: count.count for count in one_by_one["tool"]} == {
        tool: sum(n % 4 > at for n in range(1, 200)) for at, tool in enumerate(TOOLS)
    }


def test_many_changes_keep_few_segments_and_one_state_of_each_document(fresh: Path) -> None:
    indexes = WhooshIndexes(fresh / "index")
    indexes.build(1, [IndexDocument(n, (f"page {n}",), body="old") for n in range(1, 50)], 1)
    with closing(indexes.open(1)) as index:
        for turn in range(120):
            index.apply([IndexDocument(1 + turn % 49, (f"page {turn}",), body=f"new word{turn}")], [], 2 + turn)
        assert index.count() == 49
        assert len(index.matching(Query("", (Term("new"),)))) == 49
        assert index.matching(Query("", (Term("old"),))) == []
        assert index.matching(Query("", (Term("word119"),))) == [1 + 119 % 49]
    files = list((fresh / "index").rglob("*.kbs"))
    assert len(files) <= 20


def test_two_processes_build_what_one_builds(fresh: Path) -> None:
    held = [IndexDocument(n, (f"page {n}",), body=f"disk word{n % 7} " * 5) for n in range(1, 700)]
    answers = []
    for processes in (1, 2):
        indexes = WhooshIndexes(fresh / f"index{processes}")
        indexes.build(1, held, 3, processes=processes)
        with closing(indexes.open(1)) as index:
            index.verify()
            answers.append([sorted(index.matching(Query("", (Term(f"word{n}"),)))) for n in range(7)])
            assert (index.count(), index.stamp()) == (699, 3)
            assert index.revisions() == dict.fromkeys(range(1, 700), 0)
    assert answers[0] == answers[1]
