"""How a command line begins and ends: help, exit codes, streams, and what it imports."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from platformdirs import user_log_path

from kbtui import __version__
from kbtui.cli.root import VERBS
from kbtui.library.posts import Posts
from tests.cli.conftest import Kbtui, process, spawn

HEAVY = {"rich", "textual", "yaml", "markdown_it", "sqlite_utils", "whoosh"}


def imported(*arguments: str) -> set[str]:
    """The heavy packages that a command line imports, in a process of its own."""
    program = (
        "import sys; from kbtui.__main__ import run; code = run(sys.argv[1:]); "
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=True, text=True)
    return HEAVY & set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_import_nothing_heavy(option: str) -> None:
    assert imported(option) == set()


def test_a_search_in_a_pipe_imports_the_engine_alone(filled: Kbtui) -> None:
    assert filled("search", "redis").code == 0
    assert imported("search", "redis") == {"whoosh"}
    assert imported("list") == set()
    assert "textual" not in imported("show", "memory")


def test_version_and_help(kbtui: Kbtui) -> None:
    assert kbtui("--version").out == f"kbtui {__version__}\n"
    assert kbtui("-h").out == kbtui("--help").out


@pytest.mark.parametrize("verb", [*VERBS, "import log", "index status", "index rebuild", "config path"])
def test_every_verb_has_help_with_an_example(kbtui: Kbtui, verb: str) -> None:
    result = kbtui(*verb.split(), "-h")
    assert result.code == 0
    assert "Example" in result.out or "To install it" in result.out


def test_an_unknown_verb_names_the_nearest(kbtui: Kbtui) -> None:
    result = kbtui("serch", "x")
    assert result.code == 2
    assert "the nearest is 'search'" in result.err


@pytest.mark.parametrize("arguments", [(), ("demo",)])
def test_the_app_needs_a_terminal_before_anything_else(kbtui: Kbtui, arguments: tuple[str, ...]) -> None:
    result = kbtui(*arguments)
    assert result.code == 3
    for verb in ("search", "show", "list", "import"):
        assert f"kbtui {verb}" in result.err
    assert not Path.home().joinpath(".local").exists()


def test_a_dumb_terminal_is_none(kbtui: Kbtui) -> None:
    done = process(env={"TERM": "dumb"})
    assert (done.code, done.raw) == (3, b"")
    assert "needs a terminal" in done.err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("secret"), "ZeroDivisionError"),
        (MemoryError(), "memory"),
        (RecursionError(), "nested"),
    ],
)
def test_a_surprise_is_one_sentence_and_a_private_log(
    kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def surprise(*_: object, **__: object) -> None:
        password = "hunter2"
        assert password
        raise error

    monkeypatch.setattr(Posts, "count", surprise)
    result = kbtui("list")
    (log,) = user_log_path("kbtui").glob("crash-*.log")
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert said in result.err
    assert str(log) in result.err
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    text = log.read_text()
    assert "Traceback" in text
    assert "password = 'hunter2'" not in text


def test_an_interrupt_is_130(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Posts, "count", interrupt)
    result = kbtui("list")
    assert (result.code, result.err) == (130, "kbtui: Interrupted.\n")


@pytest.mark.skipif(os.name != "posix", reason="pipes")
def test_a_reader_that_leaves_is_no_error() -> None:
    started = spawn("synth", "--count", "1000")
    assert started.stdout is not None
    assert started.stderr is not None
    assert started.stdout.readline()
    started.stdout.close()
    with started.stderr as err:
        assert (started.wait(60), err.read()) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_standard_output(filled: Kbtui) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-m", "kbtui", "list"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith(b"kbtui: Standard output cannot be written")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="locales")
def test_the_posix_locale(tmp_path: Path) -> None:
    (tmp_path / "docs" / "é").mkdir(parents=True)
    (tmp_path / "docs" / "é" / "page.md").write_text("# Déjà vu\n\nWörter — und mehr.\n", encoding="utf-8")
    posix = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert process("import", tmp_path / "docs", env=posix).code == 0
    found = process("search", "déjà", env=posix)
    assert (found.code, found.lines[0][1]) == (0, "Déjà vu")
    assert "Wörter — und mehr." in process("show", "page", env=posix).out
    assert process("--help", env=posix).code == 0
    refused = process("import", tmp_path / "docs" / "é", env=posix)
    assert (refused.code, "LC_ALL=C.UTF-8" in refused.err) == (2, True)


def test_what_is_written_is_private(pages: Path) -> None:
    assert process("import", pages).code == 0
    store = Path.home() / ".local/share/kbtui/kb.sqlite3"
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
