"""`match` and `similar`: the posts that a pasted text is about, and those that are like another post."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import click

from kbtui.cli import narration, output, records
from kbtui.cli.results import DEFAULT_LIMIT, MAX_LIMIT, catch_up, explained, narrate_reading, write_hits
from kbtui.cli.session import Session, given, pass_session
from kbtui.cli.showing import complete_slug
from kbtui.core.errors import EXIT_FAILED, UsageError
from kbtui.core.searching.results import SearchResults, SimilarPost

CHUNK_BYTES = 65_536
STANDARD_INPUT = Path("-")
SIMILAR_LIMIT = 10


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-n", "--limit", metavar="N", type=click.IntRange(1, MAX_LIMIT), default=DEFAULT_LIMIT, help="At most N (20)."
)
@click.option("--json", "as_json", is_flag=True, help="One array of objects.")
@click.option("--jsonl", "as_lines", is_flag=True, help="One object on each line.")
@click.option("--explain", is_flag=True, help="With each hit: which words it has, where, and what they are worth.")
@pass_session
@click.pass_context
def match(
    ctx: click.Context,
    session: Session,
    files: tuple[Path, ...],
    limit: int,
    *,
    as_json: bool,
    as_lines: bool,
    explain: bool,
) -> None:
    """Find the posts that a log or an alert is about.

    Reads the files, or standard input, whatever their size. Alert names, identifiers, paths and error codes in them are
    searched for, the rare ones first; a line that is the title of a post finds that post. Output as of `search`.

    \b
    Examples:
      journalctl -u nginx -n 500 | kbtui match
      kbtui match /var/log/syslog -n 3
      kubectl describe pod web-0 | kbtui match --json | jq -r '.[].slug'
    """
    if as_json and as_lines:
        raise UsageError("--json and --jsonl exclude each other.")
    if not files and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError("There is nothing to read: name a file, or pipe the text in, as in `dmesg | kbtui match`.")
    with session.open() as library:
        catch_up(library)
        results = library.searching.match(_text(files or (STANDARD_INPUT,)), limit=limit)
        narrate_reading(results)
        reasons = explained(library, results.query, results.hits) if explain else None
        _narrate_words(results)
        write_hits(session, results, reasons, as_json=as_json, as_lines=as_lines)
    if not results.hits:
        ctx.exit(EXIT_FAILED)
    if len(results) < results.total:
        narration.say(f"{len(results)} of {results.total} shown; raise --limit for more.")


def _text(files: Sequence[Path]) -> Iterator[str]:
    """The text of the files in pieces. Raises `UsageError` for one that cannot be read."""
    for path in files:
        try:
            if path == STANDARD_INPUT:
                yield from _decoded(sys.stdin.buffer)
            else:
                with path.open("rb") as file:
                    yield from _decoded(file)
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
        # The last line of a file does not go on in the next.
        yield "\n"


def _decoded(file: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while chunk := file.read(CHUNK_BYTES):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _narrate_words(results: SearchResults) -> None:
    words = [term.text for term in results.query.wanted]
    if words:
        narration.say(f"Looked for {', '.join(words)}.")
    if not results.hits:
        narration.say("Nothing matches." if words else "Nothing in the text is known to the library.")


@click.command()
@click.argument("slug", shell_complete=complete_slug)
@click.option(
    "-n", "--limit", metavar="N", type=click.IntRange(1, MAX_LIMIT), default=SIMILAR_LIMIT, help="At most N (10)."
)
@click.option("--json", "as_json", is_flag=True, help="One array of objects.")
@click.option("--jsonl", "as_lines", is_flag=True, help="One object on each line.")
@pass_session
@click.pass_context
def similar(ctx: click.Context, session: Session, slug: str, limit: int, *, as_json: bool, as_lines: bool) -> None:
    """Show the posts that are like another one, and why.

    In a pipe each post is one line: slug, title, source/path, shared tools and shared words, separated by tabs.

    \b
    Examples:
      kbtui similar nginx-502-bad-gateway
      kbtui similar nginx-502-bad-gateway -n 3 --json | jq -r '.[].slug'
    """
    if as_json and as_lines:
        raise UsageError("--json and --jsonl exclude each other.")
    with session.open() as library:
        post = library.posts.get(given(slug))
        catch_up(library)
        found = library.searching.similar(post.slug, limit)
    output.records(
        map(records.similar, found),
        as_json=as_json,
        as_lines=as_lines,
        otherwise=lambda: _write_similar(session, found),
    )
    if not found:
        narration.say(f"No post is like {post.slug!r}.")
        ctx.exit(EXIT_FAILED)


def _write_similar(session: Session, found: Sequence[SimilarPost]) -> None:
    if output.is_terminal() and found:
        from kbtui.cli import layout  # Rich: only for a terminal

        output.show(layout.similar(found, session.settings.stale_after_days))
    else:
        output.lines(
            (s.post.slug, s.post.title, records.place(s.post), ", ".join(s.tools), ", ".join(s.words)) for s in found
        )
