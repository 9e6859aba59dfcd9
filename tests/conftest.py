"""What every test stands on: a home, a working directory and a clock of its own, and libraries that are closed."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kbtui.bootstrap import open_library
from kbtui.library import Library
from kbtui.storage.connection import Connection
from tests.factories import FixedClock

settings.register_profile("kbtui", deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
settings.load_profile("kbtui")

MEMORY_BYTES = 1_000_000_000

gc.disable()  # until everything is collected: nothing of it goes away


def pytest_configure(config: pytest.Config) -> None:
    """Write to memory, unless speed is measured. Hear interrupts, also where the tests run in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    memory = _memory()
    if memory is not None and not _is_measuring(config):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare every later collection of garbage the modules and tests, which stay: a fifth of the processor's time."""
    if not _is_measuring(session.config):
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
    gc.enable()


def _is_measuring(config: pytest.Config) -> bool:
    return bool(config.getoption("markexpr") == "bench")


def _memory() -> str | None:
    """A folder in memory for what tests write, where there is one with room and for programs: no disk to wait for."""
    try:
        place = os.statvfs("/dev/shm")  # noqa: S108
    except (AttributeError, OSError):
        return None
    usable = place.f_bavail * place.f_frsize > MEMORY_BYTES and not place.f_flag & os.ST_NOEXEC
    return "/dev/shm" if usable and os.access("/dev/shm", os.W_OK) else None  # noqa: S108


OpenLibrary = Callable[[str | Path], Library]


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own; the working directory stands in it. No variable of the user reaches the test."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("XDG_", "KBTUI_")) or name in {"VISUAL", "EDITOR", "PAGER", "NO_COLOR", "FORCE_COLOR"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for name, folder in (
        ("CONFIG", ".config"),
        ("DATA", ".local/share"),
        ("STATE", ".local/state"),
        ("CACHE", ".cache"),
    ):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    monkeypatch.chdir(home)
    return home


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands until it is told to go on."""
    return FixedClock()


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    """The time of the fixed clock."""
    return clock()


@pytest.fixture
def opened(clock: FixedClock) -> Iterator[OpenLibrary]:
    """Opens libraries by folder, and closes them all at the end."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(open_library(folder, clock=clock))


@pytest.fixture
def library(tmp_path: Path, opened: OpenLibrary) -> Library:
    """An empty library."""
    return opened(tmp_path / "library")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A connection to an empty library file."""
    made = Connection(tmp_path / "library")
    yield made
    made.close()
