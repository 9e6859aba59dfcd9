"""What a reader fills in before a block of code is used: `{{name}}`, `<pod>`, `YOUR_PROJECT`, `$NAMESPACE`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kbtui.core.commands.shell_syntax import HEREDOC, SESSIONS, SHELLS

# Where angle brackets are tags or types, and where double braces belong to the language.
_WITH_BRACKETS = (
    "html xml svg jsx tsx vue jsp java kotlin scala go js javascript ts typescript c h cpp c++ cs csharp objc m swift "
    "rust rs dart php css scss markdown md mermaid diff patch email apache haskell r"
)
_WITH_BRACES = (
    "html xml jsx tsx vue jinja jinja2 j2 django liquid twig handlebars hbs mustache gotmpl go-template helm go"
)
_BRACKETS_OF_ITS_OWN = frozenset(_WITH_BRACKETS.split())
_BRACES_OF_ITS_OWN = frozenset(_WITH_BRACES.split())

_CURLY = r"(?<!\$)\{\{(?P<curly>(?:[^{}\\\n]|\{[^{}\n]*\}|\\[^\n]){1,200}?)\}\}"
_ANGLE = r"(?<![\w<$])(?<!\$\{)(?<!include )<(?P<angle>[A-Za-z][\w.:/|-]*(?: [\w.:/|-]+){0,8})>|<(?P<digit>\d)>"
_YOUR = r"\[YOUR[A-Z0-9_-]*\]|(?<![\w$-])(?<!\$\{)YOUR[_-][A-Z0-9_-]*[A-Z0-9]\b"
_WRITTEN = re.compile(f"{_CURLY}|{_ANGLE}|(?P<your>{_YOUR})")
_VARIABLE = re.compile(r"(?<![\\$])\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")

# What a template language puts into double braces: `.Names`, `range .items`, `$labels.pod`, `< shortcode >`.
_TEMPLATE = re.compile(
    r"\.[A-Z]|\.\w+\.|\$[a-z]|[#^/](?:if|each|with|unless)\b|[-<%>!&](?:\s|$)"
    r"|(?:range|if|else|end|with|json|define|template|include|block|println|printf|len|index|toYaml|toJson)(?:\s|$)"
    r"|.*\s[|]\s|.*\s\.(?:[A-Za-z_][\w.]*)?$|\x22[^\x22]*\x22$|.*\s[>%]$"
)
_SPACED = re.compile(r" [\w-]+(?: [\w-]+)* ")
_OPTION = re.compile(r"\[([^|\s\]]+(?:\|[^|\s\]]+)+)\]")
_CHOICES = re.compile(r"[^|\s]+(?:\|[^|\s]+)+")
_TAGS = re.compile(r"</|/>|<(?:br|hr)>", re.IGNORECASE)
_NO_PLACEHOLDER = re.compile(
    r"(?:none|unset|unknown|nil|null|undefined|invalid|error|pending|no value|empty|missing|redacted)"
    r"|(?:ctrl|alt|shift|cmd|meta|super)(?:[ -].*)?|enter|return|esc|escape|space|tab|backspace|delete|f\d\d?|arrow\w+"
    r"|.*\.h|https?:.*|mailto:.*",
    re.IGNORECASE,
)

_SET_ANYWHERE = (
    "HOME PATH USER PWD OLDPWD SHELL HOSTNAME HOST LANG LANGUAGE TERM EDITOR VISUAL PAGER TMPDIR TMP TEMP UID EUID GID "
    "PPID RANDOM SECONDS LINENO IFS DISPLAY LOGNAME MAIL COLUMNS LINES OSTYPE HOSTTYPE MACHTYPE REPLY OPTARG OPTIND "
    "FUNCNAME PIPESTATUS SHLVL PROMPT MANPATH PYTHONPATH GOPATH GOROOT JAVA_HOME KUBECONFIG VIRTUAL_ENV "
    "CONDA_PREFIX NF NR FNR FS OFS RS ORS"
)
_WELL_KNOWN = frozenset(_SET_ANYWHERE.split())
_WELL_KNOWN_KIND = re.compile(r"(?:LC|XDG|LD|SSH|BASH|ZSH|PS|HIST)_?[A-Z0-9_]*")

# One pass over quotes: a quote in a comment opens nothing. Double quotes and most heredocs hide no variables.
_HEREDOC = rf"{HEREDOC}[^\n]*\n(?:(?:[^\n]*\n)*?[ \t]*(?P=end)[ \t]*(?=\n|\Z)|.*)"
_QUOTING = re.compile(
    rf"""\\.|"(?:[^"\\]|\\.)*+"|(?P<hidden>'[^']*+'|(?<!\S)\#[^\n]*)|(?P<heredoc>{_HEREDOC})""", re.DOTALL
)
_VALUE = r"""(?:"[^"]*+"|\$\([^()\n]*+\)|[^\s";&|])*+"""
_ASSIGNMENTS = re.compile(
    r"(?:^|[;&|({`]|\b(?:export|local|declare|readonly|typeset|env|then|do|else)(?:[ \t]+-\w+)*)[ \t]*"
    rf"((?:\w+\+?={_VALUE}[ \t]*)+)",
    re.MULTILINE,
)
_NAME_ASSIGNED = re.compile(rf"(\w+)\+?={_VALUE}")
_NAMED = re.compile(
    r"(?<![\w-])(?:for|select)[ \t]+(\w+)|\bprintf[ \t]+-v[ \t]+(\w+)|\bset(?:[ \t]+-\w+)+[ \t]+(\w+)[ \t]"
    r"|(?<![\w-])(?:read|mapfile|readarray|getopts|local|declare|typeset)[ \t]+([^\n;&|<]*)"
)
_WORD = re.compile(r"(?<!\S)[A-Za-z_]\w*")
_UPPER = re.compile(r"[A-Z_][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Something that a reader fills in."""

    name: str
    """Without brackets, braces and dollar sign."""
    written: str
    """As it stands in the code where it comes first."""
    choices: tuple[str, ...] = ()
    """The values that the code itself offers: `{{a|b}}`."""
    default: str = ""
    """What stands for it where nobody chooses: the long name of an option, `{{[-f|--follow]}}`; empty for the rest."""


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    name: str


def find_placeholders(code: str, language: str = "") -> list[Placeholder]:
    """What is to be filled in, in order, each name once.

    A variable counts where a shell would put a value in its place, nothing in the code assigns it and no login sets it.
    """
    found: dict[str, Placeholder] = {}
    for place in _places(code, language.lower()):
        if place.name not in found:
            found[place.name] = _placeholder(place.name, code[place.start : place.end])
    return list(found.values())


def fill(code: str, values: Mapping[str, str], language: str = "") -> str:
    """The code with the value of its name, as it was typed, for each placeholder; without one it stays as it is."""
    pieces, at = [], 0
    for place in _places(code, language.lower()):
        if value := values.get(place.name):
            pieces += [code[at : place.start], value]
            at = place.end
    return "".join([*pieces, code[at:]])


def assigned_variables(code: str) -> set[str]:
    """The names of the variables that a piece of shell script gives a value to."""
    return _assigned(_without_hidden(code))


def _placeholder(name: str, written: str) -> Placeholder:
    if not written.startswith("{{"):
        return Placeholder(name, written)
    if option := _OPTION.fullmatch(name):
        choices = tuple(option[1].split("|"))
        return Placeholder(name, written, choices, choices[-1])
    return Placeholder(name, written, tuple(name.split("|")) if _CHOICES.fullmatch(name) else ())


def _places(code: str, language: str) -> list[_Place]:
    """Where placeholders stand, in order, none within another."""
    is_shell = language in SHELLS | SESSIONS
    shell = _without_hidden(code) if is_shell or not language else ""
    assigned = _assigned(shell)
    places = list(_written(code, language, assigned))
    taken = {position for match in _WRITTEN.finditer(code) for position in range(*match.span())}
    places += (place for place in _variables(shell, assigned, is_shell=is_shell) if place.start not in taken)
    return sorted(places, key=lambda place: place.start)


def _written(code: str, language: str, assigned: set[str]) -> Iterator[_Place]:
    has_tags = language in _BRACKETS_OF_ITS_OWN or _TAGS.search(code) is not None
    has_templates = language in _BRACES_OF_ITS_OWN
    allows_spaces = language not in ("yaml", "yml")
    for match in _WRITTEN.finditer(code):
        if (inner := match["curly"]) is not None:
            if not has_templates and _is_filled_in(inner, allows_spaces):
                yield _Place(match.start(), match.end(), inner.strip())
        elif (name := match["angle"] or match["digit"]) is not None:
            if not has_tags and not _NO_PLACEHOLDER.fullmatch(name):
                yield _Place(match.start(), match.end(), name)
        elif (name := match["your"].strip("[]")) not in assigned:
            yield _Place(match.start(), match.end(), name)


def _is_filled_in(inner: str, allows_spaces: bool) -> bool:
    """Whether what stands in double braces is for the reader and not for a template language."""
    if inner.startswith(" "):
        return allows_spaces and _SPACED.fullmatch(inner) is not None and not _TEMPLATE.match(inner.strip())
    return inner.strip() != "" and not _TEMPLATE.match(inner)


def _variables(shell: str, assigned: set[str], *, is_shell: bool) -> Iterator[_Place]:
    for match in _VARIABLE.finditer(shell):
        name = match[1] or match[2]
        # Where no language is named it may be any; of those only shells have variables in capitals.
        is_known = name in assigned or name in _WELL_KNOWN or _WELL_KNOWN_KIND.fullmatch(name)
        if not is_known and (is_shell or _UPPER.fullmatch(name)):
            yield _Place(match.start(), match.end(), name)


def _without_hidden(code: str) -> str:
    """The script with blanks for all that the shell takes literally, each character at its place."""
    return _QUOTING.sub(_hidden, code)


def _hidden(match: re.Match[str]) -> str:
    text = match.group()
    return re.sub(r"[^\n]", " ", text) if match["hidden"] or (match["mark"] or match["escape"]) else text


def _assigned(shell: str) -> set[str]:
    names = {name for chain in _ASSIGNMENTS.findall(shell) for name in _NAME_ASSIGNED.findall(chain)}
    for match in _NAMED.finditer(shell):
        names |= set(_WORD.findall(match[4])) if match[4] is not None else {match[1] or match[2] or match[3]}
    return names
