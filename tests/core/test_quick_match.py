"""How well a name fits what is typed to jump to a post."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.links import name_key
from kbtui.core.searching.quick_match import QuickPattern
from tests.factories import texts


def ranked(typed: str, *names: str) -> list[str]:
    pattern = QuickPattern(typed)
    found = {name: pattern.distance(name) for name in names}
    return sorted((name for name in names if found[name] is not None), key=lambda name: found[name] or 0)


def test_the_nearer_a_name_is_the_smaller_its_distance() -> None:
    order = ["redis memory", "redis memory full", "memory of a redis", "predis xmemory", "credits in memory"]
    assert ranked("redis memory", "credit", *reversed(order)) == order
    assert ranked("rdsmem", "r d s m e m", "redis memory", "rds of all other memory") == [
        "redis memory",
        "r d s m e m",
        "rds of all other memory",
    ]
    assert ranked("x", "redis") == []


def test_signs_of_patterns_are_letters() -> None:
    assert ranked(".*", "all", "a .* b") == ["a .* b"]
    assert ranked("(", "all", "(") == ["("]


@given(name=texts(30), before=texts(5), behind=texts(5))
def test_a_name_fits_itself_best_and_whatever_holds_it_fits(name: str, before: str, behind: str) -> None:
    key, longer = name_key(name), name_key(before + name + behind)
    assert QuickPattern(key).distance(key) == 0
    if key and key in longer:
        assert QuickPattern(key).distance(longer) is not None


@given(letters=st.text("abc", min_size=1, max_size=4), name=st.text("abc ", max_size=12))
def test_what_fits_holds_the_letters_in_order_or_the_words(letters: str, name: str) -> None:
    rest = iter(name)
    assert (QuickPattern(letters).distance(name) is not None) == all(letter in rest for letter in letters)
