"""A command whose arguments are words that may begin with a hyphen: `kbtui search nginx -docker --dry-run`."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import click

from kbtui.cli import narration

_NUMBER = re.compile(r"-n\d+")
_ROOT_OPTIONS = ("--library", "--version")


class OptionalValue(click.Option):
    """An option that may stand alone, which gives ""; what follows it is its value unless that is an option."""

    def __init__(self, names: Sequence[str], **attributes: Any) -> None:
        super().__init__(names, **{**attributes, "is_flag": False, "flag_value": ""})


class WordsCommand(click.Command):
    """Takes its own options out of the arguments; everything else is a word. After `--` everything is one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options, words = self._sorted(ctx, args)
        return super().parse_args(ctx, [*options, "--", *words])

    def _sorted(self, ctx: click.Context, args: list[str]) -> tuple[list[str], list[str]]:
        known = {
            name: param
            for param in self.get_params(ctx)
            for name in (*param.opts, *param.secondary_opts)
            if name.startswith("-")
        }
        options: list[str] = []
        words: list[str] = []
        rest = deque(args)
        while rest:
            arg = rest.popleft()
            if arg == "--":
                words.extend(rest)
                break
            if arg in known:
                options += _with_value(ctx, arg, known, rest)
            elif arg.partition("=")[0] in known or _NUMBER.fullmatch(arg):
                options.append(arg)
            else:
                _hint(arg, [*known, *_ROOT_OPTIONS])
                words.append(arg)
        return options, words


def _with_value(ctx: click.Context, name: str, known: Mapping[str, click.Parameter], rest: deque[str]) -> list[str]:
    """The option as click takes it, with its value from the rest of the arguments where it has one."""
    option = known[name]
    if isinstance(option, OptionalValue):
        is_alone = not rest or rest[0] == "--" or rest[0].partition("=")[0] in known or _NUMBER.fullmatch(rest[0])
        return [f"{name}={'' if is_alone else rest.popleft()}"]
    if not isinstance(option, click.Option) or option.is_flag or option.is_eager:
        return [name]
    if not rest:
        raise click.BadOptionUsage(name, f"Option {name!r} requires an argument.", ctx)
    return [name, rest.popleft()]


def _hint(word: str, options: list[str]) -> None:
    """Say so where a word looks like an option that was mistyped."""
    if word.startswith("--") and (near := get_close_matches(word, options, n=1, cutoff=0.8)):
        advice = f"{near[0]} stands before the verb" if near[0] in _ROOT_OPTIONS else f"did you mean {near[0]}?"
        narration.say(f"{word} is searched as a word; {advice}")
