"""Measuring: real commands, and numbers that were typed."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from kbtui.core.errors import CommandError, NoteNotFoundError, UsageError
from kbtui.core.measuring.measurement import METRICS, Better, Metric, Movement, Phase, Sample
from kbtui.core.notes.change_note import NoteContent
from kbtui.library import Library
from kbtui.library.measuring import Plan, metric_named
from tests.conftest import OpenLibrary
from tests.factories import FixedClock
from tests.samples import RESPONSE_TIME

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the commands are those of POSIX")

FREE = Metric("answers", "")


@pytest.fixture
def note(library: Library) -> str:
    """The id of a note."""
    return library.changes.create(NoteContent(reason="cache the list", files=("a", "b"))).id


def plan(*arguments: str, metric: Metric = RESPONSE_TIME, phase: Phase = Phase.BEFORE, **fields: Any) -> Plan:
    return Plan(**{"arguments": arguments, "metric": metric, "phase": phase, "count": 1, **fields})


def printing(text: str, **fields: Any) -> Plan:
    return plan("printf", "%s", text, **fields)


def value(library: Library, note: str, wanted: Plan) -> float | str:
    """The value of the one sample, or why there is none."""
    (sample,) = library.measuring.run(note, wanted)
    assert (sample.value is None) == bool(sample.problem)
    return sample.problem if sample.value is None else sample.value


def test_wall_time_is_measured_and_kept(library: Library, note: str, clock: FixedClock) -> None:
    told: list[Sample] = []
    taken = library.measuring.run(note, plan("sleep", "0.05", count=3, warm_ups=2), told.append)
    assert taken == told == library.measuring.samples(note)
    assert [sample.is_warm_up for sample in taken] == [True, True, False, False, False]
    for sample in taken:
        assert sample.value is not None
        assert sample.seconds is not None
        assert 50 <= sample.value == sample.seconds * 1000 < 2000
        assert (sample.command, sample.exit_code, sample.problem) == ("sleep 0.05", 0, "")
        assert (sample.metric, sample.phase, sample.at) == (RESPONSE_TIME, Phase.BEFORE, clock.at)
        assert sample.host


def test_each_sample_is_on_disk_before_the_next_is_taken(
    library: Library, note: str, opened: OpenLibrary, tmp_path: Path
) -> None:
    other = opened(tmp_path / "library")
    counts: list[int] = []
    library.measuring.run(note, plan("true", count=3), lambda _: counts.append(len(other.measuring.samples(note))))
    assert counts == [1, 2, 3]


def test_what_was_measured_before_a_stop_stays(library: Library, note: str) -> None:
    def stop(_: Sample) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.measuring.run(note, plan("true", count=3), stop)
    assert len(library.measuring.samples(note)) == 1


def test_wall_time_takes_the_unit_of_the_metric(library: Library, note: str) -> None:
    (in_seconds,) = library.measuring.run(note, plan("sleep", "0.05", metric=Metric("build", "s", Better.LOWER)))
    assert in_seconds.value == in_seconds.seconds
    (bare,) = library.measuring.run(note, plan("true", metric=Metric("build")))
    assert bare.metric.unit == "ms"
    with pytest.raises(UsageError, match="is in MB, which is no time"):
        library.measuring.run(note, plan("true", metric=METRICS["memory"]))


@pytest.mark.parametrize(
    ("output", "regex", "expected"),
    [
        ("a\ntime: 1,234.5 ms\n", r"time: (.*)", 1234.5),
        ("time=1.2s", r"time=(\S+)", 1200),
        ("12", r"\d+", 12),
        ("took long", r"took (.*)", "'long' is no number"),
        ("nothing", r"\d+", "the expression found nothing in the output"),
    ],
)
def test_a_number_is_found_by_an_expression(
    library: Library, note: str, output: str, regex: str, expected: float | str
) -> None:
    assert value(library, note, printing(output, regex=regex)) == expected


@pytest.mark.parametrize(
    ("output", "path", "expected"),
    [
        ('{"a": {"b": [1.5, 2]}}', ".a.b[0]", 1.5),
        ('{"a": "1.2 s"}', ".a", 1200),
        ("3e2", ".", 300),
        ('{"a": true}', ".a", "there is no number at .a"),
        ('{"a": null}', ".a", "there is no number at .a"),
        ('{"a": NaN}', ".a", "the output is no JSON"),
        ('{"a": 1e999}', ".a", "'inf' is no number"),
        ('{"b": 1}', ".a", "the output has no 'a' there"),
        ("<html>", ".a", "the output is no JSON"),
    ],
)
def test_a_number_is_found_in_json(library: Library, note: str, output: str, path: str, expected: float | str) -> None:
    assert value(library, note, printing(output, json_path=path)) == expected


def test_in_output_that_was_cut_it_is_told_so(library: Library, note: str) -> None:
    wanted = plan("head", "-c", "2000000", "/dev/zero", regex=r"\d+")
    assert value(library, note, wanted) == (
        "the expression found nothing in the output (only its first 1,000,000 characters were looked at)"
    )


@pytest.mark.parametrize(
    ("line", "code", "problem"),
    [
        ("exit 7", 7, "exit code 7"),
        ("echo first >&2; echo 'refused: x' >&2; exit 1", 1, "exit code 1: refused: x"),
        ("printf '\\033[2Jowned' >&2; exit 1", 1, "exit code 1: ␛[2Jowned"),
        ("kill -9 $$", -9, "ended by SIGKILL"),
        ("sleep 60", None, "stopped after 0.3 s"),
    ],
)
def test_a_try_that_fails_is_kept_without_a_value(
    library: Library, note: str, line: str, code: int | None, problem: str
) -> None:
    timeout = 0.3 if code is None else 20
    (sample,) = library.measuring.run(note, plan("sh", "-c", line, timeout=timeout))
    assert (sample.value, sample.exit_code, sample.problem) == (None, code, problem)
    assert library.measuring.samples(note) == [sample]


def test_a_shell_line_is_kept_as_it_was_typed(library: Library, note: str) -> None:
    shell: dict[str, Any] = {"shell": True}
    (sample,) = library.measuring.run(note, plan("echo 41 | tr 1 2", metric=FREE, regex=".*", **shell))
    assert (sample.command, sample.value) == ("echo 41 | tr 1 2", 42)
    (vector,) = library.measuring.run(note, printing("a b", metric=FREE))
    assert shlex.split(vector.command) == ["printf", "%s", "a b"]


def test_secrets_in_the_command_and_its_errors_are_masked(library: Library, note: str) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    line = f"echo 'Authorization: Bearer {secret}' >&2; exit 1"
    (sample,) = library.measuring.run(note, plan("sh", "-c", line))
    assert secret not in sample.command + sample.problem


def test_what_cannot_be_run_leaves_nothing(library: Library, note: str) -> None:
    with pytest.raises(CommandError, match="no-such-command"):
        library.measuring.run(note, plan("no-such-command-here"))
    with pytest.raises(CommandError, match="no command"):
        library.measuring.run(note, plan())
    assert library.measuring.samples(note) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"regex": "("}, "regular expression '\\(' is not understood"),
        ({"json_path": "a"}, "path 'a' is not understood at character 1"),
        ({"regex": "a", "json_path": ".a"}, "not by both"),
        ({"count": 0}, "nothing to measure"),
        ({"warm_ups": -1}, "nothing to measure"),
        ({"timeout": 0.0}, "nothing to measure"),
        ({"timeout": float("nan")}, "nothing to measure"),
    ],
)
def test_a_wrong_plan_is_refused_before_anything_is_run(
    library: Library, note: str, tmp_path: Path, fields: dict[str, Any], said: str
) -> None:
    marker = tmp_path / "ran"
    with pytest.raises(UsageError, match=said):
        library.measuring.run(note, plan("touch", str(marker), **fields))
    assert not marker.exists()


def test_an_unknown_note_is_told_before_anything_is_run(library: Library, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    with pytest.raises(NoteNotFoundError, match="'01NONE'"):
        library.measuring.run("01NONE", plan("touch", str(marker)))
    assert not marker.exists()
    with pytest.raises(NoteNotFoundError):
        library.measuring.add("01NONE", RESPONSE_TIME, Phase.BEFORE, ["1"])
    with pytest.raises(NoteNotFoundError):
        library.measuring.compare("01NONE")


def test_typed_numbers_are_kept_all_or_none(library: Library, note: str, clock: FixedClock) -> None:
    kept = library.measuring.add(note, RESPONSE_TIME, Phase.AFTER, ["420ms", "1.2 s", "1,234.5"])
    assert [sample.value for sample in kept] == [420, 1200, 1234.5]
    assert {(s.command, s.host, s.exit_code, s.seconds, s.at) for s in kept} == {("", "", None, None, clock.at)}
    with pytest.raises(UsageError, match=r"Value 2: 'fast' is no number\. None was kept"):
        library.measuring.add(note, RESPONSE_TIME, Phase.AFTER, ["1", "fast", "3"])
    with pytest.raises(UsageError, match="no number to keep"):
        library.measuring.add(note, RESPONSE_TIME, Phase.AFTER, [])
    assert library.measuring.samples(note) == kept


def test_before_and_after_are_compared(library: Library, note: str) -> None:
    assert library.measuring.compare(note) == []
    library.measuring.add(note, RESPONSE_TIME, Phase.BEFORE, ["420", "430", "410", "425", "415"])
    library.measuring.add(note, RESPONSE_TIME, Phase.AFTER, ["181", "190", "178", "184", "177"])
    (comparison,) = library.measuring.compare(note)
    assert (comparison.movement, comparison.median_before, comparison.median_after) == (Movement.IMPROVED, 420, 181)
    assert comparison.warnings == ("The note names 2 files: numbers cannot tell which of them made a difference.",)


def test_a_real_difference_of_commands_is_found(library: Library, note: str) -> None:
    sleeping = (sys.executable, "-I", "-S", "-c", "import time; time.sleep({})")
    for phase, seconds in ((Phase.BEFORE, "0.5"), (Phase.AFTER, "0.001")):
        arguments = [argument.format(seconds) for argument in sleeping]
        library.measuring.run(note, plan(*arguments, phase=phase, count=5))
    (comparison,) = library.measuring.compare(note)
    assert comparison.movement is Movement.IMPROVED


def test_metrics_by_name() -> None:
    assert metric_named("response time") == metric_named(" Response  Time ", "ms", "lower") == RESPONSE_TIME
    assert metric_named("cpu", "%", "lower") == Metric("cpu", "%", Better.LOWER)
    assert metric_named("CPU") == Metric("CPU", "", Better.NEITHER)


@pytest.mark.parametrize(
    ("name", "unit", "better", "said"),
    [
        ("response time", "s", "", "is in ms, not in s"),
        ("throughput", "", "lower", "higher is better"),
        ("cpu", "", "more", "'more' is none of lower, higher, neither"),
        (" ", "", "", "name of a metric"),
        ("x" * 61, "", "", "name of a metric"),
        ("x", "u" * 61, "", "name of a metric"),
    ],
)
def test_metrics_that_contradict_are_refused(name: str, unit: str, better: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        metric_named(name, unit, better)
