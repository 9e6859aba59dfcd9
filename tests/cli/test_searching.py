"""`search`."""

from __future__ import annotations

import json
import re
import time

import pytest

from kbtui.cli import narration
from kbtui.config import user_config_file
from tests.cli.conftest import Kbtui


def test_a_pipe_gets_one_line_of_four_fields_a_hit(filled: Kbtui) -> None:
    result = filled("search", "nginx", "502")
    assert result.code == 0
    assert result.lines[0][:3] == ["nginx-502", "nginx 502 Bad Gateway", "runbooks/nginx-502.md"]
    assert {len(fields) for fields in result.lines} == {4}


def test_json_has_the_promised_keys(filled: Kbtui) -> None:
    hits = filled("search", "nginx", "--json").json()
    promised = {"slug", "title", "source", "path", "score", "snippet", "topic", "tools", "stack", "summary"}
    promised |= {"difficulty", "language", "status", "last_reviewed", "needs_review", "minutes", "marks", "partial"}
    assert promised <= set(hits[0])
    first = next(hit for hit in hits if hit["slug"] == "nginx-502")
    assert (first["path"], first["needs_review"], first["last_reviewed"]) == ("nginx-502.md", True, "2001-02-03")


def test_a_change_note_is_told_from_a_post(filled: Kbtui) -> None:
    note_id = filled("note", "new", "-m", "Raise redis memory", "--no-git").out.strip()
    found = {hit["slug"]: hit for hit in filled("search", "redis memory", "--json").json()}
    assert (found["memory"]["kind"], found[note_id]["kind"]) == ("post", "note")
    assert found[note_id]["status"] == "draft"
    assert filled("search", "redis", "memory", "kind:note").lines[0][:3] == [note_id, "Raise redis memory", "notes"]
    assert [line[0] for line in filled("search", "redis memory", "--explain").lines].count(note_id) == 1


def test_json_lines_are_the_same_objects(filled: Kbtui) -> None:
    lines = filled("search", "redis", "--jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == filled("search", "redis", "--json").json()


def test_words_may_begin_with_a_hyphen(filled: Kbtui) -> None:
    assert {line[0] for line in filled("search", "redis").lines} == {"latency", "memory"}
    assert {line[0] for line in filled("search", "redis", "-docker").lines} == {"memory"}
    assert {line[0] for line in filled("search", "-docker", "redis", "-n", "5").lines} == {"memory"}
    assert filled("search", "-n5", "-container", "-hosts", "redis").code == 0
    assert filled("search", "--", "--json", "redis").lines


@pytest.mark.parametrize(
    "arguments",
    [
        ("redis", "-n"),
        ("-n", "x", "redis"),
        ("-n", "0", "redis"),
        ("redis", "--json", "--jsonl"),
        ("redis", "--facets", "--explain"),
        ("redis", "--sort", "age"),
        ("redis", "--sort"),
    ],
)
def test_wrong_usage(filled: Kbtui, arguments: tuple[str, ...]) -> None:
    assert filled("search", *arguments).code == 2


def test_a_word_like_an_option_is_pointed_out(filled: Kbtui) -> None:
    assert "did you mean --json?" in filled("search", "--jsonn", "redis").err
    assert "--library stands before the verb" in filled("search", "redis", "--library", "x").err


def test_nothing_found(filled: Kbtui) -> None:
    result = filled("search", "zzzyyyxxx")
    assert (result.code, result.raw, result.err) == (1, b"", "Nothing matches 'zzzyyyxxx'.\n")
    assert filled("search", "zzzyyyxxx", "--json").json() == []
    assert filled("search", "redis", "--offset", "9").code == 1


def test_an_empty_query_lists(filled: Kbtui, kbtui: Kbtui) -> None:
    assert len(filled("search").lines) == 4
    assert kbtui("--library", "empty", "search").code == 1


def test_a_cut_is_announced(filled: Kbtui) -> None:
    assert "1 of 2 shown" in filled("search", "redis", "-n", "1").err
    assert filled("search", "redis").err == ""
    assert filled("search", "redis", "-n", "1", "--offset", "1").err == ""


def test_facets_instead_of_hits(filled: Kbtui) -> None:
    assert ["tool", "redis", "2"] in filled("search", "redis", "--facets").lines
    assert filled("search", "redis", "--facets", "--json").json()["tool"][0] == {"value": "redis", "count": 2}
    lines = filled("search", "redis", "--facets", "--jsonl").out.splitlines()
    assert {"facet": "tool", "value": "redis", "count": 2} in map(json.loads, lines)
    table = filled("search", "redis", "--facets", terminal=True).out
    assert "facet" in table.splitlines()[0]
    assert "\t" not in table


def test_hits_in_another_order(filled: Kbtui) -> None:
    by_title = [line[0] for line in filled("search", "redis OR nginx", "--sort", "title").lines]
    assert by_title == ["nginx-502", "latency", "memory"]
    paged = filled("search", "redis OR nginx", "--sort=title", "-n", "1", "--offset", "1")
    assert [line[0] for line in paged.lines] == ["latency"]
    assert "relevance, title, updated" in filled("search", "redis", "--sort", "age").err


def test_a_misspelt_word_is_corrected_and_that_is_said(filled: Kbtui) -> None:
    result = filled("search", "upstraem", "failed")
    assert result.lines[0][0] == "nginx-502"
    assert 'No page has "upstraem"; searched for "upstream" instead.\n' in result.err


def test_how_an_odd_query_was_read_is_said(filled: Kbtui) -> None:
    result = filled("search", "redis", "reviewed:>soon")
    assert result.err.startswith("reviewed:>soon is searched as text: that is no date")
    assert "the nearest is tool:." in filled("search", "redis", "tol:redis", "--json").err


def test_the_days_after_which_a_post_is_stale_are_configured(filled: Kbtui) -> None:
    assert {line[0] for line in filled("search", "is:stale").lines} == {"nginx-502"}
    file = user_config_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("stale_after_days = 36500\n")
    assert filled("search", "is:stale").code == 1


def test_hits_with_some_of_the_words_stand_apart_on_a_terminal(filled: Kbtui) -> None:
    hits = {hit["slug"]: hit["partial"] for hit in filled("search", "redis", "eviction", "--json").json()}
    assert hits == {"memory": False, "latency": True}
    shown = filled("search", "redis", "eviction", terminal=True).out
    assert "\x1b[2msome of the words:\x1b[0m" in shown
    assert shown.index("memory") < shown.index("some of the words:") < shown.index("latency")
    for query in (("redis",), ("redis", "eviction", "--sort", "title"), ("-n", "1", "redis", "eviction")):
        assert "some of the words:" not in filled("search", *query, terminal=True).out


def test_why_a_hit_matched(filled: Kbtui) -> None:
    (hit,) = filled("search", "upstream", "failed", "--explain", "--json").json()
    why = {match["typed"]: match for match in hit["why"]}
    assert set(why) == {"upstream", "failed"}
    assert why["upstream"]["found"] == "upstream"
    assert why["upstream"]["fields"] == {"body": 1}
    assert why["upstream"]["weight"] > 0
    assert "why" not in filled("search", "upstream", "--json").json()[0]
    first, *reasons = filled("search", "upstream", "failed", "--explain").lines
    assert first[0] == "nginx-502"
    assert sorted(fields[:4] for fields in reasons) == [
        ["", "failed", "failed", "body 1"],
        ["", "upstream", "upstream", "body 1"],
    ]
    shown = filled("search", "upstream", "--explain", terminal=True).out
    assert re.search(r"\x1b\[2mupstream: body · \d+\.\d\d\x1b\[0m", shown)


@pytest.mark.parametrize("columns", [40, 60, 200])
def test_a_terminal_of_any_width_gets_marks_and_badges(filled: Kbtui, columns: int) -> None:
    out = filled("search", "upstream", terminal=True, columns=columns).out
    assert "\x1b[1;4mupstream\x1b[0m" in out
    assert "[needs review]" in out
    assert "nginx-502" in out


def test_no_colour(filled: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in filled("search", "upstream", terminal=True).out


def test_no_control_character_reaches_the_output(filled: Kbtui) -> None:
    for terminal in (False, True):
        out = filled("search", "hostile", terminal=terminal).out
        assert "␛]0;owned␇" in out
        assert not {"\x07", "\u202e", "\u200b", "\x1b]"} & {*out, *(out[i : i + 2] for i in range(len(out)))}


def test_long_indexing_is_spoken_of(kbtui: Kbtui, filled: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 1000, 5))
    kbtui("synth", "--count", "3", "--import")
    monkeypatch.setattr(time, "monotonic", lambda: float(next(ticks)))
    monkeypatch.setattr(narration, "PATIENCE", 1.0)
    result = kbtui("index", "rebuild")
    assert result.err.startswith("Indexed 7 posts in ")
