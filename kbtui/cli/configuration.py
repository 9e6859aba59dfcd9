"""`config` and `completions`: what is in force and why, and what the shell needs."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import ShellComplete, get_completion_class

from kbtui.cli import output
from kbtui.cli.root import COMPLETE_VARIABLE
from kbtui.cli.session import Session, pass_session
from kbtui.config import KEYS, Settings, user_config_file
from kbtui.core.errors import UsageError
from kbtui.core.post import Json

SHELLS = ("bash", "zsh", "fish")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One object: key to value, origin and description.")
@pass_session
@click.pass_context
def config(ctx: click.Context, session: Session, *, as_json: bool) -> None:
    """Show each setting and its origin.

    First wins: the option of a command, a KBTUI_* variable, the project's .kbtui/config.toml, the user's
    config.toml, the default.

    \b
    Examples:
      kbtui config
      kbtui config --json | jq -r .library.value
      "${EDITOR:-vi}" "$(kbtui config path)"
    """
    if ctx.invoked_subcommand is not None:
        return
    settings = session.settings
    if as_json:
        output.document({key: _entry(settings, key) for key in KEYS})
    else:
        rows = [(key, _shown(_value(settings, key)), settings.origins[key]) for key in KEYS]
        output.table(rows, ("key", "value", "from"))


@config.command("path")
def config_path() -> None:
    """Show where the user's configuration file is, or would be.

    \b
    Example:
      cat "$(kbtui config path)"
    """
    output.write(f"{user_config_file()}\n")


def _value(settings: Settings, key: str) -> Json:
    value = getattr(settings, key)
    if isinstance(value, Path):
        return str(value)
    return dict(value) if key == "keys" else value


def _entry(settings: Settings, key: str) -> dict[str, Json]:
    return {"value": _value(settings, key), "origin": settings.origins[key], "description": KEYS[key]}


def _shown(value: Json) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {key}" for name, key in value.items()) or "(none)"
    return str(value)


@click.command()
@click.argument("shell", required=False, metavar="[bash|zsh|fish]")
@click.pass_context
def completions(ctx: click.Context, shell: str | None) -> None:
    """Print a shell's completion script.

    It completes verbs, options, and the slugs of posts. Without an argument the shell is taken from SHELL.

    \b
    To install it:
      bash   kbtui completions bash >> ~/.bashrc
      zsh    kbtui completions zsh >> ~/.zshrc
      fish   kbtui completions fish > ~/.config/fish/completions/kbtui.fish
    """
    name = shell or Path(os.environ.get("SHELL", "")).name
    found = get_completion_class(name) if name in SHELLS else None
    if found is None:
        what = f"There are no completions for {name!r}" if name else "The shell cannot be told from SHELL"
        raise UsageError(f"{what}; name one of {', '.join(SHELLS)}.")
    script = found(ctx.find_root().command, {}, "kbtui", COMPLETE_VARIABLE)
    # The base class's own: that of bash first runs bash to learn its version, on a machine that may have none.
    output.write(ShellComplete.source(script).rstrip("\n") + "\n")
