"""One run of a command: started apart from this terminal, timed, and ended with all that it started."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from kbtui.core.errors import CommandError
from kbtui.core.workplace import CommandResult
from kbtui.umask import users_umask

OUTPUT_LIMIT = 1_000_000
"""Bytes of standard output that are kept; what comes after them is read and dropped."""
ERRORS_LIMIT = 4_000
"""Bytes of the end of standard error that are kept."""
GRACE = 0.5
"""Seconds between the request to end and the end."""

MARK = "KBTUI_COMMAND"
"""The one variable that is added to the environment: by it a child is known that left the session."""

_CHUNK = 65_536
_ROUNDS = 20


def run_process(arguments: Sequence[str], *, timeout: float, shell: bool) -> CommandResult:
    """Run a command and give what it did, within `timeout` seconds and about one more.

    It has no standard input and no terminal. When it has ended, is stopped by the timeout or the caller is interrupted,
    its process group is killed; on Linux so are children in sessions of their own, unless they overwrote their
    environment. The time is that of the first process, with starting it. Raises `CommandError` where it cannot be
    started.
    """
    mark = f"{os.getpid()}-{secrets.token_hex(8)}"
    run: _Run | None = None
    try:
        started = time.perf_counter()
        run = _Run(_start(arguments, {**os.environ, MARK: mark}, shell=shell), started)
        run.wait(timeout)
    finally:
        # Also where an interrupt came before the process was known: then the mark finds it.
        if run is not None:
            run.end()
        _kill_marked(f"{MARK}={mark}".encode())
        if run is not None:
            run.collect()
    return run.result()


def _start(arguments: Sequence[str], environment: Mapping[str, str], *, shell: bool) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - the user's own
            _command(arguments, shell=shell),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=environment,
            shell=shell and sys.platform == "win32",
            start_new_session=True,  # on Windows it does nothing
            umask=users_umask(),
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    except (OSError, ValueError) as error:
        name = repr(arguments[0]) if arguments else "of no word"
        if isinstance(error, FileNotFoundError):
            raise CommandError(f"There is no command {name}; nothing was measured.") from error
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise CommandError(f"The command {name} cannot be started: {why}.") from error


def _command(arguments: Sequence[str], *, shell: bool) -> str | list[str]:
    if not arguments or not arguments[0]:
        raise CommandError("There is no command to run.")
    if not shell:
        return list(arguments)
    line = " ".join(arguments)
    # Windows takes the line as it is: its shell does not read quotes as `Popen` would write them.
    return line if sys.platform == "win32" else [os.environ.get("SHELL") or "/bin/sh", "-c", line]


class _Run:
    """A process that runs, the threads that read what it writes, and one that waits for its end."""

    def __init__(self, process: subprocess.Popen[bytes], started: float) -> None:
        assert process.stdout is not None  # noqa: S101
        assert process.stderr is not None  # noqa: S101
        self._process = process
        self._started = started
        self._ended_at = started
        self._ended = threading.Event()
        self._stopped = threading.Event()
        self._is_timed_out = False
        self._output, self._errors = _Head(OUTPUT_LIMIT), _Tail(ERRORS_LIMIT)
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((process.stdout, self._output.add), (process.stderr, self._errors.add))
        ]
        for thread in (*self._readers, threading.Thread(target=self._watch, daemon=True)):
            thread.start()

    def _read(self, stream: IO[bytes], add: Callable[[bytes], None]) -> None:
        with contextlib.suppress(OSError, ValueError), stream:
            while (chunk := stream.read(_CHUNK)) and not self._stopped.is_set():
                add(chunk)

    def _watch(self) -> None:
        """Wait for the end without reaping where that is possible: so nobody else is given the number meanwhile."""
        if sys.platform != "win32" and hasattr(os, "waitid"):
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        else:
            self._process.wait()
        self._ended_at = time.perf_counter()
        self._ended.set()

    def wait(self, timeout: float) -> None:
        """Until it ends or the time is over; then it is asked to end."""
        if not self._ended.wait(min(timeout, threading.TIMEOUT_MAX)):
            self._is_timed_out = True
            self._signal(force=False)
            self._ended.wait(GRACE)

    def end(self) -> None:
        """Kill it and its group; a command that was interrupted is asked first."""
        if not self._ended.is_set() and not self._is_timed_out:
            self._signal(force=False)
            self._ended.wait(GRACE)
        self._signal(force=True)

    def _signal(self, *, force: bool) -> None:
        if sys.platform == "win32":
            if force:
                _kill_tree(self._process.pid)
            return
        # A command with other rights than ours (`sudo`) cannot be signalled.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL if force else signal.SIGTERM)

    def collect(self) -> None:
        """Take in the rest of the output. Neither a process nor a pipe that cannot be ended is waited for long."""
        if self._ended.wait(GRACE):
            self._process.wait()
        for reader in self._readers:
            reader.join(GRACE)
        self._stopped.set()

    def result(self) -> CommandResult:
        return CommandResult(
            exit_code=None if self._is_timed_out else self._process.returncode,
            seconds=self._ended_at - self._started,
            output=bytes(self._output.kept).decode("utf-8", "replace"),
            errors=bytes(self._errors.kept).decode("utf-8", "replace"),
            is_cut=self._output.is_cut,
        )


class _Head:
    """Keeps the beginning."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.kept = bytearray()
        self.is_cut = False

    def add(self, chunk: bytes) -> None:
        room = self._limit - len(self.kept)
        self.kept += chunk[:room]
        self.is_cut = self.is_cut or len(chunk) > room


class _Tail:
    """Keeps the end."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.kept = bytearray()

    def add(self, chunk: bytes) -> None:
        self.kept += chunk
        del self.kept[: -self._limit]


def _kill_marked(mark: bytes) -> None:
    """Kill every process that has the mark in its environment, and those that they start meanwhile."""
    if sys.platform != "linux":
        return
    for _ in range(_ROUNDS):
        found = [pid for pid in _processes() if _is_marked(pid, mark)]
        if not found:
            return
        for pid in found:
            # By a handle, as the number may be another process's by now.
            with contextlib.suppress(OSError):
                handle = os.pidfd_open(pid)
                try:
                    if _is_marked(pid, mark):
                        signal.pidfd_send_signal(handle, signal.SIGKILL)
                finally:
                    os.close(handle)
        time.sleep(0.005)


def _processes() -> list[int]:
    try:
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    except OSError:
        return []


def _is_marked(pid: int, mark: bytes) -> bool:
    """Whether a process that we may look at has it; what has ended has none."""
    try:
        return mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _kill_tree(pid: int) -> None:
    """On Windows: a process and those it started."""
    with contextlib.suppress(OSError):
        subprocess.run(  # noqa: S603
            ["taskkill", "/T", "/F", "/PID", str(pid)],  # noqa: S607
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
