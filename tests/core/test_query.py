"""The query language takes any text, and reads what an engineer pastes as words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.searching.clauses import (
    KNOWN_GOOD,
    RANGE_FIELDS,
    Clause,
    Filter,
    Group,
    Query,
    Range,
    Term,
    TermKind,
    resolved,
)
from kbtui.core.searching.query import MAX_NOTES, MAX_QUERY_LENGTH, MAX_TERMS, SYNTAX, parse_query
from tests.factories import texts
from tests.linear import Repeated, assert_linear

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
TODAY = date(2026, 3, 1)


def words(text: str) -> list[str]:
    clauses = parse_query(text).clauses
    found = [clause for clause in clauses if isinstance(clause, Term)]
    assert len(found) == len(clauses)
    assert all(term.kind is TermKind.WORD and not term.excluded for term in found)
    return [term.text for term in found]


def only(text: str, *, typing: bool = False) -> Clause:
    query = parse_query(text, typing=typing)
    assert query.notes == ()
    (clause,) = query.clauses
    return clause


def leaves(clauses: tuple[Clause, ...]) -> Iterator[Clause]:
    for clause in clauses:
        if isinstance(clause, Group):
            assert len(clause.clauses) > 1
            yield from leaves(clause.clauses)
        else:
            yield clause


def is_sound(query: Query) -> bool:
    found = list(leaves(query.clauses))
    return (
        len(query.text) <= MAX_QUERY_LENGTH
        and len(found) <= MAX_TERMS
        and all(clause.text.strip() for clause in found if isinstance(clause, Term))
        and all(clause.values and all(clause.values) for clause in found if isinstance(clause, Filter))
        and all(clause.field in {*RANGE_FIELDS, KNOWN_GOOD} for clause in found if isinstance(clause, Range))
        and not any(isinstance(c, Group) and not c.any and not c.excluded for c in query.clauses)
        and query.is_empty == (not query.clauses)
        and len(query.notes) <= MAX_NOTES
        and all(len(note) < 300 and note.endswith(".") for note in query.notes)
    )


@given(texts(80, surrogates=True), st.booleans())
def test_any_text_is_a_query(text: str, typing: bool) -> None:
    query = parse_query(text, typing=typing)
    assert is_sound(query)
    query.text.encode()  # what was typed can be stored and sent on


pieces = st.sampled_from(
    [
        *'-":*,() \t/\\é.<>=',
        "OR",
        "AND",
        "tool:",
        "lang:",
        "has:",
        "is:",
        "reviewed:",
        "views:",
        "meta.x:",
        "2025",
        "-(",
        "90d",
        "a",
        "..",
        "stale",
    ]
)


@given(st.lists(pieces, max_size=40).map("".join), st.booleans())
def test_any_heap_of_signs_is_a_query(text: str, typing: bool) -> None:
    query = parse_query(text, typing=typing)
    assert is_sound(query)
    assert is_sound(resolved(query, TODAY))


@given(st.lists(pieces, max_size=20).map(" ".join))
def test_any_query_is_read_the_same_in_parentheses(text: str) -> None:
    query = parse_query(text)
    if text.count("(") == text.count(")") == text.count('"') == 0 and query.clauses:
        assert parse_query(f"( {text} )").clauses == query.clauses


def test_naughty_strings_are_queries() -> None:
    file = CORPORA / "naughty-strings" / "blns.json"
    if not file.exists():
        pytest.skip("the corpus is not here")
    for text in json.loads(file.read_text(encoding="utf-8")):
        assert is_sound(parse_query(text))
        assert is_sound(parse_query(text, typing=True))


@pytest.mark.parametrize(
    "piece",
    ["x", "(", ")", "()", "((a) ", "-(", '"', 'tool:"', '""', "a,", "tool:a,", "OR ", "a OR ", "x:y ", "-", ".."],
)
def test_a_megabyte_takes_no_time(piece: str) -> None:
    def read(text: str) -> None:
        assert is_sound(parse_query(text))
        assert is_sound(parse_query("tool:" + text, typing=True))

    assert_linear(read, Repeated(piece), 250)
    assert_linear(read, Repeated(piece), 125_000)


def test_words_phrases_prefixes_and_exclusions() -> None:
    assert parse_query('nginx "connection  reset" crash* -docker -"bad gateway" -kube*').clauses == (
        Term("nginx"),
        Term("connection reset", TermKind.PHRASE),
        Term("crash", TermKind.PREFIX),
        Term("docker", excluded=True),
        Term("bad gateway", TermKind.PHRASE, excluded=True),
        Term("kube", TermKind.PREFIX, excluded=True),
    )


A, B, C, D = (Term(letter) for letter in "abcd")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a OR b c", (Group((A, B), any=True), C)),
        ("a OR b OR c d", (Group((A, B, C), any=True), D)),
        ("a (b OR c) d", (A, Group((B, C), any=True), D)),
        ("(a OR b) OR (c OR d)", (Group((A, B, C, D), any=True),)),
        ("(a b) OR c", (Group((Group((A, B)), C), any=True),)),
        ("a OR tool:x", (Group((A, Filter("tool", ("x",))), any=True),)),
        ('a OR "b c"', (Group((A, Term("b c", TermKind.PHRASE)), any=True),)),
        ("a OR -docker", (Group((A, Term("docker", excluded=True)), any=True),)),
        ("(a (b (c d)))", (A, B, C, D)),
        ("((a))", (A,)),
        ("a -(b c)", (A, Group((B, C), excluded=True))),
        ("a -(b OR c)", (A, Group((B, C), any=True, excluded=True))),
        ("-(tool:x)", (Filter("tool", ("x",), excluded=True),)),
        ("-(-docker)", (Term("docker"),)),
        ("-(a -(b c))", (Group((A, Group((B, C), excluded=True)), excluded=True),)),
        ("a AND b", (A, B)),
        ("a AND (b OR c)", (A, Group((B, C), any=True))),
        ("( a OR b ) c", (Group((A, B), any=True), C)),
        ("OR a", (Term("OR"), A)),
        ("a OR", (A, Term("OR"))),
        ("a AND", (A, Term("AND"))),
        ("(a OR) b", (A, Term("OR"), B)),
        ("a OR OR b", (A, Group((Term("OR"), B), any=True))),
        ("a or b", (A, Term("or"), B)),
        ('a "OR" b', (A, Term("OR", TermKind.PHRASE), B)),
        ('a OR "" b', (A, B)),
    ],
)
def test_alternatives_and_groups(text: str, expected: tuple[Clause, ...]) -> None:
    assert parse_query(text).clauses == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(foo() OR bar)", Group((Term("foo()"), Term("bar")), any=True)),
        ("(bar OR foo())", Group((Term("bar"), Term("foo()")), any=True)),
        ("(f(x) OR https://example.org/a(b))", Group((Term("f(x)"), Term("https://example.org/a(b)")), any=True)),
        ('(tool:redis OR tool:"a b")', Group((Filter("tool", ("redis",)), Filter("tool", ("a b",))), any=True)),
        ("(tag:f(x))", Filter("tag", ("f(x)",))),
    ],
)
def test_parentheses_inside_of_words_group_nothing(text: str, expected: Clause) -> None:
    assert only(text) == expected


@pytest.mark.parametrize(
    "pasted",
    [
        "kubectl rollout restart --dry-run",
        "cp -r a b",
        "rm -rf /tmp/x",
        "grep -i foo",
        "std::vector http://host:8080/x C:\\temp 10:30 foo:bar a@b",
        "10.0.0.1 v1.2.3 CVE-2024-1234 c++ KubePodCrashLooping max_connections",
        "/etc/nginx/nginx.conf kube-proxy - * ** : :: topic:",
        "ERR_SSL_PROTOCOL_ERROR [error] {} () <host> $HOME ~/.ssh",
        'echo 5" floppy',
        "node:18-alpine foo() f(x) list[int] 10.0.0.1:8080 error: something :-) ( ) (b",
        "2024-01-02T10:00:00Z level:info https://example.org/a(b) file:///etc/x title::y tool: redis",
        "panic(cpu 0 caller 0xffffff80002c4c6a): Kernel trap",
    ],
)
def test_what_is_pasted_stays_words(pasted: str) -> None:
    assert words(pasted) == pasted.split()


@pytest.mark.parametrize(
    "pasted",
    [
        "Jan 02 10:00:00 web-01 nginx[123]: connect() failed (111: Connection refused) while connecting to upstream",
        "time:10:00 state:run host:web-01 hash:abc user:x stack trace: view:1 Caused by: java.io.IOException: broken",
        'level=error msg="failed to sync" err:"(timeout)" code:7',
        "fatal: unable to access 'https://example.org/': Could not resolve host",
        "(1) restart (2) check :)",
    ],
)
def test_a_pasted_line_is_read_without_remarks(pasted: str) -> None:
    assert parse_query(pasted).notes == ()


def test_an_unknown_field_is_text() -> None:
    assert only('error:"disk full"') == Term("error:disk full", TermKind.PHRASE)


@pytest.mark.parametrize(
    ("text", "read", "remark"),
    [
        ("too:redis", Term("too:redis"), "too:, it is searched as text; the nearest is tool:"),
        ("topics:x y", Term("topics:x"), "nearest is topic:"),
        ("reviewed:2025-13", Term("reviewed:2025-13"), "that is no date"),
        ("reviewed:2025-02-30", Term("reviewed:2025-02-30"), "that is no date"),
        ("reviewed:<0001", Term("reviewed:<0001"), "that is no date"),
        ("updated:..", Term("updated:.."), "that is no date"),
        ("views:many", Term("views:many"), "that is no number"),
        ("-views:many", Term("views:many", excluded=True), "that is no number"),
        ("has:wings", Term("has:wings"), "has: knows checklist, code"),
        ('has:"two wings"', Term("has:two wings", TermKind.PHRASE), "has: knows"),
        ("is:gone", Term("is:gone"), "is: knows draft, needs-review, reviewed, stale"),
        ('"connection reset', Term('"connection'), "quotation mark has no partner"),
        ('tool:"visual studio', Filter("tool", ("visual",)), "quotation mark has no partner"),
        ("-(a b", Term("-(a"), "parenthesis has no partner"),
        ("(a OR b c", Group((Term("(a"), B), any=True), "parenthesis has no partner"),
        ("x " * 70, Term("x"), "first 64 words"),
        ("x" * 3_000, Term("x" * 2_000), "first 2000 characters"),
    ],
)
def test_what_was_read_as_text_is_said(text: str, read: Clause, remark: str) -> None:
    query = parse_query(text)
    assert query.clauses[0] == read
    (note,) = query.notes
    assert remark in note


def test_remarks_are_few() -> None:
    assert len(parse_query("has:a has:b is:c views:d reviewed:e").notes) == MAX_NOTES


def test_the_last_word_is_a_prefix_while_it_is_typed() -> None:
    assert parse_query("nginx relo", typing=True).clauses[-1] == Term("relo", TermKind.PREFIX)
    for finished in ("nginx reload ", 'nginx "reload"', "nginx -reload", "nginx reload tool:curl", "(nginx reload)"):
        clauses = parse_query(finished, typing=True).clauses
        assert all(clause.kind is not TermKind.PREFIX for clause in clauses if isinstance(clause, Term))
    assert parse_query("relo").clauses[-1] == Term("relo")


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=5))
def test_plain_words_are_read_back(given: list[str]) -> None:
    assert words(" ".join(given)) == given


def test_lone_surrogates_of_a_command_line_do_no_harm() -> None:
    assert only("caf\udce9") == Term("caf\ufffd")


def test_a_query_is_cut_where_no_person_types_on() -> None:
    assert len(parse_query("x " * 5_000).clauses) == MAX_TERMS
    assert len(words("y" * 5_000)[0]) == MAX_QUERY_LENGTH
    assert len(list(leaves(parse_query("views:" + "1," * 900).clauses))) <= MAX_TERMS


def test_every_example_of_the_help_is_read_without_remarks() -> None:
    for example, meaning in SYNTAX:
        assert meaning
        assert parse_query(example.replace(", ", " ")).notes == ()
        assert parse_query(example).clauses
