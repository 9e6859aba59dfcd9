"""`check`: working through checklists from the shell, and what runs tell."""

from __future__ import annotations

import click

from kbtui.cli import check_output, check_steps, narration, output
from kbtui.cli.check_steps import JSON, REASON, ask_reason, find_run
from kbtui.cli.results import MAX_LIMIT
from kbtui.cli.session import Session, given, pass_session
from kbtui.cli.showing import complete_slug
from kbtui.core.checklists.run import RunState
from kbtui.core.errors import EXIT_FAILED, UsageError


@click.group()
def check() -> None:
    """Work through checklists, and keep a record of it.

    A run copies the steps of a post and keeps who did what and when. RUN is its id or the beginning of it; where only
    one run is open it can be left out. STEP is a number or a part of its text that no other step has.

    \b
    Examples:
      kbtui check start release-checklist
      kbtui check done 1 2
      kbtui check skip 3 --reason 'no migration in this release'
      make test 2>&1 | kbtui check evidence 4 -
      kbtui check finish
      kbtui check show 01JD --markdown > run.md
    """


@check.command()
@click.argument("slug", shell_complete=complete_slug)
@click.option("--list", "name", metavar="NAME", default="", help="Which: tasks, field, or list-N for a plain list.")
@JSON
@pass_session
def start(session: Session, slug: str, name: str, *, as_json: bool) -> None:
    """Begin a run of a post's checklist.

    In a pipe the id of the run is written to standard output. What changed in the checklist since it was last finished
    is told first.

    \b
    Examples:
      kbtui check start release-checklist
      run=$(kbtui check start incident-command --list field)
    """
    with session.open() as library:
        post = library.posts.get(given(slug))
        checklist = library.checklists.choose(post, given(name))
        check_output.tell_changes(library.checklists.changes_since_last(post, checklist))
        others = [one for one in library.checklists.found(post) if one.is_meant and one.name != checklist.name]
        for other in [] if name else others:
            narration.say(f"The post also has: --list {other.name} ({narration.count(len(other.steps), 'step')}).")
        run = library.checklists.start(post.slug, checklist.name)
    if as_json:
        output.document(check_output.run_document(run))
    elif output.is_terminal():
        check_output.show_run(run)
    else:
        output.line(run.info.id)


@check.command("list")
@click.option("--post", "slug", metavar="SLUG", shell_complete=complete_slug, help="Only runs of this post.")
@click.option("--state", type=click.Choice([state.value for state in RunState]), help="Only runs in this state.")
@click.option("-n", "--limit", metavar="N", type=click.IntRange(1, MAX_LIMIT), default=50, help="At most N (50).")
@click.option("--json", "as_json", is_flag=True, help="One array of objects.")
@pass_session
@click.pass_context
def list_runs(
    ctx: click.Context, session: Session, slug: str | None, state: str | None, limit: int, *, as_json: bool
) -> None:
    """List runs, open ones first.

    In a pipe each run is one line: id, state, settled steps of all, failed steps, start, person, slug and title.

    \b
    Examples:
      kbtui check list --state open
      kbtui check list --post release-checklist --json | jq '.[0].failed'
    """
    states = tuple(RunState) if state is None else (RunState(state),)
    with session.open() as library:
        post = None if slug is None else library.posts.get(given(slug))
        runs = library.checklists.runs(post, states, limit=limit)
    check_output.write_runs(runs, as_json=as_json)
    if not runs:
        narration.say("There is no such run; `kbtui check start SLUG` begins one.")
        ctx.exit(EXIT_FAILED)


@check.command()
@click.argument("run_id", metavar="[RUN]", required=False)
@click.option("--markdown", "as_markdown", is_flag=True, help="A document with evidence, to attach to a ticket.")
@JSON
@pass_session
def show(session: Session, run_id: str | None, *, as_markdown: bool, as_json: bool) -> None:
    """Show a run and its steps.

    In a pipe each step is one line: number, state, section, text and reason.

    \b
    Examples:
      kbtui check show
      kbtui check show 01JD --markdown > run.md
      kbtui check show --json | jq -r '.steps[] | select(.state == "todo") | .text'
    """
    if as_markdown and as_json:
        raise UsageError("--markdown and --json exclude each other.")
    with session.open() as library:
        run = library.checklists.run(find_run(library, run_id))
        document = library.checklists.markdown(run.info.id) if as_markdown else ""
        notice = library.checklists.standing(run.info).notice
    if as_markdown:
        output.text(document)
    elif as_json:
        output.document(check_output.run_document(run))
    else:
        check_output.show_run(run)
    if notice:
        narration.say(notice)


@check.command()
@click.argument("run_id", metavar="[RUN]", required=False)
@JSON
@pass_session
def finish(session: Session, run_id: str | None, *, as_json: bool) -> None:
    """End a run whose steps are all settled, and sum it up.

    \b
    Example:
      kbtui check finish
    """
    with session.open() as library:
        found = find_run(library, run_id)
        summary = library.checklists.finish(found)
        run = library.checklists.run(found)
    if as_json:
        output.document(check_output.run_document(run))
    else:
        check_output.write_summary(run, summary)
        narration.say(f"`kbtui check show {run.info.id} --markdown` is the record of it.")


@check.command()
@click.argument("run_id", metavar="[RUN]", required=False)
@REASON
@JSON
@pass_session
def abandon(session: Session, run_id: str | None, reason: str | None, *, as_json: bool) -> None:
    """End a run before its end, with the reason.

    \b
    Example:
      kbtui check abandon --reason 'release called off'
    """
    with session.open() as library:
        found = find_run(library, run_id)
        library.checklists.abandon(found, ask_reason(reason))
        if as_json:
            output.document(check_output.run_document(library.checklists.run(found)))


@check.command()
@click.argument("slug", shell_complete=complete_slug)
@click.option("--json", "as_json", is_flag=True, help="One object: the runs, and the steps skipped or failed.")
@pass_session
@click.pass_context
def history(ctx: click.Context, session: Session, slug: str, *, as_json: bool) -> None:
    """Show how the runs of a post went.

    In a pipe each run is one line: id, state, start, seconds, done, skipped and failed steps; then each step that was
    skipped or failed: skipped or failed, times and text.

    \b
    Example:
      kbtui check history release-checklist
    """
    with session.open() as library:
        post = library.posts.get(given(slug))
        told = library.checklists.history(post)
        last = library.checklists.last_successful_run(post)
    check_output.write_history(told, last, as_json=as_json)
    if not told.runs:
        narration.say(f"No run of {post.slug!r} has ended yet.")
        ctx.exit(EXIT_FAILED)


for _command in check_steps.COMMANDS:
    check.add_command(_command)
