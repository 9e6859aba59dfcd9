"""The root of the command line: its options, its verbs, and the app when no verb is given."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import click

from kbtui import __version__
from kbtui.cli.session import Session, require_terminal

VERBS = {
    "import": "importing:import_paths",
    "search": "searching:search",
    "match": "matching:match",
    "similar": "matching:similar",
    "show": "showing:show",
    "edit": "editing:edit",
    "new": "editing:new",
    "list": "listing:list_posts",
    "facets": "listing:facets",
    "check": "checking:check",
    "note": "noting:note",
    "measure": "measuring:measure",
    "changes": "changing:changes",
    "blame": "changing:blame",
    "review": "reviewing:review",
    "stats": "health:stats",
    "index": "health:index",
    "doctor": "health:doctor",
    "config": "configuration:config",
    "completions": "configuration:completions",
    "synth": "synthetic:synth",
    "demo": "demo:demo",
}
"""Each verb, and the module and name of its command: a module is imported when its verb is asked for."""

COMPLETE_VARIABLE = "_KBTUI_COMPLETE"
"""Set by the completion scripts: what the shell asks for."""

IMPORT_LOG = "importing:import_log"
"""`import log`: a path cannot be told from a subcommand by click, so the root does it."""


class Root(click.Group):
    """The verbs, imported one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return _load(VERBS[cmd_name]) if cmd_name in VERBS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[:2] == ["import", "log"]:
            return "import log", _load(IMPORT_LOG), args[2:]
        if args[0] not in VERBS and not args[0].startswith("-"):
            _refuse_verb(ctx, args[0])
        return super().resolve_command(ctx, args)


def _load(place: str) -> click.Command:
    module, name = place.split(":")
    command = getattr(importlib.import_module(f"kbtui.cli.{module}"), name)
    assert isinstance(command, click.Command)  # noqa: S101
    return command


def _named(_ctx: click.Context, _param: click.Parameter, folder: str | None) -> Path | None:
    """Refuses an empty name, as of an unset variable: it would mean the working directory."""
    if folder == "":
        raise click.BadParameter("it names no folder.")
    return None if folder is None else Path(folder)


def _refuse_verb(ctx: click.Context, verb: str) -> NoReturn:
    nearest = get_close_matches(verb, VERBS, n=1, cutoff=0.0)[0]
    raise click.UsageError(f"There is no verb {verb!r}; the nearest is {nearest!r}.", ctx)


@click.group(
    cls=Root,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--library",
    metavar="DIR",
    type=click.Path(),
    callback=_named,
    help="Folder of the library, instead of the one that `kbtui config` shows.",
)
@click.version_option(__version__, prog_name="kbtui", message="%(prog)s %(version)s")
@click.pass_context
def root(ctx: click.Context, library: Path | None) -> None:
    """A knowledge base in the terminal: find the runbook, read it, record what you changed.

    Without a verb the app opens. Standard output is data, standard error is narration.

    \b
    Examples:
      kbtui                              open the app
      kbtui import ~/runbooks            take a folder of pages in
      kbtui search nginx 502             find a page
      kbtui show nginx-502-bad-gateway   read it here

    \b
    Exit codes: 0 done; 1 ran and failed, or found nothing; 2 wrong usage or
    configuration; 3 the environment does not allow it (library busy, disk full,
    no terminal); 130 interrupted.
    """
    session = Session(library)
    ctx.obj = session
    if ctx.invoked_subcommand is None:
        ctx.exit(open_app(session))


def open_app(session: Session, *, notice: str = "", prepare: Callable[[], None] | None = None) -> int:
    """Open the app on the session's library; its exit code. `prepare` runs once a terminal is sure."""
    require_terminal()
    settings = session.settings
    if prepare is not None:
        prepare()
    # Textual takes longer to import than most commands take to run.
    from kbtui.tui.app import run_app

    return run_app(session.open, settings, notice=notice)
