"""A command whose arguments are words that may begin with a hyphen: `kbtui search nginx -docker --dry-run`."""

from __future__ import annotations

import re
from difflib import get_close_matches

import click

from kbtui.cli import narration

_NUMBER = re.compile(r"-n\d+")
_ROOT_OPTIONS = ("--library", "--version")


class WordsCommand(click.Command):
    """Takes its own options out of the arguments; everything else is a word. After `--` everything is one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options, words = self._sorted(ctx, args)
        return super().parse_args(ctx, [*options, "--", *words])

    def _sorted(self, ctx: click.Context, args: list[str]) -> tuple[list[str], list[str]]:
        takes_value = {
            name: isinstance(param, click.Option) and not param.is_flag and not param.is_eager
            for param in self.get_params(ctx)
            for name in (*param.opts, *param.secondary_opts)
            if name.startswith("-")
        }
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                words.extend(rest)
            elif arg in takes_value:
                options.append(arg)
                if takes_value[arg]:
                    options.append(_value(ctx, arg, next(rest, None)))
            elif arg.partition("=")[0] in takes_value or _NUMBER.fullmatch(arg):
                options.append(arg)
            else:
                _hint(arg, [*takes_value, *_ROOT_OPTIONS])
                words.append(arg)
        return options, words


def _value(ctx: click.Context, option: str, value: str | None) -> str:
    if value is None:
        raise click.BadOptionUsage(option, f"Option {option!r} requires an argument.", ctx)
    return value


def _hint(word: str, options: list[str]) -> None:
    """Say so where a word looks like an option that was mistyped."""
    if word.startswith("--") and (near := get_close_matches(word, options, n=1, cutoff=0.8)):
        advice = f"{near[0]} stands before the verb" if near[0] in _ROOT_OPTIONS else f"did you mean {near[0]}?"
        narration.say(f"{word} is searched as a word; {advice}")
