"""The history of the user's shell: the end of the file that bash, zsh or fish keeps it in."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kbtui.core.text import storable
from kbtui.core.workplace import HistoryCommand

TAIL = 500_000
"""Bytes of the end of the file that are looked at."""

Commands = Iterator[HistoryCommand]

_BASH_TIME = re.compile(r"#(\d{9,11})")
_ZSH_TIME = re.compile(r": (\d{1,11}):\d+;", re.DOTALL)
_ZSH_META = re.compile(rb"\x83(.)", re.DOTALL)
_FISH_ESCAPE = re.compile(r"\\(.)")
_OURS = re.compile(r"(?:\w+=\S*\s+)*(?:(?:sudo|command|time)\s+)?(?:\S*/)?(?:python[\d.]*\s+-m\s+)?kbtui(?:\s|$)")


@dataclass(frozen=True, slots=True)
class _Shell:
    files: Callable[[Path], list[Path]]
    """Where it keeps its history, by the user's home."""
    read: Callable[[bytes], Commands]
    """Its commands, the oldest first."""


def shell_history(limit: int) -> list[HistoryCommand]:
    """The last commands of the user's shell, the newest first, each once, those of kbtui left out.

    The shell is that of `$SHELL`; where that is none of bash, zsh and fish or has no history, the one whose history was
    written to last. None where there is no history.
    """
    found = _history_file()
    if found is None:
        return []
    path, shell = found
    try:
        commands = list(shell.read(_tail(path)))
    except OSError:
        return []
    kept: dict[str, HistoryCommand] = {}
    for command in reversed(commands):
        if command.text and command.text not in kept and not _OURS.match(command.text):
            kept[command.text] = command
            if len(kept) == limit:
                break
    return list(kept.values())[:limit]


def _history_file() -> tuple[Path, _Shell] | None:
    try:
        home = Path.home()
    except RuntimeError:
        return None  # as in a container, where the user may have no home
    name = Path(os.environ.get("SHELL", "")).name
    own = _SHELLS.get(name)
    if own is not None and name != "fish" and "HISTFILE" in os.environ:
        # Whoever points it at nothing wants no history.
        path = Path(os.environ["HISTFILE"]).expanduser()
        return (path, own) if path.is_file() else None
    for path in own.files(home) if own is not None else []:
        if own is not None and path.is_file():
            return path, own
    others = [(path, shell) for shell in _SHELLS.values() for path in shell.files(home) if path.is_file()]
    return max(others, key=lambda one: one[0].stat().st_mtime, default=None)


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL))
        tail = file.read(TAIL)
    return tail if size <= TAIL else tail.partition(b"\n")[2]


def _bash(tail: bytes) -> Commands:
    """A command a line; behind a line with a time all up to the next time is one command."""
    at: datetime | None = None
    lines: list[str] = []
    for line in [*_text(tail).split("\n"), "#000000000"]:
        if match := _BASH_TIME.fullmatch(line):
            yield HistoryCommand("\n".join(lines).strip(), at)
            at, lines = _time(match[1]), []
        elif at is None:
            yield HistoryCommand(line.strip())
        else:
            lines.append(line)


def _zsh(tail: bytes) -> Commands:
    """A command a line, perhaps behind its time; a line that ends in a backslash goes on."""
    plain = _ZSH_META.sub(lambda match: bytes([match[1][0] ^ 32]), tail)
    for entry in _text(plain).replace("\\\n", "\0").split("\n"):
        command = entry.replace("\0", "\n")
        if match := _ZSH_TIME.match(command):
            yield HistoryCommand(command[match.end() :].strip(), _time(match[1]))
        else:
            yield HistoryCommand(command.strip())


def _fish(tail: bytes) -> Commands:
    """Items of what looks like YAML: `- cmd: ls`, then `  when: 1690000000` and paths."""
    command: str | None = None
    at: datetime | None = None
    for line in [*_text(tail).split("\n"), "- cmd: "]:
        if line.startswith("- cmd: "):
            if command is not None:
                yield HistoryCommand(command, at)
            command, at = _FISH_ESCAPE.sub(_fish_character, line.removeprefix("- cmd: ")).strip(), None
        elif line.startswith("  when: ") and line[8:].isdecimal():
            at = _time(line[8:])


def _fish_character(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]


def _text(history: bytes) -> str:
    return storable(history.decode("utf-8", "replace").replace("\r\n", "\n"))


def _time(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds[:12]), UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _zsh_files(home: Path) -> list[Path]:
    folders = [Path(folder) for folder in (os.environ.get("ZDOTDIR"),) if folder]
    return [folder / name for folder in (*folders, home) for name in (".zsh_history", ".zhistory", ".histfile")]


def _fish_files(home: Path) -> list[Path]:
    data = os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    return [Path(data) / "fish" / f"{os.environ.get('fish_history') or 'fish'}_history"]  # noqa: SIM112 - its name


_SHELLS = {
    "bash": _Shell(lambda home: [home / ".bash_history"], _bash),
    "zsh": _Shell(_zsh_files, _zsh),
    "fish": _Shell(_fish_files, _fish),
}
