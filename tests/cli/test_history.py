"""Searches that are kept: `search --save`, `--saved`, `--forget`, `--history`, and `stats --misses`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock

from tests.cli.conftest import HOSTILE, Kbtui

LOCK = ".local/share/kbtui/write.lock"


def queries(filled: Kbtui, *arguments: str) -> list[str]:
    return [line[0] for line in filled("search", "--history", *arguments).lines]


def misses(filled: Kbtui) -> list[list[str]]:
    return [line[:3] for line in filled("stats", "--misses").lines]


# Under a name


def test_a_search_is_saved_and_run_again(filled: Kbtui) -> None:
    saved = filled("search", "redis", "-docker", "--save", "quiet redis")
    assert {line[0] for line in saved.lines} == {"memory"}
    assert saved.err == "Saved; `kbtui search --saved 'quiet redis'` runs it.\n"
    assert filled("search", "--saved", "quiet redis").raw == saved.raw
    assert filled("search", "--saved=quiet redis", "--json").json()[0]["slug"] == "memory"
    assert filled("search", "--saved", "quiet redis", "-eviction").code == 1
    assert filled("search", "eviction", "--saved", "quiet redis").lines[0][0] == "memory"
    assert filled("search", "--saved", "-n5").lines[0][:2] == ["quiet redis", "redis -docker"]


def test_saved_searches_are_listed(filled: Kbtui) -> None:
    filled("search", "tool:redis", "--save", "redis")
    filled("search", "is:draft", "--save", "drafts")
    assert [line[:2] for line in filled("search", "--saved").lines] == [["drafts", "is:draft"], ["redis", "tool:redis"]]
    listed = filled("search", "--saved", "--json").json()
    assert [(search["name"], search["query"]) for search in listed] == [("drafts", "is:draft"), ("redis", "tool:redis")]
    assert [json.loads(line) for line in filled("search", "--jsonl", "--saved").out.splitlines()] == listed
    assert filled("search", "--saved", terminal=True).out.splitlines()[0].split()[:2] == ["\x1b[2mname", "query"]


def test_a_saved_search_is_forgotten(filled: Kbtui) -> None:
    filled("search", "is:draft", "--save", "drafts")
    assert "the nearest: 'drafts'" in filled("search", "--forget", "draft").err
    forgotten = filled("search", "--forget", "drafts")
    assert (forgotten.code, forgotten.raw, forgotten.err) == (0, b"", "")
    empty = filled("search", "--saved")
    assert (empty.code, empty.raw) == (1, b"")
    assert filled("search", "--saved", "--json").json() == []


def test_a_name_that_was_not_saved(filled: Kbtui) -> None:
    filled("search", "is:draft", "--save", "drafts")
    result = filled("search", "--saved", "drfats")
    assert (result.code, result.raw) == (2, b"")
    assert result.err == "kbtui: There is no saved search 'drfats'; the nearest: 'drafts'.\n"


@pytest.mark.parametrize(
    "arguments", [("redis", "--save", ""), ("redis", "--save", "a\nb"), ("--save", "x"), ("--save",)]
)
def test_what_cannot_be_saved(filled: Kbtui, arguments: tuple[str, ...]) -> None:
    assert filled("search", *arguments).code == 2
    assert filled("search", "--saved").code == 1


# History


def test_only_searches_on_a_terminal_are_kept(filled: Kbtui) -> None:
    filled("search", "redis")
    assert filled("search", "--history").code == 1
    filled("search", "redis", terminal=True)
    filled("search", "nginx  502", terminal=True)
    filled("search", "redis", "--offset", "1", terminal=True)
    filled("search", terminal=True)
    assert queries(filled) == ["nginx 502", "redis"]
    assert queries(filled, "re") == ["redis"]
    assert queries(filled, "-n", "1") == ["nginx 502"]
    newest = filled("search", "--history", "--json").json()[0]
    assert (newest["query"], newest["hits"], newest["opened"]) == ("nginx 502", 2, False)
    assert newest["at"].endswith("+00:00")
    assert filled("search", "--history", "zzz").err == "No search begins with 'zzz'.\n"


def test_a_search_that_cannot_be_noted_is_answered(filled: Kbtui) -> None:
    with FileLock(Path.home() / LOCK):
        result = filled("search", "redis", terminal=True)
    assert (result.code, result.err) == (0, "")
    assert "Redis memory" in result.out
    assert filled("search", "--history").code == 1


def test_history_cannot_reach_the_terminal(filled: Kbtui) -> None:
    filled("search", HOSTILE, terminal=True)
    shown = filled("search", "--history", terminal=True).out
    assert "␛]0;owned␇" in shown
    assert not {"\x07", "\u202e", "\u200b"} & set(shown)


# What led nowhere


def test_misses_are_searches_after_which_nothing_was_opened(filled: Kbtui) -> None:
    assert filled("stats", "--misses").err == "No search led nowhere so far.\n"
    for query in ("kafka lag", "redis", "Kafka lag", "nginx"):
        filled("search", query, terminal=True)
    filled("show", "nginx-502", "--no-pager", terminal=True)
    assert misses(filled) == [["Kafka lag", "2", "0"], ["redis", "1", "2"]]
    listed = filled("stats", "--misses", "-n", "1", "--json").json()
    assert [(miss["query"], miss["times"], miss["hits"]) for miss in listed] == [("Kafka lag", 2, 0)]
    assert "posts" in filled("stats", "--json").json()
