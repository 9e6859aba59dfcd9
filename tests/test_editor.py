"""The user's own editor: which it is, and how it ends."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from kbtui.core.errors import EditorError, UsageError
from kbtui.editor import edit, editor_command

WRITE = "import sys; open(sys.argv[-1], 'a').write(' '.join(sys.argv[1:-1]) + '!')"


def test_which_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    usual = "/bin/notepad" if os.name == "nt" else "/bin/vi"
    assert editor_command() == [usual]
    monkeypatch.setenv("EDITOR", "nano -w")
    assert editor_command() == ["nano", "-w"]
    monkeypatch.setenv("VISUAL", "code --wait")
    assert editor_command() == ["code", "--wait"]
    monkeypatch.setenv("VISUAL", "  ")
    assert editor_command() == ["nano", "-w"]


def test_no_editor_is_told_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(UsageError, match="EDITOR"):
        editor_command()


@pytest.mark.skipif(os.name == "nt", reason="quotes are no shell's there")
def test_a_command_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "vi 'open")
    with pytest.raises(UsageError, match="EDITOR"):
        editor_command()
    monkeypatch.setenv("EDITOR", "'/opt/my editor/vi' -c 'set tw=72'")
    assert editor_command() == ["/opt/my editor/vi", "-c", "set tw=72"]


def test_an_editor_gets_its_arguments_and_the_file_last(tmp_path: Path) -> None:
    page = tmp_path / "a page; rm -rf $HOME.md"
    page.write_text("text ")
    edit([sys.executable, "-c", WRITE, "--wait", "two words"], page)
    assert page.read_text() == "text --wait two words!"


def test_an_editor_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(EditorError, match="cannot be started"):
        edit([str(tmp_path / "no-such-editor")], tmp_path / "page.md")
    with pytest.raises(EditorError, match="exit code 3"):
        edit([sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "page.md")


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that sends SIGINT")
def test_an_interrupt_belongs_to_the_editor(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    edit(["sh", "-c", f"sleep 0.3; kill -INT $PPID; sleep 0.1; echo done > {shlex.quote(str(page))}"], page)
    assert page.read_text() == "done\n"
