"""`synth`: posts made up for load tests, the same ones for the same seed."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from kbtui.cli import import_narration, narration, output
from kbtui.cli.session import InterruptedWorkError, Session, bring_up_to_date, pass_session
from kbtui.core.errors import DiskFullError, UnreadyError, UsageError
from kbtui.core.post import Post, to_document
from kbtui.core.progress import Progress

SOURCE = "synthetic"
PER_FOLDER = 1_000
MAX_COUNT = 10_000_000


@click.command()
@click.option("--count", metavar="N", type=click.IntRange(0, MAX_COUNT), default=100, help="How many (100).")
@click.option("--seed", metavar="S", type=int, default=1, help="Another seed gives other posts (1).")
@click.option("--import", "into_library", is_flag=True, help=f"Save them into the library, as source {SOURCE!r}.")
@click.option(
    "--output",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help=f"Write Markdown files there, {PER_FOLDER:,} to a folder.",
)
@click.option("--jsonl", "as_lines", is_flag=True, help="One object on each line of standard output (the default).")
@pass_session
def synth(session: Session, count: int, seed: int, folder: Path | None, *, into_library: bool, as_lines: bool) -> None:
    """Make up posts for load tests.

    They have the shape of real ones; the same seed gives the same posts on every machine.

    \b
    Examples:
      kbtui synth --count 3 | jq .title
      kbtui --library /tmp/load synth --count 16000 --import
      kbtui synth --count 1600 --seed 7 --output /tmp/posts
    """
    if into_library + as_lines + (folder is not None) > 1:
        raise UsageError("Choose one of --import, --output and --jsonl.")
    # The generator and the exporter: only for this command.
    from kbtui.bootstrap import synthetic_posts

    posts = synthetic_posts(count, seed)
    if into_library:
        _save(session, posts, count)
    elif folder is not None:
        _write(folder, posts, count)
    else:
        output.documents(map(to_document, posts))


def _save(session: Session, posts: Iterable[Post], count: int) -> None:
    def with_total(progress: Progress) -> Progress:
        return lambda what, done, _total: progress(what, done, count)

    try:
        with session.open() as library:
            with narration.progress(after=0.2) as progress:
                report = library.importing.save(posts, SOURCE, with_total(progress))
            import_narration.tell(report)
            bring_up_to_date(library)
    except KeyboardInterrupt as error:
        raise InterruptedWorkError(
            "Interrupted. What was saved so far is kept; the same command again completes it."
        ) from error


def _write(folder: Path, posts: Iterable[Post], count: int) -> None:
    from kbtui.bootstrap import post_as_markdown

    written = 0
    try:
        with narration.progress() as progress:
            for number, post in enumerate(posts):
                target = folder / f"{number // PER_FOLDER:03d}" / f"{number:06d}.md"
                written += _write_file(target, post_as_markdown(post).encode("utf-8", "replace"))
                progress("writing", number + 1, count)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(folder) from error
        raise UnreadyError(f"{folder} cannot be written: {error.strerror}.") from error
    narration.say(f"{folder}: {narration.count(written, 'file')} written, {count - written} there already.")


def _write_file(target: Path, data: bytes) -> bool:
    """Write a file whole or not at all; False where it is there already, byte for byte."""
    if target.is_file() and target.read_bytes() == data:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".kbtui-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True
