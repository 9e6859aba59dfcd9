"""Which lines of a block of code destroy something: a hint for a reader in a hurry, which knows what is usual."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kbtui.core.commands.console import without_prompt
from kbtui.core.commands.destructive_commands import COMMANDS
from kbtui.core.commands.destructive_statements import STATEMENTS
from kbtui.core.commands.shell_syntax import SESSIONS, SHELLS

_OTHERS = ("", "text", "txt", "powershell", "pwsh", "ps1", "cmd", "bat", "batch", "redis")
_DATABASES = ("sql", "mysql", "postgresql", "postgres", "psql", "pgsql", "plpgsql", "sqlite", "tsql", "mongodb", "cql")
_WITH_COMMANDS = SHELLS | SESSIONS | frozenset(_OTHERS)
_WITH_STATEMENTS = _WITH_COMMANDS | frozenset(_DATABASES)

_LONGEST = 4_000
"""Characters of a command; of a longer one no more is looked at."""

# What a destructive line has at least one of: all other lines are passed by one search.
_SUSPECT = re.compile(
    r"\b(?:rm|rmi|rmp|rb|find|rsync|rclone|shred|wipe|srm|mv|truncate|dd|blkdiscard|mk\w*fs\S*|mke2fs|mkswap|wipefs|"
    r"cryptsetup|diskutil|nvme|hdparm|mdadm|format|sgdisk|parted|sfdisk|\w+remove|destroy|snapper|tmutil|chmod|chown|"
    r"chgrp|setfacl|restic|borg|journalctl|shutdown|reboot|poweroff|halt|init|systemctl|kill|ip6?tables|nft|ufw|"
    r"ip|\w*userdel|deluser|\w*groupdel|delgroup|crontab|\w*delet\w*|replace|prune|uninstall|un|reset|del|down|leave|undefine|"
    r"purge\w*|terminate\w*|deregister|remove|release|push|clean|stash|checkout|restore|switch|worktree|branch|reflog|"
    r"gc|filter-\w+|update-ref|flush\w*|nosave|drop\w*|pg_\w+|rd|rmdir|erase|ri|state|workspace|update|alter|vacuum|"
    r"rescue|emergency|kexec|telinit|k3s\S*|cp|tee)\b|>\s*/dev/|:\(\)",
    re.IGNORECASE,
)

# One pass over what a shell does not take apart.
_WHOLE = re.compile(
    r"""(?P<string>'[^']*+'|"(?:[^"\\]|\\.)*+")|(?P<curly>\{\{[^{}\n]{1,200}\}\})|\$\{[^{}\n]{1,200}\}|\\."""
    r"""|(?P<angle><[A-Za-z][^<>\n|&;]{0,60}>)|(?P<comment>(?<!\S)\#.*)""",
    re.DOTALL,
)
_OPTION = re.compile(r"\[[^|\]\s]*\|([^|\]\s]+)\]")
_DIVIDER = re.compile(r"\|\|?|&&|;|(?<![>&\d])&(?![>&])|\$\(|`|\n|(?<!\S)[({}](?=\s|$)|(?<!\S)\((?!\))")
_OPTIONS = r"(?:[ \t]+-\S+)*"
_BEFORE = re.compile(
    rf"(?:(?:sudo|doas)(?:[ \t]+(?:-[CDghpRrTtUu][ \t]+\S+|-\S+|\w+=\S*))*"
    rf"|(?:xargs|parallel)(?:[ \t]+(?:-[IdEnLPsaj][ \t]+\S+|-\S+))*"
    rf"|(?:timeout|nice|ionice|chrt){_OPTIONS}(?:[ \t]+\d\S*)?"
    rf"|(?:env|time|nohup|exec|command|builtin|setsid|stdbuf|watch|strace){_OPTIONS}"
    r"|then|else|do|if|while|until|!|\{|\(|\w+\+?=\S*)[ \t]+"
)
_PROGRAM_PATH = re.compile(r"\\?(?:[\w.~$-]*/)+(?=[\w.-]+(?:\s|$))|\\(?=\w)")
# What runs the rest of its line somewhere else.
_ELSEWHERE = re.compile(
    r"ssh(?:[ \t]+(?:-[BbcDEeFIiJLlmOopQRSWw][ \t]+\S+|-\S+))*[ \t]+[^\s-]\S*[ \t]+(?P<there>\S.*)"
    r"|(?:docker|podman|nerdctl)(?:[ \t]+compose)?[ \t]+exec(?:[ \t]+(?:-[euw][ \t]+\S+|-\S+))*[ \t]+\S+[ \t]+"
    r"(?P<inside>\S.*)"
    r"|(?:oc|kubectl)[ \t].*?\brsh(?:[ \t]+(?:-[cn][ \t]+\S+|-\S+))*[ \t]+\S+[ \t]+(?P<pod>\S.*)"
    r"|chroot(?:[ \t]+-\S+)*[ \t]+\S+[ \t]+(?P<root>\S.*)"
    r"|.*?[ \t]--[ \t]+(?P<behind>\S.*)",
    re.DOTALL,
)
_RUNS_STRING = re.compile(r"(?:[ \t]-\w*c|\beval|\bssh\b[^|;&\n]*|\bwatch\b[^|;&\n]*|[ \t]rsh\b[^|;&\n]*)[ \t]*$")
_ONLY_SHOWS = re.compile(
    r"(?:echo|printf|grep|egrep|fgrep|zgrep|rg|ag|man|tldr|which|type|whatis|apropos|alias|help|less|history|#)(?:\s|$)"
)
_HARMLESS = re.compile(r"\s(?:--help|--dry-run(?!=none)\S*|--no-act|--version)(?=\s|$)")
_FED_TO = re.compile(
    r"\|\s*(?:sudo\s+)?(?:\S*/)?(?:psql|mysql|mariadb|sqlite3|mongosh?|redis-cli|bash|sh|zsh|ssh|kubectl|oc)\b"
)
_STATEMENT = re.compile(
    r"""(?:^|[;"'`(]|\b(?:as|then|begin)\b)[ \t]*(?:[A-Za-z_]\w*(?:[=*-][#>]|>)[ \t]+)?"""
    r"(?=(?:drop|alter|truncate|delete|update|db\.)\b|db\.)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Destruction:
    """A line that destroys something."""

    line: int
    """In the code, from 0; of a command of several lines the first."""
    what: str
    """What it does, in a few words: `deletes files`."""


def destructions(code: str, language: str = "") -> list[Destruction]:
    """The lines of a block of code that destroy something, in order, each once."""
    language = language.lower()
    if language not in _WITH_STATEMENTS or not _SUSPECT.search(code):
        return []
    found = dict(_statements(code))
    if language in _WITH_COMMANDS:
        found |= dict(_commands_of_lines(code, language))
    return [Destruction(line, found[line]) for line in sorted(found)]


def destruction(command: str) -> str:
    """What a command or a statement destroys, in a few words; "" for nothing that is known."""
    found = destructions(command)
    return found[0].what if found else ""


def _commands_of_lines(code: str, language: str) -> Iterator[tuple[int, str]]:
    lines = code.split("\n")
    number = 0
    while number < len(lines):
        first, pieces = number, [lines[number]]
        while pieces[-1].rstrip().endswith("\\") and number + 1 < len(lines):
            number += 1
            pieces.append(lines[number])
        number += 1
        line = " ".join(piece.rstrip().removesuffix("\\") for piece in pieces)[:_LONGEST]
        if _SUSPECT.search(line) and (what := _destroyed(line, language)):
            yield first, what


def _destroyed(line: str, language: str) -> str:
    typed = without_prompt(line, language)
    found = (rule.what for command in _commands(typed) for rule in COMMANDS if rule.pattern.match(command))
    return next(found, "")


def _commands(line: str, depth: int = 0) -> Iterator[str]:
    """The commands of a line, each from its program on: behind bars, in substitutions, run by other programs."""
    strings: list[str] = []

    def whole(match: re.Match[str]) -> str:
        return _whole(match, strings)

    text = _WHOLE.sub(whole, line)
    for piece in _DIVIDER.split(text):
        yield from _simple(piece.strip())
    if depth < 2:
        for string in strings:
            yield from _commands(string, depth + 1)


def _whole(match: re.Match[str], strings: list[str]) -> str:
    """What stands for a piece that is not taken apart; a string that a shell runs goes to `strings`."""
    text = match.group()
    if match["comment"]:
        return ""
    if match["string"]:
        if _RUNS_STRING.search(match.string, 0, match.start()):
            strings.append(text[1:-1])
        return re.sub(r"[|&;`\n]|\$\(", "_", text)
    if match["curly"]:
        inner = _OPTION.sub(r"\1", text[2:-2])
        return re.sub(r"[\s|&;`]", "_", inner)
    if match["angle"]:
        return "<" + re.sub(r"\s", "_", text[1:-1])
    return text if text.startswith("${") else "_"


def _simple(command: str) -> Iterator[str]:
    """A command without what stands before its program; then what it runs elsewhere."""
    while before := _BEFORE.match(command):
        command = command[before.end() :]
    command = _PROGRAM_PATH.sub("", command, count=1) if _PROGRAM_PATH.match(command) else command
    if not command or _HARMLESS.search(command) or (_ONLY_SHOWS.match(command) and "/dev/" not in command):
        return
    yield command
    if elsewhere := _ELSEWHERE.match(command):
        yield from _simple(next(filter(None, elsewhere.groups())))


def _statements(code: str) -> Iterator[tuple[int, str]]:
    """Statements of databases: at the beginning of a line, behind a semicolon, in a string that a program is given."""
    for start in _STATEMENT.finditer(code):
        rule = next((rule for rule in STATEMENTS if rule.pattern.match(code, start.end())), None)
        if rule and not _is_only_shown(code, start.end()):
            yield code.count("\n", 0, start.end()), rule.what


def _is_only_shown(code: str, position: int) -> bool:
    """Whether the line of a statement only looks for it or prints it."""
    begin, end = code.rfind("\n", 0, position) + 1, code.find("\n", position)
    line = code[begin : end if end >= 0 else len(code)]
    command = without_prompt(line).lstrip()
    return bool(_ONLY_SHOWS.match(command) and not _FED_TO.search(command)) or "| grep" in code[begin:position]
