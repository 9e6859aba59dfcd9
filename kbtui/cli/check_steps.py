"""`check`: what is done to the steps of a run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from kbtui.cli import check_output, narration, output
from kbtui.cli.session import Session, bring_up_to_date, given, pass_session
from kbtui.core.checklists.run import ChecklistRun, RunStep
from kbtui.core.errors import EvidenceTooLargeError, UsageError
from kbtui.library import Library
from kbtui.library.checklists import BYTES_PER_MB

RUN = click.option("--run", "run_id", metavar="RUN", help="The id of the run, or how it begins.")
JSON = click.option("--json", "as_json", is_flag=True, help="The run as one object.")
REASON = click.option("--reason", metavar="TEXT", help="Why; asked for on a terminal where it is left out.")
STEPS = click.argument("steps", nargs=-1, required=True, metavar="STEP...")


@click.command()
@STEPS
@RUN
@JSON
@pass_session
def done(session: Session, steps: tuple[str, ...], run_id: str | None, *, as_json: bool) -> None:
    """Mark steps as done.

    \b
    Examples:
      kbtui check done 1
      kbtui check done 2 3 --run 01JD
      kbtui check done 'checksum is recorded'
    """

    def mark(library: Library, run: ChecklistRun, step: RunStep) -> None:
        if step.step.is_gate and _has_person():
            click.confirm(f"{step.number}. {check_output.shown(step)}", abort=True, err=True)
        library.checklists.done(run.info.id, step.number)

    _change(session, run_id, steps, mark, as_json=as_json)


@click.command()
@STEPS
@REASON
@RUN
@JSON
@pass_session
def skip(session: Session, steps: tuple[str, ...], reason: str | None, run_id: str | None, *, as_json: bool) -> None:
    """Mark steps as skipped, with the reason.

    \b
    Example:
      kbtui check skip 3 4 --reason 'no migration in this release'
    """
    why = ask_reason(reason)
    _change(
        session,
        run_id,
        steps,
        lambda lib, run, step: lib.checklists.skip(run.info.id, step.number, why),
        as_json=as_json,
    )


@click.command()
@STEPS
@REASON
@RUN
@JSON
@pass_session
def fail(session: Session, steps: tuple[str, ...], reason: str | None, run_id: str | None, *, as_json: bool) -> None:
    """Mark steps as failed, with the reason.

    \b
    Example:
      kbtui check fail 5 --reason 'smoke test: exit code 1'
    """
    why = ask_reason(reason)
    _change(
        session,
        run_id,
        steps,
        lambda lib, run, step: lib.checklists.fail(run.info.id, step.number, why),
        as_json=as_json,
    )


@click.command()
@STEPS
@RUN
@JSON
@pass_session
def undo(session: Session, steps: tuple[str, ...], run_id: str | None, *, as_json: bool) -> None:
    """Take back what steps are marked as.

    That they were marked stays in the record.

    \b
    Example:
      kbtui check undo 5
    """
    _change(
        session, run_id, steps, lambda lib, run, step: lib.checklists.undo(run.info.id, step.number), as_json=as_json
    )


@click.command()
@click.argument("step")
@click.argument("text")
@RUN
@JSON
@pass_session
def note(session: Session, step: str, text: str, run_id: str | None, *, as_json: bool) -> None:
    """Add a note to a step; TEXT - reads standard input.

    \b
    Examples:
      kbtui check note 2 'took two tries'
      pbpaste | kbtui check note 2 -
    """

    def add(library: Library, run: ChecklistRun, found: RunStep) -> None:
        said = _standard_input(library, "note") if text == "-" else given(text)
        library.checklists.note(run.info.id, found.number, said)

    _change(session, run_id, (step,), add, as_json=as_json)


@click.command()
@click.argument("step")
@click.argument("file")
@RUN
@JSON
@pass_session
def evidence(session: Session, step: str, file: str, run_id: str | None, *, as_json: bool) -> None:
    """Add evidence to a step: the text of FILE, or of standard input for -.

    The limit is evidence_limit_mb of the configuration. `check show --markdown` has the evidence of a run.

    \b
    Examples:
      make test 2>&1 | kbtui check evidence 4 -
      kbtui check evidence 'read the query plans' plan.txt
    """

    def add(library: Library, run: ChecklistRun, found: RunStep) -> None:
        text = _standard_input(library, "evidence") if file == "-" else _file(library, Path(file))
        library.checklists.evidence(run.info.id, found.number, text, "" if file == "-" else given(Path(file).name))

    _change(session, run_id, (step,), add, as_json=as_json)


@click.command()
@click.argument("step", required=False)
@click.argument("text", required=False)
@click.option("--take", metavar="N", type=click.IntRange(1), help="Take the proposal N into the post.")
@click.option("--decline", metavar="N", type=click.IntRange(1), help="Decline the proposal N, with --reason.")
@REASON
@RUN
@click.option("--json", "as_json", is_flag=True, help="The run, or the array of open proposals.")
@pass_session
def redline(
    session: Session,
    *,
    step: str | None,
    text: str | None,
    take: int | None,
    decline: int | None,
    reason: str | None,
    run_id: str | None,
    as_json: bool,
) -> None:
    """Propose another text for a step, or decide on a proposal.

    TEXT is the step as it should be; - reads standard input. Without arguments all open proposals are listed: run,
    number, slug, step and text. To take one makes a new revision of the post.

    \b
    Examples:
      kbtui check redline 3 'Read `git diff --stat` **and** the lock file'
      kbtui check redline
      kbtui check redline --take 7 --run 01JD
      kbtui check redline --decline 8 --run 01JD --reason 'the file is gone'
    """
    if (take is not None) + (decline is not None) + (step is not None) > 1:
        raise UsageError("Choose one: a STEP with a TEXT, --take N or --decline N.")
    if step is not None:
        _propose(session, run_id, step, text, as_json=as_json)
        return
    with session.open() as library:
        if take is None and decline is None:
            check_output.write_redlines(library.redlines.open(), as_json=as_json)
            return
        found = find_run(library, run_id)
        if take is not None:
            saved = library.redlines.take(found, take)
            post = library.posts.get(saved.slug)
            narration.say(f"Took proposal {take} into {post.slug!r}, revision {post.saves}.")
            if library.editing.home(post).local_since is not None:
                narration.tell_local(post.slug)
            bring_up_to_date(library)
        elif decline is not None:
            library.redlines.decline(found, decline, ask_reason(reason))
        if as_json:
            output.document(check_output.run_document(library.checklists.run(found)))


def _change(
    session: Session,
    run_id: str | None,
    references: tuple[str, ...],
    change: Callable[[Library, ChecklistRun, RunStep], object],
    *,
    as_json: bool,
) -> None:
    """Change steps of a run. All of them are looked up before the first is changed."""
    with session.open() as library:
        run = library.checklists.run(find_run(library, run_id))
        for step in [library.checklists.step(run, given(reference)) for reference in references]:
            change(library, run, step)
        run = library.checklists.run(run.info.id)
    if as_json:
        output.document(check_output.run_document(run))
    else:
        check_output.tell_progress(run)


def _propose(session: Session, run_id: str | None, step: str, text: str | None, *, as_json: bool) -> None:
    if text is None:
        raise UsageError("Give the text of the step as it should be, or - for standard input.")

    def add(library: Library, run: ChecklistRun, found: RunStep) -> None:
        said = _standard_input(library, "proposed change") if text == "-" else given(text)
        event = library.redlines.propose(run.info.id, found.number, said)
        narration.say(f"This is proposal {event.number} of the run {run.info.id}.")

    _change(session, run_id, (step,), add, as_json=as_json)


def find_run(library: Library, run_id: str | None) -> str:
    """The id of the run that is meant, without a name of the only open one.

    Raises `UsageError` for an empty name, as of a script's variable that was never set, and `RunNotFoundError`.
    """
    if run_id is not None and not run_id.strip():
        raise UsageError("The name of the run is empty; leave it out where the only open run is meant.")
    return library.checklists.resolve("" if run_id is None else given(run_id))


def ask_reason(reason: str | None) -> str:
    """The reason that was given, else asked for on a terminal. Raises `UsageError` where there is none."""
    if reason is None and _has_person():
        reason = click.prompt("Why", err=True)
    if reason is None or not reason.strip():
        raise UsageError("Say why, with --reason TEXT.")
    return given(reason)


def _has_person() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def _standard_input(library: Library, what: str) -> str:
    limit = library.checklists.evidence_limit
    data = sys.stdin.buffer.read(limit + 1)
    return _decoded(data, limit, what)


def _file(library: Library, path: Path) -> str:
    limit = library.checklists.evidence_limit
    try:
        with path.open("rb") as file:
            return _decoded(file.read(limit + 1), limit, "evidence")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def _decoded(data: bytes, limit: int, what: str) -> str:
    # Told of the bytes: what is not UTF-8 takes more room once it is replaced.
    if len(data) > limit:
        raise EvidenceTooLargeError(what, limit // BYTES_PER_MB)
    return data.decode("utf-8", "replace")


COMMANDS = (done, skip, fail, undo, note, evidence, redline)
