"""What a new change note begins with."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kbtui.core.errors import PostNotFoundError, RunNotFoundError
from kbtui.core.notes.change_note import DEFAULT_TEMPLATE, GitState
from kbtui.library import Library
from kbtui.storage.connection import Connection
from kbtui.storage.posts import SqlitePostStore
from tests.factories import NOON, a_post

BODY = """# Steps

- [ ] look

      $ df -h <host>

- [ ] log in

      mysql -u root -porchid-77 shop

- [ ] leave out

      reboot
"""


@pytest.fixture
def slug(library: Library, tmp_path: Path) -> str:
    """The slug of a post with a checklist of three steps."""
    connection = Connection(tmp_path / "library")
    (saved,) = SqlitePostStore(connection).save([a_post(title="Disk full", body=BODY, tools=("df", "mysql"))], NOON)
    connection.close()
    return saved.slug


def test_outside_of_a_repository_the_system_tells_who_and_where(library: Library, tmp_path: Path) -> None:
    content = library.capturing.begin(folder=tmp_path)
    assert content.reason == ""
    assert content.template == DEFAULT_TEMPLATE
    assert content.owner
    assert content.host
    assert (content.files, content.commands, content.git, content.run) == ((), (), GitState(), "")


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_in_a_repository_git_tells(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)

    git("init", "--quiet", "--initial-branch", "main")
    git("config", "user.name", "Ann Example")
    git("config", "user.email", "ann@example.org")
    (folder / "web.conf").write_text("a\n")
    git("add", "web.conf")
    content = library.capturing.begin(folder=folder, template="incident")
    assert content.template == "incident"
    assert content.owner == "Ann Example"
    assert content.files == ("web.conf",)
    assert (content.git.branch, content.git.repository, content.git.added) == ("main", "shop", 1)


def test_a_post_gives_its_tools(library: Library, slug: str, tmp_path: Path) -> None:
    content = library.capturing.begin(folder=tmp_path, post=slug)
    assert (content.posts, content.tools, content.commands) == ((slug,), ("df", "mysql"), ())


def test_a_run_gives_its_post_and_the_commands_that_were_done(library: Library, slug: str, tmp_path: Path) -> None:
    run = library.checklists.start(slug)
    library.checklists.remember_values(run.info.id, {"host": "web-1"})
    library.checklists.done(run.info.id, 1)
    library.checklists.done(run.info.id, 2)
    library.checklists.skip(run.info.id, 3, "no need")
    content = library.capturing.begin(folder=tmp_path, run=run.info.id)
    assert content.commands == ("df -h web-1", "mysql -u root -p[masked: password of mysql] shop")
    assert (content.run, content.posts, content.tools) == (run.info.id, (slug,), ("df", "mysql"))
    assert content.host == run.info.host


def test_what_is_not_there_is_said(library: Library, tmp_path: Path) -> None:
    with pytest.raises(PostNotFoundError):
        library.capturing.begin(folder=tmp_path, post="missing")
    with pytest.raises(RunNotFoundError):
        library.capturing.begin(folder=tmp_path, run="01JD")


def test_the_history_comes_with_what_looks_like_a_secret(
    library: Library, isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.delenv("HISTFILE", raising=False)
    (isolated / ".bash_history").write_text(f"ls{os.linesep}redis-cli -a orchid-77 ping\n")
    (first, secrets), (second, none) = library.capturing.history()
    assert [(first.text[one.start : one.end], one.rule) for one in secrets] == [("orchid-77", "password of a client")]
    assert (second.text, none) == ("ls", ())
    assert len(library.capturing.history(1)) == 1


def test_the_evidence_of_a_run_goes_along_without_its_secrets(library: Library, slug: str) -> None:
    run = library.checklists.start(slug)
    library.checklists.evidence(run.info.id, 1, "export DB_PASSWORD=" + "hunter" + "2Kx9\nreloaded\n")
    ((origin, text),) = library.capturing.run_evidence(run.info.id)
    assert origin.startswith("step 1 of the run: ")
    assert "reloaded" in text
    assert "2Kx9" not in text
    assert list(library.capturing.run_evidence("01NONE")) == []
