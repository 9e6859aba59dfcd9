"""`list` and `facets`: what the library holds."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import click

from kbtui.cli import narration, output, records
from kbtui.cli.results import MAX_LIMIT, narrate_cut, write_facets
from kbtui.cli.session import Session, given, pass_session
from kbtui.core.errors import EXIT_FAILED, UsageError
from kbtui.core.listing import DEFAULT_SORT, SORTS
from kbtui.core.post import FACETS
from kbtui.core.searching.clauses import Filter
from kbtui.core.searching.query import FACET_NAMES, parse_query

DEFAULT_LIMIT = 50
FACET_LIMIT = 20


@click.command("list")
@click.option("--sort", metavar="ORDER", default=DEFAULT_SORT, help=f"{', '.join(SORTS)} ({DEFAULT_SORT}).")
@click.option("--filter", "filters", metavar="FACET:VALUE", multiple=True, help="Only posts with it; repeatable.")
@click.option(
    "-n", "--limit", metavar="N", type=click.IntRange(1, MAX_LIMIT), default=DEFAULT_LIMIT, help="At most N (50)."
)
@click.option("--offset", metavar="N", type=click.IntRange(0, MAX_LIMIT), default=0, help="Leave out the first N.")
@click.option("--json", "as_json", is_flag=True, help="One array of objects.")
@click.option("--jsonl", "as_lines", is_flag=True, help="One object on each line.")
@pass_session
@click.pass_context
def list_posts(
    ctx: click.Context,
    session: Session,
    sort: str,
    filters: tuple[str, ...],
    *,
    limit: int,
    offset: int,
    as_json: bool,
    as_lines: bool,
) -> None:
    """List posts.

    In a pipe each post is one line: slug, title, source/path and tools, separated by tabs.

    \b
    Examples:
      kbtui list
      kbtui list --sort reviewed -n 10
      kbtui list --filter tool:redis,psql --filter -status:draft
      kbtui list --filter 'topic:"bad gateway / nginx"'
      kbtui list --json | jq -r '.[].slug'
    """
    if as_json and as_lines:
        raise UsageError("--json and --jsonl exclude each other.")
    wanted = [one for text in filters for one in _filters(given(text))]
    with session.open() as library:
        total = library.posts.count(wanted)
        posts = library.posts.page(sort=sort, filters=wanted, limit=limit, offset=offset)

    def otherwise() -> None:
        if output.is_terminal() and posts:
            from kbtui.cli import layout  # Rich: only for a terminal

            output.show(layout.posts(posts, session.settings.stale_after_days))
        else:
            output.lines((p.slug, p.title, records.place(p), ", ".join(p.tools)) for p in posts)

    output.records(map(records.summary, posts), as_json=as_json, as_lines=as_lines, otherwise=otherwise)
    if posts:
        narrate_cut(len(posts), total, offset)
        return
    narration.say(f"No posts: {total} there are, and --offset is {offset}." if total else _nothing(wanted))
    ctx.exit(EXIT_FAILED)


def _filters(text: str) -> list[Filter]:
    clauses = parse_query(text).clauses
    filters = [clause for clause in clauses if isinstance(clause, Filter) and clause.field in FACETS]
    if not filters or len(filters) < len(clauses):
        raise UsageError(
            f"--filter {text!r} is no filter; write FACET:VALUE, with quotes around a value of several words, as in "
            f"""'topic:"bad gateway"'. The facets are {", ".join(FACETS)}; `kbtui search """
            "--sort ORDER` takes every field."
        )
    return filters


def _nothing(filters: Sequence[Filter]) -> str:
    if filters:
        return "No post passes the filters; `kbtui facets` shows the values that there are."
    return "The library is empty; `kbtui import PATH` fills it, `kbtui demo` shows an example."


@click.command()
@click.argument("facet", required=False)
@click.option(
    "-n", "--limit", metavar="N", type=click.IntRange(1, MAX_LIMIT), default=FACET_LIMIT, help="At most N of each (20)."
)
@click.option("--json", "as_json", is_flag=True, help="One object: facet to list of value and count.")
@pass_session
@click.pass_context
def facets(ctx: click.Context, session: Session, facet: str | None, limit: int, *, as_json: bool) -> None:
    """Show the values to filter by.

    For each facet the most frequent first.

    In a pipe each value is one line: facet, value and count, separated by tabs.

    \b
    Examples:
      kbtui facets
      kbtui facets tool -n 100
      kbtui facets --json | jq '.tool[0]'
    """
    wanted = FACETS if facet is None else (_facet(facet),)
    with session.open() as library:
        # One more than asked for, so that a cut can be announced.
        counts = library.posts.facets(wanted, limit=limit + 1)
    write_facets({name: counts[name][:limit] for name in wanted if counts.get(name)}, as_json=as_json)
    if cut := [name for name in wanted if len(counts.get(name, ())) > limit]:
        narration.say(f"Only the first {limit} of {', '.join(cut)}; raise --limit for more.")
    if not any(counts.values()):
        narration.say("No post has any of that." if facet else _nothing(()))
        ctx.exit(EXIT_FAILED)


def _facet(name: str) -> str:
    known = FACET_NAMES.get(name.casefold())
    if known is None:
        nearest = get_close_matches(name.casefold(), FACET_NAMES, n=1, cutoff=0.0)[0]
        raise UsageError(f"There is no facet {name!r}; the nearest is {nearest!r}. All are: {', '.join(FACETS)}.")
    return known
