"""Who may read what is written, in processes of their own as the umask is that of a whole process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="has no umask")


def permissions(path: Path, *arguments: str) -> int:
    """Of the file that a process wrote under a umask of 022."""
    done = subprocess.run([sys.executable, *arguments], umask=0o022, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return path.stat().st_mode & 0o777


def test_a_measured_command_writes_as_its_user_wants(tmp_path: Path) -> None:
    written, kbtui = tmp_path / "built", ("-m", "kbtui", "--library", str(tmp_path / "library"))
    library = tmp_path / "library" / "kb.sqlite3"
    assert permissions(library, *kbtui, "note", "new", "-m", "why", "--no-git") == 0o600
    assert permissions(written, *kbtui, "measure", "--before", "-n", "1", "--", "touch", str(written)) == 0o644


@pytest.mark.parametrize(("is_draft", "expected"), [(True, 0o600), (False, 0o644)])
def test_an_editor_keeps_drafts_private_and_no_other_file(tmp_path: Path, is_draft: bool, expected: int) -> None:
    path = tmp_path / "text.md"
    code = (
        "from pathlib import Path\nfrom kbtui.umask import keep_files_private\nfrom kbtui.editor import edit\n"
        f"keep_files_private()\nedit(['touch'], Path({str(path)!r}), is_draft={is_draft})"
    )
    assert permissions(path, "-c", code) == expected


def test_from_python_the_umask_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "built"
    code = f"from kbtui.system.commands import SystemRunner\nSystemRunner().run(['touch', {str(path)!r}], timeout=9)"
    assert permissions(path, "-c", code) == 0o644
