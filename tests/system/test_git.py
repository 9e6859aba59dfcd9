"""What git says of a working tree, told by real repositories."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from kbtui.core.workplace import RepositoryFacts
from kbtui.system import git as system_git
from kbtui.system.workplace import SystemWorkplace

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")

ANN = ("-c", "user.name=Ann Example", "-c", "user.email=ann@example.org", "-c", "protocol.file.allow=always")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *ANN, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def facts(folder: Path) -> RepositoryFacts:
    found = SystemWorkplace().repository(folder)
    assert found is not None
    return found


def commit(folder: Path, **files: str) -> str:
    """Commits files of these names and texts, and gives the commit."""
    for name, text in files.items():
        (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository without a commit, on `main`. No setting of the machine or the user counts."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    return folder


def test_what_is_changed_and_not_committed(repository: Path) -> None:
    head = commit(repository, web="1\n2\n3\n", gone="x\n", same="s\n")
    (repository / "web").write_text("1\n2\nthree\nfour\n")
    (repository / "gone").unlink()
    (repository / "sub").mkdir()
    (repository / "sub" / "new").write_text("n\n")
    git(repository, "config", "user.name", "Bob Here")
    git(repository, "config", "user.email", "bob@example.org")
    found = facts(repository / "sub")
    assert (found.state.commit, found.state.branch, found.state.repository) == (head, "main", "shop")
    assert (found.state.author, found.user) == ("Ann Example", "Bob Here")
    assert set(found.files) == {"web", "gone", "sub/new"}
    assert (found.state.added, found.state.removed) == (2, 2)
    assert not found.is_committed


def test_of_a_clean_tree_the_last_commit_is_told(repository: Path) -> None:
    commit(repository, web="1\n2\n")
    head = commit(repository, web="1\n2\n3\n", other="x\n")
    found = facts(repository)
    assert found.is_committed
    assert found.state.commit == head
    assert set(found.files) == {"web", "other"}
    assert (found.state.added, found.state.removed) == (2, 0)


def test_the_first_commit_and_a_merge_are_told_like_any_other(repository: Path) -> None:
    commit(repository, web="1\n2\n")
    assert (facts(repository).files, facts(repository).state.added) == (("web",), 2)
    git(repository, "checkout", "--quiet", "-b", "side")
    commit(repository, side="s\n")
    git(repository, "checkout", "--quiet", "main")
    commit(repository, here="h\n")
    git(repository, "merge", "--quiet", "--no-edit", "side")
    assert facts(repository).files == ("side",)


def test_renames_are_told_by_both_names(repository: Path) -> None:
    commit(repository, **{"old name": "".join(f"{n}\n" for n in range(50))})
    git(repository, "mv", "old name", "new name")
    with (repository / "new name").open("a") as file:
        file.write("more\n")
    found = facts(repository)
    assert found.files == ("new name", "old name")
    assert (found.state.added, found.state.removed) == (1, 0)
    commit(repository)
    assert facts(repository).files == ("new name", "old name")


NAMES = ["with space", "a\nb", "tab\there", '"quoted"', "ünïcode", "-option", "1\t2\tnumbers", "# branch.oid x", "? x"]


@pytest.mark.skipif(os.name == "nt", reason="such names are not allowed there")
def test_names_are_told_as_they_are(repository: Path) -> None:
    commit(repository, start="s\n")
    for name in NAMES:
        (repository / name).write_text("x\n")
    assert set(facts(repository).files) == set(NAMES)
    commit(repository)
    found = facts(repository)
    assert found.is_committed
    assert set(found.files) == set(NAMES)
    assert found.state.added == len(NAMES)


@pytest.mark.skipif(os.name == "nt", reason="such names are not allowed there")
def test_a_name_that_is_no_utf8_can_be_stored(repository: Path) -> None:
    commit(repository, start="s\n")
    try:
        Path(os.fsdecode(os.fsencode(repository) + b"/caf\xe9")).write_text("x\n")
    except OSError:
        pytest.skip("the file system allows no such name")
    assert facts(repository).files == ("caf\ufffd",)


def test_a_repository_without_commits(repository: Path) -> None:
    empty = facts(repository)
    assert (empty.state.commit, empty.state.branch, empty.files, empty.is_committed) == ("", "main", (), False)
    (repository / "first").write_text("1\n2\n")
    git(repository, "add", "first")
    (repository / "second").write_text("1\n")
    found = facts(repository)
    assert set(found.files) == {"first", "second"}
    assert (found.state.added, found.state.author) == (2, "")


def test_a_detached_head_has_no_branch(repository: Path) -> None:
    first = commit(repository, web="1\n")
    commit(repository, web="2\n")
    git(repository, "checkout", "--quiet", first)
    assert (facts(repository).state.commit, facts(repository).state.branch) == (first, "")


def test_a_branch_is_only_text(repository: Path) -> None:
    commit(repository, web="1\n")
    git(repository, "checkout", "--quiet", "-b", "fix/$(touch${IFS}x)]red;")
    assert facts(repository).state.branch == "fix/$(touch${IFS}x)]red;"


def test_a_submodule_that_moved_is_a_changed_path(repository: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "--quiet")
    commit(inner, a="a\n")
    git(repository, "submodule", "--quiet", "add", str(inner), "lib")
    commit(repository, web="1\n")
    assert facts(repository).is_committed
    assert "lib" in facts(repository).files
    commit(repository / "lib", a="b\n")
    assert facts(repository).files == ("lib",)
    assert facts(repository / "lib").state.repository == "lib"


def test_a_worktree_tells_of_itself(repository: Path, tmp_path: Path) -> None:
    commit(repository, web="1\n")
    git(repository, "worktree", "add", "--quiet", "-b", "hotfix", str(tmp_path / "hot"))
    (tmp_path / "hot" / "web").write_text("2\n")
    found = facts(tmp_path / "hot")
    assert (found.state.branch, found.state.repository, found.files) == ("hotfix", "hot", ("web",))
    assert facts(repository).is_committed


def test_where_there_is_no_working_tree_nothing_is_told(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace = SystemWorkplace()
    (tmp_path / "bare.git").mkdir()
    git(tmp_path / "bare.git", "init", "--quiet", "--bare")
    assert workplace.repository(tmp_path / "bare.git") is None
    assert workplace.repository(repository / ".git") is None
    assert workplace.repository(tmp_path) is None
    assert workplace.repository(tmp_path / "missing") is None
    (tmp_path / "damaged" / ".git").mkdir(parents=True)
    assert workplace.repository(tmp_path / "damaged") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert workplace.repository(repository) is None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_somebody_else_is_refused(repository: Path) -> None:
    commit(repository, web="1\n")
    for path in (repository, repository / ".git"):
        os.chown(path, 12345, 12345)
    assert SystemWorkplace().repository(repository) is None


def test_variables_that_point_elsewhere_do_not_count(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repository, web="1\n")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert facts(repository).state.repository == "shop"


def test_a_user_whom_git_does_not_know_is_no_trouble(repository: Path) -> None:
    git(repository, "config", "user.useConfigOnly", "true")
    assert facts(repository).user == ""


@pytest.mark.skipif(os.name == "nt", reason="the traps are scripts of a shell")
def test_nothing_that_a_repository_names_is_run(repository: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    trap = tmp_path / "trap"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> {ran}\ncat\n')
    trap.chmod(0o755)
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "--quiet")
    commit(inner, a="a\n")
    commit(repository, web="1\n")
    git(repository, "submodule", "--quiet", "add", str(inner), "lib")
    (repository / ".gitattributes").write_text("* filter=evil diff=evil\nother filter=a.b\n")
    commit(repository, web="2\n", other="o\n")
    for place in (repository, repository / "lib"):
        for name in (
            "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "diff.external", "diff.evil.command",
            "diff.evil.textconv", "filter.evil.clean", "filter.evil.process", "filter.a.b.clean", "gpg.program",
            "core.alternateRefsCommand", "pager.status", "pager.log", "pager.diff",
        ):  # fmt: skip
            git(place, "config", name, str(trap))
        git(place, "config", "filter.evil.required", "true")
        git(place, "config", "log.showSignature", "true")
        hooks = Path(git(place, "rev-parse", "--absolute-git-dir")) / "hooks"
        hooks.mkdir(exist_ok=True)
        for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
            shutil.copy(trap, hooks / hook)
    ran.unlink(missing_ok=True)
    for changed in (repository / "web", repository / "lib" / "a"):
        changed.write_text("3\n")
    os.utime(repository / "other")
    found = facts(repository)
    assert "web" in found.files
    assert not ran.exists(), ran.read_text()
    subprocess.run(["git", "status"], cwd=repository, capture_output=True, check=False)
    assert ran.exists()  # the traps are set right


def test_the_working_tree_is_left_as_it_is(repository: Path) -> None:
    commit(repository, web="1\n")
    os.utime(repository / "web", (1, 1))
    index = (repository / ".git" / "index").read_bytes()
    assert facts(repository).is_committed
    assert (repository / ".git" / "index").read_bytes() == index


@pytest.mark.skipif(os.name == "nt", reason="the other git is a script of a shell")
def test_a_git_that_lies_in_the_repository_is_not_run(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repository, git="#!/bin/sh\ntouch ran\n")
    (repository / "git").chmod(0o755)
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert SystemWorkplace().repository(repository) is None
    assert not (repository / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="the slow git is a script of a shell")
def test_a_git_that_hangs_is_not_waited_for(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nsleep 60 &\nsleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(system_git, "TIMEOUT", 0.3)
    started = time.monotonic()
    assert SystemWorkplace().repository(repository) is None
    assert time.monotonic() - started < 5


def test_very_many_files_are_cut(repository: Path) -> None:
    commit(repository, web="1\n")
    long = "x" * 200
    for number in range(6_000):
        (repository / f"{number:04}{long}").touch()
    found = facts(repository)
    assert len(found.files) == system_git.MOST_FILES
    assert all(re.fullmatch(r"\d{4}x{200}", name) for name in found.files)
