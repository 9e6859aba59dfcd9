"""`demo`: the app on a library of its own, filled with the posts that come with kbtui."""

from __future__ import annotations

import click

from kbtui.cli import narration
from kbtui.cli.root import open_app
from kbtui.cli.session import Session, bring_up_to_date
from kbtui.config import bundled_data, demo_library
from kbtui.core.importing import ImportRequest

NOTICE = "This is the demonstration, with a library of its own. `kbtui` alone opens yours."


@click.command()
@click.pass_context
def demo(ctx: click.Context) -> None:
    """Open the app on the bundled posts.

    They are in a library of their own; yours is left alone.

    \b
    Example:
      kbtui demo
    """
    session = Session(demo_library())
    ctx.exit(open_app(session, notice=NOTICE, prepare=lambda: _fill(session)))


def _fill(session: Session) -> None:
    with session.open() as library:
        with narration.progress() as progress:
            # The posts lie elsewhere after kbtui was installed anew; they are the same posts.
            request = ImportRequest(bundled_data() / "posts", source_name="bundled", moved=True, prune=True)
            library.importing.run(request, progress)
        bring_up_to_date(library)
