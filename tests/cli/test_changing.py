"""`kbtui changes` and `kbtui blame`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import HOSTILE, Kbtui


@pytest.fixture
def noted(kbtui: Kbtui) -> Kbtui:
    """A library of three notes."""
    for options in (
        ["-m", "Raise the pool", "--tool", "redis", "--file", "/etc/app/pool.conf", "--owner", "ann", "--shipped"],
        ["-m", "Cache /static\nIt was slow.", "--tool", "nginx", "--file", "/etc/nginx/nginx.conf", "--owner", "bob",
         "--env", "production", "--rollback", "nginx -s reload\nand look", "--command", "nginx -t", "--shipped"],
        ["-m", HOSTILE, "--file", "/etc/nginx/nginx.conf", "--owner", "bob"],
    ):  # fmt: skip
        assert kbtui("note", "new", "--no-git", *options).code == 0
    return kbtui


def test_changes_come_newest_first_with_their_rollback(noted: Kbtui) -> None:
    done = noted("changes")
    assert done.code == 0
    assert [line[2:4] for line in done.lines] == [["draft", "bob"], ["shipped", "bob"], ["shipped", "ann"]]
    assert done.lines[1][4:] == ["Cache /static", "nginx -s reload", "/etc/nginx/nginx.conf"]
    assert [note["owner"] for note in noted("changes", "--json").json()] == ["bob", "bob", "ann"]


@pytest.mark.parametrize(
    ("options", "owners"),
    [
        (["--since", "6h"], 3),
        (["--until", "6h"], 0),
        (["--since", "yesterday", "--until", "today"], 3),
        (["--file", "nginx.conf"], 2),
        (["--file", "nginx.conf", "--file", "pool.conf"], 3),
        (["--file", "conf"], 0),
        (["--tool", "Redis"], 1),
        (["--owner", "bob"], 2),
        (["--env", "production"], 1),
        (["--state", "draft", "--state", "kept"], 1),
        (["-n", "2"], 2),
    ],
)
def test_changes_are_filtered(noted: Kbtui, options: list[str], owners: int) -> None:
    done = noted("changes", *options)
    assert len(done.lines) == owners
    assert done.code == (0 if owners else 1)


def test_what_is_cut_off_or_not_there_is_said(noted: Kbtui, kbtui: Kbtui, tmp_path: Path) -> None:
    assert "2 of 3 shown" in noted("changes", "-n", "2").err
    assert "no change is like that" in noted("changes", "--tool", "x").err.casefold()
    assert noted("changes", "--tool", "x", "--json").json() == []
    empty = kbtui("--library", tmp_path / "empty", "changes")
    assert empty.code == 1
    assert "No change was noted yet" in empty.err


def test_a_wrong_time_is_wrong_usage(noted: Kbtui) -> None:
    done = noted("changes", "--since", "soon")
    assert done.code == 2
    assert "'soon' is no time" in done.err
    assert done.raw == b""


def test_a_terminal_shows_the_rollback_and_obeys_nothing(noted: Kbtui) -> None:
    shown = noted("changes", terminal=True).out
    assert "rollback: nginx -s reload" in shown
    assert "rollback: none is written down" in shown
    for command in ("changes", "blame"):
        out = noted(command, *(["nginx.conf"] if command == "blame" else []), terminal=True).out
        assert not {"\x1b", "\u202e", "\u200b"} & set(out)


def test_blame_tells_why_how_and_what_it_did(noted: Kbtui) -> None:
    note_id = noted("changes", "--tool", "nginx").lines[0][0]
    assert noted("note", "verify", note_id, "kept", "-m", "half as long").code == 0
    done = noted("blame", "nginx.conf")
    assert done.code == 0
    assert len(done.lines) == 2
    assert done.lines[1][2:] == ["bob", "Cache /static", "nginx -t", "kept: half as long"]
    told = noted("blame", "/etc/nginx/nginx.conf", "--json").json()[1]
    assert told["content"]["commands"] == ["nginx -t"]
    assert told["effects"] == ["kept: half as long"]
    shown = noted("blame", "nginx.conf", terminal=True).out
    for piece in ("It was slow.", "$ nginx -t", "kept: half as long", "rollback: nginx -s reload and look"):
        assert piece in shown


def test_blame_tells_what_was_measured(noted: Kbtui) -> None:
    options = ["--no-git", "--file", "a/slow.sql", "--metric", "response time=420ms->180ms"]
    assert noted("note", "new", "-m", "Add an index", *options).code == 0
    effect = noted("blame", "slow.sql").lines[0][5]
    assert "420 ms" in effect
    assert "180 ms" in effect
    assert noted("blame", "slow.sql", "--json").json()[0]["effects"] == [effect]


def test_blame_knows_a_file_by_where_it_lies_in_its_repository(
    noted: Kbtui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = tmp_path / "shop" / "conf"
    (tmp_path / "shop" / ".git").mkdir(parents=True)
    conf.mkdir()
    (conf / "web.conf").touch()
    (conf / "nginx.conf").touch()
    assert noted("note", "new", "--no-git", "-m", "Here", "--file", "conf/web.conf").code == 0
    assert noted("note", "new", "--no-git", "-m", "There", "--file", "other/web.conf").code == 0
    monkeypatch.chdir(conf)
    for path in ("web.conf", "../conf/web.conf", conf / "web.conf"):
        assert [line[3] for line in noted("blame", path).lines] == ["Here"]
    assert len(noted("blame", "nginx.conf").lines) == 2
    monkeypatch.chdir(tmp_path)
    assert [line[3] for line in noted("blame", "web.conf").lines] == ["There", "Here"]
    assert noted("blame", "a\udcff" * 3000).code == 1


def test_a_file_that_no_note_names(noted: Kbtui) -> None:
    done = noted("blame", "other.conf")
    assert (done.code, done.raw) == (1, b"")
    assert "No change note names 'other.conf'" in done.err
