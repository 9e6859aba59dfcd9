"""`note`: change notes from the shell."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kbtui.config import user_config_file
from kbtui.core.post import Json
from kbtui.core.text import is_line_safe
from tests.cli.conftest import HOSTILE, Kbtui, process

ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
# Put together here, so that no scanner of this repository stumbles over it.
TOKEN = "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"


@pytest.fixture(autouse=True)
def no_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever lies above the test's folder is no repository of it."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(Path.cwd().parent))
    for name in ("HISTFILE", "SHELL"):
        monkeypatch.delenv(name, raising=False)


def write(kbtui: Kbtui, *arguments: str, stdin: bytes | None = None) -> str:
    result = kbtui("note", "new", *arguments, stdin=stdin)
    assert (result.code, len(result.lines)) == (0, 1), result.err
    assert ID.fullmatch(result.lines[0][0])
    return result.lines[0][0]


def shown(kbtui: Kbtui, *arguments: str) -> Json:
    return kbtui("note", "show", *arguments, "--json").json()


def content(kbtui: Kbtui, *arguments: str) -> Json:
    return shown(kbtui, *arguments)["content"]


def editor(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have a line of Python as the editor; `path` is the file, `text` what it holds."""
    script = f"import sys, pathlib; path = pathlib.Path(sys.argv[-1]); text = path.read_text(); {code}"
    monkeypatch.setenv("EDITOR", shlex.join([sys.executable, "-c", script]))


def left_texts() -> list[Path]:
    return sorted(Path(".local/share/kbtui").glob("*drafts/note-*.md"))


# Writing


def test_a_note_in_one_line_and_what_becomes_of_it(kbtui: Kbtui) -> None:
    note = write(kbtui, "-m", "Raise the pool: orders timed out", "--owner", "Ana", "--env", "production")
    first = shown(kbtui)
    assert (first["id"], first["state"], first["due_at"]) == (note, "draft", None)
    assert (first["title"], first["owner"]) == ("Raise the pool: orders timed out", "Ana")
    early = kbtui("note", "verify", note, "kept", "-m", "fine")
    assert (early.code, "is a draft" in early.err) == (1, True)
    shipped = kbtui("note", "ship", note[:20])
    assert (shipped.code, shipped.out, "to be verified by" in shipped.err) == (0, f"{note}\n", True)
    assert kbtui("note", "ship", note).code == 1
    assert kbtui("note", "list", "--due").code == 1
    assert kbtui("note", "postpone", note, "2d").code == 0
    assert timedelta(days=1) < datetime.fromisoformat(shown(kbtui)["due_at"]) - datetime.now(UTC) < timedelta(days=3)
    assert kbtui("note", "postpone", note, "2999-01-01").code == 0
    for wrong in ("2020-01-01", "yesterday", "soon", "0d"):
        assert kbtui("note", "postpone", note, wrong).code == 2
    assert shown(kbtui)["due_at"].startswith("2999-01-01") or shown(kbtui)["due_at"].startswith("2998-12-31")
    assert kbtui("note", "verify", note, "kept", "-m", " ").code == 2
    assert kbtui("note", "verify", note, "kept").code == 2
    assert kbtui("note", "verify", note, "kept", "-m", "no timeout since Monday").code == 0
    assert kbtui("note", "postpone", note, "2d").code == 1
    last = shown(kbtui, note)
    assert (last["state"], last["outcome"], last["due_at"]) == ("kept", "no timeout since Monday", None)
    done = [line[3] for line in kbtui("note", "history", note).lines]
    assert (done[0], done[-2:]) == ("kept: no timeout since Monday", ["shipped", "written"])


def test_every_option_has_its_place(filled: Kbtui) -> None:
    note = write(
        filled,
        *("-m", "Cache /static", "--template", "cache-rule", "--shipped", "--expected", "93 %", "--rollback", "rm x"),
        *("--file", "a b.conf", "--file", "c\nd", "--command", "nginx -t", "--command", "nginx -s reload"),
        *("--host", "web-1", "--tool", "nginx", "--post", "nginx-502", "--field", "rule_name=static"),
        *("--field", "bypass=a cookie", "--field", "bypass=Authorization", "--field", "should_cache=/app.css -> HIT"),
        *("--field", "should_not_cache=/account -> BYPASS", "--field", "assumptions=one host"),
        *("--metric", "cache hit ratio=41%->93%", "--metric", "wasted sheep=4 kg->3 kg"),
    )
    told = shown(filled, note)
    said = told["content"]
    assert (told["state"], told["template"], said["host"], said["tools"]) == (
        "shipped",
        "cache-rule",
        "web-1",
        ["nginx"],
    )
    assert (said["files"], said["commands"]) == (["a b.conf", "c\nd"], ["nginx -t", "nginx -s reload"])
    assert said["posts"] == ["nginx-502"]
    assert (said["expected"], said["rollback"], said["assumptions"]) == ("93 %", "rm x", ["one host"])
    assert said["fields"]["bypass"] == ["a cookie", "Authorization"]
    metrics = [(one["metric"], one["unit"], one["before"], one["after"]) for one in told["comparisons"]]
    assert metrics == [("cache hit ratio", "%", [41.0], [93.0]), ("wasted sheep", "kg", [4.0], [3.0])]
    assert [line[0] for line in filled("note", "list", "--file", "a b.conf", "--tool", "NGINX").lines] == [note]
    assert filled("note", "list", "--file", "b.conf").code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--template", "cache-rul"), "choose one of change, cache-rule"),
        (("--field", "x"), "write NAME=VALUE"),
        (("--field", "ownr=x"), "the nearest is 'owner'"),
        (("--template", "incident", "--field", "severity=bad"), "Severity is one of minor, major, critical."),
        (("--template", "cache-rule", "--shipped"), "goes live only with: Name of the rule (rule_name)"),
        (("--metric", "response time"), "write NAME=BEFORE->AFTER"),
        (("--metric", "response time=fast->slow"), "'fast' is no number"),
        (("--metric", "response time=3 kg->2 kg"), "not in ms"),
        (("--from-history", "1"), "`kbtui note from-shell` shows their numbers"),
        (("--from-history", "9" * 5_000), "There is no command '999"),
        (("--edit",), "An editor needs a terminal"),
        (("-", "--from-file", "x"), "Choose one"),
        (("now",), "'now' is no option"),
        (("--post", "nothing"), "nothing"),
    ],
)
def test_wrong_usage_saves_nothing(kbtui: Kbtui, arguments: tuple[str, ...], said: str) -> None:
    result = kbtui("note", "new", "-m", "x", *arguments)
    assert (result.code, result.raw) in ((2, b""), (1, b""))
    assert said in result.err
    assert kbtui("note", "list").code == 1


def test_without_a_terminal_nothing_is_waited_for(kbtui: Kbtui) -> None:
    for arguments in ((), ("-",), ("--owner", "Ana")):
        result = kbtui("note", "new", *arguments, stdin=b" \n")
        assert (result.code, "Say why" in result.err) == (2, True)
    for reason in ("", " \n"):
        empty = kbtui("note", "new", "-m", reason)
        assert (empty.code, "The reason is empty" in empty.err) == (2, True)
    assert "The reason is empty" in kbtui("note", "new", stdin=b"## Rollback\n\nx\n").err
    assert kbtui("note", "edit", stdin=b"").code == 2
    started = time.monotonic()
    assert process("note", "new").code == 2
    assert time.monotonic() - started < 20


def test_a_text_comes_by_standard_input_or_from_a_file(kbtui: Kbtui, tmp_path: Path) -> None:
    write(kbtui, stdin=b"Raise the pool\n\nIt was full.\n")
    assert content(kbtui)["reason"] == "Raise the pool\n\nIt was full."
    text = "# Raise the pool\n\n## Commands\n\n```sh\ndf -h\n```\n\n## Bypass conditions\n- a cookie\n"
    write(kbtui, "-", "--template", "cache-rule", "--owner", "Ben", stdin=text.encode())
    said = content(kbtui)
    assert (said["reason"], said["commands"], said["owner"]) == ("Raise the pool", ["df -h"], "Ben")
    assert (said["template"], said["fields"]) == ("cache-rule", {"bypass": ["a cookie"]})
    (tmp_path / "note.md").write_text("---\ntemplate: incident\nowner: Ann\n---\nShop down\n")
    write(kbtui, "--from-file", str(tmp_path / "note.md"))
    said = content(kbtui)
    assert (said["template"], said["owner"], said["files"]) == ("incident", "Ann", [])
    assert (tmp_path / "note.md").exists()


def test_a_text_that_is_refused_is_kept_and_named(kbtui: Kbtui) -> None:
    refused = kbtui("note", "new", stdin=b"Why\n\n## Rolback\n\nrm x\n")
    assert (refused.code, refused.raw) == (2, b"")
    assert "Line 3: there is no section 'Rolback'; the nearest is 'Rollback'." in refused.err
    (kept,) = left_texts()
    assert str(kept.resolve()) in refused.err
    kept.write_text(kept.read_text().replace("Rolback", "Rollback"))
    following = kbtui("note", "new", "-m", "another")
    assert f"kbtui note new --from-file {kept.resolve()}" in following.err
    again = kbtui("note", "new", "--from-file", kept)
    assert (again.code, "not saved" in again.err, left_texts()) == (0, False, [])
    assert content(kbtui)["rollback"] == "rm x"


def test_text_that_is_too_large_is_refused(kbtui: Kbtui) -> None:
    assert "larger than 1 MB" in kbtui("note", "new", stdin=b"x" * 1_100_000).err
    note = write(kbtui, "-m", "x")
    assert "larger than 1 MB" in kbtui("note", "attach", note, "-", stdin=b"x" * 30_000_000).err
    assert shown(kbtui)["evidence"] == []


# Through an editor


def test_the_editor_begins_with_what_is_known(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(monkeypatch, "path.write_text(text.replace('---\\n\\n', '---\\n\\nRaise the pool\\n\\n', 1))")
    result = kbtui("note", "new", "--owner", "Ana", "--shipped", terminal=True)
    assert (result.code, "Noted" in result.err, result.out) == (0, True, "")
    told = shown(kbtui)
    assert (told["title"], told["owner"], told["state"], left_texts()) == ("Raise the pool", "Ana", "shipped", [])
    editor(monkeypatch, "assert 'Raise the pool' in text; path.write_text(text.replace('Ana', 'Ben'))")
    changed = kbtui("note", "edit", terminal=True)
    assert (changed.code, "revision 3" in changed.err) == (0, True)
    assert shown(kbtui)["owner"] == "Ben"
    editor(monkeypatch, "pass")
    assert kbtui("note", "edit", terminal=True).err == "Nothing was changed.\n"
    assert "nothing was saved" in kbtui("note", "new", terminal=True).err
    diff = kbtui("note", "history", "--diff").out
    assert "\n-owner: Ana\n+owner: Ben\n" in diff
    assert "owner: Ana" not in kbtui("note", "history", "--diff", "3:3").out
    assert kbtui("note", "history", "--diff", "1:9").code == 1
    assert kbtui("note", "history", "--diff", "x").code == 2


def test_with_a_reason_the_editor_may_leave_the_text_as_it_is(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(monkeypatch, "assert 'Raise the pool' in text")
    assert kbtui("note", "new", "-m", "Raise the pool", "--edit", terminal=True).code == 0
    assert (content(kbtui)["reason"], left_texts()) == ("Raise the pool", [])
    editor(monkeypatch, "path.write_text('')")
    assert "nothing was saved" in kbtui("note", "new", "-m", "Raise it", "--edit", terminal=True).err
    assert len(kbtui("note", "list").lines) == 1


def test_a_change_that_is_not_ready_stays_a_draft(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(monkeypatch, "path.write_text(text.replace('---\\n\\n', '---\\n\\nCache it\\n\\n', 1))")
    result = kbtui("note", "new", "--template", "cache-rule", "--shipped", terminal=True)
    assert (result.code, "is kept as the draft" in result.err) == (2, True)
    assert shown(kbtui)["state"] == "draft"
    assert kbtui("note", "ship", shown(kbtui)["id"]).code == 2


def test_an_editor_that_fails_loses_nothing(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(monkeypatch, "path.write_text('Why'); sys.exit(3)")
    result = kbtui("note", "new", terminal=True)
    (kept,) = left_texts()
    assert (result.code, str(kept.resolve()) in result.err, kept.read_text()) == (1, True, "Why")
    kept.unlink()
    editor(monkeypatch, "sys.exit(3)")
    assert kbtui("note", "new", terminal=True).code == 1
    monkeypatch.setenv("EDITOR", "'")
    assert kbtui("note", "new", terminal=True).code == 2
    assert left_texts() == []


def test_of_a_note_that_was_saved_elsewhere_both_are_kept(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    note = write(kbtui, "-m", "Raise the pool", "--owner", "Ana")
    other = shlex.join([sys.executable, "-m", "kbtui", "note", "edit", note, "--from-file", "other.md"])
    Path("other.md").write_text("---\ntemplate: change\nowner: Ben\n---\nRaise the pool\n")
    editor(monkeypatch, f"import os; os.system({other!r}); path.write_text(text.replace('Ana', 'Cid'))")
    result = kbtui("note", "edit", note, terminal=True)
    assert (result.code, "was saved elsewhere meanwhile" in result.err) == (1, True)
    assert shown(kbtui)["owner"] == "Ben"
    (kept,) = left_texts()
    assert "owner: Cid" in kept.read_text()
    assert "\n-owner: Ben\n" in result.out
    assert "\n+owner: Cid\n" in result.out
    assert f"kbtui note edit {note} --from-file" in kbtui("note", "new", "-m", "x").err
    assert kbtui("note", "edit", note, "--from-file", kept).code == 0
    assert (shown(kbtui, note)["owner"], shown(kbtui, note)["revision"], left_texts()) == ("Cid", 3, [])


@pytest.mark.skipif(os.name == "nt", reason="there is no such terminal")
def test_what_was_typed_outlives_a_kill(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    import pty

    editor(
        monkeypatch,
        "path.write_text(text + 'typed so far'); import os, time; pathlib.Path('editor').write_text(str(os.getpid())); "
        "time.sleep(60)",
    )
    terminal, inner = pty.openpty()
    running = subprocess.Popen([sys.executable, "-m", "kbtui", "note", "new"], stdin=inner, stdout=inner, stderr=inner)
    try:
        deadline = time.monotonic() + 30
        while not (Path("editor").exists() and Path("editor").read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        running.kill()
        running.wait()
        if Path("editor").exists():
            os.kill(int(Path("editor").read_text()), signal.SIGKILL)
        os.close(terminal)
        os.close(inner)
    (kept,) = left_texts()
    assert kept.read_text().endswith("typed so far")
    assert str(kept.resolve()) in kbtui("note", "new", "-m", "another").err
    doctor = kbtui("doctor")
    assert (doctor.code, str(kept.resolve()) in doctor.out) == (1, True)


# Secrets


def test_what_looks_like_a_secret_is_stored_masked(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    note = write(kbtui, "-m", "Rotate", "--command", f"export GITHUB={TOKEN}", "--rollback", f"x\nuse {TOKEN}")
    editor(monkeypatch, f"path.write_text(text.replace('Rotate', 'Rotate {TOKEN}'))")
    edited = kbtui("note", "edit", note, terminal=True)
    attached = kbtui("note", "attach", note, "-", stdin=f"a\nb {TOKEN}\n".encode())
    assert "evidence, line 2: looks like a secret (GitHub token), stored masked" in attached.err
    verified = kbtui("note", "ship", note).err + kbtui("note", "verify", note, "kept", "-m", f"saw {TOKEN}").err
    piped = kbtui("note", "new", stdin=f"Why {TOKEN}".encode())
    assert "reason, line 1: looks like a secret (GitHub token)" in piped.err
    assert "reason, line 1: looks like a secret (GitHub token)" in edited.err
    everything = [kbtui("note", "show", note, *form).out for form in ((), ("--json",), ("--trailer",))]
    for text in (*everything, edited.err, attached.err, verified, piped.err, kbtui("note", "history", note).out):
        assert TOKEN not in text
    assert "[masked: GitHub token]" in everything[0]
    files = [path for path in Path(".local/share/kbtui").rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in path.read_bytes() for path in files)


def test_a_secret_is_kept_where_that_is_wanted(kbtui: Kbtui) -> None:
    result = kbtui("note", "new", "-m", f"Rotate {TOKEN}", "--keep-secrets")
    assert (result.code, TOKEN in result.err, "kept as it is" in result.err) == (0, False, True)
    assert content(kbtui)["reason"] == f"Rotate {TOKEN}"


# The shell's history


def test_commands_are_taken_from_the_history_by_number(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    history = Path("history").absolute()
    history.write_text(f"df -h\nexport TOKEN={TOKEN}\nsystemctl reload nginx\nkbtui note from-shell\n")
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setenv("HISTFILE", str(history))
    listed = kbtui("note", "from-shell", "-n", "2")
    assert [(line[0], line[2]) for line in listed.lines] == [
        ("1", "systemctl reload nginx"),
        ("2", "export TOKEN=[masked: GitHub token]"),
    ]
    write(kbtui, "-m", "x", "--command", "make", "--from-history", "3,1")
    assert content(kbtui)["commands"] == ["make", "df -h", "systemctl reload nginx"]
    assert kbtui("note", "new", "-m", "x", "--from-history", "0").code == 2
    history.unlink()
    assert (kbtui("note", "from-shell").code, kbtui("note", "from-shell").raw) == (1, b"")


# Reading


def test_git_is_asked_unless_it_is_not_wanted(kbtui: Kbtui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    subprocess.run(["git", "init", "-q", "-b", "main"], check=True)
    Path("a b.conf").write_text("x\n")
    subprocess.run(["git", "add", "a b.conf"], check=True)
    write(kbtui, "-m", "x")
    said = content(kbtui)
    assert (said["files"], said["git"]["branch"]) == (["a b.conf"], "main")
    write(kbtui, "-m", "x", "--file", "other")
    assert content(kbtui)["files"] == ["other"]
    write(kbtui, "-m", "x", "--no-git")
    assert (content(kbtui)["files"], content(kbtui)["git"]["branch"]) == ([], "")


def test_the_page_and_what_a_commit_and_a_changelog_say(kbtui: Kbtui) -> None:
    note = write(kbtui, "-m", "Raise the pool", "--rollback", "git revert a", "--metric", "response time=420ms->0.18s")
    kbtui("note", "attach", note, "-", "--origin", "plan", stdin=b"Seq Scan\n")
    page = kbtui("note", "show", note).out
    assert page.startswith(f"# Raise the pool\n\n- Note: {note}, draft\n")
    assert "## Rollback\n\ngit revert a\n" in page
    assert "```text\nSeq Scan\n```" in page
    assert kbtui("note", "show", note, "--markdown").out == page
    trailer = kbtui("note", "show", note, "--trailer").out
    assert trailer.startswith(
        f"Change-Note: {note}\nReason: Raise the pool\nRollback: git revert a\nMetric: Response time"
    )
    assert kbtui("note", "show", note, "--changelog").out.startswith("- Raise the pool.")
    assert kbtui("note", "show", "0000").code == 1


def test_a_terminal_gets_nothing_to_obey(kbtui: Kbtui) -> None:
    note = write(kbtui, "-m", HOSTILE, "--rollback", HOSTILE, "--file", HOSTILE, "--owner", HOSTILE)
    kbtui("note", "attach", note, "-", "--origin", HOSTILE, stdin=HOSTILE.encode())
    for arguments in (
        ("list",),
        ("show",),
        ("show", "--json"),
        ("show", "--trailer"),
        ("history",),
        ("list", "--json"),
    ):
        out = re.sub(r"\x1b\[[0-9;]*m", "", kbtui("note", *arguments, terminal=True).out)
        assert all(map(is_line_safe, out.split("\n")))
    assert shown(kbtui)["content"]["reason"] == HOSTILE


def test_notes_are_listed_and_their_ids_completed(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kbtui("note", "list").code == 1
    assert kbtui("note", "show").code == 1
    first, second = write(kbtui, "-m", "one"), write(kbtui, "-m", "two", "--shipped")
    assert [line[0] for line in kbtui("note", "list").lines] == [second, first]
    assert [line[0] for line in kbtui("note", "list", "--state", "draft").lines] == [first]
    cut = kbtui("note", "list", "-n", "1")
    assert (len(cut.lines), cut.err) == (1, "1 of 2; -n shows more.\n")
    listed = kbtui("note", "list", "--json").json()
    assert [(one["title"], one["due"]) for one in listed] == [("two", False), ("one", False)]
    completed = process(
        env={"_KBTUI_COMPLETE": "bash_complete", "COMP_WORDS": f"kbtui note show {first[:8]}", "COMP_CWORD": "3"}
    )
    assert {line.split(",")[1] for line in completed.out.splitlines()} == {first, second}


def test_a_broken_template_of_the_user_is_told_and_breaks_nothing_else(kbtui: Kbtui) -> None:
    folder = user_config_file().parent / "templates"
    folder.mkdir(parents=True)
    (folder / "ours.toml").write_text('title = "Ours"\n\n[[fields]]\nname = "level"\ntype = "lin"\n')
    (folder / "fine.toml").write_text('title = "Fine"\n\n[[fields]]\nname = "level"\ndefault = "low"\n')
    listed = {line[0]: line[1:] for line in kbtui("note", "templates").lines}
    assert listed["change"] == ["Change", "implementation-checklist", ""]
    assert listed["ours"][2].endswith("ours.toml, line 5: there is no type 'lin'; the nearest is 'line'.")
    assert kbtui("note", "templates", "ours").code == 2
    assert ["level", "line", "", "Level", "", ""] in kbtui("note", "templates", "fine").lines
    assert kbtui("note", "new", "-m", "x", "--template", "ours").code == 2
    write(kbtui, "-m", "x", "--template", "fine")
    assert content(kbtui)["fields"] == {"level": "low"}
    write(kbtui, "-m", "y")


def test_notes_are_json_that_a_script_can_rely_on(kbtui: Kbtui) -> None:
    note = write(kbtui, "-m", "x")
    told = json.loads(kbtui("note", "history", note, "--json").raw)
    assert [(one["revision"], one["what"], one["content"]["reason"]) for one in told] == [(1, "written", "x")]
    assert kbtui("note", "history", note, "--json", "--diff").code == 2
    help_text = " ".join(kbtui("note", "show", "--help").out.split() + kbtui("note", "list", "--help").out.split())
    whole = shown(kbtui)
    for key in (*whole, *whole["content"]):
        assert re.search(rf"\b{key}\b", help_text), key
