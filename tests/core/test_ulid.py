"""Identifiers that sort by time."""

from __future__ import annotations

from datetime import timedelta

from kbtui.core.ulid import ALPHABET, LENGTH, new_ulid
from tests.factories import NOON


def test_an_identifier_sorts_by_its_time() -> None:
    made = [new_ulid(NOON + timedelta(milliseconds=n)) for n in range(100)]
    assert made == sorted(made)
    assert all(len(one) == LENGTH and set(one) <= set(ALPHABET) for one in made)


def test_its_first_ten_characters_are_the_milliseconds() -> None:
    number = 0
    for character in new_ulid(NOON)[:10]:
        number = number * 32 + ALPHABET.index(character)
    assert number == int(NOON.timestamp() * 1000)


def test_no_two_are_alike() -> None:
    assert len({new_ulid(NOON) for _ in range(1_000)}) == 1_000
