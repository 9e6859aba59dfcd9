"""`search`: find posts, on a terminal, for a pipe, or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from kbtui.cli import narration, output, records
from kbtui.cli.session import Session, bring_up_to_date, given, pass_session
from kbtui.cli.words import WordsCommand
from kbtui.core.errors import EXIT_FAILED, UnreadyError, UsageError
from kbtui.core.post import FACETS
from kbtui.core.query import parse_query
from kbtui.core.results import FacetCount, SearchResults
from kbtui.library import Library

DEFAULT_LIMIT = 20
MAX_LIMIT = 1_000_000


@click.command(cls=WordsCommand)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option(
    "-n", "--limit", metavar="N", type=click.IntRange(1, MAX_LIMIT), default=DEFAULT_LIMIT, help="At most N (20)."
)
@click.option("--offset", metavar="N", type=click.IntRange(0, MAX_LIMIT), default=0, help="Leave out the first N.")
@click.option("--json", "as_json", is_flag=True, help="One array of objects.")
@click.option("--jsonl", "as_lines", is_flag=True, help="One object on each line.")
@click.option("--facets", is_flag=True, help="Instead of the hits: how many have which topic, tool, stack, …")
@pass_session
@click.pass_context
def search(
    ctx: click.Context,
    session: Session,
    words: tuple[str, ...],
    limit: int,
    offset: int,
    *,
    as_json: bool,
    as_lines: bool,
    facets: bool,
) -> None:
    """Find posts. Those with all the words come first.

    In a pipe each hit is one line: slug, title, source/path and snippet, separated by tabs.

    \b
    Examples:
      kbtui search nginx 502
      kbtui search '"connection reset" tool:nginx -docker'
      kbtui search -- --json          search for what is an option
      kbtui search crash* --json -n 5
      kbtui search redis --facets

    \b
    In a query:
      "two words"   a phrase           tool:redis       only this tool
      crash*        words beginning so  -tool:redis      not this tool
      -docker       pages without it    tool:redis,psql  either of them
    """
    if as_json and as_lines:
        raise UsageError("--json and --jsonl exclude each other.")
    query = parse_query(" ".join(given(word) for word in words))
    with session.open() as library:
        _catch_up(library)
        results = library.searching.search(
            query, limit=1 if facets else limit, offset=offset, facets=FACETS if facets else ()
        )
    if results.notice:
        narration.say(results.notice)
    if facets:
        write_facets(results.facets, as_json=as_json, as_lines=as_lines)
    else:
        _write_hits(session, results, offset, as_json=as_json, as_lines=as_lines)
    if not results.total or not (facets or results.hits):
        _narrate_nothing(results, offset)
        ctx.exit(EXIT_FAILED)


def _catch_up(library: Library) -> None:
    try:
        bring_up_to_date(library)
    except UnreadyError as error:
        # A full disk is no reason not to answer: the search says what it could not know.
        narration.say(f"The search index could not be brought up to date: {error}")


def _write_hits(session: Session, results: SearchResults, offset: int, *, as_json: bool, as_lines: bool) -> None:
    def otherwise() -> None:
        if output.is_terminal() and results.hits:
            from kbtui.cli import layout  # Rich: only for a terminal

            output.show(layout.hits(results.hits, offset, session.settings.stale_after_days))
        else:
            output.lines((h.post.slug, h.post.title, records.place(h.post), h.snippet.text) for h in results.hits)

    output.records(map(records.hit, results.hits), as_json=as_json, as_lines=as_lines, otherwise=otherwise)
    if results.hits:
        narrate_cut(len(results.hits), results.total, offset)


def narrate_cut(shown: int, total: int, offset: int) -> None:
    """Announce that there is more than was shown."""
    if offset + shown < total:
        narration.say(f"{shown} of {total} shown; go on with --offset {offset + shown}, or raise --limit.")


def write_facets(facets: Mapping[str, Sequence[FacetCount]], *, as_json: bool, as_lines: bool = False) -> None:
    """The values of each facet and how many posts have them."""
    counted = ({"facet": name, "value": c.value, "count": c.count} for name in facets for c in facets[name])
    if as_json:
        output.document({name: [{"value": c.value, "count": c.count} for c in facets[name]] for name in facets})
    elif as_lines:
        output.documents(counted)
    else:
        rows = ((name, c.value, c.count) for name in facets for c in facets[name])
        output.table(rows, ("facet", "value", "posts"))


def _narrate_nothing(results: SearchResults, offset: int) -> None:
    if results.total:
        narration.say(f"There are only {results.total} hits; --offset {offset} is beyond them.")
    elif results.query.is_empty:
        narration.say("The library is empty; `kbtui import PATH` fills it, `kbtui demo` shows an example.")
    else:
        narration.say(f"Nothing matches {results.query.text!r}.")
