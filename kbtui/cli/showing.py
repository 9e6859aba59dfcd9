"""`show`: one post, rendered, raw, as Markdown or as JSON."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime

import click
from click.shell_completion import CompletionItem

from kbtui.cli import narration, output, paging, records
from kbtui.cli import revisions as history
from kbtui.cli.session import Session, given, pass_session
from kbtui.core.errors import KbtuiError, UnreadyError, UsageError
from kbtui.core.post import Json, Post, summary_of
from kbtui.core.revisions import PostHome

MAX_WIDTH = 100
"""Columns of prose on a wide terminal; longer lines are hard to read."""


def complete_slug(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Slugs that begin so, for the shell. Silent and without effect on any trouble."""
    session = ctx.find_object(Session) or Session(ctx.find_root().params.get("library"))
    # A library that cannot be read has nothing to complete, and a completion is no place to say why.
    with contextlib.suppress(KbtuiError, OSError):
        if session.settings.library.is_dir():
            with session.open() as library:
                return [CompletionItem(slug) for slug in library.posts.slugs(incomplete)]
    return []


@click.command()
@click.argument("slug", shell_complete=complete_slug)
@click.option("--raw", is_flag=True, help="The Markdown of the body, byte for byte.")
@click.option("--markdown", "as_markdown", is_flag=True, help="A Markdown file with front matter, to import again.")
@click.option("--json", "as_json", is_flag=True, help="One object with every field.")
@click.option("--plain", is_flag=True, help="As linear text: no colour, no frames, no columns.")
@click.option("--no-pager", is_flag=True, help="Never through a pager.")
@click.option("--revision", metavar="N", type=click.IntRange(1), help="As it was at revision N.")
@click.option("--revisions", is_flag=True, help="Instead: the revisions of the post, newest first.")
@click.option(
    "--diff",
    metavar="[N[:M]]",
    is_flag=False,
    flag_value="",
    help="Instead: what changed since revision N, from N to M, or last.",
)
@pass_session
def show(
    session: Session,
    slug: str,
    *,
    raw: bool,
    as_markdown: bool,
    as_json: bool,
    plain: bool,
    no_pager: bool,
    revision: int | None,
    revisions: bool,
    diff: str | None,
) -> None:
    """Show a post with its metadata.

    On a terminal a text longer than the screen goes through PAGER, or `less` where that is not set.

    \b
    Examples:
      kbtui show nginx-502-bad-gateway
      kbtui show nginx-502-bad-gateway --raw > page.md
      kbtui show nginx-502-bad-gateway --json | jq -r '.checklist[]'
      kbtui show "$(kbtui search nginx 502 -n 1 | cut -f 1)"
      kbtui show nginx-502-bad-gateway --revisions
      kbtui show nginx-502-bad-gateway --diff 2:3
    """
    if raw + as_markdown + as_json > 1:
        raise UsageError("Choose one of --raw, --markdown and --json.")
    if (revision is not None) + revisions + (diff is not None) > 1:
        raise UsageError("Choose one of --revision, --revisions and --diff.")
    if (revisions and (raw or as_markdown)) or (diff is not None and (raw or as_markdown or as_json)):
        raise UsageError("Of --raw, --markdown and --json only --json goes with --revisions, and none with --diff.")
    slug = given(slug)
    with session.open() as library:
        if revisions:
            history.write_list(library, slug, as_json=as_json)
            return
        if diff is not None:
            history.write_diff(library, slug, diff)
            return
        post = library.posts.get(slug) if revision is None else library.revisions.get(slug, revision)
        home = library.editing.home(post)
        if revision is None and output.is_terminal() and not (raw or as_markdown or as_json):
            # A library that cannot be written can still be read.
            with contextlib.suppress(UnreadyError):
                library.posts.opened(post)
                library.history.opened()
    if raw:
        output.text(post.body)
    elif as_json:
        output.document(records.whole(post) | _kept(home))
    elif as_markdown:
        # YAML is needed for this alone.
        from kbtui.bootstrap import post_as_markdown

        output.text(post_as_markdown(post))
    else:
        _render(session, post, plain=plain, pager=not no_pager)
        _tell_local(post, home)


def _kept(home: PostHome) -> dict[str, Json]:
    """Where the text is kept, as fields of the post."""
    return {
        "file": None if home.file is None else str(home.file),
        "local_since": None if home.local_since is None else home.local_since.isoformat(),
        "file_changed": home.file_changed,
    }


def _tell_local(post: Post, home: PostHome) -> None:
    """Say so on a terminal where what is shown is not what the file of the post says."""
    if home.local_since is not None and output.is_terminal():
        changed = f"; {home.file} has changed since" if home.file_changed else ""
        given_back = f": `kbtui edit {post.slug} --release` takes the file's text" if home.file else ""
        narration.say(f"A local version since {home.local_since:%Y-%m-%d}{changed}{given_back}.")


def _render(session: Session, post: Post, *, plain: bool, pager: bool) -> None:
    from kbtui.core.badges import badges

    width = min(output.width(), MAX_WIDTH)
    found = badges(summary_of(post), datetime.now(UTC).date(), session.settings.stale_after_days)
    is_plain = plain or os.environ.get("TERM") == "dumb"

    def text(*, with_colour: bool) -> str:
        # Rich and the Markdown parser: only for the page that needs them.
        if is_plain:
            from kbtui.cli.plain_page import plain_page

            return plain_page(post, width, badges=found)
        from kbtui.cli.page import rendered

        page = rendered(post, width, badges=found)
        return output.to_text(page, width, coloured=with_colour).rstrip("\n") + "\n"

    shown = text(with_colour=output.is_coloured())
    command = paging.pager_for(shown) if pager else None
    if command is None or not paging.page(command, shown if paging.takes_colour(command) else text(with_colour=False)):
        output.write(shown)
