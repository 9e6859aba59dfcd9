"""`import` and `import log`: take files in, and tell what happened."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from kbtui.cli import import_narration, narration, output
from kbtui.cli.session import InterruptedWorkError, Session, bring_up_to_date, pass_session
from kbtui.core.errors import EXIT_FAILED, KbtuiError, UsageError
from kbtui.core.importing import ImportReport, ImportRequest, ImportRun
from kbtui.core.post import Json
from kbtui.library import Library

ALL_RUNS = 1_000_000


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--source", "source_name", metavar="NAME", default="", help="Name of the source (the folder's name).")
@click.option("--prune", is_flag=True, help="Remove posts whose file is gone.")
@click.option("--extensionless", is_flag=True, help="Also read files whose name has no extension, as Markdown.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--json", "as_json", is_flag=True, help="One object: added, updated, unchanged, removed, refused, …")
@click.option("--verbose", is_flag=True, help="List every refused file and every warning.")
@pass_session
@click.pass_context
def import_paths(
    ctx: click.Context,
    session: Session,
    paths: tuple[Path, ...],
    source_name: str,
    *,
    prune: bool,
    extensionless: bool,
    dry_run: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Take files and folders in.

    kbtui reads Markdown, text, JSON and JSON lines.

    Importing again is safe: what did not change is not touched, what was interrupted goes on.

    The first argument `log` shows the import log instead (`kbtui import log -h`); write ./log for a folder of
    that name.

    \b
    Examples:
      kbtui import ~/runbooks
      kbtui import ~/runbooks --prune        also remove what is gone there
      kbtui import docs/a.md docs/b.md
      kbtui import ~/notes --source notes --dry-run
      kbtui import ~/runbooks --json | jq .refused
      kbtui import log
    """
    _check(paths, source_name)
    requests = [
        ImportRequest(path, source_name, prune=prune, dry_run=dry_run, extensionless=extensionless) for path in paths
    ]
    with session.open() as library:
        reports = _run(library, requests, verbose=verbose)
    if as_json:
        output.document(joined(reports))
    if any(r.refused for r in reports) and not any(r.added + r.updated + r.unchanged for r in reports):
        ctx.exit(EXIT_FAILED)


def _check(paths: Sequence[Path], source_name: str) -> None:
    """Everything that can be said before anything is imported."""
    for path in paths:
        if str(path) == "-":
            raise UsageError("Standard input is not imported; name a file or a folder.")
        if not os.path.exists(path):  # noqa: PTH110 - unlike Path.exists it never raises
            raise UsageError(f"There is nothing at {path}; name a file or a folder.")
        if not _is_utf8(str(path.absolute())):
            raise UsageError(f"The name of {path} is not UTF-8 here; set LC_ALL=C.UTF-8, or rename it.")
    if source_name and len(paths) > 1:
        raise UsageError("--source names the source of one PATH; import the others by commands of their own.")


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _run(library: Library, requests: Sequence[ImportRequest], *, verbose: bool) -> list[ImportReport]:
    reports = []
    try:
        for request in requests:
            with narration.progress(after=0.2) as progress:
                report = library.importing.run(request, progress)
            import_narration.tell(report, verbose=verbose)
            reports.append(report)
        if not requests[0].dry_run:
            bring_up_to_date(library)
    except KeyboardInterrupt as error:
        raise InterruptedWorkError(
            "Interrupted. What was read so far is kept; run the same command again and it goes on from there."
        ) from error
    return reports


def joined(reports: Sequence[ImportReport]) -> dict[str, Json]:
    """The reports of several places as one: counts summed, lists joined."""
    documents = [report.to_document() for report in reports]
    skipped: dict[str, int] = {}
    for report in reports:
        for kind, number in report.skipped.items():
            skipped[kind] = skipped.get(kind, 0) + number
    return {
        "source": ", ".join(dict.fromkeys(report.source for report in reports)),
        **{name: sum(d[name] for d in documents) for name in ("added", "updated", "unchanged", "removed")},
        **{
            name: [problem for d in documents for problem in d[name]]
            for name in ("refused", "warnings", "removed_paths")
        },
        "skipped": skipped,
        "dry_run": reports[0].dry_run,
        "seconds": round(sum(report.seconds for report in reports), 3),
    }


@click.command("import log")
@click.option("-n", "--limit", metavar="N", type=click.IntRange(1, ALL_RUNS), default=20, help="At most N runs (20).")
@click.option("--problems", "run", metavar="RUN", type=click.IntRange(1), help="What was the matter in one run.")
@click.option("--json", "as_json", is_flag=True, help="One array of objects.")
@pass_session
def import_log(session: Session, limit: int, run: int | None, *, as_json: bool) -> None:
    """Show the import log, newest first, or the problems of one run.

    In a pipe each run is one line: number, source, start, state, counts and problems, separated by tabs.

    \b
    Examples:
      kbtui import log
      kbtui import log --problems 3
      kbtui import log --json
    """
    with session.open() as library:
        if run is not None:
            _write_problems(library, run, as_json=as_json)
            return
        runs = library.importing.runs(limit)
    if as_json:
        output.document([_run_document(entry) for entry in runs])
    elif runs:
        _write_runs(runs)
    if not runs:
        raise KbtuiError("Nothing was imported yet; `kbtui import PATH` does it.")


def _write_runs(runs: Sequence[ImportRun]) -> None:
    rows = [
        (
            entry.id,
            entry.source,
            entry.started_at.strftime("%Y-%m-%d %H:%M:%SZ"),
            entry.state.value,
            ", ".join(f"{number} {name}" for name, number in entry.counts.items() if number) or "nothing changed",
            narration.count(entry.problems, "problem"),
        )
        for entry in runs
    ]
    output.table(rows, ("run", "source", "started", "state", "posts", "problems"))


def _write_problems(library: Library, run: int, *, as_json: bool) -> None:
    # Runs are numbered from 1 and never removed.
    if all(run > newest.id for newest in library.importing.runs(1)):
        raise KbtuiError(f"The log has no run {run}; `kbtui import log` shows those it has.")
    problems = library.importing.problems(run)
    if as_json:
        output.document([{"kind": p.kind.value, "path": p.path, "reason": p.reason} for p in problems])
    else:
        output.table((p.kind.value, p.path, p.reason) for p in problems)
    if not problems:
        narration.say(f"Run {run} had no problems.")


def _run_document(run: ImportRun) -> dict[str, Json]:
    return {
        "run": run.id,
        "source": run.source,
        "started_at": run.started_at.isoformat(),
        "finished_at": None if run.finished_at is None else run.finished_at.isoformat(),
        "state": run.state.value,
        **run.counts,
        "problems": run.problems,
    }
