"""`measure`: numbers before and after a change from the shell."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from kbtui.bootstrap import open_library
from kbtui.core.notes.change_note import NoteContent
from tests.cli.conftest import Kbtui, spawn

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the commands are those of POSIX")

BEFORE = ("420", "430", "410", "425", "415")
AFTER = ("181", "190", "178", "184", "177")


@pytest.fixture
def note(isolated: Path) -> str:
    """A note in the user's own library."""
    with open_library() as library:
        library.changes.create(NoteContent(reason="an older one"))
        return library.changes.create(NoteContent(reason="cache the list")).id


def given(kbtui: Kbtui, phase: str, values: tuple[str, ...], *more: str) -> None:
    options = [word for value in values for word in ("--value", value)]
    assert kbtui("measure", f"--{phase}", *options, *more).code == 0


def kept(note: str) -> list[tuple[str, float | None]]:
    with open_library() as library:
        return [(sample.phase.value, sample.value) for sample in library.measuring.samples(note)]


def test_a_command_before_and_after(kbtui: Kbtui, note: str) -> None:
    first = kbtui("measure", note[:20], "--before", "-n", "5", "--warm-up", "1", "--", "sleep", "0.2")
    assert (first.code, first.lines[0][0], first.lines[0][7:]) == (
        0,
        "response time",
        ["5", "0", "0", "too few samples"],
    )
    second = kbtui("measure", "--after", "-n5", "--", "sleep", "0")
    assert (second.code, second.lines[0][7:]) == (0, ["5", "5", "0", "improved"])
    assert "! Measured in different ways: before `sleep 0.2`, after `sleep 0`." in second.err
    alone = kbtui("measure", note)
    assert (alone.code, alone.raw) == (0, second.raw)


def test_a_picture_and_a_sentence_on_a_terminal(kbtui: Kbtui, note: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given(kbtui, "before", BEFORE)
    given(kbtui, "after", AFTER)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    shown = kbtui("measure", terminal=True).out
    assert shown.startswith("Response time fell from 420 ms to 181 ms (median, 5 and 5 samples;")
    assert max(map(len, shown.splitlines())) <= 80
    assert "┃" in shown
    monkeypatch.setenv("LC_ALL", "C")
    assert kbtui("measure", terminal=True).out.isascii()


def test_json(kbtui: Kbtui, note: str) -> None:
    given(kbtui, "before", BEFORE)
    given(kbtui, "after", AFTER)
    given(kbtui, "before", ("5",), "--metric", "queue depth")
    time_found, queue = kbtui("measure", "--json").json()
    assert (time_found["metric"], time_found["unit"], time_found["better"]) == ("response time", "ms", "lower")
    assert (time_found["median_before"], time_found["median_after"]) == (420, 181)
    assert (time_found["verdict"], time_found["before"]) == ("improved", [420, 430, 410, 425, 415])
    assert time_found["interval"][1] < 0
    assert (queue["verdict"], queue["interval"], queue["ratio"], queue["failed"]) == ("too few samples", None, None, 0)


def test_numbers_on_standard_input(kbtui: Kbtui, note: str) -> None:
    done = kbtui("measure", note, "--before", "-", stdin=b"420ms\n\n 1.2 s \r\n1,000\n")
    assert (done.code, done.err.splitlines()[0]) == (0, "Kept 3 numbers before the change.")
    assert kept(note) == [("before", 420), ("before", 1200), ("before", 1000)]
    wrong = kbtui("measure", "--before", "-", stdin=b"1\nfast\n")
    assert (wrong.code, wrong.raw) == (2, b"")
    assert "Value 2: 'fast' is no number." in wrong.err
    assert kbtui("measure", "--before", "-", stdin=b" \n").code == 2
    assert kbtui("measure", "--before", "-", stdin=b"1\n" * 600_000).code == 2
    assert len(kept(note)) == 3


def test_a_number_from_the_output(kbtui: Kbtui, note: str) -> None:
    found = kbtui(
        "measure",
        "--before",
        "-n1",
        "--metric",
        "db",
        "--unit",
        "calls",
        "--regex",
        r"(\d+) calls",
        "--",
        "echo",
        "7 calls",
    )
    assert (found.code, found.lines[0][:3]) == (0, ["db", "calls", "7"])
    path = ("--metric", "database calls", "--json-path", ".db[0]")
    assert kbtui("measure", "--after", "-n1", *path, "--", "echo", '{"db": [3]}').code == 0
    assert kbtui("measure", "--after", "-n1", "--shell", "--", "echo $((40 + 2)) > out").code == 0
    assert Path("out").read_text() == "42\n"


def test_arguments_of_the_command_are_its_own(kbtui: Kbtui, note: str) -> None:
    done = kbtui(
        "measure", "--before", "-n1", "--metric", "x", "--regex", ".*", "--", "echo", "--json", "--", "-n", "-"
    )
    assert (done.code, done.lines[0][8]) == (1, "0")
    assert "'--json -- -n -' is no number" in done.err


def test_failed_tries_are_told_and_kept(kbtui: Kbtui, note: str) -> None:
    done = kbtui("measure", "--before", "-n2", "--", "sh", "-c", "echo bad >&2; exit 3")
    assert (done.code, done.lines[0][7:]) == (1, ["0", "0", "2", "too few samples"])
    assert "Try 2 of 2 gave no number: exit code 3: bad." in done.err
    assert kept(note) == [("before", None)] * 2
    hanging = kbtui("measure", "--before", "-n1", "--timeout", "0.2", "--", "sleep", "60")
    assert (hanging.code, "stopped after 0.2 s" in hanging.err) == (1, True)


def test_with_several_metrics_a_warning_names_its_own(kbtui: Kbtui, note: str) -> None:
    alone = kbtui("measure", "--before", "-n1", "--", "false")
    assert "\n! 1 of 1 tries before gave no number" in alone.err
    two = kbtui("measure", "--before", "--metric", "calls", "--value", "3")
    assert "\n! response time: 1 of 1 tries before gave no number" in two.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--before",), "Say what to measure"),
        (("--", "true"), "Say when this is measured"),
        (("--value", "1"), "Say when this is measured"),
        (("--before", "--value", "1", "--", "true"), "Give one"),
        (("--before", "-", "--value", "1"), "Give one"),
        (("--before", "01", "true"), "Write -- before the command to measure: 01 -- true"),
        (("--before", "--"), "no command"),
        (("--before", "--", "no-such-command-here"), "There is no command 'no-such-command-here'"),
        (("--before", "-n", "0", "--", "true"), "0"),
        (("--before", "--timeout", "0", "--", "true"), "0"),
        (("--before", "--timeout", "nan", "--", "true"), "some time"),
        (("--before", "--regex", "(", "--", "true"), "not understood"),
        (("--before", "--regex", "a{" + "9" * 5_000 + "}", "--", "true"), "not understood"),
        (("--before", "--json-path", "a", "--", "true"), "not understood"),
        (("--before", "--metric", "memory", "--", "true"), "no time"),
        (("--before", "--metric", "memory", "--unit", "KB", "--value", "1"), "is in MB"),
        (("--before", "--better", "more", "--value", "1"), "more"),
        (("--before", "--value", "nan"), "no number"),
    ],
)
def test_wrong_usage(kbtui: Kbtui, note: str, arguments: tuple[str, ...], said: str) -> None:
    result = kbtui("measure", *arguments)
    assert (result.code, result.raw) == (2, b"")
    assert said in result.err
    assert kept(note) == []


def test_without_a_note_or_without_samples(kbtui: Kbtui, isolated: Path) -> None:
    assert kbtui("measure").code == 1
    with open_library() as library:
        library.changes.create(NoteContent(reason="x"))
    nothing = kbtui("measure")
    assert (nothing.code, nothing.raw) == (1, b"")
    assert "Nothing was measured" in nothing.err
    assert kbtui("measure", "--json").raw == b"[]\n"
    assert kbtui("measure", "ZZZZ").code == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_ends_the_command_and_keeps_the_samples(note: str, tmp_path: Path, number: signal.Signals) -> None:
    line = f"if [ -e {tmp_path}/first ]; then echo $$ > {tmp_path}/pid; exec sleep 60; fi; touch {tmp_path}/first"
    process = spawn("measure", "--before", "--", "sh", "-c", line)
    deadline = time.monotonic() + 30
    while not ((pid := tmp_path / "pid").exists() and pid.read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert b"Interrupted; the command was ended. 1 sample of 10 kept." in err
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", pid.read_text().strip()], capture_output=True, check=False
    ).stdout
    assert not state.strip() or state.startswith(b"Z")
    assert [value is not None for _, value in kept(note)] == [True]


def test_help_tells_how(kbtui: Kbtui) -> None:
    told = kbtui("measure", "--help")
    assert (told.code, "--warm-up" in told.out, "-- COMMAND" in told.out) == (0, True, True)
