"""Choosing a facet changes the text of a query in one place, and the query is then read so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kbtui.core.post import FACETS, facet_value
from kbtui.core.searching.clauses import Query
from kbtui.core.searching.query import parse_query
from kbtui.core.searching.query_editing import exclude_filter, toggle_filter
from kbtui.core.text import storable
from tests.factories import texts
from tests.linear import Repeated, assert_linear


def values_of(query: Query, facet: str, *, excluded: bool = False) -> set[str]:
    """The values that must be there (or not) by the filters at the top."""
    return {value for f in query.filters if (f.field, f.excluded) == (facet, excluded) for value in f.values}


def folded(value: str) -> str:
    """A value as the index has it; folding is done when nothing changes any more."""
    return facet_value(facet_value(storable(value)))


facets = st.sampled_from(FACETS)
values = st.one_of(texts(20), st.text(st.sampled_from('ab ,:"()-/*'), min_size=1, max_size=12)).map(folded).filter(bool)
pieces = st.sampled_from(
    [
        "a",
        "OR",
        "AND",
        "(",
        ")",
        "-(",
        '"',
        '"a b"',
        "tool:a",
        "-tool:b",
        'tag:"x y",z',
        "-tag:c",
        "foo(",
        "lang:go",
        "is:stale",
    ]
)
queries = st.one_of(texts(60), st.lists(pieces, max_size=8).map(" ".join), st.lists(pieces, max_size=6).map("".join))


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", "tool:redis "),
        ("disk full", "disk full tool:redis "),
        ("tool:psql disk", "tool:psql,redis disk "),
        ("tool:psql,redis disk", "tool:psql disk "),
        ("disk  tool:redis full", "disk full "),
        ("disk TOOLS:Redis", "disk "),
        ("tool:redis tool:psql", "tool:psql "),
        ("tool:psql tool:redis", "tool:psql "),
        ("-tool:psql", "-tool:psql tool:redis "),
        ("-tool:redis disk", "disk tool:redis "),
        ("-tool:psql,redis disk", "-tool:psql disk tool:redis "),
        ("disk OR tool:redis", "disk OR tool:redis tool:redis "),
        ("(tool:redis) disk", "disk "),
        ("(tool:psql disk)", "(tool:psql,redis disk) "),
        ("(tool:psql OR disk)", "(tool:psql OR disk) tool:redis "),
        ("-(tool:redis disk)", "-(tool:redis disk) tool:redis "),
        ("disk AND tool:redis", "disk "),
        ("tool:redis AND disk", "disk "),
        ("disk OR", "disk OR AND tool:redis "),
    ],
)
def test_toggling(text: str, changed: str) -> None:
    assert toggle_filter(text, "tool", "redis") == changed


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", "-tool:redis "),
        ("-tool:redis", ""),
        ("-tool:psql", "-tool:psql,redis "),
        ("tool:redis disk", "disk -tool:redis "),
        ("tool:psql,redis", "tool:psql -tool:redis "),
    ],
)
def test_excluding(text: str, changed: str) -> None:
    assert exclude_filter(text, "tool", "redis") == changed


def test_the_language_has_its_short_name() -> None:
    assert toggle_filter("", "language", "go") == "lang:go "
    assert toggle_filter("language:go", "language", "go") == ""


def test_no_value_changes_nothing() -> None:
    assert toggle_filter("disk ", "tool", " ") == "disk "


@given(queries, facets, values)
@example('"open', "topic", "slow queries / postgresql")
@example('OR "', "topic", "a b")
@example("x " * 1_000, "tool", "a b")
@example("", "tag", 'say "hi", (now): //x')
def test_a_value_that_is_chosen_is_read_back(text: str, facet: str, value: str) -> None:
    before = parse_query(text)
    for change, excluded in ((toggle_filter, False), (exclude_filter, True)):
        if value in values_of(before, facet, excluded=excluded):
            continue
        query = parse_query(change(text, facet, value))
        had = values_of(before, facet, excluded=excluded)
        assert values_of(query, facet, excluded=excluded) == {*had, value}


@given(texts(30).filter(lambda text: '"' not in text), facets, values)
def test_toggling_twice_gives_the_text_back(text: str, facet: str, value: str) -> None:
    if facet in {f.field for f in parse_query(text).filters}:
        return
    for change in (toggle_filter, exclude_filter):
        assert change(change(text, facet, value), facet, value).split() == text.split()


@given(st.lists(st.from_regex(r"[a-z]{1,6}|-[a-z]{3,6}|tag:[a-z]{1,4}", fullmatch=True), max_size=6), values)
def test_everything_else_stays(parts: list[str], value: str) -> None:
    changed = toggle_filter(" ".join(parts), "tool", value)
    assert changed.startswith(" ".join(parts))


@pytest.mark.parametrize(
    ("text_of", "size"),
    [
        (Repeated("("), 60_000),
        (Repeated("tool:a "), 150_000),
        (Repeated('"'), 125_000),
        (lambda length: "(a " * (length // 4) + ")" * (length // 4), 200),
    ],
    ids=["(", "tool:a", '"', "groups"],
)
def test_a_hostile_query_takes_no_time(text_of: Callable[[int], str], size: int) -> None:
    assert_linear(lambda text: toggle_filter(text, "tool", "redis"), text_of, size)
