"""The content of a change note as one JSON object, and where its files may be found by."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kbtui.core.notes.change_note import Baseline, GitState, NoteContent
from kbtui.core.post import Json, content_hash

if TYPE_CHECKING:
    from kbtui.core.secrets.scanning import SecretFinding

_LINES = ("reason", "template", "owner", "expected", "rollback", "cache_cleared", "environment", "host", "run")
_LISTS = ("files", "commands", "assumptions", "tools", "stack", "posts")
_BASELINE = ("route", "input", "symptom", "noticed")
_GIT = ("commit", "branch", "repository", "author")
_COUNTS = ("added", "removed")

LARGEST_COUNT = 2**63 - 1
MOST_PATHS = 100
MOST_ENDS = 32
"""How many ends of one path it is found by, the shortest first; beyond them only by the whole."""

# A part, then parts behind slashes; what stands before it is none of it.
_PATH = re.compile(r"(?<![\w/.:@-])(?:~|\.{1,2})?/?[\w.@+-]{1,200}(?:/[\w.@+-]{1,200}){1,40}")


def to_document(content: NoteContent) -> dict[str, Json]:
    """The content as a JSON object. Every field is present, empty ones too, so that a script may rely on the keys."""
    return {
        **{name: getattr(content, name) for name in _LINES},
        **{name: list(getattr(content, name)) for name in _LISTS},
        "baseline": {name: getattr(content.baseline, name) for name in _BASELINE},
        "git": {
            **{name: getattr(content.git, name) for name in _GIT},
            **{name: min(max(0, getattr(content.git, name)), LARGEST_COUNT) for name in _COUNTS},
        },
        "fields": {
            name: value if isinstance(value, str) else list(value) for name, value in sorted(content.fields.items())
        },
    }


def from_document(document: Mapping[str, Any]) -> NoteContent:
    """The content that `to_document` gave. Raises KeyError, TypeError, AttributeError or ValueError for any other
    shape."""
    git: dict[str, Any] = {name: _text(document["git"][name]) for name in _GIT}
    git |= {name: int(document["git"][name]) for name in _COUNTS}
    values: dict[str, Any] = {name: _text(document[name]) for name in _LINES}
    values |= {name: _texts(document[name]) for name in _LISTS}
    return NoteContent(
        **values,
        baseline=Baseline(**{name: _text(document["baseline"][name]) for name in _BASELINE}),
        git=GitState(**git),
        fields={
            str(name): _texts(value) if isinstance(value, list) else _text(value)
            for name, value in document["fields"].items()
        },
    )


def hash_of(content: NoteContent) -> str:
    """SHA-256, in hex, over the canonical JSON of the content: equal exactly when every field is."""
    return content_hash(to_document(content))


def text_of(content: NoteContent) -> str:
    """Everything that was written into a note, one paragraph a field: what is searched and cut into snippets."""
    parts: list[Iterable[str]] = [
        (content.reason,),
        content.commands,
        content.files,
        (content.expected, content.rollback),
        (content.baseline.route, content.baseline.input, content.baseline.symptom, content.baseline.noticed),
        content.assumptions,
        (content.cache_cleared, content.owner, content.environment, content.host, *content.tools, *content.stack),
        content.posts,
        (content.run, content.git.commit, content.git.branch, content.git.repository, content.git.author),
        (line for name, value in content.fields.items() for line in _with_name(name, value)),
    ]
    return "\n\n".join(paragraph for part in parts if (paragraph := "\n".join(filter(None, part))))


def plain_path(path: str) -> str:
    """A path as paths are compared: without `./`, doubled slashes and a slash at its end; `..` is taken back where it
    can be. Backslashes stay what they are: letters."""
    return "" if not path else posixpath.normpath(path).removeprefix("/" if path.startswith("//") else "")


def path_ends(path: str) -> tuple[str, ...]:
    """What a path is found by: the whole, and each end of it after a `/`, the shortest first."""
    whole = plain_path(path)
    places = [at for at, character in enumerate(whole) if character == "/"][::-1][:MOST_ENDS]
    ends = [whole[at + 1 :] for at in places]
    return tuple(dict.fromkeys(end for end in (*ends, whole) if end and end != "."))


def named_paths(text: str) -> tuple[str, ...]:
    """The distinct paths with a slash in them that a text names, in order, at most `MOST_PATHS`."""
    found: dict[str, None] = {}
    for match in _PATH.finditer(text):
        found[match.group().rstrip(".")] = None
        if len(found) == MOST_PATHS:
            break
    return tuple(found)


def secrets_in(content: NoteContent) -> list[tuple[str, SecretFinding]]:
    """What looks like a secret in a note, each with the name of the field that it stands in."""
    # Its many patterns take a while to make: only for who asks.
    from kbtui.core.secrets.scanning import find_secrets

    return [(name, found) for name, text in _texts_in(to_document(content), "") for found in find_secrets(text)]


def without_secrets(content: NoteContent) -> NoteContent:
    """The content with everything masked that looks like a secret."""
    from kbtui.core.secrets.scanning import mask_secrets

    return from_document(_changed(to_document(content), mask_secrets))


def _texts_in(value: Json, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for item in value:
            yield from _texts_in(item, name)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts_in(item, f"{name}_{key}" if name == "baseline" else key)


def _changed(value: Json, change: Callable[[str], str]) -> Json:
    """The same with every text as `change` makes it."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_changed(item, change) for item in value]
    return {key: _changed(item, change) for key, item in value.items()} if isinstance(value, Mapping) else value


def _with_name(name: str, value: str | tuple[str, ...]) -> Iterator[str]:
    texts = (value,) if isinstance(value, str) else value
    if any(texts):
        yield name.replace("_", " ")
        yield from texts


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {type(value).__name__}")
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"a list was expected, not {type(values).__name__}")
    return tuple(map(_text, values))
