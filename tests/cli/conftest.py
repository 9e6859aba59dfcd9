"""The command line as a test sees it: in this process where possible, as a process of its own where that matters."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kbtui.__main__ import run

HOSTILE = "a \x1b]0;owned\x07 title \u202e\u200b"
PAGES = {
    "nginx-502.md": (
        "---\ntitle: nginx 502 Bad Gateway\ntools: [nginx, curl]\ntopic: bad gateway\n"
        "flags: {needs_human_review: true}\nrevision: {status: draft, last_reviewed: 2001-02-03}\n---\n"
        "# nginx 502 Bad Gateway\n\nThe upstream failed.\n\n```bash\n"
        "curl -sS -o /dev/null -D - https://app.example.com/path | grep -iE '^(HTTP|server|via|cf-ray|x-amzn-id)'\n"
        "```\n"
    ),
    "redis/latency.md": ("---\ntitle: Redis latency\ntools: [redis, docker]\n---\n# Redis latency\n\nSlow commands.\n"),
    "redis/memory.md": "---\ntitle: Redis memory\ntools: [redis]\n---\n# Redis memory\n\nEviction; nginx too.\n",
    "hostile.md": (
        f"---\ntitle: {json.dumps(HOSTILE)}\ntags: ['a\tb']\n---\n"
        "# hostile\n\nhidden \x1b[2J text &#x202e;turned &#27;[31m\n\n```sh\necho \x1b]52;c;aGk=\x07\n```\n"
    ),
}


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        """Standard output as text."""
        return self.raw.decode()

    @property
    def lines(self) -> list[list[str]]:
        """Standard output as fields of lines."""
        return [line.split("\t") for line in self.out.splitlines()]

    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.raw)


class Stream(io.TextIOWrapper):
    """A standard stream over memory, that may claim to be a terminal."""

    def __init__(self, *, terminal: bool, data: bytes = b"") -> None:
        self.memory = io.BytesIO(data)
        self._terminal = terminal
        super().__init__(self.memory, encoding="utf-8", write_through=True)

    def isatty(self) -> bool:
        return self._terminal


Kbtui = Callable[..., Result]


@pytest.fixture
def kbtui(monkeypatch: pytest.MonkeyPatch) -> Kbtui:
    """Runs a command line in this process."""

    def call(*arguments: str | Path, terminal: bool = False, columns: int = 80, stdin: bytes | None = None) -> Result:
        out, err = (Stream(terminal=terminal) for _ in range(2))
        given = Stream(terminal=terminal and stdin is None, data=stdin or b"")
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setattr(sys, "stdin", given)
            patch.setenv("COLUMNS", str(columns))
            patch.setenv("TERM", "xterm-256color")
            patch.delenv("COLORTERM", raising=False)
            patch.setenv("PAGER", "")
            code = run([str(argument) for argument in arguments])
        return Result(code, out.memory.getvalue(), err.memory.getvalue().decode())

    return call


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of a few pages."""
    folder = tmp_path / "runbooks"
    for path, text in PAGES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return folder


@pytest.fixture
def filled(kbtui: Kbtui, pages: Path) -> Kbtui:
    """Runs a command line on a library that holds the pages."""
    assert kbtui("import", pages).code == 0
    return kbtui


def spawn(
    *arguments: str | Path, env: Mapping[str, str] | None = None, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Starts a command line as a process."""
    return subprocess.Popen(
        [sys.executable, "-m", "kbtui", *map(str, arguments)],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(env or {})},
    )


def process(*arguments: str | Path, env: Mapping[str, str] | None = None) -> Result:
    """Runs a command line as a process."""
    started = spawn(*arguments, env=env)
    out, err = started.communicate(timeout=60)
    return Result(started.returncode, out, err.decode())
