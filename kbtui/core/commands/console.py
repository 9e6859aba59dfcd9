"""What is copied of a code block: of a console session what was typed, of any other block all of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kbtui.core.commands.shell_syntax import HEREDOC, SESSIONS, SHELLS
from kbtui.core.text import escape_hidden, shorten, visible

_USER_AT_HOST = r"\[?[\w.-]+@[\w.-]+(?:[: ][~/][^\s$#%>]*|:| ~)?(?: \([^()\n]+\))?\]? ?[$#%>]"
_HOST = r"[\w.-]+:[~/][^\s$#%>]*[$#]"
_SHELL_AND_VERSION = r"(?:ba|z|k|da)?sh-\d[\w.]*[$#]"
_WINDOWS = r"PS(?: [A-Za-z]:\\[^>\n]*| [~/][^>\n]*)?>|[A-Za-z]:\\[^>\n]*>"
_ENVIRONMENT = r"(?:\([\w.-]+\)[ \t]*)?"
_DATABASE = (
    r"mysql>|MariaDB \[[^\]\n]*\]>|MySQL [\w.: \[\]-]*>|[A-Za-z_]\w*[=*!^~][>#]|sqlite>|SQL>"
    r"|redis[\w.:-]*>|(?:\d{1,3}\.){3}\d{1,3}:\d+(?:\[\d+\])?>"
)
_PROMPT = re.compile(
    rf"[ \t]*{_ENVIRONMENT}(?:(?P<python>>>>)|(?P<database>{_DATABASE})"
    rf"|{_USER_AT_HOST}|{_HOST}|{_SHELL_AND_VERSION}|{_WINDOWS}|[$❯])(?:[ \t]+|$)"
)
_PERCENT = re.compile(r"[ \t]*%[ \t]+")
_ROOT = re.compile(r"[ \t]*#[ \t]+(?=[a-z./~$])")
_ANY_ROOT = re.compile(r"[ \t]*#[ \t]+")
_OTHER_PROGRAM = re.compile(r"[ \t]*(?:[A-Za-z][\w-]*>|\([gl]db\)|irb\([^()\n]*\)[\w:]*>)[ \t]+")
_COMMENT = re.compile(r"[ \t]*(?:#|$)")

_CONTINUED = re.compile(r"[ \t]*>>?(?:[ \t]|$)")
_CONTINUED_PYTHON = re.compile(r"[ \t]*\.\.\.(?: |$)")
_CONTINUED_DATABASE = re.compile(r"""[ \t]*(?:[-'"`]>|\w*[-('"$][>#])(?:[ \t]|$)""")

_OPAQUE = re.compile(r"""'[^']*+'|"(?:[^"\\]|\\.)*+"|\\.|(?<!\S)\#[^\n]*""", re.DOTALL)
_HEREDOC = re.compile(HEREDOC)
_OPENING = re.compile(r"(?:^|[;|&]|\b(?:do|then|else))[ \t]*(?:for|while|until|if|case|select)\s", re.MULTILINE)
_CLOSING = re.compile(r"(?:^|[;&|]|[ \t])(?:done|fi|esac)(?=[\s;&|)]|$)", re.MULTILINE)
_LONGEST_COMMAND = 300
_GOES_ON = re.compile(r"(?:\||&&)[ \t]*$")

_ODD_BLANK = re.compile(r"[^\S \t\n\x00-\x1f\x85\u2028\u2029]")
_LETTERS_LIKE_LATIN = "АВЕКМНОРСТУХІЈЅаеорсухіјѕһԁԛԝѵӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυι"
_MIXED_WORD = re.compile(rf"\b(?=\w*[A-Za-z0-9])\w*[{_LETTERS_LIKE_LATIN}]\w*")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_TYPESET = re.compile(r"[“”„‘’‚«»]|(?<!\S)[–—‑−](?=\w|[-–—])")


@dataclass(frozen=True, slots=True)
class Copy:
    """What is copied of a code block. Lines end with a newline alone, and none stands at the end."""

    text: str
    prompts: int = 0
    """How many prompts were taken off; 0 for a block that is no console session."""
    left_out: tuple[str, ...] = ()
    """The lines of the session that nobody typed: output, comments."""


def copyable(code: str, language: str) -> Copy:
    """What a reader copies of a code block: of a console session the commands, of any other block all of it.

    Hidden and control characters come as visible signs; see `warnings`.
    """
    text = escape_hidden(code.replace("\r\n", "\n").replace("\r", "\n"), visible).rstrip("\n")
    lines = text.split("\n")
    prompts = _prompts(lines, language)
    return _Session(lines, prompts).copy() if prompts else Copy(text)


def warnings(code: str) -> list[str]:
    """What in a text is not what it looks like, each once: hidden characters, odd blanks, letters of another script."""
    hidden: dict[str, None] = {}
    escape_hidden(code.replace("\r\n", "\n"), lambda character: hidden.setdefault(character) or "")
    found = [f"hidden character {_named(character)}" for character in hidden]
    found += [f"unusual blank {_named(character)}" for character in dict.fromkeys(_ODD_BLANK.findall(code))]
    found += [f"letters of another script in {shorten(word, 40)}" for word in dict.fromkeys(_MIXED_WORD.findall(code))]
    odd = _FULL_WIDTH.findall(code) + _TYPESET.findall(code)
    return found + [f"not the plain character: {_named(character)}" for character in dict.fromkeys(odd)]


def without_prompt(line: str, language: str = "") -> str:
    """A line without the prompt that it begins with; `# ` is one in a session alone."""
    prompts = [_PROMPT, _PERCENT, _OTHER_PROGRAM, *([_ROOT] if language.lower() in SESSIONS else [])]
    prompt = _matched(prompts, line)
    return line[prompt.end() :] if prompt else line


def _named(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X} {name}".rstrip()


def _prompts(lines: list[str], language: str) -> list[re.Pattern[str]]:
    """The prompts that stand in a block; empty for one that is no console session."""
    language = language.lower()
    prompts = [_PROMPT]
    if not language or language in SHELLS | SESSIONS:
        prompts.append(_PERCENT)
    if language in SESSIONS:
        # What begins like a sentence behind `#` is a comment, and then `#` is no prompt in the whole block.
        if all(_ROOT.match(line) for line in lines if _ANY_ROOT.match(line)):
            prompts.append(_ROOT)
        return [*prompts, _OTHER_PROGRAM] if any(_matched(prompts, line) for line in lines) else []
    first = next((line for line in lines if not _COMMENT.match(line)), "")
    return [*prompts, _OTHER_PROGRAM] if _matched(prompts, first) else []


def _matched(prompts: list[re.Pattern[str]], line: str) -> re.Match[str] | None:
    return next(filter(None, (prompt.match(line) for prompt in prompts)), None)


class _Session:
    """Walks over the lines of a console session, one command after the other."""

    def __init__(self, lines: list[str], prompts: list[re.Pattern[str]]) -> None:
        self._lines = lines
        self._prompts = prompts
        self._at = 0

    def copy(self) -> Copy:
        typed, left_out, prompts = [], [], 0
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if prompt := _matched(self._prompts, line):
                prompts += 1
                typed.append(self._command(line[prompt.end() :], prompt))
            elif line.strip():
                left_out.append(line)
        return Copy("\n".join(filter(None, typed)), prompts, tuple(left_out))

    def _command(self, first: str, prompt: re.Match[str]) -> str:
        """The command that begins behind a prompt, with the lines that it goes on over."""
        kind = prompt.lastgroup
        if kind == "python":
            return self._marked(first, _CONTINUED_PYTHON)
        if kind == "database":
            return self._marked(first, _CONTINUED_DATABASE)
        return self._of_shell(first)

    def _marked(self, first: str, continued: re.Pattern[str]) -> str:
        """A command whose further lines each have a mark of their own."""
        command = [first.rstrip()]
        while self._at < len(self._lines) and (mark := continued.match(self._lines[self._at])):
            command.append(self._lines[self._at][mark.end() :].rstrip())
            self._at += 1
        return "\n".join(command)

    def _of_shell(self, first: str) -> str:
        """A command of a shell, which goes on while it is incomplete; each further line may have `>` before it."""
        command = [first.rstrip()]
        is_marked = self._at < len(self._lines) and _CONTINUED.match(self._lines[self._at]) is not None
        delimiter = ""
        while self._at < len(self._lines) and (delimiter or len(command) < _LONGEST_COMMAND):
            is_closed = command[-1].strip() == delimiter
            state = delimiter if delimiter and not is_closed else _state("\n".join(command))
            line = self._lines[self._at]
            if state is None or (not state and _matched(self._prompts[:1], line)):
                break
            delimiter = state
            mark = _CONTINUED.match(line) if is_marked else None
            line = line[mark.end() :] if mark else line
            command.append(line if delimiter else line.rstrip())
            self._at += 1
        return "\n".join(command)


def _state(command: str) -> str | None:
    """None for a complete command; the delimiter of the heredoc that is open; "" where it goes on otherwise."""
    lines = command.split("\n")
    delimiters: list[str] = []
    code = []
    for line in lines:
        if delimiters:
            if line.strip() == delimiters[0]:
                del delimiters[0]
            continue
        code.append(line)
        delimiters = [match["end"] for match in _HEREDOC.finditer(line)]
    if delimiters:
        return delimiters[0]
    script = "\n".join(code)
    bare = _OPAQUE.sub("", script)
    goes_on = (
        (len(script) - len(script.rstrip("\\"))) % 2 == 1
        or "'" in bare
        or '"' in bare
        or _GOES_ON.search(bare) is not None
        or len(_OPENING.findall(bare)) > len(_CLOSING.findall(bare))
    )
    return "" if goes_on else None
