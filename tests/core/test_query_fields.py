"""Fields of a query: values, dates, ages and numbers, and what is asked for while one is being typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.badges import Badge, badges
from kbtui.core.freshness import GoodRun
from kbtui.core.index_document import HAS_VALUES, IS_VALUES, index_document
from kbtui.core.post import FACETS, Revision, summary_of
from kbtui.core.searching.clauses import (
    KNOWN_GOOD,
    RANGE_FIELDS,
    Age,
    Bound,
    Clause,
    Filter,
    Group,
    Range,
    Term,
    resolved,
)
from kbtui.core.searching.query import FACET_NAMES, FIELD_NAMES, parse_query
from tests.factories import a_post

TODAY = date(2026, 3, 1)
A = Term("a")


def only(text: str) -> Clause:
    query = parse_query(text)
    assert query.notes == ()
    (clause,) = query.clauses
    return clause


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
        ('tag:"say ""hi"""', Filter("tag", ('say "hi"',))),
        ('tag:5"disk', Filter("tag", ('5"disk',))),
        ("lang:Python", Filter("language", ("python",))),
        ("tags:a,,b,", Filter("tag", ("a", "b"))),
        ("title:nginx", Filter("title", ("nginx",))),
        ('title:"nginx 502"', Filter("title", ("nginx 502",))),
        ("file:/etc/nginx.conf", Filter("file", ("/etc/nginx.conf",))),
        ("kind:note command:kubectl", Filter("kind", ("note",))),
        ("meta.Owner_Slack:#ops", Filter("meta.owner_slack", ("#ops",))),
        ("meta.a.b:x,y", Filter("meta.a.b", ("x", "y"))),
        ("has:checklists,image", Filter("has", ("checklist", "image"))),
        ("has:summaries", Filter("has", ("summary",))),
        ("-has:picture", Filter("has", ("image",), excluded=True)),
        ("is:needs_review,draft", Filter("is", ("needs-review", "draft"))),
        ("is:review", Filter("is", ("needs-review",))),
    ],
)
def test_filters(text: str, expected: Filter) -> None:
    assert parse_query(text).clauses[0] == expected


def test_every_facet_can_be_filtered() -> None:
    assert set(FACET_NAMES.values()) == set(FACETS)
    plain = set(FIELD_NAMES) - {"has", "is"} - set(RANGE_FIELDS)
    assert {f.field for name in plain for f in parse_query(f"{name}:x").filters} == {
        FIELD_NAMES[name] for name in plain
    }


def test_what_a_post_may_have_and_be_is_known_in_one_and_many() -> None:
    assert [only(f"has:{value}") for value in HAS_VALUES] == [Filter("has", (value,)) for value in HAS_VALUES]
    assert all(isinstance(only(f"has:{value}s"), Filter) for value in HAS_VALUES if value[-1] not in "sy")
    assert all(isinstance(only(f"is:{value}"), (Filter, Range)) for value in IS_VALUES)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("reviewed:<2025-01", None, date(2024, 12, 31)),
        ("reviewed:<=2025-01", None, date(2025, 1, 31)),
        ("reviewed:>2025-02", date(2025, 3, 1), None),
        ("reviewed:>=2025", date(2025, 1, 1), None),
        ("reviewed:=2025-01-05", date(2025, 1, 5), date(2025, 1, 5)),
        ("updated:2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("updated:2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("published:2024..2025-06", date(2024, 1, 1), date(2025, 6, 30)),
        ("published:2025-6..2024", date(2024, 1, 1), date(2025, 6, 30)),
        ("published:..2024", None, date(2024, 12, 31)),
        ("published:2024..", date(2024, 1, 1), None),
        ("reviewed:>90d", None, Age(91)),
        ("reviewed:>=90d", None, Age(90)),
        ("reviewed:<90d", Age(89), None),
        ("reviewed:<=2w", Age(14), None),
        ("reviewed:3m", Age(90), None),
        ("reviewed:>1y", None, Age(366)),
        ("reviewed:30d..90d", Age(90), Age(30)),
        ("updated:today", Age(0), Age(0)),
        ("updated:>=yesterday", Age(1), None),
        ("updated:yesterday..", Age(1), None),
        ("updated:<Today", None, Age(1)),
        ("views:100", 100, 100),
        ("views:>1.5k", 1501, None),
        ("views:<2m", None, 1_999_999),
        ("views:100..200", 100, 200),
        ("views:..200", None, 200),
        ("quality:>=90", 90, None),
        ("quality:>89.5", 90, None),
        ("minutes:<=9.5", None, 9),
        ('minutes:"10"', 10, 10),
    ],
)
def test_ranges(text: str, low: Bound | None, high: Bound | None) -> None:
    name = text.partition(":")[0]
    assert only(text) == Range(name, low, high)
    assert only(f"-{text}") == Range(name, low, high, excluded=True)


def test_several_ranges_are_alternatives() -> None:
    both = (Range("views", 1, 1), Range("views", 5, None))
    assert only("views:1,>=5") == Group(both, any=True)
    assert only("-views:1,>=5") == Group(both, any=True, excluded=True)


@given(st.integers(0, 4_000), st.integers(0, 4_000))
def test_a_day_is_older_or_not_older_than_an_age_never_both(age: int, days: int) -> None:
    older, younger = (
        resolved(parse_query(f"reviewed:{sign}{age}d"), date(2026, 1, 1)).clauses[0] for sign in (">", "<=")
    )
    day = date.fromordinal(date(2026, 1, 1).toordinal() - days)
    assert isinstance(older, Range)
    assert isinstance(younger, Range)
    assert isinstance(older.high, date)
    assert isinstance(younger.low, date)
    assert (day <= older.high) == (days > age) == (not day >= younger.low)


@pytest.mark.parametrize("days", [1, 180])
def test_stale_means_what_the_badge_says(days: int) -> None:
    stale = resolved(parse_query("is:stale", stale_after_days=days), TODAY).clauses[0]
    assert isinstance(stale, Range)
    for reviewed in (date.fromordinal(TODAY.toordinal() - age) for age in (0, days - 1, days, days + 1, days + 400)):
        assert isinstance(stale.high, date)
        for fields in ({"revision": Revision("", "", reviewed)}, {"good_run": GoodRun(reviewed, "ann")}):
            post = a_post(**fields)
            known = index_document(post).numbers[stale.field]
            assert (known <= stale.high.toordinal()) == (Badge.STALE in badges(summary_of(post), TODAY, days))


def test_stale_beside_others_is_an_alternative() -> None:
    expected = (Filter("is", ("draft",)), Range(KNOWN_GOOD, high=Age(181)))
    assert only("is:stale,draft") == Group(expected, any=True)
    assert only("-is:stale,draft") == Group(expected, any=True, excluded=True)
    assert only("-is:stale") == Range(KNOWN_GOOD, high=Age(181), excluded=True)


def test_ages_become_days_in_groups_too() -> None:
    query = resolved(parse_query("a (reviewed:<1d OR -(b updated:>9999y))"), TODAY)
    inner = Group((Term("b"), Range("updated", high=date.min)), excluded=True)
    assert query.clauses == (A, Group((Range("reviewed", low=TODAY), inner), any=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tool:re", (Filter("tool", ("re",), typed=True),)),
        ("tool:psql,re", (Filter("tool", ("psql", "re"), typed=True),)),
        ("-tool:re", (Filter("tool", ("re",), excluded=True, typed=True),)),
        ('tool:"visual stu', (Filter("tool", ("visual stu",), typed=True),)),
        ("a OR tool:re", (Group((A, Filter("tool", ("re",), typed=True)), any=True),)),
        ("tool:redis ", (Filter("tool", ("redis",)),)),
        ("tool:redis,", (Filter("tool", ("redis",)),)),
        ('tool:"redis"', (Filter("tool", ("redis",)),)),
        ("has:ima", (Filter("has", ("image",), typed=True),)),
        ("has:pict", (Filter("has", ("image",), typed=True),)),
        ("is:sta", (Range(KNOWN_GOOD, high=Age(181)),)),
        ("a tool:", (A,)),
        ("a -tool:", (A,)),
        ("a OR tool:", (A,)),
        ("a reviewed:>", (A,)),
        ("a reviewed:>90", (A,)),
        ("a reviewed:2025-0", (A,)),
        ("a reviewed:tod", (A,)),
        ("a views:>1.", (A,)),
        ("a views:1,>", (A, Range("views", 1, 1))),
    ],
)
def test_a_value_that_is_being_typed(text: str, expected: tuple[Clause, ...]) -> None:
    query = parse_query(text, typing=True)
    assert query.clauses == expected
    assert query.notes == ()


def test_what_is_wrong_already_is_said_while_typing() -> None:
    assert parse_query("reviewed:2025-13", typing=True).notes
    assert parse_query("has:wi", typing=True).notes
