"""Running commands: apart from the terminal, within their time, and nothing of them is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbtui.core.errors import CommandError
from kbtui.core.workplace import CommandResult
from kbtui.system import commands
from kbtui.system.commands import SystemRunner
from kbtui.system.process import ERRORS_LIMIT, GRACE, OUTPUT_LIMIT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the commands are those of POSIX")

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="children in other sessions are found on Linux")
SLACK = 1.5
"""Seconds that a busy machine may add."""


def run(*arguments: str, timeout: float = 20, shell: bool = False) -> CommandResult:
    return SystemRunner().run(arguments, timeout=timeout, shell=shell)


def in_own_shell(*words: str) -> CommandResult:
    """As the user's own shell reads it."""
    return run(*words, shell=True)  # noqa: S604 - the user asked for it


def in_shell(line: str, timeout: float = 20) -> CommandResult:
    return run("sh", "-c", line, timeout=timeout)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.strip().startswith("Z")


@pytest.fixture
def pid_file(tmp_path: Path) -> Iterator[Path]:
    """Where a command writes the numbers of its children; none of them is left running."""
    path = tmp_path / "pids"
    yield path
    for pid in map(int, path.read_text().split() if path.exists() else []):
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)


def test_arguments_are_passed_as_they_are_and_no_shell_sees_them() -> None:
    done = run("printf", "%s|", "$HOME; echo x", "a b", "*", "", "--")
    assert (done.exit_code, done.output, done.errors) == (0, "$HOME; echo x|a b|*||--|", "")


def test_with_a_shell_it_is_a_line_for_the_shell_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHELL", "/bin/sh")
    assert in_own_shell("echo a | tr a b; exit 3").exit_code == 3
    assert in_own_shell("echo a |", "tr a b").output == "b\n"
    monkeypatch.delenv("SHELL")
    assert in_own_shell("echo $((1 + 1))").output == "2\n"
    own = tmp_path / "shell"
    own.write_text('#!/bin/sh\necho "own $1 $2"\n')
    own.chmod(0o700)
    monkeypatch.setenv("SHELL", str(own))
    assert in_own_shell("a line").output == "own -c a line\n"


def test_it_has_the_environment_and_the_folder_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOME_TOKEN", "of the user")
    monkeypatch.chdir(tmp_path)
    assert in_shell('echo "$SOME_TOKEN"; pwd -P').output.splitlines() == ["of the user", str(tmp_path.resolve())]


def test_it_has_no_standard_input_and_no_terminal() -> None:
    assert run("cat").output == ""
    assert in_shell("echo owned > /dev/tty").exit_code != 0
    code = "import os; print(os.getsid(0) == os.getpid() == os.getpgid(0))"
    assert run(sys.executable, "-c", code).output == "True\n"


def test_exit_code_and_the_end_of_standard_error_are_told() -> None:
    done = in_shell("echo out; echo err >&2; exit 7")
    assert (done.exit_code, done.output, done.errors, done.is_cut) == (7, "out\n", "err\n", False)
    assert in_shell("kill -9 $$").exit_code == -signal.SIGKILL
    long = in_shell("yes x | head -c 100000 >&2; printf end >&2")
    assert len(long.errors) == ERRORS_LIMIT
    assert long.errors.endswith("x\nend")


def test_what_is_not_utf_8_is_replaced() -> None:
    assert run("printf", r"a\377b").output == "a\ufffdb"


def test_the_time_is_that_of_the_command_alone() -> None:
    done = run("sleep", "0.3")
    assert 0.3 <= done.seconds < 0.3 + SLACK
    left = in_shell("sleep 20 & exit 0")
    assert left.seconds < SLACK


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such-command-here",), "There is no command 'no-such-command-here'"),
        (("/etc/passwd",), "Permission denied"),
        (("/",), "Permission denied"),
        (("",), "no command to run"),
        ((), "no command to run"),
        (("echo", "a\0b"), "null byte"),
        (("echo", "x" * 3_000_000), "too long"),
    ],
)
def test_what_cannot_be_started_is_told(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*arguments)


@pytest.mark.parametrize(
    "line", ["sleep 60", "trap '' TERM; sleep 60", "trap '' TERM HUP INT; while :; do sleep 1; done"]
)
def test_at_the_timeout_it_is_ended_even_if_it_does_not_want_to(line: str) -> None:
    started = time.monotonic()
    done = in_shell(line, timeout=0.5)
    assert time.monotonic() - started < 0.5 + GRACE + SLACK
    assert done.exit_code is None
    assert done.seconds >= 0.5


def test_at_the_timeout_it_may_clean_up() -> None:
    done = in_shell("trap 'echo cleaned; exit 0' TERM; echo started; sleep 60 & wait", timeout=0.5)
    assert (done.exit_code, done.output) == (None, "started\ncleaned\n")


def test_what_it_left_in_the_background_is_ended(pid_file: Path) -> None:
    started = time.monotonic()
    done = in_shell(f"sleep 60 & echo $! > {pid_file}; echo hi")
    assert (done.exit_code, done.output) == (0, "hi\n")
    assert time.monotonic() - started < 2 * SLACK
    assert not is_alive(int(pid_file.read_text()))


def test_at_the_timeout_its_children_are_ended(pid_file: Path) -> None:
    in_shell(f"sh -c 'trap \"\" TERM; echo $$ > {pid_file}; sleep 60' & wait", timeout=0.5)
    assert not is_alive(int(pid_file.read_text()))


@only_linux
@pytest.mark.parametrize(
    "line",
    [
        "setsid sh -c 'echo $$ > {}; exec sleep 60' & sleep 0.5",
        "(setsid sh -c 'trap \"\" TERM HUP; echo $$ > {}; sleep 60; true' &); sleep 0.5",
        "setsid sh -c 'echo $$ > {}; exec sleep 60 > /dev/null 2>&1' & sleep 60",
    ],
)
def test_children_that_left_the_session_are_ended(line: str, pid_file: Path) -> None:
    in_shell(line.format(pid_file), timeout=2)
    assert not is_alive(int(pid_file.read_text()))


@only_linux
def test_a_command_that_only_leaves_the_session_is_ended() -> None:
    started = time.monotonic()
    run("setsid", "sleep", "77.25")
    assert time.monotonic() - started < 2 * SLACK
    assert subprocess.run(["pgrep", "-f", "^sleep 77.25"], capture_output=True, check=False).stdout == b""


@only_linux
@pytest.mark.parametrize("line", ["yes", "yes >&2", "head -c 100000000 /dev/zero"])
def test_endless_output_is_read_and_dropped(line: str) -> None:
    """In a process of its own, so that the highest memory is that of the run."""
    code = (
        "import resource, sys\nfrom kbtui.system.commands import SystemRunner\n"
        "SystemRunner().run(['true'], timeout=9)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "done = SystemRunner().run(['sh', '-c', sys.argv[1]], timeout=1.5)\n"
        "print(len(done.output), done.is_cut, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", code, line], capture_output=True, text=True, check=True)
    length, is_cut, kilobytes = done.stdout.split()
    assert (int(length), is_cut) == ((0, "False") if ">&2" in line else (OUTPUT_LIMIT, "True"))
    assert int(kilobytes) < 10_000


def test_output_up_to_the_limit_is_whole() -> None:
    done = run("head", "-c", str(OUTPUT_LIMIT), "/dev/zero")
    assert (len(done.output), done.is_cut) == (OUTPUT_LIMIT, False)
    more = run("head", "-c", str(OUTPUT_LIMIT + 1), "/dev/zero")
    assert (len(more.output), more.is_cut) == (OUTPUT_LIMIT, True)


def test_an_interrupt_ends_the_command(pid_file: Path) -> None:
    code = (
        "import sys\nfrom kbtui.system.commands import SystemRunner\n"
        "SystemRunner().run(['sh', '-c', sys.argv[1]], timeout=60)\n"
    )
    line = f"trap '' TERM; echo $$ > {pid_file}.new; mv {pid_file}.new {pid_file}; sleep 60"
    process = subprocess.Popen([sys.executable, "-c", code, line], stderr=subprocess.PIPE)
    while not pid_file.exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert b"KeyboardInterrupt" in errors
    assert not is_alive(int(pid_file.read_text()))


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"time=(\S+)", "12ms"),
        (r"\d+ms", "12ms"),
        (r"^time", "time"),
        (r"(?P<a>x)?time", None),
        ("nothing", None),
        ("é", "é"),
    ],
)
def test_an_expression_is_searched_in_the_output(pattern: str, found: str | None) -> None:
    assert SystemRunner().search(pattern, "first é line\ntime=12ms\n") == found


def test_an_expression_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "SEARCH_TIMEOUT", 0.5)
    started = time.monotonic()
    with pytest.raises(TimeoutError, match=r"more than 0\.5 s"):
        SystemRunner().search(r"(a+)+$", "a" * 60 + "b")
    assert time.monotonic() - started < 0.5 + 2 * SLACK


def test_a_megabyte_is_searched() -> None:
    assert SystemRunner().search(r"(\d+) ms", "x" * OUTPUT_LIMIT + "\n42 ms") == "42"
