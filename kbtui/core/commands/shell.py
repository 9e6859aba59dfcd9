"""The commands that the shell blocks of a Markdown text use. It runs for every post that is indexed, so it is quick."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbtui.core.commands.shell_syntax import HEREDOC, SESSIONS, SHELLS

MOST_COMMANDS = 40

_LANGUAGE = re.compile(r"[ \t]*\{?\.?([\w-]*)")
_SPAN = re.compile(r"`([^`\n ]+ [^`\n]+)`[ \t]*$", re.MULTILINE)
_PROMPT = re.compile(r"^[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:\[?[\w.-]+@[\w.-]+[^\n$#%]*[$#%]|\$)[ \t]+(.*)", re.MULTILINE)
_ROOT_PROMPT = re.compile(r"^[ \t]*#[ \t]+(.*)", re.MULTILINE)
_HEREDOC = re.compile(HEREDOC)

# One pass over quotes, comments and placeholders: a quote in a comment opens nothing, a bar in quotes divides nothing.
# Each alternative begins with its sign, which lets the search skip all other text.
_OPAQUE = re.compile(r"""'[^']*+'|"(?:[^"\\]|\\.)*+"|\\.|\{\{[^{}\n]{0,200}\}\}|\#(?<!\S\#)[^\n]*""", re.DOTALL)
_DIVIDERS = ("|", "&", ";", "`", "$(")

_BLANKS = r"[ \t]+"
# What stands before a command: programs that run another, words of control, assignments.
_BEFORE = (
    rf"(?:sudo|doas)(?:{_BLANKS}(?:-[CDghpRrTtUu]{_BLANKS}\S++|-\S++))*+"
    rf"|env(?:{_BLANKS}(?:-[uCS]{_BLANKS}\S++|-\S++))*+"
    rf"|nice(?:{_BLANKS}(?:-n{_BLANKS}\S++|-\S++))*+"
    rf"|(?:time|nohup|exec|command)(?:{_BLANKS}-\S++)*+"
    r"|if|then|else|elif|do|while|until|!|\{"
    r"|\w++\+?=\S*+"
)
_COMMAND = re.compile(rf"\n[ \t(]*(?:(?:{_BEFORE}){_BLANKS})*+([\w.~/$][\w.~/+:@-]*+)(?=\s)")
_NAME = re.compile(r"[A-Za-z_][\w.+-]*|[0-9]+[A-Za-z][\w.+-]*")
_CONTROL_WORDS = (
    "if then else elif fi for do done while until case esac in select function break continue begin end "
    "sudo doas env nice time nohup exec command"
)
_CONTROL = frozenset(_CONTROL_WORDS.split())


def command_words(markdown: str) -> list[str]:
    """The distinct commands in the order in which they come first, at most 40.

    They stand in fenced blocks of a shell, or on lines that are one inline code span, as in the pages of tldr.
    """
    scripts = [_divided(script) for script in _scripts(markdown)]
    if not scripts:
        return []
    found: dict[str, None] = {}
    for word in dict.fromkeys(_COMMAND.findall("\n" + "\n".join(scripts) + "\n")):
        name = word.rpartition("/")[2]
        if name not in _CONTROL and _NAME.fullmatch(name):
            found[name] = None
    return list(found)[:MOST_COMMANDS]


def _divided(script: str) -> str:
    """The script with each command at the beginning of a line, and nothing in it that only looks like a command."""
    if "<<" in script:
        script = _without_heredocs(script)
    script = _OPAQUE.sub("''", script)
    for divider in _DIVIDERS:
        script = script.replace(divider, "\n")
    return script


def _without_heredocs(script: str) -> str:
    """The script without the lines between `<<EOF` and `EOF`; without the rest where that never comes."""
    kept = []
    delimiter = ""
    for line in script.split("\n"):
        if delimiter:
            delimiter = "" if line.strip() == delimiter else delimiter
            continue
        kept.append(line)
        if opening := _HEREDOC.search(line):
            delimiter = opening["end"]
    return "\n".join(kept)


def _scripts(markdown: str) -> Iterator[str]:
    """The pieces of shell script in a text."""
    outside = 0
    for start, language, content, end in _fenced(markdown):
        yield from _spans(markdown, outside, start)
        if script := _script(language, content):
            yield script
        outside = end
    yield from _spans(markdown, outside, len(markdown))


def _script(language: str, content: str) -> str:
    """What is typed in a block of this language; "" where it is no shell."""
    if language in SESSIONS:
        return _typed(content, _PROMPT) or _typed(content, _ROOT_PROMPT)
    if language and language not in SHELLS:
        return ""
    if ("$ " in content or "@" in content) and (typed := _typed(content, _PROMPT)):
        return typed
    return content if language else ""


def _typed(content: str, prompt: re.Pattern[str]) -> str:
    """The lines behind prompts, without the prompts."""
    return "\n".join(prompt.findall(content.replace("\\\n", " ")))


def _spans(markdown: str, start: int, stop: int) -> Iterator[str]:
    """What stands on the lines that are one inline code span."""
    if start == 0 and (first := _SPAN.match(markdown)):
        yield first[1]
    at = markdown.find("\n`", start, stop)
    while at >= 0:
        if span := _SPAN.match(markdown, at + 1):
            yield span[1]
        at = markdown.find("\n`", at + 1, stop)


def _fenced(markdown: str) -> Iterator[tuple[int, str, str, int]]:
    """(start, language, content, end) of each fenced block; one that is never closed goes on to the end."""
    marker = language = ""
    opened = content = 0
    for start, end in _fence_lines(markdown):
        rest = markdown[start:end].lstrip(markdown[start])
        length = end - start - len(rest)
        if marker:
            if markdown[start] == marker[0] and length >= len(marker) and not rest.strip():
                yield opened, language, markdown[content:start], end
                marker = ""
        elif "`" not in rest:
            opened, content, marker = start, end + 1, markdown[start : start + length]
            language = _language(rest)
    if marker:
        yield opened, language, markdown[content:], len(markdown)


def _language(rest: str) -> str:
    """The language that the rest of an opening line names: `bash title=x`, `{.bash}`."""
    match = _LANGUAGE.match(rest)
    return match[1].lower() if match else ""


def _fence_lines(markdown: str) -> list[tuple[int, int]]:
    """Start of the fence and end of the line, for each line that begins with one."""
    found = []
    for sign in ("`", "~"):
        # A text without the sign is passed ten times as fast by looking for one than for three.
        end = 0
        at = markdown.find(sign * 3) if sign in markdown else -1
        while at >= 0:
            line = markdown.rfind("\n", end, at) + 1 or end
            end = markdown.find("\n", at)
            end = len(markdown) if end < 0 else end
            if line == at or not markdown[line:at].strip():
                found.append((at, end))
            at = markdown.find(sign * 3, end)
    return sorted(found)
