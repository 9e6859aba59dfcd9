"""The query language takes any text, and reads what an engineer pastes as words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.post import FACETS
from kbtui.core.query import FIELD_NAMES, MAX_QUERY_LENGTH, MAX_TERMS, Filter, Query, Term, TermKind, parse_query
from tests.factories import texts

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"


def words(text: str) -> list[str]:
    query = parse_query(text)
    assert not query.filters
    assert all(term.kind is TermKind.WORD and not term.excluded for term in query.terms)
    return [term.text for term in query.terms]


def is_sound(query: Query) -> bool:
    return (
        len(query.text) <= MAX_QUERY_LENGTH
        and len(query.terms) + len(query.filters) <= MAX_TERMS
        and all(term.text.strip() for term in query.terms)
        and all(f.facet in FACETS and f.values and all(f.values) for f in query.filters)
        and query.is_empty == (not query.terms and not query.filters)
        and {*query.wanted, *query.unwanted} == set(query.terms)
    )


@given(texts(80, surrogates=True), st.booleans())
def test_any_text_is_a_query(text: str, typing: bool) -> None:
    query = parse_query(text, typing=typing)
    assert is_sound(query)
    query.text.encode()  # what was typed can be stored and sent on


@given(st.text(st.sampled_from('-":*, \ttolag/\\é'), max_size=60), st.booleans())
def test_any_heap_of_signs_is_a_query(text: str, typing: bool) -> None:
    assert is_sound(parse_query(text, typing=typing))


def test_naughty_strings_are_queries() -> None:
    file = CORPORA / "naughty-strings" / "blns.json"
    if not file.exists():
        pytest.skip("the corpus is not here")
    for text in json.loads(file.read_text(encoding="utf-8")):
        assert is_sound(parse_query(text))
        assert is_sound(parse_query(text, typing=True))


def test_words_phrases_prefixes_and_exclusions() -> None:
    assert parse_query('nginx "connection  reset" crash* -docker -"bad gateway" -kube*').terms == (
        Term("nginx"),
        Term("connection reset", TermKind.PHRASE),
        Term("crash", TermKind.PREFIX),
        Term("docker", excluded=True),
        Term("bad gateway", TermKind.PHRASE, excluded=True),
        Term("kube", TermKind.PREFIX, excluded=True),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tool:redis", Filter("tool", ("redis",))),
        ("tool:redis,psql", Filter("tool", ("redis", "psql"))),
        ("TOOL:Redis", Filter("tool", ("redis",))),
        ("-tool:redis", Filter("tool", ("redis",), excluded=True)),
        ('tool:"visual studio"', Filter("tool", ("visual studio",))),
        ('tool:"visual studio",redis', Filter("tool", ("visual studio", "redis"))),
        ('tool:redis,"visual studio"', Filter("tool", ("redis", "visual studio"))),
        ('tool:redis,"a b","c d",e', Filter("tool", ("redis", "a b", "c d", "e"))),
        ('-tool:"a, b"', Filter("tool", ("a, b",), excluded=True)),
        ("lang:Python", Filter("language", ("python",))),
        ("tags:a,,b,", Filter("tag", ("a", "b"))),
    ],
)
def test_filters(text: str, expected: Filter) -> None:
    assert parse_query(text) == Query(text, (), (expected,))


def test_every_facet_can_be_filtered() -> None:
    assert {parse_query(f"{name}:x").filters[0].facet for name in FIELD_NAMES} == set(FACETS)


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
    ],
)
def test_what_is_pasted_stays_words(pasted: str) -> None:
    assert words(pasted) == pasted.split()


def test_an_unknown_field_is_text() -> None:
    assert parse_query('error:"disk full"').terms == (Term("error:disk full", TermKind.PHRASE),)


def test_the_last_word_is_a_prefix_while_it_is_typed() -> None:
    assert parse_query("nginx relo", typing=True).terms[-1] == Term("relo", TermKind.PREFIX)
    for finished in ("nginx reload ", 'nginx "reload"', "nginx -reload", "nginx reload tool:curl"):
        assert all(term.kind is not TermKind.PREFIX for term in parse_query(finished, typing=True).terms)
    assert parse_query("relo").terms[-1].kind is TermKind.WORD


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=5))
def test_plain_words_are_read_back(given: list[str]) -> None:
    assert words(" ".join(given)) == given


def test_lone_surrogates_of_a_command_line_do_no_harm() -> None:
    (term,) = parse_query("caf\udce9").terms
    assert term.text == "caf\ufffd"


def test_a_query_is_cut_where_no_person_types_on() -> None:
    assert len(parse_query("x " * 5_000).terms) == MAX_TERMS
    assert len(parse_query("y" * 5_000).terms[0].text) == MAX_QUERY_LENGTH
