"""`match` and `similar`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.cli import matching
from tests.cli.conftest import Kbtui

LOG = b"""
2026-03-01T12:00:00Z web-1 nginx[312]: upstream prematurely closed connection, 502 Bad Gateway
2026-03-01T12:00:01Z web-1 nginx[312]: upstream timed out
"""


def slugs(filled: Kbtui, *arguments: str | Path, stdin: bytes | None = None) -> list[str]:
    return [line[0] for line in filled("match", *arguments, stdin=stdin).lines]


# match


def test_a_log_on_standard_input_finds_its_page(filled: Kbtui) -> None:
    result = filled("match", stdin=LOG)
    assert (result.code, result.lines[0][:3]) == (0, ["nginx-502", "nginx 502 Bad Gateway", "runbooks/nginx-502.md"])
    assert result.err.startswith("Looked for ")
    assert "upstream" in result.err
    assert filled("match", "-", stdin=LOG).raw == result.raw


def test_files_are_read_one_after_the_other(filled: Kbtui, tmp_path: Path) -> None:
    first, second = tmp_path / "a.log", tmp_path / "b.log"
    first.write_bytes(b"upstream")
    second.write_bytes(b"Eviction of keys")
    assert slugs(filled, first) == ["nginx-502"]
    assert set(slugs(filled, first, second)) == {"nginx-502", "memory"}
    assert set(slugs(filled, first, "-", stdin=b"eviction")) == {"nginx-502", "memory"}


def test_a_title_in_the_text_is_a_direct_hit(filled: Kbtui) -> None:
    text = b"upstream upstream upstream failed\nRedis latency\n"
    assert slugs(filled, "-n", "1", stdin=text) == ["latency"]
    assert "1 of 3 shown; raise --limit for more." in filled("match", "-n", "1", stdin=text).err


def test_the_output_is_that_of_search(filled: Kbtui) -> None:
    (hit,) = filled("match", "--json", stdin=b"upstream").json()
    (searched,) = filled("search", "upstream", "--json").json()
    assert set(hit) == set(searched)
    assert [json.loads(line) for line in filled("match", "--jsonl", stdin=b"upstream").out.splitlines()] == [hit]
    (explained,) = filled("match", "--json", "--explain", stdin=b"upstream").json()
    assert [match["typed"] for match in explained["why"]] == ["upstream"]
    assert "\x1b[1;4mupstream\x1b[0m" in filled("match", stdin=b"upstream", terminal=True).out


@pytest.mark.parametrize("text", [b"", b"\n\n", b"zzzyyyxxx qqqwww", b"\xff\xfe\x00\x80"])
def test_nothing_known_in_the_text(filled: Kbtui, text: bytes) -> None:
    result = filled("match", stdin=text)
    assert (result.code, result.raw, result.err) == (1, b"", "Nothing in the text is known to the library.\n")
    assert filled("match", "--json", stdin=text).json() == []


def test_a_character_on_the_border_of_two_chunks_is_whole(filled: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "CHUNK_BYTES", 3)
    assert slugs(filled, stdin="äöü→ upstream ⚠".encode()) == ["nginx-502"]


def test_a_large_text_is_read_to_its_end(filled: Kbtui) -> None:
    assert slugs(filled, stdin=b"lorem ipsum dolor sit amet\n" * 40_000 + b"upstream\n") == ["nginx-502"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.binary(max_size=300))
def test_any_bytes_are_answered(filled: Kbtui, text: bytes) -> None:
    result = filled("match", "--jsonl", stdin=text + b" upstream")
    assert result.code in {0, 1}
    assert all(json.loads(line)["slug"] for line in result.out.splitlines())


def test_without_a_text_there_is_nothing_to_match(filled: Kbtui) -> None:
    result = filled("match", terminal=True)
    assert (result.code, result.raw) == (2, b"")
    assert result.err.startswith("kbtui: There is nothing to read: name a file, or pipe the text in")


def test_a_file_that_cannot_be_read_is_named(filled: Kbtui, tmp_path: Path) -> None:
    for place in (tmp_path / "no\x1bne.log", tmp_path):
        result = filled("match", place)
        assert (result.code, result.raw) == (2, b"")
        assert "cannot be read" in result.err
        assert "\x1b" not in result.err
    assert filled("match", "--json", "--jsonl", stdin=b"x").code == 2


# similar


def test_similar_posts_with_what_they_share(filled: Kbtui) -> None:
    lines = {line[0]: line[1:] for line in filled("similar", "memory").lines}
    assert "memory" not in lines
    title, place, tools, words = lines["latency"]
    assert (title, place, tools) == ("Redis latency", "runbooks/redis/latency.md", "redis")
    assert "redis" in words.split(", ")
    found = {post["slug"]: post for post in filled("similar", "memory", "--json").json()}
    latency = found["latency"]
    assert (latency["path"], latency["shared_tools"]) == ("redis/latency.md", ["redis"])
    assert latency["score"] > 0
    assert "redis" in latency["shared_words"]
    objects = filled("similar", "memory", "--jsonl").out.splitlines()
    assert [json.loads(line) for line in objects] == filled("similar", "memory", "--json").json()


def test_similar_posts_on_a_terminal(filled: Kbtui) -> None:
    shown = filled("similar", "memory", terminal=True).out
    assert "Redis latency" in shown
    assert "\t" not in shown
    assert len(filled("similar", "memory", "-n", "1").lines) == 1


def test_similar_to_nothing(filled: Kbtui, kbtui: Kbtui, tmp_path: Path) -> None:
    missing = filled("similar", "memry")
    assert (missing.code, missing.raw) == (1, b"")
    assert "Did you mean memory?" in missing.err
    (tmp_path / "alone.md").write_text("# Alone\n\nnobody else\n")
    kbtui("--library", tmp_path / "lonely", "import", tmp_path / "alone.md")
    alone = kbtui("--library", tmp_path / "lonely", "similar", "alone")
    assert (alone.code, alone.raw, alone.err) == (1, b"", "No post is like 'alone'.\n")
    assert kbtui("--library", tmp_path / "lonely", "similar", "alone", "--json").json() == []
    assert filled("similar", "memory", "--json", "--jsonl").code == 2
