"""`edit`, `new`, and the history that `show` prints."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from kbtui.core.text import is_line_safe
from tests.cli.conftest import HOSTILE, Kbtui

SLUG = "nginx-502"
NOTE = "The upstream recovered."


@pytest.fixture
def page(pages: Path) -> Path:
    return pages / "nginx-502.md"


def editor(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have a line of Python as the editor; `path` is the file."""
    script = f"import sys, pathlib; path = pathlib.Path(sys.argv[-1]); {code}"
    monkeypatch.setenv("EDITOR", shlex.join([sys.executable, "-c", script]))


def appending(monkeypatch: pytest.MonkeyPatch, text: str = NOTE) -> None:
    editor(monkeypatch, f"path.write_text(path.read_text() + {text + chr(10)!r})")


def drafts() -> list[Path]:
    return list(Path(".local/share/kbtui/drafts").glob("*.md"))


def body(kbtui: Kbtui, slug: str = SLUG) -> str:
    return kbtui("show", slug, "--raw").out


def edit_text(kbtui: Kbtui, text: str, *options: str) -> None:
    result = kbtui("edit", SLUG, "--local", "--from-file", "-", *options, stdin=text.encode())
    assert result.code == 0, result.err


# Through an editor


def test_a_local_version_through_the_editor(filled: Kbtui, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    appending(monkeypatch)
    before = page.read_bytes()
    result = filled("edit", SLUG, "--local", terminal=True)
    assert (result.code, result.raw) == (0, b"")
    assert f"Saved '{SLUG}', revision 2." in result.err
    assert f"{page} is as it was" in result.err
    assert body(filled).endswith(f"{NOTE}\n")
    assert page.read_bytes() == before
    assert drafts() == []
    assert [line[0] for line in filled("search", "recovered").lines] == [SLUG]


def test_the_file_through_the_editor(filled: Kbtui, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    appending(monkeypatch)
    result = filled("edit", SLUG, "--file", terminal=True)
    assert (result.code, "1 updated" in result.err) == (0, True)
    assert page.read_text().endswith(f"{NOTE}\n")
    assert body(filled).endswith(f"{NOTE}\n")
    assert filled("show", SLUG, "--json").json()["local_since"] is None
    page.write_text("---\nx: [\n---\n")
    assert "line 3" in filled("edit", SLUG, "--file", terminal=True).err


@pytest.mark.parametrize("choice", ["file", "local"])
def test_on_a_terminal_the_choice_is_asked_for(
    filled: Kbtui, page: Path, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    appending(monkeypatch)
    monkeypatch.setattr("click.prompt", lambda *_, **__: choice)
    result = filled("edit", SLUG, terminal=True)
    assert (result.code, str(page) in result.err) == (0, True)
    assert page.read_text().endswith(f"{NOTE}\n") == (choice == "file")
    assert (filled("show", SLUG, "--json").json()["local_since"] is not None) == (choice == "local")
    monkeypatch.setattr("click.prompt", lambda *_, **__: pytest.fail("asked again"))
    if choice == "local":
        assert filled("edit", SLUG, terminal=True).code == 0


def test_nothing_changed(filled: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(monkeypatch, "pass")
    result = filled("edit", SLUG, "--local", terminal=True)
    assert (result.code, result.err) == (0, "Nothing was changed.\n")
    assert len(filled("show", SLUG, "--revisions").lines) == 1
    assert drafts() == []


def test_a_text_that_is_refused_stays_and_can_be_tried_again(filled: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(monkeypatch, "path.write_text('---\\ntitle: [\\n---\\nmine\\n')")
    result = filled("edit", SLUG, "--local", terminal=True)
    assert result.code == 1
    (draft,) = drafts()
    assert str(draft.absolute()) in result.err
    assert "line 3" in result.err
    assert filled("doctor").code == 1
    draft.write_text("---\ntitle: Mine\n---\nmine\n")
    command = re.search(r"`kbtui (edit .*?)`", result.err)
    assert command is not None
    assert filled(*shlex.split(command[1]), "--local").code == 0
    assert (body(filled), drafts()) == ("mine\n", [])


def test_an_editor_that_fails_changes_nothing(filled: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    editor(monkeypatch, "sys.exit(1)")
    result = filled("edit", SLUG, "--local", terminal=True)
    assert (result.code, "exit code 1" in result.err, drafts()) == (1, True, [])
    editor(monkeypatch, "path.write_text('half'); sys.exit(1)")
    result = filled("edit", SLUG, "--local", terminal=True)
    assert (result.code, [draft.read_text() for draft in drafts()]) == (1, ["half"])
    assert str(drafts()[0].absolute()) in result.err
    monkeypatch.setenv("EDITOR", "/no/such/editor")
    assert "cannot be started" in filled("edit", SLUG, "--local", terminal=True).err
    assert len(drafts()) == 1


def test_a_new_post(filled: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    appending(monkeypatch, "What to do.")
    result = filled("new", "Disk", " full ", terminal=True)
    assert result.code == 2
    result = filled("new", "Disk  full", terminal=True)
    assert (result.code, "Saved 'disk-full', revision 1." in result.err) == (0, True)
    shown = filled("show", "disk-full", "--json").json()
    assert (shown["title"], shown["body"].strip(), shown["source"], shown["file"]) == (
        "Disk full",
        "What to do.",
        "local",
        None,
    )
    assert filled("edit", "disk-full", terminal=True).code == 0
    assert shown["saves"] + 1 == filled("show", "disk-full", "--json").json()["saves"]


# Without an editor


def test_a_text_from_a_pipe(filled: Kbtui, tmp_path: Path) -> None:
    edit_text(filled, "---\ntitle: Other\n---\nmine\n")
    assert body(filled) == "mine\n"
    (tmp_path / "text.md").write_text("---\ntitle: Third\n---\nfile\n")
    assert filled("edit", SLUG, "--from-file", tmp_path / "text.md").code == 0
    assert (body(filled), (tmp_path / "text.md").exists()) == ("file\n", True)
    assert filled("edit", SLUG, "--from-file", tmp_path / "text.md").err == "Nothing was changed.\n"
    assert filled("edit", SLUG, "--from-file", tmp_path / "gone.md").code == 2
    assert filled("edit", SLUG, "--from-file", "-", stdin=b"\xff").code == 1


def test_a_new_post_from_a_pipe_tells_its_slug(kbtui: Kbtui) -> None:
    result = kbtui("new", "--from-file", "-", stdin=b"# A page\n\ntext\n")
    assert (result.code, result.out) == (0, "a-page\n")
    assert kbtui("new", "Another title", "--from-file", "-", stdin=b"# A page\n").out == "another-title\n"
    assert kbtui("new", "--from-file", "-", stdin=b"").code == 1
    assert kbtui("new").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--file",),
        ("--local",),
        ("--from-file", "-"),
        ("--restore", "1"),
        ("--file", "--local"),
        ("--file", "--from-file", "-"),
        ("--file", "--restore", "1"),
        ("--release",),
        ("--release", "--local"),
        ("--release", "--restore", "1"),
        ("--from-file", "-", "--restore", "1", "--local"),
        ("--restore", "0", "--local"),
    ],
)
def test_wrong_usage_changes_nothing(filled: Kbtui, page: Path, arguments: tuple[str, ...]) -> None:
    before = page.read_bytes()
    result = filled("edit", SLUG, *arguments, stdin=b"text")
    assert result.code == 2
    if not arguments:
        assert all(part in result.err for part in ("--file", "--local", str(page)))
    assert (len(filled("show", SLUG, "--revisions").lines), page.read_bytes()) == (1, before)


def test_an_unknown_slug(filled: Kbtui) -> None:
    for arguments in (("edit", "nginx-50"), ("show", "nginx-50", "--revisions"), ("show", "nginx-50", "--diff")):
        result = filled(*arguments)
        assert result.code == 1
    assert SLUG in filled("edit", "nginx-50").err


# History


def test_revisions_are_listed_shown_and_compared(filled: Kbtui) -> None:
    edit_text(filled, "---\ntitle: Other\n---\nmine\n")
    newest, oldest = filled("show", SLUG, "--revisions").lines
    assert (newest[0], newest[2:]) == ("2", ["edit", "5", "current", "Other", ""])
    assert (oldest[0], oldest[2], oldest[4:]) == ("1", "import", ["", "nginx 502 Bad Gateway", ""])
    listed = filled("show", SLUG, "--revisions", "--json").json()
    assert [(r["revision"], r["origin"], r["current"]) for r in listed] == [(2, "edit", True), (1, "import", False)]
    assert "The upstream failed" in filled("show", SLUG, "--revision", "1", "--raw").out
    assert filled("show", SLUG, "--revision", "1", "--json").json()["saves"] == 1
    assert filled("show", SLUG, "--revision", "3").code == 1
    diff = filled("show", SLUG, "--diff").out
    assert "\n-The upstream failed.\n" in diff
    assert "\n+mine\n" in diff
    assert filled("show", SLUG, "--diff", "1").out == filled("show", SLUG, "--diff", "1:2").out == diff
    assert "\n+The upstream failed.\n" in filled("show", SLUG, "--diff", "2:1").out
    assert filled("show", SLUG, "--diff", "2:2").raw == b""


@pytest.mark.parametrize(
    "arguments",
    [
        ("--diff", "x"),
        ("--diff", "1:"),
        ("--diff", "1:2:3"),
        ("--diff", "-1"),
        ("--diff",),
        ("--revisions", "--diff"),
        ("--revisions", "--raw"),
        ("--diff", "1:1", "--json"),
        ("--revision", "1", "--revisions"),
        ("--revision", "x"),
    ],
)
def test_wrong_usage_of_the_history(filled: Kbtui, arguments: tuple[str, ...]) -> None:
    assert filled("show", SLUG, *arguments).code == 2


def test_a_revision_is_restored(filled: Kbtui) -> None:
    before = body(filled)
    edit_text(filled, "---\ntitle: Other\n---\nmine\n")
    assert filled("edit", SLUG, "--restore", "9").code == 1
    result = filled("edit", SLUG, "--restore", "1")
    assert (result.code, "revision 3" in result.err, body(filled)) == (0, True, before)
    assert filled("edit", SLUG, "--restore", "1").err == "Nothing was changed.\n"


def test_a_terminal_gets_nothing_to_obey(filled: Kbtui) -> None:
    text = filled("show", "hostile", "--markdown").raw + b"more\n"
    assert filled("edit", "hostile", "--local", "--from-file", "-", stdin=text).code == 0
    for options in (("--revisions",), ("--revisions", "--json"), ("--diff",)):
        shown = re.sub(r"\x1b\[[0-9;]*m", "", filled("show", "hostile", *options, terminal=True).out)
        assert all(map(is_line_safe, shown.split("\n")))
    assert filled("show", "hostile", "--revisions", "--json").json()[0]["title"] == HOSTILE


# Local versions


def test_what_an_import_keeps_and_how_it_is_given_back(filled: Kbtui, pages: Path, page: Path) -> None:
    edit_text(filled, "---\ntitle: Other\n---\nmine\n")
    assert "local version" not in filled("import", pages, "--verbose").err
    page.write_text("# From the file\n")
    result = filled("import", pages, "--verbose")
    assert f"`kbtui edit {SLUG} --release`" in result.err
    assert body(filled) == "mine\n"
    doctor = filled("doctor")
    assert (doctor.code, "kbtui edit SLUG --release" in doctor.out, SLUG in doctor.out) == (0, True, True)
    assert "has changed since" in filled("show", SLUG, terminal=True).err
    assert filled("show", SLUG).err == ""
    assert filled("show", SLUG, "--json").json()["file_changed"] is True
    assert filled("edit", SLUG, "--file", terminal=True).code == 2
    released = filled("edit", SLUG, "--release")
    assert (released.code, "1 updated" in released.err) == (0, True)
    assert body(filled) == "# From the file\n"
    assert "local version" not in filled("show", SLUG, terminal=True).err
