"""`edit` and `new`: posts written in the user's editor, or given as a text."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kbtui import editor
from kbtui.cli import import_narration, narration, output
from kbtui.cli.session import Session, bring_up_to_date, given, pass_session
from kbtui.cli.showing import complete_slug
from kbtui.core.errors import EXIT_FAILED, EditorError, UsageError
from kbtui.core.importing import ImportReport
from kbtui.core.ports import SavedPost
from kbtui.core.post import Post
from kbtui.core.revisions import Draft, PostHome
from kbtui.library import Library

FROM_FILE = "The text is in FILE, or - for standard input; no editor is opened."


@click.command()
@click.argument("slug", shell_complete=complete_slug)
@click.option("--file", "in_file", is_flag=True, help="Edit the file that the post came from, and take it in again.")
@click.option("--local", is_flag=True, help="Keep the change in the library, where imports leave it alone.")
@click.option("--from-file", metavar="FILE", help=FROM_FILE)
@click.option("--restore", metavar="N", type=click.IntRange(1), help="Instead: save revision N anew.")
@click.option("--release", is_flag=True, help="Instead: give a post that was changed here back to its file.")
@pass_session
@click.pass_context
def edit(
    ctx: click.Context,
    session: Session,
    slug: str,
    *,
    in_file: bool,
    local: bool,
    from_file: str | None,
    restore: int | None,
    release: bool,
) -> None:
    """Edit a post in your own editor.

    The editor is VISUAL, else EDITOR, else vi; one with a window of its own must wait (EDITOR='code --wait'). What
    comes back is checked and saved as a new revision. A text that cannot be saved stays in a file.

    A post that came from a file: --file edits that file, --local keeps a version of its own in the library.

    \b
    Examples:
      kbtui edit nginx-502-bad-gateway --local
      kbtui edit nginx-502-bad-gateway --restore 3 --local
      kbtui edit nginx-502-bad-gateway --release
      kbtui show redis-memory --markdown | sed s/6379/6380/ | kbtui edit redis-memory --local --from-file -
    """
    if in_file + local + release > 1 or (release and (from_file or restore)) or (from_file and restore):
        raise UsageError(
            "Choose one of --file, --local and --release, and one of --from-file, --restore and --release."
        )
    with session.open() as library:
        post = library.posts.get(given(slug))
        if release:
            _end_import(ctx, library, library.editing.release(post.slug))
            return
        home = library.editing.home(post)
        if _edits_file(post, home, in_file=in_file, local=local, by_hand=not (from_file or restore)):
            _edit_file(ctx, library, post, home)
            return
        if restore is not None:
            saved: SavedPost | None = library.editing.restore(post.slug, restore)
        elif from_file is not None:
            saved = library.editing.save(post.slug, _text_of(from_file), post.saves)
            library.editing.discard(Path(from_file))
        else:
            saved = _through_editor(library, library.editing.begin(post))
        _end(library, saved, home.file)


@click.command()
@click.argument("title", default="")
@click.option("--from-file", metavar="FILE", help=FROM_FILE)
@pass_session
def new(session: Session, title: str, *, from_file: str | None) -> None:
    """Write a new post, which is in the library alone.

    Opens your editor on its beginning. In a pipe the slug of the new post is written to standard output.

    \b
    Examples:
      kbtui new 'Redis answers slowly'
      kbtui new 'Redis answers slowly' --from-file notes.md
      pbpaste | kbtui new --from-file -
    """
    title = " ".join(given(title).split())
    if not title and from_file is None:
        raise UsageError("Name the new post, or give its text with --from-file.")
    with session.open() as library:
        if from_file is None:
            saved = _through_editor(library, library.editing.begin_new(title))
        else:
            saved = library.editing.create(_text_of(from_file), title)
            library.editing.discard(Path(from_file))
        _end(library, saved, None)
    if saved is not None and not output.is_terminal():
        output.line(saved.slug)


def _edits_file(post: Post, home: PostHome, *, in_file: bool, local: bool, by_hand: bool) -> bool:
    """Whether the file of the post is to be edited, not the post; asked where both are possible and nobody said."""
    if in_file and home.local_since is not None:
        raise UsageError(f"{post.slug!r} has a local version; `kbtui edit {post.slug} --release` gives it to its file.")
    if in_file and home.file is None:
        raise UsageError(f"{post.slug!r} has no file that could be edited; leave --file out.")
    if in_file and not by_hand:
        raise UsageError(f"Change {home.file} yourself and import it, or use --local.")
    if in_file or local or home.file is None or home.local_since is not None:
        return in_file
    if by_hand and _has_terminal():
        narration.say(f"{post.slug!r} came from {home.file}.")
        question = "Edit the file, or keep a local version that imports leave alone?"
        return bool(click.prompt(question, type=click.Choice(["file", "local"]), err=True) == "file")
    raise UsageError(
        f"{post.slug!r} came from {home.file}: choose --file to edit that file, or --local to keep the change in the "
        "library, where imports leave it alone."
    )


def _edit_file(ctx: click.Context, library: Library, post: Post, home: PostHome) -> None:
    assert home.file is not None  # noqa: S101
    editor.edit(_command(), home.file, is_draft=False)
    _end_import(ctx, library, library.editing.import_file(post))


def _through_editor(library: Library, draft: Draft) -> SavedPost | None:
    try:
        editor.edit(_command(), draft.path)
    except (EditorError, UsageError) as error:
        raise library.editing.abandoned(draft, error) from error
    return library.editing.finish(draft)


def _command() -> list[str]:
    if not _has_terminal():
        raise UsageError("An editor needs a terminal; without one, give the text with --from-file.")
    return editor.editor_command()


def _has_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _text_of(place: str) -> str:
    """The text of a file, or of standard input for `-`; bytes that are not UTF-8 as lone surrogates."""
    if place == "-":
        return sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    try:
        return Path(place).read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise UsageError(f"{place} cannot be read: {error.strerror}.") from error


def _end(library: Library, saved: SavedPost | None, file: Path | None) -> None:
    if saved is None or saved.outcome == "unchanged":
        narration.say("Nothing was changed.")
        return
    post = library.posts.get(saved.slug)
    narration.say(f"Saved {saved.slug!r}, revision {post.saves}.")
    if file is not None:
        narration.detail(f"{file} is as it was; `kbtui edit {saved.slug} --release` takes it instead")
    bring_up_to_date(library)


def _end_import(ctx: click.Context, library: Library, report: ImportReport) -> None:
    import_narration.tell(report, verbose=True)
    bring_up_to_date(library)
    if report.refused:
        ctx.exit(EXIT_FAILED)
