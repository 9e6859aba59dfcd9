"""`stats`, `index` and `doctor`: figures of the library, its search index, and whether all is sound."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

import click

from kbtui.cli import history, narration, output
from kbtui.cli.results import DEFAULT_LIMIT, MAX_LIMIT
from kbtui.cli.session import Session, pass_session
from kbtui.core.errors import EXIT_FAILED
from kbtui.core.post import Json


@click.command()
@click.option("--misses", is_flag=True, help="Instead: the searches that led nowhere, the most frequent first.")
@click.option(
    "-n",
    "--limit",
    metavar="N",
    type=click.IntRange(1, MAX_LIMIT),
    default=DEFAULT_LIMIT,
    help="Of misses at most N (20).",
)
@click.option("--json", "as_json", is_flag=True, help="One object; of misses one array of objects.")
@pass_session
def stats(session: Session, limit: int, *, misses: bool, as_json: bool) -> None:
    """Show counts and sizes of the library.

    With --misses the searches that found nothing, or of whose hits none was opened: what should perhaps be written.
    In a pipe each is one line: query, times, hits and when it was last made, separated by tabs.

    \b
    Examples:
      kbtui stats
      kbtui stats --json | jq .posts
      kbtui stats --misses -n 10
    """
    with session.open() as library:
        if misses:
            history.write_misses(library, limit, as_json=as_json)
            return
        facts = library.health.facts()
    if as_json:
        output.document(facts)
    else:
        output.table(_flat(facts))


def _flat(facts: Mapping[str, Json], prefix: str = "") -> Iterator[tuple[str, Json]]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


@click.group(invoke_without_command=True)
@click.pass_context
def index(ctx: click.Context) -> None:
    """Look at the search index, or build it anew.

    The index is a private cache: every search brings it up to date, and it can always be built again.

    \b
    Examples:
      kbtui index status
      kbtui index rebuild
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(status, as_json=False)


@index.command()
@click.option("--json", "as_json", is_flag=True, help="One object.")
@pass_session
def status(session: Session, *, as_json: bool) -> None:
    """Show the state of the index against the library.

    \b
    Example:
      kbtui index status --json | jq .pending
    """
    with session.open() as library:
        state = library.indexing.status()
        posts = library.posts.count()
    facts: dict[str, Json] = {
        "posts": posts,
        "documents": state.documents,
        "pending": state.pending,
        "bytes": state.size,
        "generation": state.generation,
        "problem": state.problem,
    }
    if as_json:
        output.document(facts)
    else:
        output.table(facts.items())
    if state.problem and posts:
        narration.say("The next search builds it; `kbtui index rebuild` does it now.")


@index.command()
@click.option("--json", "as_json", is_flag=True, help="One object.")
@pass_session
def rebuild(session: Session, *, as_json: bool) -> None:
    """Build the index anew and switch over to it.

    \b
    Example:
      kbtui index rebuild
    """
    started = time.monotonic()
    with session.open() as library, narration.progress() as progress:
        number = library.indexing.rebuild(progress)
    spent = time.monotonic() - started
    narration.say(f"Indexed {narration.count(number, 'post')} in {narration.seconds(spent)}.")
    if as_json:
        output.document({"indexed": number, "seconds": round(spent, 3)})


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object: healthy, and what each check found.")
@pass_session
@click.pass_context
def doctor(ctx: click.Context, session: Session, *, as_json: bool) -> None:
    """Check that the library is sound.

    Looks at its file, the content of its posts, the runs of checklists, the index and the last imports. A line for
    each check: ok or problem, its name, what is wrong and what to do. Ends with 0 where all is sound, with 1 where
    something was found.

    \b
    Examples:
      kbtui doctor
      kbtui doctor --json | jq '.findings[] | select(.problem != "")'
    """
    with session.open() as library:
        findings = library.health.findings()
    healthy = not any(finding.problem for finding in findings)
    if as_json:
        checked = [{"check": f.check, "problem": f.problem, "remedy": f.remedy} for f in findings]
        output.document({"healthy": healthy, "findings": checked})
    else:
        output.table(("problem" if f.problem else "ok", f.check, f.problem, f.remedy) for f in findings)
    if not healthy:
        ctx.exit(EXIT_FAILED)
