"""`kbtui review` as a user sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import HOSTILE, Kbtui


@pytest.fixture
def troubled(filled: Kbtui, pages: Path) -> Kbtui:
    """A library of pages of which two had trouble."""
    (pages / "picture.md").write_bytes(b"\x00\x01")
    (pages / "odd.md").write_text("---\ntitle: [a\n---\n# Odd\n")
    assert filled("import", pages).code == 0
    return filled


def test_what_waits_is_listed_with_its_reasons(troubled: Kbtui) -> None:
    done = troubled("review", "list")
    assert [line[:2] for line in done.lines] == [
        ["runbooks/picture.md", "import trouble"],
        ["odd", "import trouble"],
        ["nginx-502", "needs review, draft, stale"],
    ]
    assert done.lines[2][2:] == ["nginx 502 Bad Gateway", "reviewed 2001-02-03"]
    assert (done.code, done.err) == (0, "")
    assert [line[0] for line in troubled("review", "list", "--only", "stale", "--only", "draft").lines] == ["nginx-502"]


def test_json_has_every_key_and_a_cut_is_announced(troubled: Kbtui) -> None:
    done = troubled("review", "list", "--json", "-n", "2", "--offset", "1")
    odd, nginx = done.json()
    assert set(odd) == {
        *("slug", "title", "source", "path", "reasons", "problems", "redlines", "status", "known_good"),
    }
    assert (odd["reasons"], odd["known_good"]) == (["import"], None)
    assert nginx["reasons"] == ["flagged", "draft", "stale"]
    assert nginx["known_good"] == {"since": "2001-02-03", "evidence": "reviewed 2001-02-03"}
    assert done.err == ""
    assert "1 of 3 shown; go on with --offset 1" in troubled("review", "list", "-n", "1").err
    assert "1 of 2 shown" in troubled("review", "list", "-n", "1", "--only", "import").err
    assert "There is more" in troubled("review", "list", "-n", "1", "--only", "import", "--only", "draft").err
    (file,) = troubled("review", "list", "--json", "-n", "1").json()
    assert (file["slug"], file["path"]) == (None, "picture.md")


def test_a_review_from_its_reason_to_its_record(troubled: Kbtui) -> None:
    done = troubled("review", "done", "nginx-502", "runbooks/picture.md", "--reason", "tried it", "--json")
    assert done.code == 0
    (after,) = done.json()
    assert (after["slug"], after["status"], after["reasons"]) == ("nginx-502", "reviewed", [])
    assert "revision 2" in done.err
    assert "--release" in done.err
    assert [line[0] for line in troubled("review", "list").lines] == ["odd"]
    shown = troubled("review", "show", "nginx-502", "--json").json()
    (review,) = shown["reviews"]
    assert (review["revision"], review["reason"], bool(review["who"])) == (2, "tried it", True)
    assert "tried it" in troubled("review", "show", "nginx-502").out
    assert troubled("show", "nginx-502", "--revisions").lines[0][2] == "review"
    assert troubled("show", "nginx-502", "--revisions", "--json").json()[0]["why"] == "tried it"
    assert troubled("search", "is:stale").code == 1
    assert troubled("doctor").code == 0


@pytest.mark.parametrize("arguments", [(), ("--reason", ""), ("--reason", " \t")])
def test_without_a_reason_nothing_is_done(troubled: Kbtui, arguments: tuple[str, ...]) -> None:
    done = troubled("review", "done", "nginx-502", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "--reason" in done.err
    assert "nginx-502" in troubled("review", "list").out


def test_nothing_is_done_where_one_of_several_is_not_there(troubled: Kbtui) -> None:
    done = troubled("review", "done", "nginx-502", "nginx-503", "--reason", "x")
    assert done.code == 1
    assert "nginx-502" in done.err
    assert "nginx-502" in troubled("review", "list").out


def test_where_nothing_waits_that_is_said(filled: Kbtui) -> None:
    assert filled("review", "list", "--only", "redline").code == 1
    filled("review", "done", "nginx-502", "--reason", "x")
    done = filled("review", "list", "--json")
    assert (done.code, done.json()) == (1, [])
    assert "Nothing waits for a human" in done.err
    assert "waits\tno" in filled("review", "show", "nginx-502").out


def test_a_proposed_change_and_a_run_stand_beside_a_post(filled: Kbtui, pages: Path) -> None:
    (pages / "redis" / "latency.md").write_text("---\ntitle: Redis latency\n---\n- [ ] look\n")
    filled("import", pages)
    run = filled("check", "start", "latency").out.strip()
    filled("check", "redline", "1", "look twice", "--run", run)
    assert filled("review", "list", "--only", "redline").lines[0][:2] == ["latency", "proposed changes"]
    assert "still to be decided" in filled("review", "done", "latency", "--reason", "x").err
    filled("check", "done", "1", "--run", run)
    filled("check", "finish", run)
    assert "run finished" in filled("review", "show", "latency").out
    assert "known good: run finished" in filled("show", "latency", "--plain").out
    (post,) = [post for post in filled("list", "--json").json() if post["slug"] == "latency"]
    assert post["known_good"]["evidence"].startswith("run finished")


def test_hostile_titles_and_reasons_are_safe_on_a_terminal(filled: Kbtui, pages: Path) -> None:
    (pages / "hostile.md").write_text(f"---\ntitle: {HOSTILE!r}\nrevision: {{status: draft}}\n---\n# x\n")
    filled("import", pages)
    slug = next(post["slug"] for post in filled("list", "--json").json() if post["path"] == "hostile.md")
    for verb in (("list",), ("done", slug, "--reason", "a \x1b[31mred\x07 reason"), ("show", slug)):
        done = filled("review", *verb, terminal=True)
        assert done.code == 0
        assert not [sign for sign in ("\x1b]", "\x07", "\u202e") if sign in done.out + done.err]
