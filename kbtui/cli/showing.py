"""`show`: one post, rendered, raw, as Markdown or as JSON."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import click
from click.shell_completion import CompletionItem

from kbtui.cli import output, paging, records
from kbtui.cli.session import Session, given, pass_session
from kbtui.core.errors import KbtuiError, UnreadyError, UsageError
from kbtui.core.post import Post, summary_of

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
@click.option("--plain", is_flag=True, help="Rendered, but without colour.")
@click.option("--no-pager", is_flag=True, help="Never through a pager.")
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
) -> None:
    """Show a post with its metadata.

    On a terminal a text longer than the screen goes through PAGER, or `less` where that is not set.

    \b
    Examples:
      kbtui show nginx-502-bad-gateway
      kbtui show nginx-502-bad-gateway --raw > page.md
      kbtui show nginx-502-bad-gateway --json | jq -r '.checklist[]'
      kbtui show "$(kbtui search nginx 502 -n 1 | cut -f 1)"
    """
    if raw + as_markdown + as_json > 1:
        raise UsageError("Choose one of --raw, --markdown and --json.")
    with session.open() as library:
        post = library.posts.get(given(slug))
        if output.is_terminal() and not (raw or as_markdown or as_json):
            # A library that cannot be written can still be read.
            with contextlib.suppress(UnreadyError):
                library.posts.opened(post)
                library.history.opened()
    if raw:
        output.text(post.body)
    elif as_json:
        output.document(records.whole(post))
    elif as_markdown:
        # YAML is needed for this alone.
        from kbtui.bootstrap import post_as_markdown

        output.text(post_as_markdown(post))
    else:
        _render(session, post, plain=plain, pager=not no_pager)


def _render(session: Session, post: Post, *, plain: bool, pager: bool) -> None:
    # Rich and the Markdown parser: only for a rendered page.
    from kbtui.cli.page import rendered
    from kbtui.core.badges import badges

    coloured = output.is_coloured() and not plain
    width = min(output.width(), MAX_WIDTH)
    found = badges(summary_of(post), datetime.now(UTC).date(), session.settings.stale_after_days)
    renderable = rendered(post, width, badges=found)

    def text(*, with_colour: bool) -> str:
        return output.to_text(renderable, width, coloured=with_colour).rstrip("\n") + "\n"

    shown = text(with_colour=coloured)
    command = paging.pager_for(shown) if pager else None
    if command is None or not paging.page(command, shown if paging.takes_colour(command) else text(with_colour=False)):
        output.write(shown)
