"""`search`: find posts, on a terminal, for a pipe, or as JSON; saved searches and history."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import click

from kbtui.cli import history, narration
from kbtui.cli.output import is_terminal
from kbtui.cli.results import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    catch_up,
    explained,
    narrate_cut,
    narrate_reading,
    write_facets,
    write_hits,
)
from kbtui.cli.session import Session, given, pass_session
from kbtui.cli.words import OptionalValue, WordsCommand
from kbtui.core.errors import EXIT_FAILED, UnreadyError, UsageError
from kbtui.core.listing import SORTS
from kbtui.core.post import FACETS
from kbtui.core.searching.query import parse_query
from kbtui.core.searching.results import RELEVANCE, SearchResults
from kbtui.library import Library

ORDERS = (RELEVANCE, *SORTS)


@click.command(cls=WordsCommand)
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option(
    "-n", "--limit", metavar="N", type=click.IntRange(1, MAX_LIMIT), default=DEFAULT_LIMIT, help="At most N (20)."
)
@click.option("--offset", metavar="N", type=click.IntRange(0, MAX_LIMIT), default=0, help="Leave out the first N.")
@click.option("--sort", metavar="ORDER", default=RELEVANCE, help=f"{', '.join(ORDERS)} ({RELEVANCE}).")
@click.option("--json", "as_json", is_flag=True, help="One array of objects.")
@click.option("--jsonl", "as_lines", is_flag=True, help="One object on each line.")
@click.option("--facets", is_flag=True, help="Instead of the hits: how many have which topic, tool, stack, …")
@click.option("--explain", is_flag=True, help="With each hit: which words it has, where, and what they are worth.")
@click.option("--save", "save_as", metavar="NAME", help="Keep the search under a name as well.")
@click.option("--saved", metavar="[NAME]", cls=OptionalValue, help="Run the search of that name, or list them all.")
@click.option("--forget", metavar="NAME", help="Remove the saved search of that name.")
@click.option("--history", "past", is_flag=True, help="List the searches made, those that begin with the WORDS.")
@pass_session
@click.pass_context
def search(
    ctx: click.Context,
    session: Session,
    words: tuple[str, ...],
    *,
    limit: int,
    offset: int,
    sort: str,
    save_as: str | None,
    saved: str | None,
    forget: str | None,
    as_json: bool,
    as_lines: bool,
    facets: bool,
    explain: bool,
    past: bool,
) -> None:
    """Find posts. Those with all the words come first, those with most of them behind.

    In a pipe each hit is one line: slug, title, source/path and snippet, separated by tabs; with --explain, lines that
    begin with a tab follow it.

    \b
    Examples:
      kbtui search nginx 502
      kbtui search '"connection reset" tool:nginx -docker'
      kbtui search tool:redis 'reviewed:>1y' --sort reviewed --save stale-redis
      kbtui search --saved stale-redis -n 5
      kbtui search -- --json              search for what is an option
      kbtui search 'crash*' --json | jq -r '.[].slug'
      kbtui search redis --facets

    \b
    In a query:
      "two words"          a phrase              tool:redis           only this tool
      crash*               words beginning so    tool:redis,psql      either of them
      -docker              pages without it      -tool:redis          not this tool
      redis OR memcached   either of them        topic:"bad gateway"  a value with spaces
      (disk OR inode) -(full backup)             groups

    \b
    Fields:
      topic stack tool tag lang difficulty status source owner entity
      title:restart   kind:note   file:nginx.conf   command:kubectl   flag:has_images
      meta.team:web   any other metadata key
      has:checklist code image link table summary owner alias note reference
      is:draft needs-review reviewed stale
      reviewed: updated: published:   <2025-01  2024..2025-06  >90d (longer ago)  <2w
      views: quality: minutes:        >1000  >=90  5..15

    What is no syntax is searched as text, as it is; standard error says how an odd query was read.
    """
    asked = _Asked(limit, offset, sort, as_json=as_json, as_lines=as_lines, facets=facets, explain=explain)
    text = " ".join(given(word) for word in words)
    with session.open() as library:
        if forget is not None:
            library.history.forget(given(forget))
            found = True
        elif past:
            found = history.write_recent(library, text, limit, as_json=as_json, as_lines=as_lines)
        elif saved == "":
            found = history.write_saved(library, as_json=as_json, as_lines=as_lines)
        else:
            text = text if saved is None else f"{library.history.find(given(saved)).text} {text}".strip()
            if save_as is not None:
                history.save(library, given(save_as), text)
            found = _find(session, library, text, asked)
    if not found:
        ctx.exit(EXIT_FAILED)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What part of the answer is wanted, and in which shape."""

    limit: int
    offset: int
    sort: str
    as_json: bool
    as_lines: bool
    facets: bool
    explain: bool

    def __post_init__(self) -> None:
        for first, second, both in (
            ("--json", "--jsonl", self.as_json and self.as_lines),
            ("--facets", "--explain", self.facets and self.explain),
        ):
            if both:
                raise UsageError(f"{first} and {second} exclude each other.")


def _find(session: Session, library: Library, text: str, asked: _Asked) -> bool:
    """Search and write the answer; whether there was one."""
    query = parse_query(text, stale_after_days=session.settings.stale_after_days)
    catch_up(library)
    results = library.searching.search(
        query,
        limit=1 if asked.facets else asked.limit,
        offset=asked.offset,
        sort=asked.sort,
        facets=FACETS if asked.facets else (),
    )
    narrate_reading(results)
    if asked.facets:
        write_facets(results.facets, as_json=asked.as_json, as_lines=asked.as_lines)
        found = results.total > 0
    else:
        reasons = explained(library, query, results.hits) if asked.explain else None
        write_hits(session, results, reasons, offset=asked.offset, as_json=asked.as_json, as_lines=asked.as_lines)
        found = len(results) > 0
        if found:
            narrate_cut(len(results), results.total, asked.offset)
        _note(library, results, asked.offset)
    if not found:
        _narrate_nothing(results, asked.offset)
    return found


def _note(library: Library, results: SearchResults, offset: int) -> None:
    """Keep a person's search in the history; the next page of one is no new search."""
    if is_terminal() and not results.query.is_empty and not offset:
        # What cannot be written down is found all the same.
        with contextlib.suppress(UnreadyError):
            library.history.record(results.query.text, results.total)


def _narrate_nothing(results: SearchResults, offset: int) -> None:
    if results.total:
        narration.say(f"There are only {results.total} hits; --offset {offset} is beyond them.")
    elif results.query.is_empty:
        narration.say("The library is empty; `kbtui import PATH` fills it, `kbtui demo` shows an example.")
    else:
        narration.say(f"Nothing matches {results.query.text!r}.")
