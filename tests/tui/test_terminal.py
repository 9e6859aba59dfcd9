"""The app in a real pseudo-terminal: what reaches the terminal, and how it is left."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.tui.conftest import import_folder

pty = pytest.importorskip("pty")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")

PROGRAM = """
import sys
from pathlib import Path
from kbtui import open_library
from kbtui.config import Settings
from kbtui.tui.app import run_app
folder = Path(sys.argv[1])
sys.exit(run_app(lambda: open_library(folder), Settings(library=folder), query=sys.argv[2]))
"""
MODES = (b"?1049", b"?1000", b"?1003", b"?2004", b"?25")


class Terminal:
    """A program in a terminal of 100 by 30."""

    def __init__(self, folder: Path, query: str = "") -> None:
        self.output = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(sys.executable, [sys.executable, "-c", PROGRAM, str(folder), query])  # noqa: S606
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, b"\x1e\x00\x64\x00\x00\x00\x00\x00")
        os.set_blocking(self.fd, False)

    def read_for(self, seconds: float, until: bytes | None = None) -> bytes:
        end = time.monotonic() + seconds
        while time.monotonic() < end and (until is None or until not in self.output):
            try:
                self.output += os.read(self.fd, 65536)
            except BlockingIOError:
                time.sleep(0.02)
            except OSError:
                break
        return self.output

    def read_until_quiet(self) -> None:
        """Read what the program answers, until it has been quiet for a while."""
        for _ in range(20):
            before = len(self.output)
            self.read_for(0.15)
            if len(self.output) == before:
                return

    def send(self, data: bytes) -> None:
        os.write(self.fd, data)

    def wait(self, seconds: float = 10) -> int:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read_for(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.read_for(0.3)
                return os.waitstatus_to_exitcode(status)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError("the app did not end")


def last_state(output: bytes, mode: bytes) -> str:
    found = re.findall(re.escape(b"\x1b[" + mode) + rb"([hl])", output)
    return found[-1].decode() if found else ""


def assert_restored(output: bytes) -> None:
    for mode in MODES:
        wanted = "h" if mode == b"?25" else "l"
        assert last_state(output, mode) in (wanted, ""), mode


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGINT"])
def test_a_signal_leaves_the_terminal_as_it_was(library_folder: Path, name: str) -> None:
    terminal = Terminal(library_folder, "redis")
    terminal.read_for(10, b"Redis memory")
    assert b"\x1b[?1049h" in terminal.output
    number = getattr(signal, name)
    os.kill(terminal.pid, number)
    assert terminal.wait() == 128 + number
    assert_restored(terminal.output)


def test_quitting_leaves_the_terminal_as_it_was(library_folder: Path) -> None:
    terminal = Terminal(library_folder, "redis")
    terminal.read_for(10, b"Redis memory")
    terminal.send(b"\x11")
    assert terminal.wait() == 0
    assert_restored(terminal.output)


def test_a_wrong_byte_on_the_input_does_not_end_the_app(library_folder: Path) -> None:
    terminal = Terminal(library_folder)
    terminal.read_for(10, b"Redis memory")
    terminal.send(b"\x1b[200~caf\xe9 \xff\xfe\x1b[201~")
    terminal.read_for(0.7)
    terminal.send(b"\x11")
    assert terminal.wait() == 0
    assert_restored(terminal.output)


def test_a_terminal_that_goes_away_ends_the_app(library_folder: Path) -> None:
    terminal = Terminal(library_folder)
    terminal.read_for(10, b"Redis memory")
    os.close(terminal.fd)
    end = time.monotonic() + 5
    while time.monotonic() < end:
        pid, _ = os.waitpid(terminal.pid, os.WNOHANG)
        if pid:
            return
        time.sleep(0.05)
    os.kill(terminal.pid, signal.SIGKILL)
    os.waitpid(terminal.pid, 0)
    raise AssertionError("the app went on without a terminal")


def test_nothing_of_a_hostile_post_reaches_the_terminal(tmp_path: Path) -> None:
    source = tmp_path / "hostile"
    source.mkdir()
    payloads = {
        "osc52": "\x1b]52;c;cHduZWQ=\x07",
        "title": "\x1b]0;pwned\x07",
        "link": "\x1b]8;;http://evil/\x07x\x1b]8;;\x07",
        "clear": "\x1b[2J\x1b[3J",
        "c1": "\x9d0;pwned\x9c \x9b31m",
        "dcs": "\x1bP$q\x1b\\",
        "bidi": "\u202e\u2066evil\u2069",
        "entity": "&#x202e;&#x1b;&#27;]0;pwned&#7;",
    }
    for name, payload in payloads.items():
        meta = f'---\ntitle: "{name} canary {payload}"\ntopic: "{payload}"\ntools: ["{payload}"]\n---\n'
        meta = "" if "\x1b" in payload or "\x9d" in payload else meta
        text = f"{meta}# {name} canary {payload}\n\ncanary {payload}\n\n```bash\ncanary {payload}\n```\n"
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    folder = import_folder(tmp_path / "library", source)
    terminal = Terminal(folder, "canary")
    terminal.read_for(10, b"canary")
    for _ in payloads:
        for key in (b"\r", b"\x1b", b"\x1b[B"):
            terminal.send(key)
            terminal.read_until_quiet()
    terminal.send(b"\x11")
    assert terminal.wait() == 0
    output = terminal.output
    assert b"canary" in output
    assert b"\x1b]52;" not in output
    assert b"\x1b]0;" not in output
    assert b"\x1b]8;" not in output
    assert b"\x1b[3J" not in output
    assert b"\x1bP$q" not in output
    assert not re.search("[\x80-\x9f\u202a-\u202e\u2066-\u2069]", output.decode("utf-8", "replace"))
