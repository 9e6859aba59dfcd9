"""What every `ImportLog` promises."""

from __future__ import annotations

from datetime import timedelta

from kbtui.core.importing import ImportProblem, ImportReport, ProblemKind, RunState
from kbtui.core.ports import ImportLog
from tests.factories import NOON


def test_sources_have_names_of_their_own(log: ImportLog) -> None:
    assert log.sources() == []
    made = [log.add_source(name, f"/{n}") for n, name in enumerate(["notes", "notes", "runbooks", "notes"])]
    assert [source.name for source in made] == ["notes", "notes-2", "runbooks", "notes-3"]
    assert log.sources() == sorted(made, key=lambda source: source.name)


def test_a_known_root_gives_its_source(log: ImportLog) -> None:
    first = log.add_source("notes", "/srv/notes")
    assert log.add_source("other", "/srv/notes") == first
    assert log.sources() == [first]


def test_fingerprints_are_of_one_source(log: ImportLog) -> None:
    one, two = log.add_source("one", "/1"), log.add_source("two", "/2")
    log.set_fingerprints(one, {"a.md": ("x", 1), "b.md": ("y", 3)})
    log.set_fingerprints(one, {"a.md": ("z", 2)})
    log.set_fingerprints(two, {"a.md": ("q", 1)})
    log.forget(one, ["b.md", "nothing"])
    log.forget(two, [])
    log.set_fingerprints(two, {})
    assert log.fingerprints(one) == {"a.md": ("z", 2)}
    assert log.fingerprints(two) == {"a.md": ("q", 1)}


def test_a_run_tells_where_it_looked(log: ImportLog) -> None:
    source = log.add_source("notes", "/n")
    for under in ("", "web", "web/\udce9.md"):
        log.start_run(source, NOON, under)
    assert [run.under for run in log.runs(5)] == ["web/\ufffd.md", "web", ""]


def test_runs_are_logged_with_their_problems(log: ImportLog) -> None:
    source = log.add_source("notes", "/n")
    first = log.start_run(source, NOON)
    (run,) = log.runs(5)
    assert (run.id, run.source, run.state, run.finished_at, run.started_at) == (
        first,
        "notes",
        RunState.RUNNING,
        None,
        NOON,
    )
    problems = [ImportProblem("b.md", "no \x00 text"), ImportProblem("a.md", "odd", ProblemKind.WARNING)]
    report = ImportReport(source="notes", added=3, updated=2, unchanged=1, removed=4, problems=problems)
    log.finish_run(first, NOON + timedelta(seconds=2), RunState.DONE, report)
    second = log.start_run(source, NOON)
    newest, oldest = log.runs(5)
    assert (newest.id, oldest.id) == (second, first)
    assert (oldest.state, oldest.finished_at, oldest.problems) == (RunState.DONE, NOON + timedelta(seconds=2), 2)
    assert oldest.counts == {"added": 3, "updated": 2, "unchanged": 1, "removed": 4}
    assert log.problems(first) == problems
    assert log.problems(second) == []
    assert [run.id for run in log.runs(1)] == [second]
