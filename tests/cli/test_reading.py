"""`show`, `list` and `facets`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from kbtui.cli import paging
from kbtui.core.text import is_line_safe
from tests.cli.conftest import HOSTILE, PAGES, Kbtui, Stream, process

COMMAND = "curl -sS -o /dev/null -D - https://app.example.com/path | grep -iE '^(HTTP|server|via|cf-ray|x-amzn-id)'"


def body(path: str) -> bytes:
    return PAGES[path].split("---\n", 2)[2].encode()


def test_raw_is_the_body_byte_for_byte(filled: Kbtui) -> None:
    for slug, path in (("nginx-502", "nginx-502.md"), ("hostile", "hostile.md")):
        assert filled("show", slug, "--raw").raw == body(path)


@pytest.mark.parametrize("option", ["--raw", "--markdown", "--json"])
def test_a_terminal_gets_nothing_to_obey_however_a_post_is_shown(filled: Kbtui, option: str) -> None:
    shown = filled("show", "hostile", option, terminal=True).raw.decode()
    assert all(map(is_line_safe, shown.split("\n")))
    if option == "--json":
        assert json.loads(shown)["body"].encode() == body("hostile.md")


@pytest.mark.parametrize("arguments", [("list", "--jsonl"), ("search", "page", "--jsonl"), ("show", "page", "--json")])
def test_hidden_characters_in_json_are_escaped_on_a_terminal_only(kbtui: Kbtui, arguments: tuple[str, ...]) -> None:
    hidden = "\x7f\x9b\u202e\u200b\U000e0041"
    Path("page.json").write_text(json.dumps({"slug": "page", "title": f"page é{hidden}日", "body": "text"}))
    kbtui("import", "page.json")
    shown, piped = kbtui(*arguments, terminal=True), kbtui(*arguments)
    assert r"é\u007f\u009b\u202e\u200b\udb40\udc41日" in shown.out
    assert f"é{hidden}日" in piped.out
    assert shown.json() == piped.json()


def test_markdown_can_be_imported_again(filled: Kbtui, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "page.md").write_bytes(filled("show", "hostile", "--markdown").raw)
    assert filled("--library", tmp_path / "other", "import", tmp_path / "again").code == 0
    assert filled("--library", tmp_path / "other", "show", "hostile", "--json").json()["title"] == HOSTILE


def test_json_is_the_whole_post(filled: Kbtui) -> None:
    post = filled("show", "hostile", "--json").json()
    assert (post["title"], post["body"].encode()) == (HOSTILE, body("hostile.md"))
    assert {"id", "saves", "created_at", "updated_at", "extra", "revision"} <= set(post)


def test_a_pipe_gets_the_page_without_colour_and_commands_on_one_line(filled: Kbtui) -> None:
    out = filled("show", "nginx-502", columns=50).out
    assert "\x1b" not in out
    assert out.startswith("nginx 502 Bad Gateway\n[needs review] [draft] [stale]\n")
    assert f"    {COMMAND}\n" in out
    assert "needs human review: yes" in out
    assert out.count("nginx 502 Bad Gateway") == 1


def test_a_terminal_gets_the_same_page_in_colour(filled: Kbtui) -> None:
    coloured = filled("show", "nginx-502", terminal=True).out
    assert "\x1b[" in coloured
    stripped = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines())
    assert stripped + "\n" == filled("show", "nginx-502").out


def test_plain_is_linear_text_and_what_a_dumb_terminal_gets(filled: Kbtui) -> None:
    out = filled("show", "nginx-502", "--plain", terminal=True).out
    assert out.startswith("# nginx 502 Bad Gateway\nWarning: needs review, draft, stale\n\ntopic: bad gateway\n")
    assert f"\n    {COMMAND}\n" in out
    assert out.isascii()
    assert "\x1b" not in out
    assert filled("show", "nginx-502", "--plain").out == out
    assert process("show", "nginx-502", env={"TERM": "dumb", "COLUMNS": "80"}).out == out


def test_a_page_cannot_reach_the_terminal(filled: Kbtui) -> None:
    for arguments in (("show", "hostile"), ("list",), ("facets", "tag")):
        out = filled(*arguments, terminal=True).out
        without_style = re.sub(r"\x1b\[[0-9;]*m", "", out)
        assert not set("\x1b\x07\u202e\u200b") & set(without_style)
    page = filled("show", "hostile").out
    assert "␛[2J" in page
    assert "⟨U+202E⟩turned" in page


def test_an_unknown_slug_names_the_nearest(filled: Kbtui) -> None:
    result = filled("show", "nginx-50")
    assert result.code == 1
    assert "nginx-502" in result.err
    assert filled("show", "\udcff\x00").code == 1


def test_only_one_shape_at_a_time(filled: Kbtui) -> None:
    assert filled("show", "hostile", "--raw", "--json").code == 2


def test_showing_on_a_terminal_counts_as_opened(filled: Kbtui) -> None:
    filled("show", "memory")
    assert filled("search").lines[0][0] != "memory"
    filled("show", "memory", terminal=True)
    assert filled("search").lines[0][0] == "memory"


def test_listing_filters_sorts_and_pages(filled: Kbtui) -> None:
    assert [line[0] for line in filled("list", "--filter", "tool:redis").lines] == ["latency", "memory"]
    assert [line[0] for line in filled("list", "--filter", "tool:redis", "--filter", "-tool:docker").lines] == [
        "memory"
    ]
    assert filled("list", "--sort", "reviewed", "-n", "1").lines[0][0] == "nginx-502"
    assert "1 of 4 shown" in filled("list", "-n", "1").err
    assert filled("list", "--filter", "tool:nothing").code == 1
    assert filled("list", "--offset", "9").code == 1


def test_list_json(filled: Kbtui) -> None:
    posts = filled("list", "--json").json()
    assert {(p["slug"], p["source"], p["path"]) for p in posts} >= {("memory", "runbooks", "redis/memory.md")}
    assert len(filled("list", "--jsonl").out.splitlines()) == len(posts) == 4


@pytest.mark.parametrize("arguments", [("--filter", "redis"), ("--filter", "a:b"), ("--sort", "x"), ("-n", "0")])
def test_wrong_usage_of_list(filled: Kbtui, arguments: tuple[str, ...]) -> None:
    assert filled("list", *arguments).code == 2


def test_facets(filled: Kbtui) -> None:
    assert filled("facets", "tool").lines[0] == ["tool", "redis", "2"]
    assert filled("facets", "tools", "-n", "1").err.startswith("Only the first 1 of tool")
    assert filled("facets", "--json").json()["tool"][0] == {"value": "redis", "count": 2}
    assert "the nearest is 'tool'" in filled("facets", "tol").err
    assert filled("facets", "owner").code == 1


def test_who_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    screens = "line\n" * 100
    monkeypatch.setattr("kbtui.cli.output.is_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", Stream(terminal=True))
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/less")
    monkeypatch.setenv("TERM", "xterm")
    assert paging.pager_for("short") is None
    assert paging.pager_for(screens) == ["/usr/bin/less"]
    monkeypatch.setenv("PAGER", "more -s")
    assert paging.pager_for("short") == ["more", "-s"]
    for none in ("", "cat"):
        monkeypatch.setenv("PAGER", none)
        assert paging.pager_for(screens) is None
    monkeypatch.setenv("PAGER", "less")
    monkeypatch.setattr("sys.stdin", Stream(terminal=False))
    assert paging.pager_for(screens) is None


def test_a_pager_gets_the_text_and_may_leave_early(tmp_path: Path) -> None:
    target = tmp_path / "paged"
    assert paging.page(["sh", "-c", f"cat > {target}"], "a\udcff b\n")
    assert target.read_bytes() == b"a\\udcff b\n"
    assert paging.page(["true"], "x" * 1_000_000)
    assert not paging.page(["/no/such/pager"], "x")
    assert paging.takes_colour(["/usr/bin/less", "-R"])
    assert not paging.takes_colour(["more"])


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that sends SIGINT")
def test_an_interrupt_belongs_to_the_pager_and_costs_no_text(tmp_path: Path) -> None:
    target = tmp_path / "paged"
    pager = f"trap '' INT; sleep 0.3; kill -INT $PPID; sleep 0.1; cat > {target}; kill -INT $PPID; sleep 0.1"
    assert paging.page(["sh", "-c", pager], "x" * 1_000_000)
    assert target.stat().st_size == 1_000_000
