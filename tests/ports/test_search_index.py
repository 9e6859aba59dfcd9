"""What every `SearchIndexes` and `SearchIndex` promises."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.core.errors import IndexUnusableError
from kbtui.core.index_document import IndexDocument, index_document
from kbtui.core.ports import SearchIndex, SearchIndexes
from kbtui.core.post import Post
from kbtui.core.searching.clauses import Filter, Query
from kbtui.core.searching.query import MAX_QUERY_LENGTH, parse_query
from tests.corpora import CORPORA
from tests.factories import posts, texts
from tests.linear import Repeated, assert_linear

FILLER = "The quick brown fox looks at the weather and reports nothing of interest to anybody on call today."


def doc(number: int, title: str, text: str = "", **fields: tuple[str, ...]) -> IndexDocument:
    facets = tuple(tuple(pair.split("=", 1)) for pair in fields.get("facets", ()))
    return IndexDocument(
        key=number,
        names=(title, *fields.get("aliases", ())),
        labels=fields.get("keywords", ()),
        body=text or FILLER,
        values=tuple((facet, value) for facet, value in facets),
    )


WORDS = ["alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett", "kilo", "lima"]


class Shelf:
    """An index with documents in it, asked by the titles of what it finds."""

    def __init__(self, indexes: SearchIndexes) -> None:
        self.indexes = indexes
        self.open: SearchIndex | None = None

    def build(self, documents: Iterable[IndexDocument], stamp: int = 1) -> SearchIndex:
        self.indexes.build(1, documents, stamp)
        self.open = self.indexes.open(1)
        return self.open

    def find(self, text: str, *, typing: bool = False, index: SearchIndex | None = None) -> list[int]:
        used = index or self.open
        assert used is not None
        matches = used.search(parse_query(text, typing=typing), limit=100)
        ids = [hit.key for hit in matches.page]
        assert sorted(ids) == sorted(used.matching(parse_query(text, typing=typing)))
        assert len(set(ids)) == len(ids) == matches.total
        assert [hit.partial for hit in matches.page].count(False) == matches.complete
        for partial in (False, True):
            scores = [hit.score for hit in matches.page if hit.partial is partial]
            assert scores == sorted(scores, reverse=True)
        return ids


@pytest.fixture
def shelf(indexes: SearchIndexes) -> Iterator[Shelf]:
    made = Shelf(indexes)
    yield made
    if made.open is not None:
        made.open.close()


# Life


def test_an_absent_index_is_unusable(indexes: SearchIndexes) -> None:
    with pytest.raises(IndexUnusableError):
        indexes.open(1)
    indexes.keep_only(3)


def test_building_stamps_counts_and_switching(indexes: SearchIndexes) -> None:
    with indexes.exclusive(10):
        indexes.build(1, [], 0)
        indexes.build(2, [doc(5, "five"), doc(6, "six")], 41)
    with closing(indexes.open(1)) as empty, closing(indexes.open(2)) as filled:
        assert (empty.count(), empty.stamp()) == (0, 0)
        assert empty.search(parse_query("five"), limit=5).total == 0
        assert (filled.count(), filled.stamp()) == (2, 41)
        assert filled.size() > 0
    indexes.build(2, [doc(7, "seven")], 42)
    indexes.keep_only(2)
    with closing(indexes.open(2)) as again:
        assert (again.count(), again.stamp()) == (1, 42)
    with pytest.raises(IndexUnusableError):
        indexes.open(1)


def test_a_build_that_fails_is_no_index_of_another_generation(indexes: SearchIndexes) -> None:
    indexes.build(1, [doc(1, "one")], 1)

    def broken() -> Iterator[IndexDocument]:
        yield doc(1, "one")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        indexes.build(2, broken(), 2)
    with closing(indexes.open(1)) as index:
        assert index.count() == 1
    indexes.build(2, [doc(1, "one"), doc(2, "two")], 2)
    with closing(indexes.open(2)) as index:
        assert index.count() == 2


def test_changes_are_visible_at_once_to_every_open_index(shelf: Shelf) -> None:
    writer = shelf.build([doc(1, "alpha", "red apple"), doc(2, "beta", "red pear")])
    with closing(shelf.indexes.open(1)) as reader:
        for index in (writer, reader):
            assert sorted(shelf.find("red", index=index)) == [1, 2]
        writer.apply([doc(3, "gamma", "red plum"), doc(1, "alpha", "green apple")], [2], 9)
        for index in (writer, reader):
            assert shelf.find("red", index=index) == [3]
            assert shelf.find("green", index=index) == [1]
            assert shelf.find("beta", index=index) == []
            assert (index.stamp(), index.count()) == (9, 2)
        writer.apply([], [1, 3, 77], 10)
        for index in (writer, reader):
            assert shelf.find("green", index=index) == shelf.find("red", index=index) == []
            assert (index.stamp(), index.count()) == (10, 0)


def test_many_small_changes_keep_one_document_per_post(shelf: Shelf) -> None:
    index = shelf.build([doc(n, f"title {n}", "start") for n in range(1, 6)])
    for turn in range(12):
        index.apply([doc(1 + turn % 5, "title", f"{WORDS[turn]}")], [], 10 + turn)
    assert (index.count(), index.stamp()) == (5, 21)
    assert shelf.find("lima") == [2]
    assert shelf.find("delta") == []
    assert shelf.find("start") == []


def test_applying_the_same_again_changes_nothing(shelf: Shelf) -> None:
    index = shelf.build([doc(1, "alpha"), doc(2, "beta")])
    for _ in range(3):
        index.apply([doc(3, "gamma", "rare word")], [1], 5)
    assert (index.count(), shelf.find("rare"), index.stamp()) == (2, [3], 5)


# Finding


def test_a_page_is_a_part_of_all(shelf: Shelf) -> None:
    index = shelf.build([doc(n, f"page {n}", "disk " * (n % 9 + 1)) for n in range(1, 31)])
    whole = shelf.find("disk")
    paged = []
    for at in range(0, 40, 7):
        matches = index.search(parse_query("disk"), limit=7, offset=at)
        assert matches.total == 30
        paged += [hit.key for hit in matches.page]
    assert paged == whole


def test_exact_names_come_first(shelf: Shelf) -> None:
    shelf.build(
        [
            doc(1, "Connection pool guide", "connection pool " * 40),
            doc(2, "Connection pool", FILLER * 20),
            doc(3, "Other", "about the connection pool", aliases=("DB connections", "KubePodCrashLooping")),
            doc(4, "Connection", "pool"),
        ]
    )
    assert shelf.find("connection pool")[0] == 2
    assert shelf.find("CONNECTION  Pool")[0] == 2
    assert shelf.find("db connections")[0] == 3
    assert shelf.find("kubepodcrashlooping")[0] == 3


SYMPTOM = {
    1: "replication lag on the primary database " + FILLER,
    2: "replication lag " + FILLER * 2,
    3: "database database database " + FILLER,
    4: FILLER,
}


def test_all_words_beat_some(shelf: Shelf) -> None:
    shelf.build([doc(n, f"page {n}", text) for n, text in SYMPTOM.items()])
    found = shelf.find("replication lag database")
    assert found[0] == 1
    assert sorted(found) == [1, 2, 3]
    assert sorted(shelf.find("replication lag nonexistentword")) == [1, 2]


def test_most_words_beat_one(shelf: Shelf) -> None:
    shelf.build([doc(n, f"page {n}", text) for n, text in SYMPTOM.items()])
    assert shelf.find("replication lag database") == [1, 2, 3]


def test_titles_weigh_more_than_text(shelf: Shelf) -> None:
    shelf.build([doc(1, "Something", f"{FILLER} certificate"), doc(2, "Certificate renewal", FILLER)])
    assert shelf.find("certificate") == [2, 1]


def test_the_reading_has_the_corrections_that_a_search_made(shelf: Shelf) -> None:
    index = shelf.build([doc(1, "Connection reset", "haproxy"), doc(2, "Disk full", "inodes")])
    for text in ("connection disk", "conection", "-full conection"):
        query = parse_query(text)
        assert index.reading(query) == index.search(query, limit=0).reading
        assert sorted(index.matching(index.reading(query))) == sorted(index.matching(query))
    assert index.reading(parse_query("conection")) != parse_query("conection")


def test_phrases_are_words_in_a_row(shelf: Shelf) -> None:
    shelf.build(
        [
            doc(1, "one", "connection reset by peer"),
            doc(2, "two", "reset the connection by hand"),
            doc(3, "Connection reset", "title only"),
        ]
    )
    assert sorted(shelf.find('"connection reset"')) == [1, 3]
    assert shelf.find('"reset connection"') == []
    assert shelf.find('"by peer" reset') == [1]
    assert shelf.find('-"connection reset" reset') == [2]


def test_prefixes(shelf: Shelf) -> None:
    shelf.build(
        [
            doc(1, "one", "crashing loops"),
            doc(2, "two", "crash"),
            doc(3, "three", "scratch"),
            doc(4, "4", "--dry-run /etc/nginx"),
        ]
    )
    assert sorted(shelf.find("crash*")) == [1, 2]
    assert sorted(shelf.find("cra", typing=True)) == [1, 2]
    assert shelf.find("/etc/ng", typing=True) == [4]
    assert shelf.find("--dr*") == [4]
    assert shelf.find("zzz*") == []


def test_words_are_found_in_other_forms_and_accents(shelf: Shelf) -> None:
    shelf.build(
        [doc(1, "one", "Restarting services"), doc(2, "two", "Größe der Café-Tabelle"), doc(3, "three", "𝐇𝐞𝐥𝐥𝐨")]
    )
    assert shelf.find("restart service") == [1]
    assert shelf.find("GROSSE") == shelf.find("größe") == [2]
    assert shelf.find("cafe") == [2]
    assert shelf.find("hello") == [3]


def test_exclusions(shelf: Shelf) -> None:
    shelf.build([doc(1, "one", "disk docker"), doc(2, "two", "disk full"), doc(3, "three", "full docker image")])
    assert shelf.find("disk -docker") == [2]
    assert sorted(shelf.find("-docker")) == [2]
    assert sorted(shelf.find("-dock*")) == [2]
    assert shelf.find("disk -docker -full") == []
    assert sorted(shelf.find("-nothing")) == [1, 2, 3]


@pytest.mark.parametrize("identifier", ["kube-proxy", "10.0.0.1", "max_connections", "CrashLoop"])
def test_an_excluded_identifier_takes_out_only_pages_with_it(shelf: Shelf, identifier: str) -> None:
    shelf.build(
        [
            doc(1, "one", f"disk and {identifier} here"),
            doc(2, "two", "disk of the proxy of kube; a loop after the crash; max of 10 connections"),
        ]
    )
    assert shelf.find(f"disk -{identifier}") == [2]


def test_filters(shelf: Shelf) -> None:
    shelf.build(
        [
            doc(1, "one", "disk", facets=("tool=redis", "topic=web")),
            doc(2, "two", "disk", facets=("tool=psql", "topic=web")),
            doc(3, "three", "other", facets=("tool=visual studio",)),
        ]
    )
    assert shelf.find("tool:redis") == [1]
    assert sorted(shelf.find("tool:redis,psql disk")) == [1, 2]
    assert shelf.find('tool:"visual studio"') == [3]
    assert shelf.find("topic:web -tool:redis") == [2]
    assert sorted(shelf.find("-topic:web")) == [3]
    assert shelf.find("tool:redis topic:db") == []
    assert shelf.find("disk tool:nothing") == shelf.find("tool:nothing") == shelf.find("tool:studi") == []
    assert shelf.find("tool:studio") == [3]
    assert sorted(shelf.find("-tool:nothing")) == [1, 2, 3]
    matches = shelf.open.search(parse_query("topic:web"), limit=5) if shelf.open else None
    assert matches is not None
    assert [hit.score for hit in matches.page] == [0.0, 0.0]


IDENTIFIERS = (
    "kube-proxy",
    "--dry-run",
    "-r",
    "/etc/nginx/nginx.conf",
    "KubePodCrashLooping",
    "max_connections",
    "c++",
    "c#",
    "10.0.0.1",
    "v1.2.3",
    "CVE-2024-1234",
    "ERR_SSL_PROTOCOL_ERROR",
    "user@example.org",
    "node:18-alpine",
    "$HOME/.ssh",
    ".env",
    "std::vector",
    "https://example.org/a/b",
    "502",
)


def identifier_library() -> list[IndexDocument]:
    """A page for each identifier, among pages that are full of its parts."""
    documents = [
        doc(n, f"Page {n}", f"{FILLER} Then {identifier}, and so on. {FILLER}")
        for n, identifier in enumerate(IDENTIFIERS, 1)
    ]
    parts = "kube proxy dry run etc nginx conf pod crash looping max connections c 10 0 1 v1 2 3 cve 2024 1234 err ssl"
    documents += [doc(100 + n, word, f"{word} " * 30) for n, word in enumerate(parts.split())]
    return documents


def test_identifiers_are_found_whole_and_first(shelf: Shelf) -> None:
    shelf.build(identifier_library())
    wrong = {i: shelf.find(i)[:3] for n, i in enumerate(IDENTIFIERS, 1) if shelf.find(i)[:1] != [n]}
    assert wrong == {}
    wrong = {i: shelf.find(f'"{i}"')[:3] for n, i in enumerate(IDENTIFIERS, 1) if n not in shelf.find(f'"{i}"')[:1]}
    assert wrong == {}


@pytest.mark.parametrize(
    ("query", "identifier"),
    [
        ("kube", "kube-proxy"),
        ("dry-run", "--dry-run"),
        ("nginx.conf", "/etc/nginx/nginx.conf"),
        ("crash loop", "KubePodCrashLooping"),
        ("connections", "max_connections"),
        ("cve", "CVE-2024-1234"),
        ("cve-2024-1234", "CVE-2024-1234"),
        ("kubepodcrashlooping", "KubePodCrashLooping"),
        ("ssl protocol", "ERR_SSL_PROTOCOL_ERROR"),
    ],
)
def test_identifiers_are_found_by_their_parts_and_in_any_case(shelf: Shelf, query: str, identifier: str) -> None:
    shelf.build(identifier_library()[: len(IDENTIFIERS)])
    assert IDENTIFIERS.index(identifier) + 1 in shelf.find(query)


def test_signs_alone_are_found_too(shelf: Shelf) -> None:
    shelf.build([doc(1, "[["), doc(2, "!!", aliases=("bang",)), doc(3, "other")])
    assert shelf.find("[[") == [1]
    assert shelf.find("!!") == [2]
    assert shelf.find("((") == []


def test_spans_lie_on_the_words_that_match(shelf: Shelf) -> None:
    index = shelf.build([doc(1, "one")])
    text = "Restarting kube-proxy; the proxy restarts. Größe! crash crashing"

    def marked(query: str) -> list[str]:
        return [text[a:b] for a, b in index.spans(parse_query(query), text)]

    assert marked("restart") == ["Restarting", "restarts"]
    assert marked("grosse cra*") == ["Größe", "crash", "crashing"]
    assert marked("-restart") == marked("tool:x") == marked("nothing") == []
    assert "kube-proxy" in marked("kube-proxy")


# Any text


MakeIndexes = Callable[[Path], SearchIndexes]
Sound = Callable[[MakeIndexes], SearchIndex]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sound]:
    """Builds one index of odd documents for the module; opened again by each test."""
    built: list[SearchIndex] = []

    def opened(make_indexes: MakeIndexes) -> SearchIndex:
        if not built:
            indexes = make_indexes(tmp_path_factory.mktemp("sound") / "index")
            indexes.build(1, identifier_library(), 1)
            built.append(indexes.open(1))
        return built[0]

    yield opened
    for index in built:
        index.close()


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts(50, surrogates=True), typing=st.booleans())
def test_no_query_makes_a_sound_index_fail(make_indexes: MakeIndexes, sound: Sound, text: str, typing: bool) -> None:
    query, index = parse_query(text, typing=typing), sound(make_indexes)
    matches = index.search(query, limit=5)
    assert len(matches.page) <= 5
    for start, end in index.spans(query, text):
        assert 0 <= start < end <= len(text)


def test_naughty_strings_do_not_make_it_fail(make_indexes: MakeIndexes, sound: Sound) -> None:
    file = CORPORA / "naughty-strings" / "blns.json"
    if not file.exists():
        pytest.skip("the corpus is not here")
    index = sound(make_indexes)
    for number, text in enumerate(json.loads(file.read_text(encoding="utf-8"))):
        query = parse_query(text, typing=number % 2 == 0)
        assert len(index.search(query, limit=3).page) <= 3
        index.spans(query, text)


@pytest.mark.parametrize(
    "text_of",
    [
        pytest.param(lambda n: " ".join(f"{chr(97 + k % 26)}*" for k in range(n // 24)), id="letters"),
        Repeated("a"),
        Repeated("a-b-c-d-e-f-g-h-i-j-"),
        Repeated("aB"),
        Repeated("the quick ", before='"', after='"'),
        pytest.param(lambda n: " ".join(f"-word{k}" for k in range(n // 30)), id="-words"),
        pytest.param(lambda n: "tool:" + ",".join(f"v{k}" for k in range(n // 5)), id="tool:values"),
        Repeated("-"),
    ],
    ids=str,
)
def test_hostile_queries_are_answered_soon(
    make_indexes: MakeIndexes, sound: Sound, text_of: Callable[[int], str]
) -> None:
    index = sound(make_indexes)
    assert_linear(lambda text: index.search(parse_query(text), limit=10), text_of, MAX_QUERY_LENGTH // 8)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_posts=st.lists(posts(), max_size=3))
def test_any_post_can_be_indexed(indexes: SearchIndexes, given_posts: list[Post]) -> None:
    documents = [index_document(post) for post in given_posts]
    numbered = [replace(document, key=number) for number, document in enumerate(documents, 1)]
    indexes.build(1, numbered, 1)
    with closing(indexes.open(1)) as index:
        assert index.count() == len(numbered)
        index.apply(numbered, [1], 2)
        assert index.count() == len(numbered)
        for document in numbered:
            for field, value in document.values:
                query = Query("", (Filter(field, (value,)),))
                assert document.key in index.matching(query)


@pytest.mark.parametrize(
    "line_of",
    [Repeated("-"), Repeated("."), Repeated("-", before="a"), Repeated("aA"), Repeated("/", after="a")],
    ids=str,
)
def test_a_hostile_text_is_indexed_soon(indexes: SearchIndexes, line_of: Repeated) -> None:
    assert_linear(lambda line: indexes.build(1, [doc(1, "one", line)], 1), line_of, 25_000)
