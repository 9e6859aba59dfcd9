"""What git says of a working tree, asked so that nothing of what the repository says is run."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from kbtui.core.notes.change_note import GitState
from kbtui.core.text import storable
from kbtui.core.workplace import RepositoryFacts

TIMEOUT = 3.0
"""Seconds for all questions together."""
OUTPUT_LIMIT = 1_000_000
"""Bytes of an answer; what comes after them is not read."""
MOST_FILES = 500
"""How many paths are told."""

# Programs that a repository can name: a monitor of its files, hooks, one for signatures. A submodule has settings of
# its own that ours do not reach, so none is looked into.
_SAFE = (
    "--no-pager", "-c", "core.fsmonitor=", "-c", f"core.hooksPath={os.devnull}", "-c", "log.showSignature=false",
)  # fmt: skip
_NO_SUBMODULES = "--ignore-submodules=dirty"
_DIFF = ("-z", "--numstat", "--no-ext-diff", "--no-textconv", "--no-color", _NO_SUBMODULES)
# Settings of the system stay in force: the administrator's are trusted, and `safe.directory` is among them.
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
}
_KEPT = ("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG", "GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH")
_FILTER = re.compile(rb"(filter\..*)\.(?:clean|smudge|process|required)", re.DOTALL)
_OWN_SCOPES = (b"local", b"worktree")


def repository_facts(folder: Path) -> RepositoryFacts | None:
    """What git says of the working tree that a folder is in.

    None without git, without a repository or a working tree, where git refuses (`safe.directory`), or beyond the
    timeout.
    """
    program = shutil.which("git")
    if program is None or not Path(program).is_absolute():
        return None  # one that lies in the working directory may be the repository's own
    try:
        return _Git(program, folder).facts()
    except (_NoAnswerError, OSError):
        return None


class _NoAnswerError(Exception):
    """Git did not answer, or refused to."""


class _Git:
    """Asks git about one folder."""

    def __init__(self, program: str, folder: Path) -> None:
        self._command = [program, *_SAFE]
        self._folder = folder
        self._deadline = time.monotonic() + TIMEOUT
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)
        } | _ENVIRONMENT

    def facts(self) -> RepositoryFacts:
        top = self._ask("rev-parse", "--show-toplevel").removesuffix(b"\n")
        if not top:
            raise _NoAnswerError
        self._command += self._without_filters()
        status = self._ask(
            "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--renames", _NO_SUBMODULES
        )
        facts = dict(_branch_facts(status))
        commit = facts.get("oid", "").removeprefix("(initial)")
        files = list(_changed_files(status))
        author = self._text("log", "-1", "--no-patch", "--encoding=UTF-8", "--format=%an") if commit else ""
        is_committed = bool(commit) and not files
        if is_committed:
            changes = self._ask("log", "-1", "--first-parent", "-m", "--root", "--format=", "--find-renames", *_DIFF)
        else:
            changes = self._ask("diff", "HEAD" if commit else "--cached", "--find-renames", *_DIFF, "--")
        counted = list(_counted(changes))
        if is_committed:
            files = [path for _, _, paths in counted for path in paths]
        state = GitState(
            commit=commit,
            branch=facts.get("head", "").removeprefix("(detached)"),
            repository=_decoded(os.path.basename(top)),  # noqa: PTH119 - of bytes
            author=author,
            added=sum(added for added, _, _ in counted),
            removed=sum(removed for _, removed, _ in counted),
        )
        return RepositoryFacts(
            state=state,
            files=tuple(dict.fromkeys(files))[:MOST_FILES],
            is_committed=is_committed,
            user=self._user(),
        )

    def _without_filters(self) -> list[str]:
        """Options that leave out the filters that the repository itself has set: git would run them to compare."""
        fields = self._ask("config", "--list", "--show-scope", "-z").split(b"\0")
        found: dict[bytes, None] = {}
        for scope, setting in zip(fields[::2], fields[1::2], strict=False):
            if scope in _OWN_SCOPES and (match := _FILTER.fullmatch(setting.partition(b"\n")[0])):
                found[match[1]] = None
        if any(b"=" in name for name in found):
            raise _NoAnswerError  # such a name cannot be said on the command line
        settings = [
            os.fsdecode(name) + end for name in found for end in (".clean=", ".smudge=", ".process=", ".required=false")
        ]
        return [word for setting in settings for word in ("-c", setting)]

    def _user(self) -> str:
        try:
            return self._text("var", "GIT_AUTHOR_IDENT").rpartition(" <")[0]
        except _NoAnswerError:
            return ""  # git was never told

    def _text(self, *arguments: str) -> str:
        return _decoded(self._ask(*arguments)).strip()

    def _ask(self, *arguments: str) -> bytes:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise _NoAnswerError
        process = subprocess.Popen(  # noqa: S603 - words of our own
            [*self._command, *arguments],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # on Windows it does nothing
        )
        assert process.stdout is not None  # noqa: S101
        ended = threading.Timer(left, _kill, [process])
        ended.start()
        try:
            output = process.stdout.read(OUTPUT_LIMIT + 1)
            is_cut = len(output) > OUTPUT_LIMIT
            if not is_cut:
                process.wait()
        finally:
            ended.cancel()
            _kill(process)
            process.stdout.close()
            process.wait()
        if is_cut:
            return output[: output.rfind(b"\0") + 1]
        if process.returncode != 0:
            raise _NoAnswerError
        return output


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and what it started."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)


def _branch_facts(status: bytes) -> Iterator[tuple[str, str]]:
    for line in status.split(b"\0"):
        if line.startswith(b"# branch."):
            name, _, value = _decoded(line[len(b"# branch.") :]).partition(" ")
            yield name, value


def _changed_files(status: bytes) -> Iterator[str]:
    """Paths of git-status(1), `--porcelain=v2 -z`; of a rename the new one, then the old one."""
    entries = iter(status.split(b"\0"))
    for entry in entries:
        # Type, and how many fields stand before the path.
        fields = {b"1 ": 8, b"2 ": 9, b"u ": 10, b"? ": 1}.get(entry[:2])
        if fields is None:
            continue
        yield _decoded(entry.split(b" ", fields)[-1])
        if entry.startswith(b"2 "):
            yield _decoded(next(entries, b""))


def _counted(numstat: bytes) -> Iterator[tuple[int, int, list[str]]]:
    """Lines added and removed, and the paths, of each entry of `--numstat -z`; binary files count nothing."""
    entries = iter(numstat.split(b"\0"))
    for entry in entries:
        added, _, rest = entry.lstrip(b"\n").partition(b"\t")
        removed, tab, path = rest.partition(b"\t")
        if tab:
            paths = [path] if path else [next(entries, b""), next(entries, b"")][::-1]
            yield _number(added), _number(removed), [_decoded(one) for one in paths if one]


def _number(text: bytes) -> int:
    return int(text) if text.isdigit() else 0


def _decoded(name: bytes) -> str:
    return storable(name.decode("utf-8", "replace"))
